"""A rotation for the base and for its department: people, leave, dates, 减免; the department's list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import MembershipFactory, RotationFactory
from tests.factories import process_stories as stories
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import department_list
from zhupei.training.models import Leave, Rotation

from .pages import text_of

LIST = "/teaching/rotations/"


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def base(rotation):
    """The client of a base admin."""
    return signed_in(stories.base_admin(rotation.department.base))


@pytest.fixture
def head(rotation):
    """The client of 科主任."""
    return signed_in(rotation.head)


def at(rotation, name="rotation", **ids):
    return reverse(f"arranging:{name}", args=[rotation.pk, *ids.values()])


def leave(rotation, **changes):
    first = rotation.start_date.isoformat()
    given = {"kind": "sick", "first_date": first, "last_date": first, "days": "1", "extends_days": ""}
    return {f"leave-{name}": value for name, value in (given | changes).items()}


# --- The page -------------------------------------------------------------------------------------


def test_the_base_arranges_everything_and_the_department_people_and_leave(rotation, base, head):
    secretary = signed_in(stories.staff(rotation, Role.SECRETARY))

    of_base = text_of(base.get(at(rotation)))
    for client in (head, secretary):
        of_department = text_of(client.get(at(rotation)))
        assert at(rotation, "assign") in of_department
        assert at(rotation, "record_leave") in of_department
        for deed in ("move", "exempt", "drop"):
            assert at(rotation, deed) not in of_department
    for deed in ("assign", "record_leave", "move", "exempt", "drop"):
        assert at(rotation, deed) in of_base
    assert "后面还没开始的科室一起移动" not in of_department


def test_a_closed_rotation_says_once_why_nothing_can_be_arranged():
    rotation = stories.closed()

    text = text_of(signed_in(stories.base_admin(rotation.department.base)).get(at(rotation)))

    assert "已出科" in text
    assert text.count("该轮转已出科或已减免，不能再调整") == 1
    assert 'aria-disabled="true"' in text
    assert reverse("training:reopen", args=[rotation.pk]) in text
    for deed in ("record_leave", "move", "exempt", "drop"):
        assert at(rotation, deed) not in text


@pytest.mark.parametrize("more", (0, 2))
def test_a_rotation_costs_the_same_however_many_teachers_and_leaves(rotation, queries, more):
    client = signed_in(stories.base_admin(rotation.department.base))
    for number in range(1 + more):
        stories.staff(rotation, Role.TEACHER)
        client.post(
            at(rotation, "record_leave"),
            leave(rotation)
            | dict.fromkeys(
                ("leave-first_date", "leave-last_date"),
                (rotation.start_date + timedelta(days=number)).isoformat(),
            ),
        )
    client.get(at(rotation))  # what was said is read

    with queries() as counted:
        client.get(at(rotation))

    assert rotation.leaves.count() == 1 + more
    assert len(counted) == 14


# --- People ---------------------------------------------------------------------------------------


def test_those_who_hold_the_role_are_offered_the_own_department_first(rotation, base):
    here, gone = stories.staff(rotation, Role.TEACHER), stories.staff(rotation, Role.TEACHER)
    elsewhere = MembershipFactory(organisation=rotation.department.base, role=Role.TEACHER).user
    stranger = stories.running().teacher
    Membership.objects.filter(user=gone).update(end_date=timezone.localdate() - timedelta(days=1))

    text = text_of(base.get(at(rotation)))

    offered = text[text.index('name="teacher"') : text.index('name="head"')]
    assert offered.index(str(here.pk)) < offered.index("本基地其他科室") < offered.index(str(elsewhere.pk))
    assert f'<option value="{rotation.teacher_id}" selected>' in offered
    for person in (gone, stranger, rotation.enrolment.user):
        assert str(person.pk) not in offered
    heads = text[text.index('name="head"') :]
    assert str(rotation.head_id) in heads
    assert str(here.pk) not in heads


def test_people_are_assigned_by_the_department(rotation, head):
    teacher = stories.staff(rotation, Role.TEACHER)

    answer = head.post(at(rotation, "assign"), {"teacher": str(teacher.pk), "head": ""})

    found = stories.fresh(rotation)
    assert answer.url == at(rotation)
    assert (found.teacher, found.head) == (teacher, None)


def test_whoever_lost_the_role_still_stands_there_until_somebody_else_is_chosen(rotation, base):
    Membership.objects.filter(user=rotation.teacher).update(end_date=timezone.localdate() - timedelta(days=1))
    typed = {"teacher": str(rotation.teacher_id), "head": str(rotation.head_id)}

    shown = text_of(base.get(at(rotation)))
    answer = base.post(at(rotation, "assign"), typed)

    assert f"{rotation.teacher}（已不任职）" in shown
    assert answer.status_code == 422
    assert "原来的带教老师已不任职" in text_of(answer)


def test_one_person_is_not_both_and_nobody_else_is_chosen(rotation, base):
    same = {"teacher": str(rotation.head_id), "head": str(rotation.head_id)}

    both = base.post(at(rotation, "assign"), same)
    stranger = base.post(at(rotation, "assign"), {"teacher": str(rotation.enrolment.user_id), "head": ""})

    assert both.status_code == stranger.status_code == 422
    assert "不能是同一个人" in text_of(both)
    assert f'<option value="{rotation.head_id}" selected>' in text_of(both)
    assert "请从列表中选择带教老师" in text_of(stranger)


# --- Leave ----------------------------------------------------------------------------------------


def test_leave_is_recorded_and_cancelled_by_the_department(rotation, head):
    head.post(at(rotation, "record_leave"), leave(rotation, days="0.5", reason="就诊"))
    shown = text_of(head.get(at(rotation)))
    recorded = rotation.leaves.get()

    answer = head.post(at(rotation, "cancel_leave", leave=recorded.pk))

    assert "病假 0.5 天" in shown
    assert "就诊" in shown
    assert answer.url == at(rotation)
    assert not Leave.objects.exists()
    assert head.post(at(rotation, "cancel_leave", leave=recorded.pk)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    (
        ({"kind": ""}, "请选择种类"),
        ({"kind": "假期"}, "请从列表中选择种类"),
        ({"first_date": ""}, "请填写请假开始日期"),
        ({"last_date": "2020-01-01"}, "请假结束日期不能早于开始日期"),
        ({"days": "2"}, "没有 2 天"),
        ({"days": "0"}, "请假天数应为 0.5 到 400 天"),
        ({"days": "半天"}, "请假天数应为 0.5 到 400 天"),
        ({"extends_days": "-1"}, "顺延天数应为 0 到 400 的整数"),
        ({"first_date": "2020-01-01", "last_date": "2020-01-01"}, "请假日期应在轮转期间"),
    ),
)
def test_leave_that_cannot_be_says_why_and_keeps_what_was_typed(rotation, head, changes, sentence):
    answer = head.post(at(rotation, "record_leave"), leave(rotation, reason="阑尾炎", **changes))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="阑尾炎"' in text_of(answer)
    assert '<details class="confirm" data-kind="form" open>' in text_of(answer)
    assert not Leave.objects.exists()


def test_an_extension_moves_what_follows_if_the_base_says_so(rotation, base):
    following = stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))
    body = leave(rotation, extends_days="2")

    refused = base.post(at(rotation, "record_leave"), body)
    base.post(at(rotation, "record_leave"), {**body, "leave-moves_later": "on"})

    assert f"与{following}" in text_of(refused)
    assert stories.fresh(following).start_date == following.start_date + timedelta(days=2)


# --- Dates, 减免, 删除 --------------------------------------------------------------------------------


def test_the_dates_are_moved_and_nonsense_is_refused(rotation, base):
    start, later = rotation.start_date.isoformat(), rotation.end_date + timedelta(days=7)

    base.post(at(rotation, "move"), {"start_date": start, "end_date": later.isoformat()})
    reversed_ = base.post(at(rotation, "move"), {"start_date": start, "end_date": "2020-01-01"})

    assert stories.fresh(rotation).end_date == later
    assert reversed_.status_code == 422
    assert "轮转结束日期不能早于开始日期" in text_of(reversed_)
    assert 'value="2020-01-01"' in text_of(reversed_)


def test_an_exemption_needs_a_reason_and_can_be_taken_back(rotation, base):
    without = base.post(at(rotation, "exempt"), {"exempt-reason": " "})
    base.post(at(rotation, "exempt"), {"exempt-reason": "已有同等经历"})
    shown = text_of(base.get(at(rotation)))
    base.post(at(rotation, "take_back_exemption"))

    assert without.status_code == 422
    assert "请填写减免原因" in text_of(without)
    assert "已有同等经历" in shown
    assert "取消减免" in shown
    assert stories.fresh(rotation).is_open


def test_an_empty_rotation_is_deleted_and_a_written_one_says_why_not(rotation, base):
    empty = stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))
    stories.entry(rotation)

    gone = base.post(at(empty, "drop"))
    kept = base.post(at(rotation, "drop"), follow=True)

    assert gone.url == reverse("plan:plan", args=[rotation.enrolment_id])
    assert "该轮转已有登记，不能删除" in text_of(kept)
    assert list(Rotation.objects.all()) == [rotation]


def test_a_department_only_presses_what_is_its_own(rotation, head):
    for deed in ("exempt", "move", "drop", "take_back_exemption"):
        head.post(at(rotation, deed), {"exempt-reason": "不用来"}, follow=True)

    assert stories.fresh(rotation).is_open


# --- The list -------------------------------------------------------------------------------------


def test_a_department_lists_its_own_with_stage_people_and_what_they_wait_for(head, rotation):
    other = stories.running()
    leaving = RotationFactory(
        department=rotation.department, end_date=timezone.localdate() - timedelta(days=1)
    )

    text = text_of(head.get(LIST))

    assert text.index(rotation.enrolment.user.full_name) < text.index(leaving.enrolment.user.full_name)
    assert other.enrolment.user.full_name not in text
    assert str(rotation.teacher) in text
    assert "学员未提交出科小结" in text
    assert f'href="{LIST}" aria-current="page"' in text
    assert text.count('aria-current="page"') == 1


def test_the_list_is_filtered_by_stage_and_name(head, rotation):
    person = rotation.enrolment.user
    person.full_name = "楚怀真"
    person.save()
    to_come = RotationFactory(
        department=rotation.department, start_date=timezone.localdate() + timedelta(days=9)
    )

    planned = text_of(head.get(LIST, {"stage": "planned"}))
    named = text_of(head.get(LIST, {"q": "chz"}))
    by_number = text_of(head.get(LIST, {"q": person.id_number}))

    assert to_come.enrolment.user.full_name in planned
    assert "楚怀真" not in planned
    assert "楚怀真" in named
    assert to_come.enrolment.user.full_name not in named
    assert "没有符合筛选的轮转" in by_number


def test_the_list_goes_on_page_by_page(monkeypatch, head, rotation):
    monkeypatch.setattr(department_list, "PAGE", 2)
    for number in range(4):
        RotationFactory(
            department=rotation.department, start_date=timezone.localdate() - timedelta(days=100 * number)
        )

    seen, address = [], LIST
    while address:
        page = head.get(address).context["page"]
        seen += [row.rotation.pk for row in page.rows]
        address = page.next_address and LIST + page.next_address

    ordered = Rotation.objects.current_first(timezone.localdate())
    assert seen == [each.pk for each in ordered]
    assert len(seen) == 5


@pytest.mark.parametrize("more", (0, 2))
def test_the_list_costs_the_same_however_long(rotation, head, queries, more):
    for _ in range(more):
        RotationFactory(department=rotation.department)

    with queries() as counted:
        head.get(LIST)

    assert len(counted) == 10


def test_a_teacher_has_no_list_of_the_department(rotation):
    assert signed_in(rotation.teacher).get(LIST).status_code == 404
    assert signed_in(rotation.enrolment.user).get(at(rotation)).status_code == 404
