from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.factories import DepartmentFactory, EnrolmentFactory, RotationFactory
from tests.factories.stories import COUNTED
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.training import actions
from zhupei.training.choices import Indicator
from zhupei.training.models import Rotation

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


def plan(enrolment, start, end, *, name="骨科"):
    return actions.plan_rotation(
        enrolment,
        DepartmentFactory(base=enrolment.base, name=name),
        by=None,
        start_date=start,
        end_date=end,
        required_months=Decimal(1),
        required={indicator: required for indicator, (required, _) in COUNTED.items()},
    )


def test_a_rotation_is_planned_with_its_four_indicators(enrolment):
    rotation = plan(enrolment, *MARCH)

    tallies = {
        tally.indicator: (tally.required, tally.filled, tally.approved) for tally in rotation.tallies.all()
    }
    assert tallies == {"case": (7, 0, 0), "disease": (34, 0, 0), "skill": (0, 0, 0), "surgery": (39, 0, 0)}
    assert Event.objects.get().verb == "training.rotation.planned"


@pytest.mark.parametrize(
    ("start", "end"),
    (
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 3, 10), date(2026, 3, 20)),
        (date(2026, 2, 1), date(2026, 4, 30)),
        MARCH,
    ),
    ids=("last day", "first day", "inside", "around", "the same"),
)
def test_two_rotations_of_one_training_do_not_overlap(enrolment, start, end):
    plan(enrolment, *MARCH)

    with pytest.raises(Refused, match="与骨科（2026-03-01 至 2026-03-31）的时间重叠"):
        plan(enrolment, start, end, name="内科")

    assert Rotation.objects.count() == 1


def test_rotations_may_follow_each_other_without_a_gap_and_others_may_be_anywhere_at_that_time(enrolment):
    plan(enrolment, *MARCH)
    plan(enrolment, date(2026, 4, 1), date(2026, 4, 30), name="内科")
    plan(enrolment, date(2026, 2, 1), date(2026, 2, 28), name="外科")
    plan(EnrolmentFactory(), *MARCH)

    assert [str(rotation) for rotation in enrolment.rotations.in_order()] == ["外科", "骨科", "内科"]


def test_a_rotation_cannot_end_before_it_begins(enrolment):
    with pytest.raises(ValidationError, match="轮转结束日期不能早于开始日期"):
        plan(enrolment, date(2026, 3, 2), date(2026, 3, 1))


def test_cases_are_counted_per_indicator(enrolment):
    rotation = plan(enrolment, *MARCH)

    actions.count(rotation, by=None, done={kind: (done, done) for kind, (_, done) in COUNTED.items()})
    actions.count(rotation, by=None, done={Indicator.CASE: (6, 5)})

    tallies = {tally.indicator: (tally.filled, tally.approved) for tally in rotation.tallies.all()}
    assert tallies == {"case": (6, 5), "disease": (36, 36), "skill": (0, 0), "surgery": (41, 41)}


def test_no_more_cases_are_approved_than_filled(enrolment):
    rotation = plan(enrolment, *MARCH)

    with pytest.raises(IntegrityError, match="approved_is_part_of_filled"):
        actions.count(rotation, by=None, done={Indicator.CASE: (6, 7)})


@pytest.mark.parametrize(
    ("today", "begun", "ended", "months"),
    (
        (date(2026, 2, 28), False, False, Fraction(0)),
        (date(2026, 3, 1), True, False, Fraction(1, 31)),
        (date(2026, 3, 31), True, False, Fraction(1)),
        (date(2026, 4, 1), True, True, Fraction(1)),
    ),
    ids=("the day before", "first day", "last day", "the day after"),
)
def test_a_rotation_ends_when_its_last_day_is_over(today, begun, ended, months):
    rotation = RotationFactory.build(start_date=MARCH[0], end_date=MARCH[1], enrolment=None, department=None)

    assert rotation.has_begun(today) is begun
    assert rotation.has_ended(today) is ended
    assert rotation.months_until(today) == months


def test_neighbouring_rotations_add_up_to_the_whole():
    middle = date(2026, 3, 14)
    parts = [
        RotationFactory.build(start_date=start, end_date=end, enrolment=None, department=None)
        for start, end in ((MARCH[0], middle), (middle + timedelta(1), MARCH[1]))
    ]

    assert sum(part.months_until(date(2027, 1, 1)) for part in parts) == 1
