"""The log of one rotation, as rows: written day by day, handed in, approved, some returned.

The rows are as the actions would have left them; whoever writes them has the rotation counted anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.training import patient
from zhupei.training.choices import (
    ActivityKind,
    Anaesthesia,
    Diagnosis,
    EntryStage,
    Indicator,
    OperatorRole,
    Setting,
)
from zhupei.training.models import Activity, LogEntry, Rotation, RotationRequirement

from .rows import Rows

Form = dict[str, Any]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
EVENING, NEXT_NOON = time(20, 30), time(12, 10)
SURPLUS = {Indicator.DISEASE: 2, Indicator.SURGERY: 2}  # 36 of 34, 41 of 39: the guide's example
RETURNED = ("请补充诊疗措施的依据", "病历号与患者不符，请核对")
TOPICS = {
    ActivityKind.ROUND: "膝骨关节炎保膝治疗的选择",
    ActivityKind.DISCUSSION: "假体周围感染一例",
    ActivityKind.LECTURE: "人工关节置换的快速康复",
    ActivityKind.LESSON: "关节镜入路与体位",
}
DETAILS: dict[Indicator, Form] = {
    Indicator.CASE: {"diagnosis": Diagnosis.PRIMARY},
    Indicator.DISEASE: {
        "treatment": "完善检查，请示上级医师后制订方案，术后指导功能锻炼",
        "setting": Setting.WARD,
        "was_in_charge": True,
        "was_rescue": False,
    },
    Indicator.SKILL: {"role": OperatorRole.OPERATOR, "succeeded": True},
    Indicator.SURGERY: {"role": OperatorRole.SECOND, "anaesthesia": Anaesthesia.SPINAL},
}


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody keeps the log: the share of what is required, and how many of the newest are where."""

    share: float
    drafts: int = 0
    returned: int = 0
    pending: int = 0
    late: int = 0  # 补填: the last ones, written after the rotation
    repeats: int = 0
    surplus: bool = False


HABITS = {
    "rotating": Habit(0.9, drafts=3, returned=2, pending=9, repeats=1),
    "leaving-trainee": Habit(0.9, drafts=2, returned=1, pending=6, late=5, repeats=1),
    "leaving-teacher": Habit(1.0, pending=4, late=2),
    "failed": Habit(0.55),
}
WHOLE = Habit(1.0, surplus=True)


def write(rotation: Rotation, story: str, today: date, rows: Rows) -> None:
    """Collect the entries and activities of ``rotation`` up to yesterday."""
    habit, dice = HABITS.get(story, WHOLE), Random(f"{rotation.enrolment.user}/{rotation}")  # noqa: S311
    last = min(rotation.end_date, today - timedelta(days=1))
    days = (last - rotation.start_date).days + 1
    if days <= 0:
        return
    spent = days / ((rotation.end_date - rotation.start_date).days + 1)
    asked = list(_asked(rotation, habit, habit.share * spent))
    dice.shuffle(asked)
    entries = [
        _entry(
            rotation,
            kind,
            requirement,
            rotation.start_date + timedelta(days=place * days // len(asked)),
            dice,
        )
        for place, (kind, requirement) in enumerate(asked)
    ]
    _put_off(entries[len(entries) - habit.late :], rotation, today)
    _decide(entries, habit)
    entries += [_again(entry) for entry in entries[: habit.repeats]]
    rows.extend(entries)
    rows.extend(_activities(rotation, days, is_over=habit is WHOLE))


def _asked(rotation: Rotation, habit: Habit, share: float) -> Iterator[tuple[Indicator, RotationRequirement]]:
    """One for each case that was done."""
    extra = dict(SURPLUS) if habit.surplus and share >= 1 else {}
    for row in rotation.requirements.in_order():
        kind = Indicator(row.indicator)
        yield from [(kind, row)] * (round(row.required * share) + extra.pop(kind, 0))


def _entry(
    rotation: Rotation, kind: Indicator, requirement: RotationRequirement, day: date, dice: Random
) -> LogEntry:
    written = timezone.make_aware(datetime.combine(day, EVENING))
    kept = patient.reduced(
        dice.choice(SURNAMES) + "先生", f"ZY{dice.randrange(10**7):07}", base=rotation.enrolment.base
    )
    return LogEntry(
        rotation=rotation,
        trainee=rotation.enrolment.user,
        teacher=rotation.teacher,
        kind=kind,
        requirement=requirement,
        item=requirement.item or "入院记录",
        happened_date=day,
        written_at=written,
        changed_at=written,
        patient_name=kept.name,
        patient_hash=kept.hash,
        patient_tail=kept.tail,
        **DETAILS[kind],
    )


def _put_off(entries: Sequence[LogEntry], rotation: Rotation, today: date) -> None:
    """补填: written after the rotation had ended."""
    for entry in entries:
        written = datetime.combine(min(rotation.end_date + timedelta(days=1), today), time(7, 30))
        entry.written_at = entry.changed_at = timezone.make_aware(written)


def _decide(entries: Sequence[LogEntry], habit: Habit) -> None:
    """The newest are drafts, before them those returned, those that wait; the others are approved."""
    stages = [EntryStage.DRAFT] * habit.drafts + [EntryStage.RETURNED] * habit.returned
    stages += [EntryStage.PENDING] * habit.pending
    for number, entry in enumerate(reversed(entries)):
        stage = stages[number] if number < len(stages) else EntryStage.APPROVED
        _move(entry, stage, RETURNED[number % len(RETURNED)] if stage == EntryStage.RETURNED else "")


def _move(entry: LogEntry | Activity, stage: EntryStage, reason: str = "") -> None:
    entry.stage = stage
    if stage == EntryStage.DRAFT:
        return
    entry.submitted_at = entry.written_at + timedelta(minutes=5)
    if stage != EntryStage.PENDING:
        next_day = timezone.localdate(entry.written_at) + timedelta(days=1)
        at = timezone.make_aware(datetime.combine(next_day, NEXT_NOON))
        entry.decided_at = max(min(at, timezone.now()), entry.submitted_at)
        entry.decided_by = entry.teacher
        entry.return_reason = reason


def _again(entry: LogEntry) -> LogEntry:
    """The same patient, item and day once more, a day later: a duplicate, still waiting."""
    values = {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}
    later = entry.written_at + timedelta(hours=1)
    unread = {"decided_at": None, "decided_by_id": None, "return_reason": "", "submitted_at": later}
    fresh = {"id": uuid7(), "written_at": later, "changed_at": later, "stage": EntryStage.PENDING}
    return LogEntry(**values | unread | fresh)


def _activities(rotation: Rotation, days: int, *, is_over: bool) -> Iterator[Activity]:
    """Four a month in turn; the newest still wait."""
    count = max(1, days // 8)
    for number in range(count):
        kind = tuple(TOPICS)[number % len(TOPICS)]
        day = rotation.start_date + timedelta(days=number * days // count)
        written = timezone.make_aware(datetime.combine(day, EVENING))
        activity = Activity(
            rotation=rotation,
            trainee=rotation.enrolment.user,
            teacher=rotation.teacher,
            kind=kind,
            topic=TOPICS[kind],
            happened_date=day,
            hours=Decimal(1),
            speaker=str(rotation.teacher),
            written_at=written,
            changed_at=written,
        )
        newest = count - number <= 1 and not is_over
        _move(activity, EntryStage.PENDING if newest else EntryStage.APPROVED)
        yield activity
