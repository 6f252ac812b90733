"""What a rotation waits for, in the words people know (domain §8), and on whom.

Asks the database nothing of rotations fetched ``with_exit``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhupei.accounts.models import User

from .choices import Party
from .models import ExitAssessment, ExitSummary, Rotation

NOT_SUBMITTED = "学员未提交出科小结"
NOT_APPRAISED = "带教老师未审核出科小结"
NOT_CONCLUDED = "科主任未审核出科小结"
NOT_FILLED = "带教老师未审核出科考核表"
NOT_CONFIRMED = "科主任未审核出科考核表"


@dataclass(frozen=True, slots=True)
class Wait:
    """``person`` is None while nobody is assigned."""

    text: str
    on: Party
    person: User | None


def summary_of(rotation: Rotation) -> ExitSummary | None:
    """Its 出科小结, if there is one yet."""
    return getattr(rotation, "summary", None)


def assessment_of(rotation: Rotation) -> ExitAssessment | None:
    """Its 出科考核表, if there is one yet."""
    return getattr(rotation, "assessment", None)


def is_due(rotation: Rotation, today: date) -> bool:
    """出科 may be arranged: from its last day on."""
    return rotation.is_open and rotation.end_date <= today


def of(rotation: Rotation, today: date) -> list[Wait]:
    """Whose turn it is: at most one for either form, none before the last day unless begun early."""
    if not rotation.is_open:
        return []
    people = {
        Party.TRAINEE: rotation.enrolment.user,
        Party.TEACHER: rotation.teacher,
        Party.HEAD: rotation.head,
    }
    due = is_due(rotation, today)
    first_of_each = (_of_summary(summary_of(rotation), due), _of_assessment(assessment_of(rotation), due))
    return [Wait(*parts[0], people[parts[0][1]]) for parts in first_of_each if parts]


def missing(rotation: Rotation) -> list[str]:
    """Every part that is still lacking for 出科, but the confirmation itself."""
    parts = [
        *_of_summary(summary_of(rotation), due=True),
        *_of_assessment(assessment_of(rotation), due=True),
    ]
    return [text for text, _ in parts if text != NOT_CONFIRMED]


def _of_summary(summary: ExitSummary | None, due: bool) -> list[tuple[str, Party]]:
    """The parts of the 出科小结 that are lacking, in their order."""
    if summary is None or summary.submitted_at is None:
        steps = [
            (NOT_SUBMITTED, Party.TRAINEE), (NOT_APPRAISED, Party.TEACHER), (NOT_CONCLUDED, Party.HEAD)
        ]  # fmt: skip
        return steps if due else []
    if summary.teacher_at is None:
        return [(NOT_APPRAISED, Party.TEACHER), (NOT_CONCLUDED, Party.HEAD)]
    return [(NOT_CONCLUDED, Party.HEAD)] if summary.head_at is None else []


def _of_assessment(assessment: ExitAssessment | None, due: bool) -> list[tuple[str, Party]]:
    """The parts of the 出科考核表 that are lacking, in their order."""
    if assessment is None or assessment.teacher_at is None:
        return [(NOT_FILLED, Party.TEACHER), (NOT_CONFIRMED, Party.HEAD)] if due else []
    return [(NOT_CONFIRMED, Party.HEAD)] if assessment.head_at is None else []
