"""Where a trainee goes, when, under whom, and when not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Refused
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
from ..planning import Item
from .counting import recount
from .storing import hold_rotation, store

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

    ``by=None`` is the system. Raises Refused if it overlaps another, ValidationError.
    """
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    if by is not None:
        rules.may_plan(by, enrolment).or_raise()
    _refuse_an_overlap(enrolment.pk, start_date, end_date)
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
    _require(rotation, items, required or {})
    record("training.rotation.planned", rotation, by=by)
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
    planned = [
        plan_rotation(
            enrolment,
            departments[stay.department.pk],
            by=by,
            start_date=stay.start_date,
            end_date=stay.end_date,
            required_months=stay.months,
            items=stay.items,
            scheme_department=stay.department,
        )
        for stay in stays
    ]
    Scheme.objects.filter(pk=scheme.pk, used_at=None).update(used_at=timezone.now())
    record("training.enrolment.planned", enrolment, by=by, scheme=str(scheme.pk), rotations=len(planned))
    notify(enrolment.user, f"{enrolment.base}已安排您的轮转计划，共 {len(planned)} 个科室", url=ROTATIONS)
    return planned


@transaction.atomic
def move_rotation(rotation: Rotation, *, by: User, start_date: date, end_date: date) -> Rotation:
    """Give an open rotation other dates. Entries that fall outside no longer count."""
    rotation = hold_rotation(rotation)
    rules.may_replan(by, rotation).or_raise()
    old = rotation.dates
    _set_dates(rotation, start_date, end_date)
    record("training.rotation.moved", rotation, by=by, old=old, new=rotation.dates)
    notify(rotation.enrolment.user, f"{rotation}的轮转时间改为 {rotation.dates}", url=ROTATIONS)
    return rotation


@transaction.atomic
def drop_rotation(rotation: Rotation, *, by: User) -> None:
    """Take a rotation out of the plan in which nothing was written yet."""
    rotation = hold_rotation(rotation)
    rules.may_drop(by, rotation).or_raise()
    record("training.rotation.dropped", rotation, by=by)
    rotation.tallies.all().delete()
    rotation.requirements.all().delete()
    rotation.delete()


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
def record_leave(
    rotation: Rotation,
    *,
    by: User,
    kind: LeaveKind | str,
    first_date: date,
    last_date: date,
    days: Decimal,
    extends_days: int = 0,
    reason: str = "",
) -> Leave:
    """请假 in a rotation, for its 考勤; ``extends_days`` move its end. Raises Refused, ValidationError."""
    rotation = hold_rotation(rotation)
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
        _set_dates(rotation, rotation.start_date, rotation.end_date + timedelta(days=extends_days))
    record("training.leave.recorded", leave, by=by, kind=leave.kind, days=str(days), extends=extends_days)
    return leave


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User) -> None:
    """销假: as if it had not been; the end of the rotation moves back."""
    rotation = hold_rotation(leave.rotation)
    leave = Leave.objects.get(pk=leave.pk)
    rules.may_arrange(by, rotation).or_raise()
    record("training.leave.cancelled", leave, by=by, kind=leave.kind, days=str(leave.days))
    leave.delete()
    if leave.extends_days:
        _set_dates(rotation, rotation.start_date, rotation.end_date - timedelta(days=leave.extends_days))


def _refuse_an_overlap(enrolment: UUID, start: date, end: date, *, but: UUID | None = None) -> None:
    others = Rotation.objects.filter(enrolment=enrolment, start_date__lte=end, end_date__gte=start)
    others = others.exclude(pk=but) if but else others
    if other := others.first():
        raise Refused(f"与{other}（{other.dates}）的时间重叠")


def _set_dates(rotation: Rotation, start: date, end: date) -> None:
    _refuse_an_overlap(rotation.enrolment_id, start, end, but=rotation.pk)
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
