"""Who may write, hand in, approve and return a 登记. Every rule only reads."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Reason, Verdict, no

from ..choices import OF_SKILL, OF_SURGERY, EntryStage, Indicator
from ..models import Activity, LogEntry, Rotation
from . import seats

CLOSED = "该轮转已出科，登记已锁定；需要更正请联系基地重新打开"
# What each kind needs before it can be handed in (domain §8): field → how it is called.
NEEDED = {
    Indicator.CASE: {"diagnosis": "诊断类型"},
    Indicator.DISEASE: {
        "treatment": "诊疗措施",
        "setting": "门诊/急诊/病房",
        "was_in_charge": "是否主管",
        "was_rescue": "是否抢救",
    },
    Indicator.SKILL: {"role": "术者/助手", "succeeded": "成功与否"},
    Indicator.SURGERY: {"role": "术者/一助/二助", "anaesthesia": "麻醉"},
}
ROLES = {Indicator.SKILL: OF_SKILL, Indicator.SURGERY: OF_SURGERY}


def may_write(user: User, rotation: Rotation, today: date) -> Verdict:
    """The trainee, from the first day on, until the rotation is closed; afterwards it is 补填."""
    if user.pk != rotation.enrolment.user_id:
        return no("只有学员本人可以登记")
    if rotation.exempted_at is not None:
        return no("该轮转已减免，不需要登记")
    if not rotation.is_open:
        return no(CLOSED)
    if not rotation.has_begun(today):
        return no(f"该轮转 {rotation.start_date} 开始，入科后再登记")
    return ALLOWED


def may_record(rotation: Rotation, day: date, today: date, *, item: str | None = None) -> Verdict:
    """What is written can be true: with an item, not in the future, within the rotation."""
    reasons = []
    if item is not None and not item.strip():
        reasons.append("请填写项目名称")
    if day > today:
        reasons.append(f"日期 {day} 还没有到")
    elif not rotation.holds(day):
        reasons.append(f"日期 {day} 不在轮转期间（{rotation.dates}）")
    return Verdict(tuple(Reason(text) for text in reasons))


def may_change(user: User, entry: LogEntry | Activity, today: date) -> Verdict:
    """As ``may_write``, while it is a draft or was returned."""
    if user.pk == entry.trainee_id and not entry.is_editable:
        return no(f"这条登记{entry.get_stage_display()}，不能修改；待审核的可以先撤回")
    return may_write(user, entry.rotation, today)


def may_discard(user: User, entry: LogEntry | Activity, today: date) -> Verdict:
    """A draft that was never handed in: what a teacher has seen stays."""
    if entry.stage != EntryStage.DRAFT:
        return no("只有草稿可以删除")
    return may_change(user, entry, today)


def may_submit_entry(user: User, entry: LogEntry | Activity, today: date) -> Verdict:
    """As ``may_change``, with all that its kind needs. All reasons at once."""
    if not (verdict := may_change(user, entry, today)):
        return verdict
    item = entry.item if isinstance(entry, LogEntry) else None
    reasons = list(may_record(entry.rotation, entry.happened_date, today, item=item).items)
    if isinstance(entry, LogEntry) and (lacking := missing(entry)):
        reasons.append(Reason(f"{entry.item}还没有填：{'、'.join(lacking)}"))
    return Verdict(tuple(reasons))


def missing(entry: LogEntry) -> list[str]:
    """What its kind needs and it lacks, as the fields are called."""
    kind = Indicator(entry.kind)
    lacking = [label for name, label in NEEDED[kind].items() if getattr(entry, name) in ("", None)]
    if kind in ROLES and entry.role and entry.role not in ROLES[kind]:
        lacking.append(NEEDED[kind]["role"])
    return lacking


def may_withdraw(user: User, entry: LogEntry | Activity, today: date) -> Verdict:
    """The trainee, while nobody has decided."""
    if user.pk == entry.trainee_id and entry.stage != EntryStage.PENDING:
        return no(f"这条登记{entry.get_stage_display()}，不能撤回")
    return may_write(user, entry.rotation, today)


def may_approve(user: User, rotation: Rotation) -> Verdict:
    """带教老师 of the rotation or 科主任 of the department; nobody their own.

    A closed rotation's entries may still be approved: 已完成 does not change by it.
    """
    if user.pk == rotation.enrolment.user_id:
        return no("不能审核本人的登记")
    if user.pk == rotation.teacher_id and seats.teaches_at(user, rotation.enrolment):
        return ALLOWED
    if seats.heads(user, rotation):
        return ALLOWED
    return no(f"由{rotation}的带教老师{rotation.teacher or ''}或科主任审核")


def may_return(user: User, rotation: Rotation) -> Verdict:
    """As ``may_approve``, while the rotation is open: the figures of a closed one are frozen."""
    return may_approve(user, rotation) if rotation.is_open else no(CLOSED)


def may_nudge(user: User, rotation: Rotation, today: date) -> Verdict:
    """催办: the trainee, once a day."""
    if user.pk != rotation.enrolment.user_id:
        return no("只有学员本人可以催办")
    if rotation.nudged_at and timezone.localdate(rotation.nudged_at) >= today:
        return no("今天已经催办过，明天可以再催一次")
    return ALLOWED
