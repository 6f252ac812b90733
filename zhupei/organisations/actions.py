"""Everything that can happen to organisations and to who acts for them."""

from datetime import date

from django.db import transaction

from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.notifications.outbox import notify

from . import rules
from .choices import Role
from .models import Department, Membership, Organisation


@transaction.atomic
def found(*, by: User | None, **fields: object) -> Organisation:
    """Register a province, city or base. ``fields`` are those of ``Organisation``."""
    organisation = Organisation(**fields)
    organisation.full_clean()
    organisation.save()
    record("organisations.organisation.founded", organisation, by=by)
    return organisation


@transaction.atomic
def add_department(base: Organisation, *, by: User, name: str) -> Department:
    """A 科室 of ``base`` more. Raises Refused, ValidationError."""
    _hold_departments(base)
    rules.may_keep_departments(by, base).or_raise()
    rules.may_name_department(base, name).or_raise()
    department = Department(base=base, name=name)
    department.full_clean()
    department.save()
    record("organisations.department.added", department, by=by)
    return department


@transaction.atomic
def rename_department(department: Department, *, by: User, name: str) -> Department:
    """From now on it is called ``name``; rotations that were planned keep the old one on their papers.

    Raises Refused, ValidationError.
    """
    _hold_departments(department.base)
    department = Department.objects.select_related("base").get(pk=department.pk)
    rules.may_keep_departments(by, department.base).or_raise()
    if (old := department.name) == name:
        return department
    rules.may_name_department(department.base, name).or_raise()
    department.name = name
    department.full_clean()
    department.save(update_fields=["name"])
    record("organisations.department.renamed", department, by=by, old=old, new=name)
    return department


@transaction.atomic
def appoint(
    user: User,
    role: Role,
    organisation: Organisation,
    *,
    by: User | None,
    start_date: date,
    end_date: date | None = None,
    department: Department | None = None,
) -> Membership:
    """Let ``user`` act for ``organisation`` in ``role`` from ``start_date`` to ``end_date`` inclusive."""
    membership = Membership(
        user=user,
        organisation=organisation,
        department=department,
        role=role,
        start_date=start_date,
        end_date=end_date,
    )
    membership.full_clean()
    membership.save()
    record("organisations.membership.begun", membership, by=by, role=role)
    return membership


@transaction.atomic
def dismiss(membership: Membership, *, by: User | None, end_date: date) -> Membership:
    """End a membership after ``end_date``."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    membership.end_date = end_date
    membership.full_clean()
    membership.save(update_fields=["end_date"])
    record("organisations.membership.ended", membership, by=by, role=membership.role)
    return membership


@transaction.atomic
def issue_code(person: User, *, by: User, note: str = "") -> str:
    """重置密码 of somebody with a role, or by a system administrator of anybody.

    Returns the code, once. ``note`` goes into the event. Raises Refused.
    """
    rules.may_reset_password(by, person).or_raise()
    offices = {rules.above_of(seat) for seat in Membership.objects.of(person)}
    is_administrator = rules.is_administrator(by) or len(offices) != 1
    office = "系统管理员" if is_administrator else str(offices.pop())
    return hand_out_code(person, by=by, office=office, note=note)


@transaction.atomic
def hand_out_code(person: User, *, by: User, office: str, note: str = "") -> str:
    """The deed behind every 重置密码: a code, and the person is told which ``office`` did it.

    Whoever calls has asked the rule that knows why: ``issue_code`` here, ``administration`` for trainees.
    """
    code = accounts.issue_code(person, by=by, **({"note": note} if note else {}))
    notify(
        person, f"您的登录密码已由{office}重置。如果不是您要求的，请立即联系基地或平台客服", url="/password/"
    )
    return code


def _hold_departments(base: Organisation) -> None:
    """Two who give the same name follow each other."""
    Organisation.objects.select_for_update(no_key=True).values_list("pk").get(pk=base.pk)
