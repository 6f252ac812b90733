"""Everything that can happen to organisations and to who acts for them."""

from datetime import date

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.audit.log import record

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
