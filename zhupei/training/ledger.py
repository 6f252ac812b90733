"""应完成, 已完成, 完成比例 and the two ratios from the log itself, row by row (domain §6).

Pure: a rotation with its requirements, entries and tallies in (``of_rotation`` asks the database
nothing that was prefetched, see ``loaded``), numbers and reasons out. What it says per indicator
is what ``actions.recount`` stores in the tallies, so a page that shows a form or a ratio reads
those, and only the page that explains them reads the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from zhupei.lib.quota import Quota

from . import fill_ratio
from .choices import ActivityKind, EntryStage, Indicator, NotCounted
from .fill_ratio import Ratios
from .models import Activity, LogEntry, Rotation, RotationRequirement, Tally

Asked = tuple[str, UUID | None, int]  # item, id of its requirement, cases
# What a stage alone decides: neither filled nor approved.
NOT_HANDED_IN = {EntryStage.DRAFT: NotCounted.DRAFT, EntryStage.RETURNED: NotCounted.RETURNED}


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry and why it does not count toward 已完成 and toward 已审核; None where it does."""

    entry: LogEntry
    filling: NotCounted | None
    approval: NotCounted | None

    @property
    def is_done(self) -> bool:
        """It is one of 已完成 on the form, be it a surplus."""
        return self.filling in (None, NotCounted.SURPLUS, NotCounted.UNLISTED)

    @property
    def is_approved(self) -> bool:
        return self.is_done and self.entry.stage == EntryStage.APPROVED


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an indicator, in cases; an empty ``item`` is any of the indicator.

    ``requirement`` is None for the line of an indicator that lists no items.
    """

    indicator: Indicator
    item: str
    requirement: UUID | None
    required: int
    entries: tuple[Judged, ...]  # all that speak of it, in the order in which they count
    filled: Quota
    approved: Quota


@dataclass(frozen=True, slots=True)
class Account:
    """One of the four indicators of a rotation: its lines, what fits none, what was imported.

    历史数据 came as a total without items: it makes up for what is lacking in any of them.
    """

    indicator: Indicator
    lines: tuple[Line, ...]
    unlisted: tuple[Judged, ...]
    filled: int  # 已完成 of the form: in time, once, handed in; surplus included
    approved: int
    imported_filled: int
    imported_approved: int

    @property
    def required(self) -> int:
        return sum(line.required for line in self.lines)

    @property
    def counted_filled(self) -> int:
        """How much of ``required`` that makes, item by item."""
        return min(self.required, self.imported_filled + sum(line.filled.counted for line in self.lines))

    @property
    def counted_approved(self) -> int:
        return min(self.required, self.imported_approved + sum(line.approved.counted for line in self.lines))

    @property
    def lacking(self) -> int:
        """How many of ``required`` are still to be done."""
        return self.required - self.counted_filled

    @property
    def percent(self) -> int:
        """完成比例 of the form, whole per cent: 100 only if no item lacks anything."""
        return Quota(self.required, self.counted_filled).percent

    @property
    def entries(self) -> tuple[Judged, ...]:
        return (*(judged for line in self.lines for judged in line.entries), *self.unlisted)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One rotation, explained."""

    rotation: Rotation
    accounts: tuple[Account, ...]  # in the order of the form

    @property
    def ratios(self) -> Ratios:
        """数据填写比例 and 数据审核比例 of the rotation."""
        return fill_ratio.of_indicators(self.accounts)

    @property
    def entries(self) -> tuple[Judged, ...]:
        return tuple(judged for account in self.accounts for judged in account.entries)

    def account(self, indicator: Indicator) -> Account:
        """That of ``indicator``."""
        return next(account for account in self.accounts if account.indicator == indicator)


def loaded(rotations: QuerySet[Rotation]) -> QuerySet[Rotation]:
    """``rotations`` with all that ``of_rotation`` reads, in three more queries."""
    return rotations.prefetch_related(
        "tallies",
        Prefetch("requirements", RotationRequirement.objects.in_order()),
        Prefetch("entries", LogEntry.objects.for_ledger()),
    )


