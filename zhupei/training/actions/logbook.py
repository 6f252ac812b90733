"""What a trainee writes in the log. Handing in and approving are in ``approval``."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Refused

from .. import patient, rules
from ..choices import ActivityKind, Indicator
from ..models import Activity, LogEntry, Rotation, RotationRequirement
from .counting import recount
from .storing import assign, hold_rotation, refuse_others, store

DETAILS = {  # fields of LogEntry that its kind asks for
    *("diagnosis", "treatment", "setting", "was_in_charge", "was_rescue"),
    *("role", "succeeded", "anaesthesia", "note"),
}
OF_ENTRY = DETAILS | {"item", "happened_date", "requirement"}
OF_ACTIVITY = {"kind", "topic", "happened_date", "hours", "speaker"}


@transaction.atomic
def write_entry(
    rotation: Rotation,
    *,
    by: User,
    kind: Indicator | str,
    item: str,
    happened_date: date,
    requirement: RotationRequirement | None = None,
    patient_name: str = "",
    patient_number: str = "",
    **details: Any,
) -> LogEntry:
    """登记 as a draft: a case of ``kind`` with fields of DETAILS, which may still have gaps.

    It counts toward ``requirement``, otherwise toward the one of its name, otherwise toward one
    that asks for any. Of the patient only what ``patient.reduced`` leaves is kept. Raises
    Refused, ValidationError.
    """
    refuse_others(details, DETAILS)
    rotation, now = hold_rotation(rotation), timezone.now()
    today = timezone.localdate(now)
    rules.may_write(by, rotation, today).or_raise()
    rules.may_record(rotation, happened_date, today, item=item).or_raise()
    entry = LogEntry(
        rotation=rotation,
        trainee=by,
        teacher=rotation.teacher,
        kind=kind,
        requirement=_requirement(rotation, kind, item, requirement),
        item=item.strip(),
        happened_date=happened_date,
        written_at=now,
        changed_at=now,
        **details,
    )
    _describe_patient(entry, patient_name, patient_number)
    store(entry)
    record("training.entry.written", entry, by=by)
    return entry


@transaction.atomic
def change_entry(
    entry: LogEntry,
    *,
    by: User,
    patient_name: str | None = None,
    patient_number: str | None = None,
    **fields: Any,
) -> LogEntry:
    """Change fields of OF_ENTRY of a draft, or of what was returned; a patient given is a new one."""
    refuse_others(fields, OF_ENTRY)
    rotation = hold_rotation(entry.rotation)
    entry = LogEntry.objects.select_related("requirement").get(pk=entry.pk)
    entry.rotation, now = rotation, timezone.now()
    rules.may_change(by, entry, timezone.localdate(now)).or_raise()
    item, day = fields.get("item", entry.item), fields.get("happened_date", entry.happened_date)
    rules.may_record(rotation, day, timezone.localdate(now), item=item).or_raise()
    if "item" in fields or "requirement" in fields:
        fields |= {
            "item": item.strip(),
            "requirement": _requirement(rotation, entry.kind, item, fields.get("requirement")),
        }
    if patient_name is not None or patient_number is not None:
        _describe_patient(entry, patient_name or "", patient_number or "")
    changed = assign(entry, {**fields, "changed_at": now})
    recount(rotation)
    record("training.entry.changed", entry, by=by, fields=sorted({*changed} - {"changed_at"}))
    return entry


@transaction.atomic
def write_activity(
    rotation: Rotation,
    *,
    by: User,
    kind: ActivityKind | str,
    happened_date: date,
    hours: Decimal,
    speaker: str,
    topic: str = "",
) -> Activity:
    """教学活动 as a draft. Raises Refused, ValidationError."""
    rotation, now = hold_rotation(rotation), timezone.now()
    today = timezone.localdate(now)
    rules.may_write(by, rotation, today).or_raise()
    rules.may_record(rotation, happened_date, today).or_raise()
    activity = store(
        Activity(
            rotation=rotation,
            trainee=by,
            teacher=rotation.teacher,
            kind=kind,
            topic=topic,
            happened_date=happened_date,
            hours=hours,
            speaker=speaker,
            written_at=now,
            changed_at=now,
        )
    )
    record("training.activity.written", activity, by=by)
    return activity


@transaction.atomic
def change_activity(activity: Activity, *, by: User, **fields: Any) -> Activity:
    """Change fields of OF_ACTIVITY of a draft, or of what was returned."""
    refuse_others(fields, OF_ACTIVITY)
    rotation = hold_rotation(activity.rotation)
    activity = Activity.objects.get(pk=activity.pk)
    activity.rotation, now = rotation, timezone.now()
    today = timezone.localdate(now)
    rules.may_change(by, activity, today).or_raise()
    rules.may_record(rotation, fields.get("happened_date", activity.happened_date), today).or_raise()
    changed = assign(activity, {**fields, "changed_at": now})
    record("training.activity.changed", activity, by=by, fields=sorted({*changed} - {"changed_at"}))
    return activity


@transaction.atomic
def discard(entry: LogEntry | Activity, *, by: User) -> None:
    """Throw a draft away that was never handed in, of either kind."""
    rotation = hold_rotation(entry.rotation)
    entry = type(entry).objects.get(pk=entry.pk)
    entry.rotation = rotation
    rules.may_discard(by, entry, timezone.localdate()).or_raise()
    record(f"training.{'entry' if isinstance(entry, LogEntry) else 'activity'}.discarded", entry, by=by)
    entry.delete()


def _requirement(
    rotation: Rotation, kind: Indicator | str, item: str, chosen: RotationRequirement | None
) -> RotationRequirement | None:
    """What an entry counts toward: the one ``chosen``, the one of its name, one that asks for any."""
    if chosen is not None and (chosen.rotation_id, chosen.indicator) != (rotation.pk, kind):
        raise Refused("所选的应完成项不属于这个轮转或这一类登记")
    by_name: Mapping[str, RotationRequirement] = {
        row.item: row for row in rotation.requirements.filter(indicator=kind)
    }
    return chosen or by_name.get(item.strip()) or by_name.get("")


def _describe_patient(entry: LogEntry, name: str, number: str) -> None:
    reduced = patient.reduced(name, number, base=entry.rotation.enrolment.base)
    entry.patient_name, entry.patient_hash, entry.patient_tail = reduced.name, reduced.hash, reduced.tail
