"""登记 as lists show them: what it was, where it stands, what it counts toward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from .. import ledger, rules
from ..choices import ACTIVITY, LOG_KINDS, EntryStage, Indicator, NotCounted
from ..ledger import Judged, Ledger
from ..models import Activity, LogEntry, Rotation, RotationRequirement

Entry = LogEntry | Activity
LOOKS = {  # of data-state
    EntryStage.DRAFT: "todo",
    EntryStage.PENDING: "waiting",
    EntryStage.APPROVED: "done",
    EntryStage.RETURNED: "returned",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One 登记. ``counts`` is empty where nothing is to be said yet."""

    entry: Entry
    kind: str
    name: str
    part: str
    counts: str
    is_duplicate: bool
    lacking: str  # what a draft still needs before it can be handed in

    @property
    def look(self) -> str:
        return LOOKS[EntryStage(self.entry.stage)]

    @property
    def word(self) -> str:
        """Where it stands, and with whom."""
        if self.entry.stage == EntryStage.PENDING:
            return f"待{self.entry.teacher or '科主任'}审核"
        return self.entry.get_stage_display()

    @property
    def days_late(self) -> int:
        """补填: days after the end of the rotation; 0 if it was written in time."""
        entry = self.entry
        late = (timezone.localdate(entry.written_at) - entry.rotation.end_date).days
        return max(0, late)


def with_log(rotations: QuerySet[Rotation]) -> QuerySet[Rotation]:
    """``rotations`` with all that the ledger and the rows read, in four more queries."""
    entries = LogEntry.objects.select_related("requirement", "teacher", "decided_by")
    return rotations.prefetch_related(
        "tallies",
        Prefetch("requirements", RotationRequirement.objects.in_order()),
        Prefetch("entries", entries.newest_first()),
        Prefetch("activities", Activity.objects.select_related("teacher", "decided_by").newest_first()),
    )


def rows_of(account: Ledger) -> list[Row]:
    """Everything in the log of a rotation, newest first."""
    judged = {it.entry.pk: it for it in account.entries}
    rotation = account.rotation
    found: list[Entry] = [*rotation.entries.all(), *rotation.activities.all()]
    found.sort(key=lambda entry: (entry.happened_date, entry.written_at, entry.pk), reverse=True)
    return [row(entry, judged) for entry in found]


def row(entry: Entry, judged: Mapping[UUID, Judged]) -> Row:
    """``judged`` by the id of the entry; without it nothing is said of what counts."""
    verdict = judged.get(entry.pk)
    lacking = rules.missing(entry) if isinstance(entry, LogEntry) and entry.is_editable else []
    return Row(
        entry=entry,
        kind=kind_of(entry),
        name=name_of(entry),
        part=part_of(entry),
        counts=_counts(entry, verdict),
        is_duplicate=verdict is not None and verdict.filling == NotCounted.DUPLICATE,
        lacking="、".join(lacking),
    )


def kind_of(entry: Entry) -> str:
    return LOG_KINDS[entry.kind if isinstance(entry, LogEntry) else ACTIVITY]


def name_of(entry: Entry) -> str:
    """The item; of an activity the 形式 and what it was about."""
    if isinstance(entry, LogEntry):
        return entry.item
    return f"{entry.get_kind_display()}：{entry.topic}" if entry.topic else entry.get_kind_display()


def part_of(entry: Entry) -> str:
    """What the trainee did: 一助, 主管, 主要诊断, 学时."""
    if isinstance(entry, Activity):
        return f"{entry.hours.normalize():f} 学时"
    if entry.kind == Indicator.DISEASE:
        parts = [
            entry.get_setting_display(),
            "主管" if entry.was_in_charge else "",
            "抢救" if entry.was_rescue else "",
        ]
        return "、".join(filter(None, parts))
    return entry.get_role_display() or entry.get_diagnosis_display()


def facts(entry: Entry) -> list[tuple[str, str]]:
    """All of it, as label and value; what was not asked for is left out."""
    if isinstance(entry, Activity):
        found = [
            ("形式", entry.get_kind_display()),
            ("主题", entry.topic),
            ("日期", entry.happened_date.isoformat()),
            ("学时", f"{entry.hours.normalize():f}"),
            ("主讲人", entry.speaker),
        ]
    else:
        found = [
            ("项目", entry.item),
            ("应完成项目", entry.requirement.item if entry.requirement else ""),
            ("日期", entry.happened_date.isoformat()),
            ("诊断类型", entry.get_diagnosis_display()),
            ("诊疗措施", entry.treatment),
            ("门诊/急诊/病房", entry.get_setting_display()),
            ("是否主管", _yes_or_no(entry.was_in_charge)),
            ("是否抢救", _yes_or_no(entry.was_rescue)),
            ("担任", entry.get_role_display()),
            ("成功与否", _yes_or_no(entry.succeeded)),
            ("麻醉", entry.get_anaesthesia_display()),
            ("患者", entry.patient_name),
            ("病历号末 4 位", entry.patient_tail),
            ("备注", entry.note),
        ]
    return [(label, value) for label, value in found if value]


def repeated_among(entries: Iterable[Entry]) -> set[UUID]:
    """Those of ``entries`` that repeat another of the same rotation. One query."""
    cases = [entry for entry in entries if isinstance(entry, LogEntry) and entry.patient_hash]
    hashes = {entry.patient_hash for entry in cases}
    same = LogEntry.objects.filter(
        rotation__in={entry.rotation_id for entry in cases}, patient_hash__in=hashes
    )
    by_rotation: dict[UUID, list[LogEntry]] = {}
    for entry in same.for_ledger() if cases else ():
        by_rotation.setdefault(entry.rotation_id, []).append(entry)
    return {pk for found in by_rotation.values() for pk in ledger.duplicates(found)}


def _counts(entry: Entry, verdict: Judged | None) -> str:
    if isinstance(entry, Activity):
        return "不计比例"
    if verdict is None or entry.is_editable:
        return ""
    if verdict.filling is not None:
        return f"不计入：{verdict.filling.label}"
    return f"计入{entry.requirement.item if entry.requirement and entry.requirement.item else kind_of(entry)}"


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"