def of_rotation(rotation: Rotation) -> Ledger:
    """Judge every entry of ``rotation`` and add up. The order in which the rows come is irrelevant."""
    tallies = {tally.indicator: tally for tally in rotation.tallies.all()}
    requirements, entries = list(rotation.requirements.all()), _in_order(rotation.entries.all())
    repeated = _repeated(entries)
    by_kind: dict[str, list[tuple[LogEntry, bool]]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append((entry, entry.id in repeated))
    return Ledger(
        rotation,
        tuple(
            _account(
                rotation,
                tallies.get(kind) or Tally(rotation=rotation, indicator=kind, required=0),
                [row for row in requirements if row.indicator == kind],
                by_kind[kind],
            )
            for kind in Indicator
        ),
    )


def of_training(rotations: Iterable[Rotation], *, today: date) -> tuple[list[Ledger], Ratios]:
    """The ledger of every rotation, and the ratios of the whole: the mean over those that count."""
    ledgers = [of_rotation(rotation) for rotation in rotations]
    counting = [ledger for ledger in ledgers if fill_ratio.counts(ledger.rotation, today)]
    return ledgers, fill_ratio.mean(ledger.accounts for ledger in counting)


def activities(rotation: Rotation, rows: Iterable[Activity]) -> dict[ActivityKind, int]:
    """How many of each 形式 were handed in and lie within the rotation; 次."""
    counted = dict.fromkeys(ActivityKind, 0)
    for row in rows:
        if row.stage not in NOT_HANDED_IN and rotation.holds(row.happened_date):
            counted[ActivityKind(row.kind)] += 1
    return counted


def duplicates(entries: Iterable[LogEntry]) -> set[UUID]:
    """Those that repeat another: the same patient, item and day. The first of them is not among these.

    Drafts and what was returned neither are duplicates nor make any.
    """
    return _repeated(_in_order(entries))


def _repeated(entries: Iterable[LogEntry]) -> set[UUID]:
    """``entries`` in the order in which they count."""
    seen: set[object] = set()
    found: set[UUID] = set()
    for entry in entries:
        if not entry.patient_hash or entry.stage in NOT_HANDED_IN:
            continue
        same = (entry.kind, entry.item, entry.happened_date, entry.patient_hash)
        if same in seen:
            found.add(entry.id)
        seen.add(same)
    return found


def _account(
    rotation: Rotation,
    tally: Tally,
    requirements: Sequence[RotationRequirement],
    entries: Sequence[tuple[LogEntry, bool]],
) -> Account:
    """``entries`` of one indicator in the order in which they count, each with whether it repeats another."""
    kind = Indicator(tally.indicator)
    asked: list[Asked] = [(row.item, row.id, row.required) for row in requirements]
    if not asked and tally.required:
        asked = [("", None, tally.required)]
    places = {key: number for number, (_, key, _) in enumerate(asked)}
    anything = next((number for number, (item, _, _) in enumerate(asked) if not item), None)
    judged: dict[int | None, list[Judged]] = defaultdict(list)
    done: dict[int | None, int] = defaultdict(int)
    approved: dict[int | None, int] = defaultdict(int)
    for entry, is_repeated in entries:
        place = places.get(entry.requirement_id, anything)
        room = asked[place][2] - done[place] if place is not None else None
        verdict = _judge(rotation, entry, is_repeated, room)
        done[place] += verdict.is_done
        approved[place] += verdict.is_approved
        judged[place].append(verdict)
    return Account(
        kind,
        tuple(
            Line(
                kind,
                item,
                key,
                required,
                tuple(judged[number]),
                Quota(required, done[number]),
                Quota(required, approved[number]),
            )
            for number, (item, key, required) in enumerate(asked)
        ),
        unlisted=tuple(judged[None]),
        filled=tally.imported_filled + sum(done.values()),
        approved=tally.imported_approved + sum(approved.values()),
        imported_filled=tally.imported_filled,
        imported_approved=tally.imported_approved,
    )


def _judge(rotation: Rotation, entry: LogEntry, is_repeated: bool, room: int | None) -> Judged:
    """``room`` is how many cases its item still lacks; None: it speaks of no required item."""
    if entry.stage in NOT_HANDED_IN:
        reason = NOT_HANDED_IN[EntryStage(entry.stage)]
        return Judged(entry, reason, reason)
    if not rotation.holds(entry.happened_date):
        return Judged(entry, NotCounted.OUTSIDE, NotCounted.OUTSIDE)
    if is_repeated:
        return Judged(entry, NotCounted.DUPLICATE, NotCounted.DUPLICATE)
    why = NotCounted.UNLISTED if room is None else NotCounted.SURPLUS if room <= 0 else None
    return Judged(entry, why, NotCounted.PENDING if entry.stage == EntryStage.PENDING else why)


def _in_order(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """As they count: what was approved before what waits, then by day, then as they were written."""
    return sorted(
        entries,
        key=lambda entry: (
            entry.stage != EntryStage.APPROVED,
            entry.happened_date,
            entry.written_at,
            entry.id,
        ),
    )
