"""Schemes and the plan that is made from one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.factories import (
    BaseFactory,
    DepartmentFactory,
    EnrolmentFactory,
    MembershipFactory,
    SpecialtyFactory,
    UserFactory,
)
from tests.factories import process_stories as stories
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training import actions, planning
from zhupei.training.actions import DepartmentOf
from zhupei.training.choices import Indicator
from zhupei.training.models import Rotation, Scheme, SchemeDepartment

BEGINS = date(2025, 9, 1)


@pytest.fixture
def province():
    organisation = BaseFactory().province
    return MembershipFactory(organisation=organisation, role=Role.PROVINCE).user


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


def places(enrolment, scheme, *, but=()):
    return {
        row.pk: DepartmentFactory(base=enrolment.base)
        for row in scheme.departments.order_by("number")
        if row.name not in but
    }


def plan(enrolment, scheme, **given):
    admin = stories.base_admin(enrolment.base)
    given = {"begins": BEGINS, "departments": places(enrolment, scheme)} | given
    return actions.plan_from_scheme(enrolment, scheme, by=admin, **given)


def test_a_change_of_a_scheme_is_a_new_version(province):
    specialty = SpecialtyFactory()
    first, second = stories.scheme(specialty, by=province), stories.scheme(specialty, by=province)

    assert (first.version, second.version) == (1, 2)
    assert first.total_months == Decimal("4.5")


def test_only_the_province_keeps_schemes():
    with pytest.raises(Refused, match="轮转方案由省厅维护"):
        stories.scheme(by=UserFactory())


@pytest.mark.parametrize(
    "departments",
    (
        (),
        (DepartmentOf("骨科", Decimal(0)),),
        (DepartmentOf("骨科", Decimal(1)), DepartmentOf("骨科", Decimal(2))),
        (DepartmentOf("骨科", Decimal(1), ((Indicator.CASE, "甲", 1), (Indicator.CASE, "甲", 2))),),
        (DepartmentOf("骨科", Decimal(1), ((Indicator.CASE, "甲", -1),)),),
        (DepartmentOf("骨" * 51, Decimal(1)),),
    ),
    ids=("none", "no time", "twice", "an item twice", "a negative number", "too long a name"),
)
def test_a_scheme_that_cannot_be_is_refused_and_nothing_is_kept(departments):
    with pytest.raises((Refused, ValidationError)):
        stories.scheme(departments=departments)

    assert not Scheme.objects.exists()
    assert not SchemeDepartment.objects.exists()


def test_the_scheme_in_force_is_the_newest_for_the_year_of_entry(enrolment):
    specialty, grade = enrolment.specialty, enrolment.grade
    stories.scheme(specialty, grade_from=grade - 3)
    stories.scheme(specialty, grade_from=grade)
    newest = stories.scheme(specialty, grade_from=grade)
    stories.scheme(specialty, grade_from=grade + 1)
    stories.scheme(grade_from=grade)

    found = Scheme.objects.fitting(enrolment)

    assert found.first() == newest
    assert found.count() == 3


def test_a_plan_follows_the_scheme_without_a_gap_and_copies_what_is_required(enrolment):
    scheme = stories.scheme(enrolment.specialty)

    planned = plan(enrolment, scheme)

    assert [(r.start_date, r.end_date) for r in planned] == [
        (date(2025, 9, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2026, 1, 15)),
    ]
    asked = [(row.indicator, row.item, row.required) for row in planned[0].requirements.in_order()]
    assert asked == list(stories.ITEMS)
    tallies = {tally.indicator: tally.required for tally in planned[0].tallies.all()}
    assert tallies == {"case": 1, "disease": 3, "skill": 0, "surgery": 1}
    assert planned[0].scheme_department.scheme == scheme
    assert "已安排您的轮转计划，共 3 个科室" in enrolment.user.notices.get().text


def test_a_scheme_that_is_used_is_not_changed_any_more_and_one_that_is_not_may_be(enrolment, province):
    scheme = stories.scheme(enrolment.specialty)
    remade = actions.remake_scheme(
        scheme, by=province, name="改过的方案", departments=(DepartmentOf("骨科", Decimal(3)),)
    )
    assert [str(row) for row in remade.departments.all()] == ["骨科"]

    plan(enrolment, remade)

    with pytest.raises(Refused, match="方案已经使用，不能修改；请另建新版本"):
        actions.remake_scheme(scheme, by=province, name="再改", departments=())
    with pytest.raises(Refused, match="方案已经使用"):
        actions.drop_scheme(scheme, by=province)


def test_a_scheme_nobody_uses_may_go(province):
    actions.drop_scheme(stories.scheme(), by=province)

    assert not Scheme.objects.exists()


def test_a_plan_says_everything_that_is_wrong_with_it_and_plans_nothing(enrolment):
    scheme = stories.scheme(grade_from=enrolment.grade + 1)
    stranger = DepartmentFactory()
    departments = places(enrolment, scheme, but=("脊柱外科", "手外科"))
    departments[next(iter(departments))] = stranger

    with pytest.raises(Refused) as refused:
        plan(enrolment, scheme, departments=departments)

    text = str(refused.value)
    assert f"不是{enrolment.specialty}的方案" in text
    assert f"学员为 {enrolment.grade} 级" in text
    assert f"{stranger}不是{enrolment.base}的科室" in text
    assert "选轮组“选轮”至少选一个科室" in text
    assert "必轮科室没有安排：脊柱外科" in text
    assert not Rotation.objects.exists()


def test_fewer_years_shorten_every_department_and_what_it_requires():
    enrolment = EnrolmentFactory(years=1)
    scheme = stories.scheme(enrolment.specialty)

    planned = plan(enrolment, scheme, departments=places(enrolment, scheme, but=("手外科",)))

    assert [rotation.required_months for rotation in planned] == [Decimal("0.5"), Decimal("0.5")]
    assert [row.required for row in planned[0].requirements.in_order()] == [1, 1, 1, 1]
    assert planned[0].end_date == date(2025, 9, 15)


def test_the_base_may_give_a_department_other_months(enrolment):
    scheme = stories.scheme(enrolment.specialty)
    first = scheme.departments.get(number=1)

    planned = plan(enrolment, scheme, months_of={first.pk: Decimal(2)})

    assert planned[0].end_date == date(2025, 10, 31)
    assert [row.required for row in planned[0].requirements.in_order()] == [1, 2, 1, 1]


def test_a_later_version_changes_nothing_for_those_who_follow_the_earlier(enrolment):
    rotation = plan(enrolment, stories.scheme(enrolment.specialty))[0]
    stories.scheme(enrolment.specialty, departments=(DepartmentOf("关节外科", Decimal(1)),))

    assert rotation.requirements.count() == 4


def test_only_the_base_plans_and_never_its_own_training(enrolment):
    scheme = stories.scheme(enrolment.specialty)
    own = MembershipFactory(user=enrolment.user, organisation=enrolment.base, role=Role.BASE).user

    for by, sentence in ((UserFactory(), "的基地管理员安排"), (own, "不能安排本人的轮转")):
        with pytest.raises(Refused, match=sentence):
            actions.plan_from_scheme(
                enrolment, scheme, by=by, begins=BEGINS, departments=places(enrolment, scheme)
            )

    assert Scheme.objects.get().used_at is None


def test_a_plan_can_be_looked_at_before_it_is_made(enrolment):
    scheme = Scheme.objects.with_items().get(pk=stories.scheme(enrolment.specialty).pk)

    stays = planning.draw_up(list(scheme.departments.all()), begins=date(2026, 1, 31))

    assert [(stay.start_date, stay.end_date) for stay in stays] == [
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 4, 29)),
        (date(2026, 4, 30), date(2026, 6, 14)),
    ]
    assert not Rotation.objects.exists()
