"""Everything about one application, loaded with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from django.db.models import F, Q

from zhupei.accounts.models import User
from zhupei.files.models import Page
from zhupei.lib import months
from zhupei.training import documents, fill_ratio
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.documents import Asked
from zhupei.training.fill_ratio import Ratios
from zhupei.training.models import Education, Enrolment, Licence, Profile, Rotation, SignedPaper

from .models import Application, Season

ROTATION = ("enrolment", "start_date", "end_date", "required_months", "exempted_at", "department_name")
PAGE = (
    "slot",
    "number",
    "picture__address",
    "picture__width",
    "picture__height",
    "picture__size",
    "picture__notes",
    "picture__flaws",
)


@dataclass(frozen=True)
class Dossier:
    """The live record behind an application as of ``today``."""

    application: Application
    enrolment: Enrolment
    educations: list[Education]
    rotations: list[Rotation]
    documents: dict[str, list[Page]]  # by DocumentKind
    papers: dict[tuple[UUID, str], list[Page]]  # by rotation and PaperKind
    archived: dict[tuple[UUID, str], list[Page]]  # the same of what the base keeps with the rotation
    today: date

    @property
    def user(self) -> User:
        return self.enrolment.user

    @property
    def profile(self) -> Profile:
        return self.user.profile

    @property
    def licence(self) -> Licence:
        return self.user.licence

    @cached_property
    def highest(self) -> Education | None:
        return documents.highest_of(self.educations)

    @cached_property
    def asked(self) -> list[Asked]:
        return documents.asked_of(self.profile, self.enrolment, self.highest)

    @property
    def portrait(self) -> Page | None:
        return next(iter(self.documents.get(DocumentKind.PORTRAIT, [])), None)

    @cached_property
    def months(self) -> Decimal:
        """实际轮转时间: months spent in rotations up to today, two decimals."""
        spent = (r.months_until(self.today) for r in self.rotations if r.exempted_at is None)
        return months.two_decimals(sum(spent, Fraction(0)))

    @cached_property
    def ratios(self) -> Ratios:
        return fill_ratio.of_training(self.rotations, today=self.today)

    def papers_of(self, rotation: Rotation, kind: PaperKind) -> list[Page]:
        """What the trainee handed in; otherwise what the base keeps."""
        key = (rotation.pk, kind)
        return self.papers.get(key) or self.archived.get(key, [])

    def archive_of(self, rotation: Rotation, kind: PaperKind) -> SignedPaper | None:
        """The paper kept by the base, where it fills the place."""
        key = (rotation.pk, kind)
        kept = [] if self.papers.get(key) else self.archived.get(key, [])
        return kept[0].slot.signed_paper if kept else None

    def is_due(self, rotation: Rotation) -> bool:
        """Its papers are required now: it is over and not exempted."""
        return rotation.exempted_at is None and rotation.has_ended(self.today)

    @property
    def pages(self) -> list[Page]:
        """Every page that a submission freezes, in the order of the pages."""
        asked = [page for item in self.asked for page in self.documents.get(item.kind, [])]
        of_rotations = [
            page for r in self.rotations for kind in PaperKind for page in self.papers_of(r, kind)
        ]
        return asked + of_rotations


def load(application: Application, *, today: date) -> Dossier:
    """With what is shown and frozen of each. Seven queries, whatever the number of rotations and pages."""
    enrolment = Enrolment.objects.select_related("user__profile", "user__licence", "base", "specialty").get(
        pk=application.enrolment_id
    )
    rotations = enrolment.rotations.only(*ROTATION).with_tallies().in_order()
    return Dossier(
        application=application,
        enrolment=enrolment,
        educations=list(enrolment.user.educations.all()),
        rotations=list(rotations),
        documents=_documents(enrolment.user),
        papers=_papers(application),
        archived=archived(Q(rotation__enrolment=enrolment), application.season),
        today=today,
    )


def _documents(user: User) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = defaultdict(list)
    pages = Page.objects.standing().only(*PAGE).filter(slot__document__user=user)
    for page in pages.annotate(kind=F("slot__document__kind")):
        found[page.kind].append(page)  # type: ignore[attr-defined]
    return dict(found)


def _papers(application: Application) -> dict[tuple[UUID, str], list[Page]]:
    found: dict[tuple[UUID, str], list[Page]] = defaultdict(list)
    pages = Page.objects.standing().only(*PAGE).filter(slot__material__application=application)
    for page in pages.annotate(rotation_id=F("slot__material__rotation_id"), kind=F("slot__material__kind")):
        found[page.rotation_id, page.kind].append(page)  # type: ignore[attr-defined]
    return dict(found)


def archived(of: Q, season: Season) -> dict[tuple[UUID, str], list[Page]]:
    """Signed papers kept with a rotation that stand for the trainee's own: 历史数据, or 与原件一致,
    or signed with stored signatures where ``season`` accepts them.

    By rotation and PaperKind; ``of`` chooses among ``SignedPaper``.
    """
    found: dict[tuple[UUID, str], list[Page]] = defaultdict(list)
    kept_papers = SignedPaper.objects.standing_in(signed=season.accepts_stored_signatures).filter(of)
    pages = Page.objects.standing().filter(slot__signed_paper__in=kept_papers)
    for page in pages.select_related("picture", "slot__signed_paper"):
        kept = page.slot.signed_paper
        found[kept.rotation_id, kept.kind].append(page)
    return dict(found)
