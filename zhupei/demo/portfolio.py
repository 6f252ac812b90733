"""The rows of one invented trainee: person, training, certificates, and the application with its papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from zhupei.accounts.models import User
from zhupei.completion.choices import RegisterStatus, Stage
from zhupei.completion.dossier import Dossier
from zhupei.completion.models import Application, Material
from zhupei.files.models import Page, Picture, Slot
from zhupei.lib import pinyin
from zhupei.training.choices import Indicator, PaperKind
from zhupei.training.models import Document, Education, Enrolment, Licence, Profile, Rotation, Tally

from . import records
from .crowd import Fate, Invented
from .rows import Rows
from .schemes import Stay

if TYPE_CHECKING:
    from .bulk import Province


@dataclass(frozen=True, slots=True)
class Portfolio:
    dossier: Dossier

    @property
    def application(self) -> Application:
        return self.dossier.application


def fill(province: Province, candidate: Invented, fate: Fate, rows: Rows) -> Portfolio:
    """Everything up to the first submission; all rows are collected, none is written."""
    first = fate.steps[0].at if fate.steps else province.now
    laid_at = first - timedelta(hours=3)
    user = _user(province, candidate)
    profile = Profile(user=user, **records.person_of(candidate), changed_at=laid_at)
    for name, value in records.typed_by(candidate).items():
        setattr(profile, name, value)
    profile.locked_at = None if fate.stage in (Stage.DRAFT, Stage.RETURNED) else fate.steps[0].at
    specialty = province.places.specialties[candidate.specialty]
    licence = Licence(user=user, **records.licence_of(candidate, specialty))
    education = Education(user=user, **records.education_of(candidate))
    planned = province.stays[candidate.specialty]
    enrolled = records.enrolment_of(candidate, province.places, planned, province.season.year)
    enrolment = Enrolment(user=user, **{**enrolled, "specialty": specialty})
    rows.add(user, profile, licence, education, enrolment)
    rotations = [_rotation(province, enrolment, candidate, stay, rows) for stay in planned]
    application = _application(province, enrolment, fate, laid_at)
    rows.add(application)
    return Portfolio(
        Dossier(
            application=application,
            enrolment=enrolment,
            educations=[education],
            rotations=rotations,
            documents=_documents(province, candidate, user, laid_at, rows),
            papers=_papers(province, candidate, application, rotations, laid_at, rows),
            archived={},
            today=province.today,
        )
    )


def _user(province: Province, candidate: Invented) -> User:
    name = candidate.name
    return User(
        full_name=name,
        pinyin=pinyin.full(name),
        initials=pinyin.initials(name),
        id_number=candidate.id_number,
        phone=candidate.phone,
        email=f"{pinyin.full(name)}.{candidate.number}@example.cn",
        password=province.password,
        created_at=province.season.trainee_opens_at,
    )


def _rotation(
    province: Province, enrolment: Enrolment, candidate: Invented, stay: Stay, rows: Rows
) -> Rotation:
    rotation = Rotation(
        enrolment=enrolment,
        department=province.places.departments[candidate.base, stay.department],
        department_name=stay.department,
        start_date=stay.start_date,
        end_date=stay.end_date,
        required_months=stay.months,
    )
    tallies = [_tally(rotation, indicator, stay) for indicator in Indicator]
    rotation._prefetched_objects_cache = {"tallies": tallies}  # type: ignore[attr-defined]  # noqa: SLF001 - as if fetched
    rows.add(rotation, *tallies)
    return rotation


def _tally(rotation: Rotation, indicator: Indicator, stay: Stay) -> Tally:
    required, (filled, approved) = stay.required[indicator], stay.done[indicator]
    return Tally(
        rotation_id=rotation.pk,
        indicator=indicator,
        required=required,
        filled=filled,
        approved=approved,
        counted_filled=min(filled, required),
        counted_approved=min(approved, required),
        imported_filled=filled,
        imported_approved=approved,
    )


def _application(province: Province, enrolment: Enrolment, fate: Fate, begun_at: datetime) -> Application:
    base, steps = enrolment.base, fate.steps
    submitted = [step.at for step in steps if step.what == "submitted"]
    is_draft = fate.stage == Stage.DRAFT
    return Application(
        enrolment=enrolment,
        season=province.season,
        trainee=enrolment.user,
        base=base,
        city=base.review_city,
        province=base.province,
        specialty=enrolment.specialty,
        register_status="" if is_draft else RegisterStatus.DONE,
        stage=fate.stage,
        round=fate.round,
        submitted_at=submitted[-1] if submitted else None,
        turn_since=steps[-1].at if steps else begun_at,
        changed_at=submitted[-1] if submitted else begun_at,
    )


def _documents(
    province: Province, candidate: Invented, user: User, at: datetime, rows: Rows
) -> dict[str, list[Page]]:
    pool = province.pool.documents[candidate.sex]
    found = {}
    for kind, picture in pool[candidate.number % len(pool)].items():
        page = _page(picture, user, at, rows)
        rows.add(Document(user_id=user.pk, kind=kind, slot_id=page.slot_id))
        found[kind.value] = [page]
    return found


def _papers(
    province: Province,
    candidate: Invented,
    application: Application,
    rotations: list[Rotation],
    at: datetime,
    rows: Rows,
) -> dict[tuple[UUID, str], list[Page]]:
    """The two papers of every rotation; a draft still lacks those of the last."""
    pool = province.pool.papers[candidate.specialty]
    there = rotations[:-1] if application.stage == Stage.DRAFT else rotations
    found = {}
    for rotation, kind, picture in _pictures(there, pool):
        page = _page(picture, application.trainee, at, rows)
        rows.add(
            Material(application_id=application.pk, rotation_id=rotation.pk, kind=kind, slot_id=page.slot_id)
        )
        found[rotation.pk, kind.value] = [page]
    return found


def _pictures(
    rotations: list[Rotation], pool: list[dict[PaperKind, Picture]]
) -> Iterator[tuple[Rotation, PaperKind, Picture]]:
    for rotation, papers in zip(rotations, pool, strict=False):
        for kind, picture in papers.items():
            yield rotation, kind, picture


def _page(picture: Picture, by: User, at: datetime, rows: Rows) -> Page:
    slot = Slot(changed_at=at)
    page = Page(slot_id=slot.pk, picture=picture, number=1, added_by_id=by.pk, added_at=at)
    rows.add(slot, page)
    return page
