"""Who keeps the 科室 of a base, whose password an office may reset (domain §3). Every rule only reads."""

from __future__ import annotations

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Verdict, no

from .choices import Level, Role
from .models import Department, Membership, Organisation

OWN = "本人的密码请在“修改密码”里更改"
DEPARTMENT_ROLES = (Role.TEACHER, Role.HEAD, Role.SECRETARY)  # people of a base


def may_reset_password(user: User, person: User) -> Verdict:
    """Of somebody with a role: the office above each role they hold today, or a system administrator."""
    if user.pk == person.pk:
        return no(OWN)
    seats = list(Membership.objects.of(person))
    if not seats and not is_administrator(user):
        return no("学员的密码由所在基地的基地管理员或平台客服重置")
    return stands_above(user, seats)


def stands_above(user: User, seats: list[Membership]) -> Verdict:
    """``user`` is above every one of ``seats``: nobody reaches an office through the trainee who holds it.

    No seats, no objection.
    """
    if is_administrator(user):
        return ALLOWED
    mine = {(seat.organisation_id, seat.role) for seat in Membership.objects.of(user)}
    for seat in seats:
        above = above_of(seat)
        if above is None:
            return no(f"{seat.organisation}{seat.get_role_display()}的密码由系统管理员重置")
        if (above.pk, _ROLE_AT[Level(above.level)]) not in mine:
            return no(f"{seat.organisation}{seat.get_role_display()}的密码由{above}重置")
    return ALLOWED


def above_of(seat: Membership) -> Organisation | None:
    """The office that looks after who holds ``seat``; None: only a system administrator."""
    organisation = seat.organisation
    if seat.role in DEPARTMENT_ROLES:
        return organisation
    if seat.role == Role.BASE:
        return organisation.review_city or organisation.province
    return organisation.parent if seat.role == Role.CITY else None


_ROLE_AT = {Level.BASE: Role.BASE, Level.CITY: Role.CITY, Level.PROVINCE: Role.PROVINCE}


def may_keep_departments(user: User, base: Organisation) -> Verdict:
    """Add 科室 and rename them: a base admin of ``base``."""
    if Membership.objects.where(user, Role.BASE).filter(organisation=base).exists():
        return ALLOWED
    return no(f"科室由{base}的基地管理员维护")


def may_name_department(base: Organisation, name: str) -> Verdict:
    """No two of a base are called the same."""
    if not name:
        return no("请填写科室名称")
    if Department.objects.filter(base=base, name=name).exists():
        return no(f"{base}已有科室“{name}”")
    return ALLOWED


def is_administrator(user: User) -> bool:
    """A 系统管理员 today."""
    return Membership.objects.current().filter(user=user, role=Role.ADMIN).exists()
