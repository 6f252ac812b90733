"""Who teaches, who is absent, who is exempted, and who may see a rotation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories import MembershipFactory, RotationFactory, UserFactory
from tests.factories import process_stories as stories
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions, exit_form
from zhupei.training.choices import Indicator, LeaveKind, RotationStage
from zhupei.training.models import Leave, Rotation

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def admin(rotation):
    return stories.base_admin(rotation.department.base)


def leave(rotation, by, *, days=1, first=0, last=0, kind=LeaveKind.SICK, **given):
    start = rotation.start_date
    return actions.record_leave(
        rotation,
        by=by,
        kind=kind,
        first_date=start + timedelta(days=first),
        last_date=start + timedelta(days=last),
        days=Decimal(days),
        **given,
    )


@pytest.mark.parametrize(
    ("today", "fields", "stage"),
    (
        (date(2026, 2, 28), {}, RotationStage.PLANNED),
        (MARCH[0], {}, RotationStage.RUNNING),
        (MARCH[1], {}, RotationStage.RUNNING),
        (date(2026, 4, 1), {}, RotationStage.LEAVING),
        (MARCH[1], {"closed_at": timezone.now(), "result": "pass"}, RotationStage.LEFT),
        (MARCH[1], {"closed_at": timezone.now(), "result": "fail"}, RotationStage.FAILED),
        (MARCH[1], {"exempted_at": timezone.now()}, RotationStage.EXEMPT),
    ),
)
def test_dates_and_what_was_decided_say_where_a_rotation_stands(today, fields, stage):
    rotation = Rotation(start_date=MARCH[0], end_date=MARCH[1], **fields)

    assert rotation.stage_on(today) == stage


def test_a_department_renamed_in_mid_rotation_keeps_its_name_there(rotation):
    old = rotation.department.name
    rotation.department.name = "运动医学科"
    rotation.department.save()

    rotation = stories.fresh(rotation)

    assert str(rotation) == old
    assert exit_form.live(rotation).department == old


# --- Teacher and head -------------------------------------------------------------------------------------


def test_base_head_and_secretary_assign_and_nobody_else(rotation, admin):
    teacher = stories.staff(rotation, Role.TEACHER)

    for by in (admin, rotation.head, stories.staff(rotation, Role.SECRETARY)):
        actions.assign(rotation, by=by, teacher=teacher, head=rotation.head)
    for by in (UserFactory(), teacher, rotation.enrolment.user, stories.running().head):
        with pytest.raises(Refused):
            actions.assign(rotation, by=by, teacher=None, head=None)


def test_two_people_with_roles_that_hold_today_are_assigned(rotation, admin):
    gone, stranger = stories.staff(rotation, Role.TEACHER), UserFactory()
    Membership.objects.filter(user=gone).update(end_date=timezone.localdate() - timedelta(days=1))

    with pytest.raises(Refused) as refused:
        actions.assign(rotation, by=admin, teacher=gone, head=stranger)
    with pytest.raises(Refused, match="不能是同一个人"):
        actions.assign(rotation, by=admin, teacher=rotation.head, head=rotation.head)
    with pytest.raises(Refused, match="学员不能担任本人轮转"):
        actions.assign(rotation, by=admin, teacher=rotation.enrolment.user, head=None)

    assert "现在不是" in str(refused.value)
    assert len(refused.value.verdict.items) == 2


# --- Leave ------------------------------------------------------------------------------------------------


def test_leave_enters_the_attendance_and_may_extend_the_end(rotation, admin):
    end = rotation.end_date

    leave(rotation, admin, days=2, last=1, extends_days=2)
    leave(rotation, rotation.head, days=Decimal("0.5"), first=5, last=5, kind=LeaveKind.PERSONAL)

    assert stories.fresh(rotation).end_date == end + timedelta(days=2)
    assert exit_form.attendance(rotation.leaves.all()) == {
        "personal": "0.5", "sick": "2", "maternity": "0", "marriage": "0", "absent": "0",
    }  # fmt: skip


def test_leave_that_is_cancelled_takes_its_extension_back(rotation, admin):
    end = rotation.end_date
    recorded = leave(rotation, admin, extends_days=3)

    actions.cancel_leave(recorded, by=admin)

    assert stories.fresh(rotation).end_date == end
    assert not Leave.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    (
        ({"first": -1}, "请假日期应在轮转期间"),
        ({"last": 30}, "请假日期应在轮转期间"),
        ({"days": 2}, "没有 2 天"),
        ({"first": 3, "last": 4}, "与已登记的病假"),
    ),
    ids=("before", "after", "more days than there are", "a day twice"),
)
def test_leave_that_cannot_be_is_refused(rotation, admin, given, sentence):
    leave(rotation, admin, first=4, last=4)

    with pytest.raises(Refused, match=sentence):
        leave(rotation, admin, **given)


def test_an_extension_into_the_next_rotation_is_refused_and_nothing_is_kept(rotation, admin):
    following = stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))

    with pytest.raises(Refused, match=f"与{following}"):
        leave(rotation, admin, extends_days=1)

    assert not Leave.objects.exists()


# --- Changing the plan ------------------------------------------------------------------------------------


def test_entries_outside_the_new_dates_no_longer_count(rotation, admin):
    stories.approved_entry(rotation)

    actions.move_rotation(
        rotation,
        by=admin,
        start_date=rotation.start_date + timedelta(days=1),
        end_date=rotation.end_date,
    )

    assert rotation.tallies.get(indicator=Indicator.DISEASE).filled == 0


def test_an_exempted_rotation_is_left_alone(rotation, admin):
    with pytest.raises(Refused, match="请填写减免原因"):
        actions.exempt(rotation, by=admin, reason="")
    actions.exempt(rotation, by=admin, reason="已有同等经历")

    with pytest.raises(Refused, match="已减免，不需要登记"):
        stories.entry(rotation)
    with pytest.raises(Refused, match="不能再调整"):
        actions.exempt(rotation, by=admin, reason="再来一次")


def test_a_rotation_without_a_word_in_it_may_be_dropped(rotation, admin):
    empty = stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))
    stories.entry(rotation)

    actions.drop_rotation(empty, by=admin)

    with pytest.raises(Refused, match="已有登记，不能删除"):
        actions.drop_rotation(rotation, by=admin)
    assert Rotation.objects.get() == rotation


def test_only_the_base_of_the_trainee_changes_the_plan(rotation):
    for by in (rotation.head, rotation.teacher, rotation.enrolment.user, stories.base_admin(
        stories.running().department.base
    )):  # fmt: skip
        with pytest.raises(Refused):
            actions.exempt(rotation, by=by, reason="不合适")
        with pytest.raises(Refused):
            actions.move_rotation(rotation, by=by, start_date=MARCH[0], end_date=MARCH[1])


# --- Who sees it ------------------------------------------------------------------------------------------


def test_a_rotation_is_seen_by_trainee_teacher_department_and_base(rotation, admin):
    other = stories.running()
    secretary = stories.staff(rotation, Role.SECRETARY)

    for person in (rotation.enrolment.user, rotation.teacher, rotation.head, secretary, admin):
        assert list(Rotation.objects.visible_to(person)) == [rotation]
    assert rotation not in Rotation.objects.visible_to(other.head)
    assert not Rotation.objects.visible_to(UserFactory()).exists()
    assert not Rotation.objects.visible_to(stories.staff(rotation, Role.TEACHER)).exists()


def test_whoever_lost_the_role_sees_nothing_any_more(rotation, admin):
    people = (rotation.teacher, rotation.head, admin)
    Membership.objects.filter(user__in=people).update(end_date=timezone.localdate() - timedelta(days=1))

    for person in people:
        assert not Rotation.objects.visible_to(person).exists()


def test_a_head_of_the_whole_base_without_a_department_sees_no_department(rotation):
    head = MembershipFactory(organisation=rotation.department.base, role=Role.HEAD).user

    assert not Rotation.objects.visible_to(head).exists()


def test_teachers_and_departments_have_lists_of_their_own(rotation):
    RotationFactory()

    assert list(Rotation.objects.taught_by(rotation.teacher)) == [rotation]
    assert list(Rotation.objects.in_departments_of(rotation.head)) == [rotation]
    assert list(Rotation.objects.open_on(timezone.localdate()).filter(pk=rotation.pk)) == [rotation]
