"""Where a trainee goes, when, under whom, and when not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.notifications.outbox import notify
from zhupei.organisations.models import Department

from .. import planning, rules
from ..choices import EntryStage, Indicator, LeaveKind
from ..models import (
    Enrolment,
    Leave,
    Rotation,
    RotationRequirement,
    Scheme,
    SchemeDepartment,
    Tally,
)
from ..planning import Item, Stay
from .counting import recount
from .storing import hold_rotation, hold_rotations, store

ROTATIONS = "/training/rotations/"


@transaction.atomic
def plan_rotation(
    enrolment: Enrolment,
    department: Department,
    *,
    by: User | None,
    start_date: date,
    end_date: date,
    required_months: Decimal,
    required: Mapping[Indicator, int] | None = None,
    items: Sequence[Item] = (),
    scheme_department: SchemeDepartment | None = None,
) -> Rotation:
    """Add a rotation with what it requires, in cases: ``items``, or only totals (``required``).

    ``by=None`` is the system; the trainee is told what somebody does. Raises Refused if it overlaps
    another or the department is not the base's, ValidationError.
    """
    rotation = _plan(
        enrolment,
        department,
        by=by,
        start_date=start_date,
        end_date=end_date,
        required_months=required_months,
        scheme_department=scheme_department,
    )
    _require(rotation, items, required or {})
    if by is not None:
        notify(enrolment.user, f"{enrolment.base}为您增加了轮转：{rotation}，{rotation.dates}", url=ROTATIONS)
    return rotation


@transaction.atomic
def plan_from_scheme(
    enrolment: Enrolment,
    scheme: Scheme,
    *,
    by: User | None,
    begins: date,
    departments: Mapping[UUID, Department],
    months_of: Mapping[UUID, Decimal] | None = None,
) -> list[Rotation]:
    """Plan the whole training: one rotation after the other from ``begins`` on, in the scheme's order.

    ``departments`` says, by the id of the scheme's department, where of the base each is spent;
    ``months_of`` where the base shortens or lengthens one. Fewer years than the scheme's shorten
    all of them (``planning``). From now on the scheme stays as it is. Raises Refused.
    """
    Scheme.objects.select_for_update(no_key=True).values_list("pk").get(pk=scheme.pk)
    scheme = Scheme.objects.with_items().get(pk=scheme.pk)
    rules.may_follow(enrolment, scheme, departments).or_raise()
    stays = planning.draw_up(
        [row for row in scheme.departments.all() if row.pk in departments],
        begins=begins,
        share=planning.share_of(enrolment, scheme),
        months_of=months_of,
    )
    planned = [_follow(enrolment, stay, departments[stay.department.pk], by=by) for stay in stays]
    Scheme.objects.filter(pk=scheme.pk, used_at=None).update(used_at=timezone.now())
    record("training.enrolment.planned", enrolment, by=by, scheme=str(scheme.pk), rotations=len(planned))
    notify(enrolment.user, f"{enrolment.base}已安排您的轮转计划，共 {len(planned)} 个科室", url=ROTATIONS)
    return planned


@transaction.atomic
def move_rotation(
    rotation: Rotation, *, by: User, start_date: date, end_date: date, moves_later: bool = False
) -> Rotation:
    """Give an open rotation other dates. Entries that fall outside no longer count.

    ``moves_later``: what comes after it moves by as many days as its end. Raises Refused, ValidationError.
    """
    rotation = _hold_with_plan(rotation)
    rules.may_replan(by, rotation).or_raise()
    old = rotation.dates
    if moves_later:
        _move_later(rotation, end_date - rotation.end_date, by=by)
    _set_dates(rotation, start_date, end_date)
    record("training.rotation.moved", rotation, by=by, old=old, new=rotation.dates)
    notify(rotation.enrolment.user, f"{rotation}的轮转时间改为 {rotation.dates}", url=ROTATIONS)
    return rotation


@transaction.atomic
def drop_rotation(rotation: Rotation, *, by: User) -> None:
    """Take a rotation out of the plan in which nothing was written yet; the trainee is told.

    Raises Refused, also if a 结业考核申请 holds a paper of it.
    """
    rotation = hold_rotation(rotation)
    rules.may_drop(by, rotation).or_raise()
    record("training.rotation.dropped", rotation, by=by, dates=rotation.dates)
    notify(rotation.enrolment.user, f"{rotation}（{rotation.dates}）已从轮转计划中删除", url=ROTATIONS)
    rotation.tallies.all().delete()
    rotation.requirements.all().delete()
    try:
        rotation.delete()
    except ProtectedError as held:
        raise Refused("该轮转已有结业报考材料，不能删除；可以减免或调整时间") from held


@transaction.atomic
def assign(rotation: Rotation, *, by: User, teacher: User | None, head: User | None) -> Rotation:
    """Say who teaches and who heads; what waits for the earlier teacher waits for the new one."""
    rotation = hold_rotation(rotation)
    rules.may_arrange(by, rotation).or_raise()
    rules.may_be_assigned(rotation, teacher=teacher, head=head).or_raise()
    if (rotation.teacher, rotation.head) == (teacher, head):
        return rotation
    rotation.teacher, rotation.head = teacher, head
    rotation.full_clean()
    rotation.save(update_fields=["teacher", "head"])
    for rows in (rotation.entries, rotation.activities):
        rows.exclude(stage=EntryStage.APPROVED).update(teacher=teacher)
    record(
        "training.rotation.assigned",
        rotation,
        by=by,
        teacher=str(teacher.pk) if teacher else "",
        head=str(head.pk) if head else "",
    )
    notify(rotation.enrolment.user, f"{rotation}的带教老师：{teacher or '未指定'}", url=ROTATIONS)
    return rotation


@transaction.atomic
def exempt(rotation: Rotation, *, by: User, reason: str) -> Rotation:
    """减免 one rotation: nothing is required there. Raises Refused, ValidationError."""
    rotation = hold_rotation(rotation)
    rules.may_replan(by, rotation).or_raise()
    if not reason.strip():
        raise Refused("请填写减免原因")
    rotation.exempted_at, rotation.exempted_reason = timezone.now(), reason.strip()
    rotation.full_clean()
    rotation.save(update_fields=["exempted_at", "exempted_reason"])
    record("training.rotation.exempted", rotation, by=by, reason=reason)
    notify(rotation.enrolment.user, f"{rotation}已减免（{reason}）", url=ROTATIONS)
    return rotation


@transaction.atomic
def take_back_exemption(rotation: Rotation, *, by: User) -> Rotation:
    """取消减免: the rotation takes place after all, with what it required. Raises Refused."""
    rotation = hold_rotation(rotation)
    rules.may_take_back_exemption(by, rotation).or_raise()
    reason = rotation.exempted_reason
    rotation.exempted_at, rotation.exempted_reason = None, ""
    rotation.full_clean()
    rotation.save(update_fields=["exempted_at", "exempted_reason"])
    record("training.rotation.exemption_taken_back", rotation, by=by, reason=reason)
    notify(
        rotation.enrolment.user, f"{rotation}的减免已取消，请按计划轮转（{rotation.dates}）", url=ROTATIONS
    )
    return rotation


@transaction.atomic
def record_leave(
    rotation: Rotation,
    *,
    by: User,
    kind: LeaveKind | str,
    first_date: date,
    last_date: date,
    days: Decimal,
    extends_days: int = 0,
    moves_later: bool = False,
    reason: str = "",
) -> Leave:
    """请假 in a rotation, for its 考勤; the trainee is told.

    ``extends_days`` move its end, ``moves_later`` what comes after it, too (which is the base's to
    say). Raises Refused, ValidationError.
    """
    rotation = _hold_with_plan(rotation)
    rules.may_record_leave(by, rotation, first=first_date, last=last_date).or_raise()
    if days > (last_date - first_date).days + 1:
        raise Refused(f"{first_date} 至 {last_date} 没有 {days} 天")
    leave = store(
        Leave(
            rotation=rotation,
            kind=kind,
            first_date=first_date,
            last_date=last_date,
            days=days,
            extends_days=extends_days,
            reason=reason,
            recorded_by=by,
            recorded_at=timezone.now(),
        )
    )
    if extends_days:
        longer = timedelta(days=extends_days)
        if moves_later:
            _move_later(rotation, longer, by=by)
        _set_dates(rotation, rotation.start_date, rotation.end_date + longer)
    record("training.leave.recorded", leave, by=by, kind=leave.kind, days=str(days), extends=extends_days)
    later = f"，轮转顺延到 {rotation.end_date}" if extends_days else ""
    notify(rotation.enrolment.user, f"{rotation}已登记{leave}{later}", url=ROTATIONS)
    return leave


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User) -> None:
    """销假: as if it had not been; the end of the rotation moves back, and the trainee is told.

    Raises Refused, also if somebody else was faster.
    """
    rotation = _hold_with_plan(leave.rotation)
    found = rotation.leaves.filter(pk=leave.pk).first()
    if found is None:
        raise Conflict("这条请假已经销假")
    rules.may_arrange(by, rotation).or_raise()
    record("training.leave.cancelled", found, by=by, kind=found.kind, days=str(found.days))
    notify(rotation.enrolment.user, f"{rotation}的{found}已销假", url=ROTATIONS)
    found.delete()
    if found.extends_days:
        _set_dates(rotation, rotation.start_date, rotation.end_date - timedelta(days=found.extends_days))


def _plan(
    enrolment: Enrolment,
    department: Department,
    *,
    by: User | None,
    start_date: date,
    end_date: date,
    required_months: Decimal,
    scheme_department: SchemeDepartment | None,
) -> Rotation:
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    if by is not None:
        rules.may_plan(by, enrolment).or_raise()
    if department.base_id != enrolment.base_id:
        raise Refused(f"{department}不是{enrolment.base}的科室")
    rules.may_take_place(enrolment.pk, start_date, end_date).or_raise()
    rotation = store(
        Rotation(
            enrolment=enrolment,
            department=department,
            department_name=department.name,
            scheme_department=scheme_department,
            start_date=start_date,
            end_date=end_date,
            required_months=required_months,
        )
    )
    record("training.rotation.planned", rotation, by=by)
    return rotation


def _follow(enrolment: Enrolment, stay: Stay, department: Department, *, by: User | None) -> Rotation:
    rotation = _plan(
        enrolment,
        department,
        by=by,
        start_date=stay.start_date,
        end_date=stay.end_date,
        required_months=stay.months,
        scheme_department=stay.department,
    )
    _require(rotation, stay.items, {})
    return rotation


def _hold_with_plan(rotation: Rotation) -> Rotation:
    """Two who move rotations of one training follow each other."""
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=rotation.enrolment_id)
    return hold_rotation(rotation)


def _move_later(rotation: Rotation, by_days: timedelta, *, by: User) -> None:
    """All that begin after the end of ``rotation``; the farthest first, so that no two begin on one day."""
    later = list(Rotation.objects.filter(enrolment=rotation.enrolment_id, start_date__gt=rotation.end_date))
    if not (later and by_days):
        return
    hold_rotations(each.pk for each in later)
    rules.may_plan(by, rotation.enrolment).or_raise()
    rules.may_move_along(later, timezone.localdate()).or_raise()
    for each in sorted(later, key=lambda each: each.start_date, reverse=by_days > timedelta(0)):
        old = each.dates
        each.start_date, each.end_date = each.start_date + by_days, each.end_date + by_days
        each.save(update_fields=["start_date", "end_date"])
        record("training.rotation.moved", each, by=by, old=old, new=each.dates)
    text = (
        f"{rotation}之后的 {len(later)} 个科室{'顺延' if by_days.days > 0 else '提前'} {abs(by_days.days)} 天"
    )
    notify(rotation.enrolment.user, text, url=ROTATIONS)


def _set_dates(rotation: Rotation, start: date, end: date) -> None:
    rules.may_take_place(rotation.enrolment_id, start, end, but=rotation.pk).or_raise()
    if outside := rotation.leaves.exclude(first_date__gte=start, last_date__lte=end).in_order().first():
        raise Refused(f"{outside}会在轮转时间之外，请先销假")
    rotation.start_date, rotation.end_date = start, end
    rotation.full_clean()
    rotation.save(update_fields=["start_date", "end_date"])
    recount(rotation)


def _require(rotation: Rotation, items: Iterable[Item], required: Mapping[Indicator, int]) -> None:
    """Copy what is asked: each item, and its sum by indicator."""
    rows = [
        RotationRequirement(rotation=rotation, number=number, indicator=indicator, item=item, required=cases)
        for number, (indicator, item, cases) in enumerate(items, start=1)
    ]
    RotationRequirement.objects.bulk_create(rows)
    totals = {indicator: required.get(indicator, 0) for indicator in Indicator}
    for row in rows:
        totals[Indicator(row.indicator)] += row.required
    Tally.objects.bulk_create(
        Tally(rotation=rotation, indicator=indicator, required=total) for indicator, total in totals.items()
    )
