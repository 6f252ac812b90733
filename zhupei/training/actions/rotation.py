"""Where a trainee goes, and how many cases were counted there."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Department

from ..choices import Indicator
from ..models import Enrolment, Rotation, Tally
from .storing import store


@transaction.atomic
def plan_rotation(
    enrolment: Enrolment,
    department: Department,
    *,
    by: User | None,
    start_date: date,
    end_date: date,
    required_months: Decimal,
    required: Mapping[Indicator, int],
) -> Rotation:
    """Add a rotation with what it requires, in cases. Raises Refused if it overlaps another."""
    overlapping = enrolment.rotations.filter(start_date__lte=end_date, end_date__gte=start_date)
    if other := overlapping.select_related("department").first():
        raise Refused(f"与{other}（{other.dates}）的时间重叠")
    rotation = store(
        Rotation(
            enrolment=enrolment,
            department=department,
            start_date=start_date,
            end_date=end_date,
            required_months=required_months,
        )
    )
    Tally.objects.bulk_create(
        Tally(rotation=rotation, indicator=indicator, required=required.get(indicator, 0))
        for indicator in Indicator
    )
    record("training.rotation.planned", rotation, by=by)
    return rotation


@transaction.atomic
def count(rotation: Rotation, *, by: User | None, done: Mapping[Indicator, tuple[int, int]]) -> None:
    """Set how many cases are (filled, approved) of each indicator."""
    for tally in rotation.tallies.select_for_update():
        tally.filled, tally.approved = done.get(Indicator(tally.indicator), (tally.filled, tally.approved))
        tally.save(update_fields=["filled", "approved"])
    record("training.rotation.counted", rotation, by=by)
