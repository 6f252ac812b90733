"""What the 出科考核表 takes from elsewhere: 临床实践指标, 活动 and 考勤. Nobody types them.

Live until 科主任 confirms the form, frozen as canonical text from then on. Pure over rotations
fetched ``loaded``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from zhupei.lib import months

from . import ledger, waiting
from .choices import ON_THE_FORM, ActivityKind, Indicator, LeaveKind
from .models import Leave, Rotation, Tally

VERSION = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator as the form prints it: cases, and whole per cent. ``imported``: some are 历史数据."""

    label: str
    required: int
    done: int
    percent: int
    imported: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """``activities`` are 次 and ``attendance`` days, each with its label, in the order of the form."""

    department: str
    dates: str
    indicators: tuple[Counted, ...]
    activities: tuple[tuple[str, int], ...]
    attendance: tuple[tuple[str, str], ...]

    @property
    def is_full_attendance(self) -> bool:
        """全勤."""
        return all(days == "0" for _, days in self.attendance)

    @property
    def days_present(self) -> str:
        """全勤 as the form prints it: the days of the rotation without those missed."""
        first, last = (date.fromisoformat(day) for day in self.dates.split(" 至 "))
        missed = sum((Decimal(days) for _, days in self.attendance), Decimal(0))
        return months.plain(max(Decimal((last - first).days + 1) - missed, Decimal(0)))


def loaded(rotations: QuerySet[Rotation]) -> QuerySet[Rotation]:
    """``rotations`` with all that ``of`` reads, in three more queries."""
    return rotations.with_exit().prefetch_related("tallies", "activities", "leaves")  # type: ignore[attr-defined, no-any-return]


def of(rotation: Rotation) -> Facts:
    """As frozen, or else as it stands now."""
    assessment = waiting.assessment_of(rotation)
    return thaw(assessment.frozen) if assessment and assessment.frozen else live(rotation)


def live(rotation: Rotation) -> Facts:
    """As the log and the 考勤 say now."""
    tallies = {tally.indicator: tally for tally in rotation.tallies.all()}
    activities = ledger.activities(rotation, rotation.activities.all())
    return Facts(
        department=rotation.department_name,
        dates=rotation.dates,
        indicators=tuple(_counted(kind, tallies.get(kind)) for kind in Indicator),
        activities=tuple((str(ActivityKind(kind).label), activities[kind]) for kind in ON_THE_FORM),
        attendance=tuple((str(kind.label), days) for kind, days in attendance(rotation.leaves.all()).items()),
    )


def attendance(leaves: Iterable[Leave]) -> dict[LeaveKind, str]:
    """Days missed of each kind, as the form prints them; all "0" is 全勤."""
    days = dict.fromkeys(LeaveKind, Decimal(0))
    for leave in leaves:
        days[LeaveKind(leave.kind)] += leave.days
    return {kind: months.plain(missed) for kind, missed in days.items()}


def freeze(facts: Facts) -> str:
    """Canonical JSON: sorted keys, no spaces, so that equal texts mean equal facts."""
    frozen = {"version": VERSION, **asdict(facts)}
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Facts:
    """What was frozen."""
    frozen = json.loads(text)
    return Facts(
        department=frozen["department"],
        dates=frozen["dates"],
        indicators=tuple(Counted(**counted) for counted in frozen["indicators"]),
        activities=tuple((label, times) for label, times in frozen["activities"]),
        attendance=tuple((label, days) for label, days in frozen["attendance"]),
    )


def _counted(kind: Indicator, tally: Tally | None) -> Counted:
    tally = tally or Tally(indicator=kind, required=0)
    return Counted(str(kind.label), tally.required, tally.filled, tally.percent, tally.is_imported)
