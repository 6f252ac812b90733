import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import (
    BaseFactory,
    CityFactory,
    DepartmentFactory,
    MembershipFactory,
    ProvinceFactory,
    SpecialtyBaseFactory,
    constraints,
)
from zhupei.audit.models import Event
from zhupei.organisations import actions
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation


def test_the_province_stands_at_the_top_of_every_branch():
    base = BaseFactory()

    assert base.province == base.parent.province == ProvinceFactory()
    assert base.province.province == base.province


def test_founding_a_place_is_on_record():
    base = actions.found(
        by=None, name="江城市第一医院", short_name="一院", code="B1", level=Level.BASE, parent=CityFactory()
    )

    event = Event.objects.get(verb="organisations.organisation.founded")
    assert (event.subject_id, event.actor) == (base.pk, "系统")
    assert base.review_city is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    (
        ({"level": Level.BASE}, "除省级外，机构必须有上级"),
        ({"level": "county"}, "county"),
    ),
)
def test_a_place_that_does_not_fit_the_tree_is_refused_with_a_sentence(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.found(by=None, name="某院", short_name="某", code="X", **fields)


def test_only_a_base_names_a_reviewing_city():
    city = CityFactory()

    with pytest.raises(ValidationError, match="只有培训基地需要指定负责审核的市局"):
        actions.found(
            by=None, name="某市", short_name="某", code="X", level=Level.CITY,
            parent=city.parent, review_city=city,
        )  # fmt: skip


def same_seat(**fields):
    seat = MembershipFactory(**fields)
    MembershipFactory(
        user=seat.user, organisation=seat.organisation, department=seat.department, role=seat.role
    )


def same_department():
    department = DepartmentFactory()
    DepartmentFactory(base=department.base, name=department.name)


def same_specialty_base():
    found = SpecialtyBaseFactory()
    SpecialtyBaseFactory(base=found.base, specialty=found.specialty)


def begins_after_its_end():
    seat = MembershipFactory()
    Membership.objects.filter(pk=seat.pk).update(end_date="2019-12-31")


REFUSED = {
    "only_the_province_has_no_parent": lambda: CityFactory(parent=None),
    "only_a_base_has_a_reviewing_city": lambda: CityFactory(review_city=CityFactory()),
    "one_department_per_name": same_department,
    "one_specialty_base": same_specialty_base,
    "one_membership_per_role": same_seat,
    "one_membership_per_role_and_department": lambda: same_seat(
        role=Role.HEAD, department=DepartmentFactory()
    ),
    "membership_ends_after_it_begins": begins_after_its_end,
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_itself_refuses(name):
    with pytest.raises(IntegrityError, match=constraints.of("organisations")[name]), transaction.atomic():
        REFUSED[name]()


def test_every_constraint_was_tried():
    assert REFUSED.keys() == constraints.of("organisations").keys()


def test_the_province_itself_has_no_parent():
    province = ProvinceFactory()

    with pytest.raises(IntegrityError, match="only_the_province_has_no_parent"), transaction.atomic():
        Organisation.objects.filter(pk=province.pk).update(parent=CityFactory())
