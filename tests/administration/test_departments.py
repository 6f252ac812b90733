"""科室 of a base: the list, one more, another name."""

import pytest

from tests.browsing import signed_in
from tests.factories import DepartmentFactory, MembershipFactory
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.organisations import actions
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Department

from .test_desks import text_of

LIST = "/base/departments/"


@pytest.fixture
def department():
    return DepartmentFactory(name="骨科")


@pytest.fixture
def desk(department):
    """The client of a base admin."""
    return signed_in(stories.base_admin(department.base))


def test_the_departments_are_listed_with_who_works_and_who_trains_there(desk, department):
    MembershipFactory(organisation=department.base, department=department, role=Role.TEACHER)
    elsewhere = DepartmentFactory(name="别处科")

    answer = desk.get(LIST)

    (listed,) = answer.context["departments"]
    assert (listed, listed.staff, listed.in_training) == (department, 1, 0)
    assert elsewhere.name not in text_of(answer)


def test_a_rotation_that_runs_counts(desk, department):
    running = stories.running()

    (listed,) = signed_in(stories.base_admin(running.department.base)).get(LIST).context["departments"]

    assert (listed.staff, listed.in_training) == (2, 1)


@pytest.mark.parametrize("more", (0, 2))
def test_the_list_costs_the_same_however_long(desk, department, queries, more):
    for _ in range(more):
        DepartmentFactory(base=department.base)

    with queries() as counted:
        desk.get(LIST)

    assert len(counted) == 6


def test_a_department_is_added_and_a_second_of_the_name_is_not(desk, department):
    added = desk.post(LIST, {"name": " 疼痛科 "})
    again = desk.post(LIST, {"name": "骨科"})
    nameless = desk.post(LIST, {"name": "　"})

    assert added.url == LIST
    assert Department.objects.get(name="疼痛科").base == department.base
    assert Event.objects.filter(verb="organisations.department.added").count() == 1
    assert again.status_code == nameless.status_code == 422
    assert "已有科室“骨科”" in text_of(again)
    assert 'value="骨科"' in text_of(again)
    assert "请填写科室名称" in text_of(nameless)


def test_the_same_name_at_another_base_is_no_matter(department):
    other = DepartmentFactory(name="外科")

    actions.add_department(other.base, by=stories.base_admin(other.base), name="骨科")

    assert Department.objects.filter(name="骨科").count() == 2


def test_a_department_is_renamed_and_what_was_planned_keeps_its_name():
    rotation = stories.running()
    department, old = rotation.department, rotation.department_name
    desk = signed_in(stories.base_admin(department.base))

    shown = text_of(desk.get(f"{LIST}{department.pk}/"))
    answer = desk.post(f"{LIST}{department.pk}/", {"name": "运动医学科"})

    department.refresh_from_db()
    (event,) = Event.objects.filter(verb="organisations.department.renamed")
    assert "已有 1 个轮转" in shown
    assert answer.url == LIST
    assert department.name == "运动医学科"
    assert stories.fresh(rotation).department_name == old
    assert (event.facts["old"], event.facts["new"]) == (old, "运动医学科")


def test_a_name_that_is_taken_is_refused_and_kept_in_the_field(desk, department):
    DepartmentFactory(base=department.base, name="外科")

    answer = desk.post(f"{LIST}{department.pk}/", {"name": "外科"})

    assert answer.status_code == 422
    assert "已有科室“外科”" in text_of(answer)
    assert 'value="外科"' in text_of(answer)


def test_the_same_name_again_changes_nothing(department):
    actions.rename_department(department, by=stories.base_admin(department.base), name="骨科")

    assert not Event.objects.filter(verb="organisations.department.renamed").exists()


def test_departments_are_kept_by_their_base_alone(department):
    stranger = stories.base_admin(DepartmentFactory().base)

    for person in (stranger, MembershipFactory(organisation=department.base, role=Role.HEAD).user):
        with pytest.raises(Refused, match="的基地管理员维护"):
            actions.rename_department(department, by=person, name="新名")
        with pytest.raises(Refused, match="的基地管理员维护"):
            actions.add_department(department.base, by=person, name="新科")
        assert signed_in(person).get(f"{LIST}{department.pk}/").status_code == 404


def test_who_keeps_two_bases_says_which(desk, department):
    both = stories.base_admin(department.base)
    other = DepartmentFactory(name="外科").base
    MembershipFactory(user=both, organisation=other, role=Role.BASE)
    client = signed_in(both)

    nowhere = client.post(LIST, {"name": "疼痛科"})
    client.post(LIST, {"name": "疼痛科", "base": str(other.pk)})

    assert "请选择培训基地" in text_of(nowhere)
    assert Department.objects.get(name="疼痛科").base == other
