"""The two exit forms as they are read, on the screen and on paper, in the order of the guide (domain §8).

Pure over rotations fetched ``loaded``. A part that was not handed on is blank: a draft is its writer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.lib import months

from . import exit_form, waiting
from .choices import PaperKind, Party
from .exit_form import Facts
from .models import AssessmentTemplate, ExitAssessment, ExitSummary, Rotation, Signing, TemplateItem

# What the items of a template without a group of their own stand beside.
ABILITIES = "沟通与临床能力"


@dataclass(frozen=True, slots=True)
class Rated:
    """One rated item; ``value`` is empty until the teacher has handed on the form."""

    label: str
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[Rated, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed in the system, and when; ``on_behalf`` is who filled in for the teacher (代填).

    ``signing``: with a stored signature.
    """

    name: str = ""
    day: date | None = None
    on_behalf: str = ""
    signing: Signing | None = None


@dataclass(frozen=True, slots=True)
class AssessmentSheet:
    """出科考核表. Scores are points as people write them."""

    rotation: Rotation
    facts: Facts
    groups: tuple[Group, ...]
    theory: str
    skill_name: str
    skill: str
    examiner_1: str
    examiner_2: str
    overall: str
    teacher: Signature
    head: Signature


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """出科小结."""

    rotation: Rotation
    personal: str
    appraisal: str
    teacher: Signature
    conclusion: str
    agrees: str
    head: Signature


def loaded(rotations: QuerySet[Rotation]) -> QuerySet[Rotation]:
    """``rotations`` with all that both sheets read, in seven more queries."""
    signers = [
        f"{form}__{who}" for form in ("summary", "assessment") for who in ("teacher", "head", "on_behalf_by")
    ]
    return (
        exit_form.loaded(rotations)
        .select_related(*signers)
        .prefetch_related(
            "assessment__ratings",
            Prefetch("assessment__template__items", TemplateItem.objects.order_by("number")),
            Prefetch("signings", Signing.objects.select_related("signature__picture")),
        )
    )


def assessment_sheet(rotation: Rotation, template: AssessmentTemplate | None = None) -> AssessmentSheet:
    """``template`` is what a form not yet begun would be rated by."""
    found = waiting.assessment_of(rotation)
    signed = found if found and found.teacher_at else ExitAssessment()
    ratings = {row.item_id: row.value for row in found.ratings.all()} if found and found.teacher_at else {}
    template = found.template if found else template
    return AssessmentSheet(
        rotation=rotation,
        facts=exit_form.of(rotation),
        groups=grouped(template.items.all() if template else (), ratings),
        theory=_points(signed.theory_score),
        skill_name=signed.skill_name,
        skill=_points(signed.skill_score),
        examiner_1=signed.examiner_1,
        examiner_2=signed.examiner_2,
        overall=signed.get_overall_display(),
        teacher=_signature(rotation, signed, Party.TEACHER),
        head=_signature(rotation, signed, Party.HEAD),
    )


def summary_sheet(rotation: Rotation, *, own: bool = False) -> SummarySheet:
    """``own``: read by the trainee, who sees what was not handed in yet, too."""
    found = waiting.summary_of(rotation) or ExitSummary()
    is_appraised, is_concluded = found.teacher_at is not None, found.head_at is not None
    return SummarySheet(
        rotation=rotation,
        personal=found.personal_text if own or found.submitted_at else "",
        appraisal=found.teacher_text if is_appraised else "",
        teacher=_signature(rotation, found, Party.TEACHER),
        conclusion=found.head_text if is_concluded else "",
        agrees=found.get_agrees_display() if is_concluded else "",
        head=_signature(rotation, found, Party.HEAD),
    )


def grouped(items: Iterable[TemplateItem], ratings: Mapping[UUID, str]) -> tuple[Group, ...]:
    """The rated items under their headings, in their order."""
    by_group = groupby(items, key=lambda item: item.group or ABILITIES)
    return tuple(
        Group(label, tuple(Rated(item.label, item.choices, ratings.get(item.pk, "")) for item in members))
        for label, members in by_group
    )


def revision_of(rotation: Rotation) -> int:
    """The version of both forms: the base reopening the rotation begins the next."""
    found = waiting.assessment_of(rotation)
    return found.revision if found else 1


def code_of(kind: PaperKind, rotation: Rotation) -> str:
    """What the QR of a paper says: which form of which rotation, which version. Nothing about the person."""
    return f"ZHUPEI:{kind.value}:{rotation.pk}:{revision_of(rotation)}"


def signing_of(rotation: Rotation, form: ExitSummary | ExitAssessment, office: Party) -> Signing | None:
    """The stored signature under the part of ``office``; one of an earlier time stands no more."""
    kind = PaperKind.SUMMARY if isinstance(form, ExitSummary) else PaperKind.ASSESSMENT
    part = (kind, office, _part(form, office)[1])
    return next((it for it in rotation.signings.all() if (it.kind, it.office, it.signed_at) == part), None)


def _signature(rotation: Rotation, form: ExitSummary | ExitAssessment, office: Party) -> Signature:
    person, at = _part(form, office)
    if person is None or at is None:
        return Signature()
    other = form.on_behalf_by if office is Party.TEACHER else None
    return Signature(
        person.full_name,
        timezone.localdate(at),
        other.full_name if other else "",
        signing_of(rotation, form, office),
    )


def _part(form: ExitSummary | ExitAssessment, office: Party) -> tuple[User | None, datetime | None]:
    """Who handed on the part of ``office``, and when."""
    return (form.teacher, form.teacher_at) if office is Party.TEACHER else (form.head, form.head_at)


def _points(score: Decimal | None) -> str:
    return "" if score is None else months.plain(score)
