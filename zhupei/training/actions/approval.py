"""Handing in, approving and returning what stands in the log: cases and activities alike, many at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Reason, Refused, Verdict
from zhupei.notifications.outbox import notify

from .. import rules, waiting
from ..choices import EntryStage, Party
from ..models import Activity, LogEntry, Rotation
from .counting import recount
from .storing import hold_rotation, hold_rotations

MOST = 500  # entries in one go
LOGBOOK = "/training/rotations/{}/logbook/"
QUEUE = "/teaching/"
Entry = LogEntry | Activity


@transaction.atomic
def submit_entries(entries: Sequence[Entry], *, by: User) -> int:
    """Hand in drafts and what was returned; all of them or none. How many were handed in.

    Raises Refused with everything that is lacking.
    """
    held, now = _take(entries), timezone.now()
    today = timezone.localdate(now)
    _ask_all([rules.may_submit_entry(by, entry, today) for entry in held])
    _set(
        held,
        stage=EntryStage.PENDING,
        submitted_at=now,
        decided_at=None,
        decided_by=None,
        return_reason="",
        changed_at=now,
    )
    _settle(held, "submitted", by)
    return len(held)


@transaction.atomic
def withdraw_entry(entry: Entry, *, by: User) -> None:
    """Take an entry back while nobody has decided: it is a draft again."""
    (held,) = _take([entry])
    now = timezone.now()
    rules.may_withdraw(by, held, timezone.localdate(now)).or_raise()
    _set([held], stage=EntryStage.DRAFT, submitted_at=None, changed_at=now)
    _settle([held], "withdrawn", by)


@transaction.atomic
def approve_entries(entries: Sequence[Entry], *, by: User, seen_at: datetime | None = None) -> int:
    """Approve up to MOST entries, of any rotations; all of them or none. How many were approved.

    ``seen_at`` is when the list on the screen was made: what was handed in later was not looked
    at. Raises Conflict if somebody was faster, Refused.
    """
    held, now = _take(entries), timezone.now()
    _ask_all([rules.may_approve(by, rotation) for rotation in _rotations(held)])
    _refuse_what_moved(held, seen_at)
    _set(held, stage=EntryStage.APPROVED, decided_at=now, decided_by=by)
    _settle(held, "approved", by)
    for rotation, rows in _by_rotation(held).items():
        text = f"{rotation}：{by}审核通过了您的 {len(rows)} 条登记"
        notify(rotation.enrolment.user, text, url=LOGBOOK.format(rotation.pk))
    return len(held)


@transaction.atomic
def return_entry(entry: Entry, *, by: User, reason: str, seen_at: datetime | None = None) -> None:
    """退回: the trainee corrects it and hands it in again. Raises Conflict, Refused."""
    (held,) = _take([entry])
    rules.may_return(by, held.rotation).or_raise()
    _refuse_what_moved([held], seen_at)
    if not reason.strip():
        raise Refused("请填写退回原因")
    _set(
        [held],
        stage=EntryStage.RETURNED,
        decided_at=timezone.now(),
        decided_by=by,
        return_reason=reason.strip()[:200],
    )
    _settle([held], "returned", by, reason=reason)
    text = f"{held.rotation}：{by}退回了您的登记“{held}”（{reason}）"
    notify(held.trainee, text, url=LOGBOOK.format(held.rotation_id))


@transaction.atomic
def nudge(rotation: Rotation, *, by: User) -> list[User]:
    """催办, once a day: a notice to everybody whom entries or exit forms of ``rotation`` wait for.

    Who was told. Raises Refused if nothing waits for anybody.
    """
    rotation, now = hold_rotation(rotation), timezone.now()
    today = timezone.localdate(now)
    rules.may_nudge(by, rotation, today).or_raise()
    texts: dict[User, list[str]] = defaultdict(list)
    pending = sum(
        rows.filter(stage=EntryStage.PENDING).count() for rows in (rotation.entries, rotation.activities)
    )
    if pending and rotation.teacher:
        texts[rotation.teacher].append(f"{pending} 条登记待审核")
    for wait in waiting.of(rotation, today):
        if wait.person and wait.on != Party.TRAINEE:
            texts[wait.person].append(wait.text)
    if not texts:
        raise Refused("没有等待带教老师或科主任处理的内容，或还没有指定带教老师")
    rotation.nudged_at = now
    rotation.save(update_fields=["nudged_at"])
    for person, what in texts.items():
        notify(person, f"{by}催办（{rotation}）：{'；'.join(what)}", url=QUEUE)
    record("training.rotation.nudged", rotation, by=by, people=len(texts))
    return list(texts)


def _take(entries: Sequence[Entry]) -> list[Entry]:
    """Hold the rotations of ``entries``, and read these afresh, with what the rules ask."""
    if not entries:
        raise Refused("请先选择登记")
    if len(entries) > MOST:
        raise Refused(f"一次最多处理 {MOST} 条，现选了 {len(entries)} 条")
    hold_rotations(entry.rotation_id for entry in entries)
    rotations = Rotation.objects.with_exit().in_bulk({entry.rotation_id for entry in entries})
    held: list[Entry] = [
        *LogEntry.objects.filter(pk__in=_keys(entries, LogEntry)).select_related("trainee").order_by("id"),
        *Activity.objects.filter(pk__in=_keys(entries, Activity)).select_related("trainee").order_by("id"),
    ]
    if len(held) != len({entry.pk for entry in entries}):
        raise Conflict("有登记已被删除，请刷新后再操作")
    for entry in held:
        entry.rotation = rotations[entry.rotation_id]
    return held


def _keys(entries: Sequence[Entry], model: type[Entry]) -> list[UUID]:
    return [entry.pk for entry in entries if isinstance(entry, model)]


def _rotations(entries: Sequence[Entry]) -> list[Rotation]:
    return list({entry.rotation_id: entry.rotation for entry in entries}.values())


def _by_rotation(entries: Sequence[Entry]) -> dict[Rotation, list[Entry]]:
    found: dict[Rotation, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.rotation].append(entry)
    return found


def _ask_all(verdicts: Sequence[Verdict]) -> None:
    """Raise Refused with every reason once."""
    reasons: dict[str, Reason] = {item.text: item for verdict in verdicts for item in verdict.items}
    Verdict(tuple(reasons.values())).or_raise()


def _refuse_what_moved(entries: Sequence[Entry], seen_at: datetime | None) -> None:
    gone = [entry for entry in entries if entry.stage != EntryStage.PENDING]
    if gone:
        raise Conflict(f"有 {len(gone)} 条登记已由学员撤回或已审核，请刷新后再操作：{gone[0]}")
    if seen_at and any(entry.submitted_at and entry.submitted_at > seen_at for entry in entries):
        raise Conflict("有登记在您打开页面后又改过，请刷新后再操作")


def _set(entries: Sequence[Entry], **fields: object) -> None:
    for model in (LogEntry, Activity):
        if keys := _keys(entries, model):
            model.objects.filter(pk__in=keys).update(**fields)


def _settle(entries: Sequence[Entry], deed: str, by: User, **facts: object) -> None:
    """Count the rotations anew, and write down what was done to which entries: one event a rotation."""
    for rotation, rows in _by_rotation(entries).items():
        recount(rotation)
        record(
            f"training.logbook.{deed}", rotation, by=by, entries=[str(entry.pk) for entry in rows], **facts
        )
