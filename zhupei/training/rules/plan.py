"""Who may make schemes, plan rotations and say who teaches there. Every rule only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Reason, Verdict, no
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Department

from .. import waiting
from ..models import Enrolment, Leave, Rotation, Scheme
from . import seats


def may_keep_schemes(user: User) -> Verdict:
    """The province, or a 系统管理员: the catalogue is theirs (domain §3)."""
    if seats.has_role(user, Role.PROVINCE, Role.ADMIN):
        return ALLOWED
    return no("轮转方案由省厅维护")


def may_change_scheme(user: User, scheme: Scheme) -> Verdict:
    """As ``may_keep_schemes``, until somebody is trained by it."""
    if scheme.is_locked:
        return no("方案已经使用，不能修改；请另建新版本")
    return may_keep_schemes(user)


def may_plan(user: User, enrolment: Enrolment) -> Verdict:
    """A base admin of the trainee's base, never for oneself."""
    if user.pk == enrolment.user_id:
        return no("不能安排本人的轮转，请由本基地其他管理员办理")
    if not seats.administers(user, enrolment):
        return no(f"轮转由{enrolment.base}的基地管理员安排")
    return ALLOWED


def may_take_place(enrolment: UUID, start: date, end: date, *, but: UUID | None = None) -> Verdict:
    """No day of it belongs to another rotation of the trainee; ``but`` is the one that moves."""
    others = Rotation.objects.filter(enrolment=enrolment, start_date__lte=end, end_date__gte=start)
    others = others.exclude(pk=but) if but else others
    if other := others.in_order().first():
        return no(f"与{other}（{other.dates}）的时间重叠")
    return ALLOWED


def may_follow(enrolment: Enrolment, scheme: Scheme, departments: Mapping[UUID, Department]) -> Verdict:
    """Whether ``departments`` (by the id of the scheme's department) are a whole plan for ``enrolment``.

    Somebody with fewer years than the scheme may leave 必轮 departments out. All reasons at once.
    """
    reasons = []
    if scheme.specialty_id != enrolment.specialty_id:
        reasons.append(f"{scheme}不是{enrolment.specialty}的方案")
    if scheme.grade_from > enrolment.grade:
        reasons.append(f"{scheme}适用于 {scheme.grade_from} 级及以后，学员为 {enrolment.grade} 级")
    strangers = [str(found) for found in departments.values() if found.base_id != enrolment.base_id]
    if strangers:
        reasons.append(f"{'、'.join(strangers)}不是{enrolment.base}的科室")
    reasons += _left_out(scheme, departments.keys(), is_reduced=enrolment.years < scheme.years)
    return Verdict(tuple(Reason(text) for text in reasons))


def _left_out(scheme: Scheme, chosen: Collection[UUID], *, is_reduced: bool) -> list[str]:
    rows = list(scheme.departments.all())
    if unknown := set(chosen) - {row.pk for row in rows}:
        return [f"有 {len(unknown)} 个科室不在方案里"]
    if not chosen:
        return ["请至少选择一个科室"]
    groups = {row.elective_group for row in rows if row.is_elective}
    met = {row.elective_group for row in rows if row.pk in chosen}
    lacking = [f"选轮组“{group}”至少选一个科室" for group in sorted(groups - met)]
    missing = [str(row) for row in rows if not row.is_elective and row.pk not in chosen]
    if missing and not is_reduced:
        lacking.append(f"必轮科室没有安排：{'、'.join(missing)}")
    return [] if is_reduced else lacking


def may_replan(user: User, rotation: Rotation) -> Verdict:
    """Move it, or exempt from it: as ``may_plan``, while it is open."""
    if not rotation.is_open:
        return no("该轮转已出科或已减免，不能再调整")
    return may_plan(user, rotation.enrolment)


def may_move_along(later: Collection[Rotation], today: date) -> Verdict:
    """What comes after a rotation that moves, if none of it has begun."""
    begun = [str(each) for each in later if each.has_begun(today) or each.closed_at is not None]
    return no(f"{'、'.join(begun)}已经开始，不能一起移动") if begun else ALLOWED


def may_take_back_exemption(user: User, rotation: Rotation) -> Verdict:
    """取消减免: as ``may_plan``, of a rotation that is exempted."""
    if rotation.exempted_at is None:
        return no("该轮转没有减免")
    return may_plan(user, rotation.enrolment)


def may_drop(user: User, rotation: Rotation) -> Verdict:
    """As ``may_replan``, while nothing was written there."""
    if rotation.entries.exists() or rotation.activities.exists() or rotation.leaves.exists():
        return no("该轮转已有登记，不能删除；可以减免或调整时间")
    if waiting.summary_of(rotation) or waiting.assessment_of(rotation):
        return no("该轮转已有出科小结或出科考核表，不能删除；可以减免或调整时间")
    return may_replan(user, rotation)


def may_arrange(user: User, rotation: Rotation) -> Verdict:
    """Say who teaches and heads, and keep the 考勤: the base, 科主任 or 教学秘书 of the department."""
    if user.pk == rotation.enrolment.user_id:
        return no("不能安排本人的轮转")
    if not rotation.is_open:
        return no("该轮转已出科或已减免，不能再调整")
    if (
        seats.administers(user, rotation.enrolment)
        or seats.heads(user, rotation)
        or seats.assists(user, rotation)
    ):
        return ALLOWED
    return no(f"由{rotation}的科主任、教学秘书或{rotation.enrolment.base}的基地管理员办理")


def may_be_assigned(rotation: Rotation, *, teacher: User | None, head: User | None) -> Verdict:
    """Two people who are not the trainee, with roles that hold today. All reasons at once."""
    reasons = []
    if teacher is not None and teacher == head:
        reasons.append("同一轮转的带教老师和科主任不能是同一个人")
    if rotation.enrolment.user in (teacher, head):
        reasons.append("学员不能担任本人轮转的带教老师或科主任")
    if teacher is not None and not seats.teaches_at(teacher, rotation.enrolment):
        reasons.append(f"{teacher}现在不是{rotation.enrolment.base}的带教老师")
    if head is not None and not seats.heads(head, rotation):
        reasons.append(f"{head}现在不是{rotation}的科主任")
    return Verdict(tuple(Reason(text) for text in reasons))


def may_record_leave(user: User, rotation: Rotation, *, first: date, last: date) -> Verdict:
    """As ``may_arrange``; within the rotation, and no day twice."""
    if verdict := may_arrange(user, rotation):
        if not (rotation.holds(first) and rotation.holds(last)):
            return no(f"请假日期应在轮转期间（{rotation.dates}）")
        others = Leave.objects.filter(rotation=rotation, first_date__lte=last, last_date__gte=first)
        if other := others.first():
            return no(f"与已登记的{other}重叠")
        return ALLOWED
    return verdict
