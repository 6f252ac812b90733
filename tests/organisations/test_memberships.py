from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.factories import (
    BaseFactory,
    CityFactory,
    DepartmentFactory,
    MembershipFactory,
    ProvinceFactory,
    UserFactory,
)
from tests.factories.clock import at
from zhupei.audit.models import Event
from zhupei.organisations import actions
from zhupei.organisations.choices import REVIEWER_OF, Level, Role
from zhupei.organisations.models import Membership, Organisation

TODAY = date(2026, 3, 16)


@pytest.fixture(autouse=True)
def _today(it_is):
    it_is(at(2026, 3, 16, 9, 0))


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    (
        (0, None, True),
        (1, None, False),
        (-10, 0, True),
        (-10, -1, False),
        (-10, 10, True),
        (0, 0, True),
    ),
    ids=("begins today", "begins tomorrow", "last day", "ended yesterday", "in the middle", "one day"),
)
def test_a_membership_holds_from_its_first_day_to_its_last(start, end, holds):
    membership = MembershipFactory(
        start_date=TODAY + timedelta(start), end_date=None if end is None else TODAY + timedelta(end)
    )

    assert Membership.objects.current().exists() == holds
    assert Membership.objects.of(membership.user).exists() == holds
    assert Organisation.objects.reviewing(membership.user).exists() == holds


def test_the_day_changes_at_midnight_in_shanghai(it_is):
    MembershipFactory(start_date=date(2026, 3, 17))

    it_is(at(2026, 3, 16, 23, 59, 59))
    assert not Membership.objects.current().exists()

    it_is(at(2026, 3, 17, 0, 0, 0))
    assert Membership.objects.current().exists()


@pytest.mark.parametrize("role", Role)
def test_only_those_who_review_for_a_place_are_its_reviewers(role):
    place = {Level.BASE: BaseFactory, Level.CITY: CityFactory, Level.PROVINCE: ProvinceFactory}
    level = next((level for level, reviewer in REVIEWER_OF.items() if reviewer == role), Level.BASE)
    seat = MembershipFactory(role=role, organisation=place[level]())

    assert Organisation.objects.reviewing(seat.user).exists() == (role in REVIEWER_OF.values())


def test_one_acts_only_where_one_sits():
    seat, elsewhere = MembershipFactory(), MembershipFactory()

    places = Membership.objects.where(seat.user, Role.BASE)

    assert [row["organisation"] for row in places] == [seat.organisation_id]
    assert Organisation.objects.reviewing(elsewhere.user).get() == elsewhere.organisation
    assert not Membership.objects.where(seat.user, Role.CITY).exists()


def test_appointing_and_dismissing_are_dated_and_on_record():
    user, base, admin = UserFactory(), BaseFactory(), UserFactory()

    seat = actions.appoint(user, Role.BASE, base, by=admin, start_date=TODAY)
    actions.dismiss(seat, by=admin, end_date=TODAY)

    seat.refresh_from_db()
    assert (seat.start_date, seat.end_date) == (TODAY, TODAY)
    assert list(Event.objects.order_by("pk").values_list("verb", "actor_id", "subject_id")) == [
        ("organisations.membership.begun", admin.pk, seat.pk),
        ("organisations.membership.ended", admin.pk, seat.pk),
    ]


def test_a_membership_cannot_end_before_it_begins():
    seat = MembershipFactory(start_date=TODAY)

    with pytest.raises(ValidationError, match="结束日期不能早于开始日期"):
        actions.dismiss(seat, by=None, end_date=TODAY - timedelta(1))


@pytest.mark.parametrize(
    ("role", "place", "sentence"),
    (
        (Role.BASE, CityFactory, "基地管理员不能设在市局"),
        (Role.CITY, BaseFactory, "市局不能设在基地"),
        (Role.PROVINCE, CityFactory, "省厅不能设在市局"),
        (Role.TEACHER, ProvinceFactory, "带教老师不能设在省厅"),
    ),
)
def test_a_role_sits_only_at_its_level(role, place, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.appoint(UserFactory(), role, place(), by=None, start_date=TODAY)


def test_nobody_is_appointed_twice_on_the_same_day():
    seat = MembershipFactory(start_date=TODAY)

    with pytest.raises(ValidationError):
        actions.appoint(seat.user, seat.role, seat.organisation, by=None, start_date=TODAY)


def test_one_person_may_head_two_departments():
    base = BaseFactory()
    one, other = DepartmentFactory(base=base), DepartmentFactory(base=base)
    user = UserFactory()

    for department in (one, other):
        actions.appoint(user, Role.HEAD, base, by=None, start_date=TODAY, department=department)

    assert {seat.department for seat in Membership.objects.of(user)} == {one, other}
