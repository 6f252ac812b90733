"""Who teaches, who is absent, who is exempted, and who may see a rotation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import MembershipFactory, RotationFactory, UserFactory, submitted
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions, exit_form
from zhupei.training.choices import Indicator, LeaveKind, Overall, RotationStage
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


def test_an_extension_may_move_what_comes_after_it(rotation, admin):
    end = rotation.end_date
    following = stories.planned(rotation.enrolment, begins=end + timedelta(days=1))
    last = stories.planned(rotation.enrolment, begins=following.end_date + timedelta(days=1))

    leave(rotation, admin, extends_days=30, moves_later=True)

    ends = [stories.fresh(each).end_date for each in (rotation, following, last)]
    assert ends == [before + timedelta(days=30) for before in (end, following.end_date, last.end_date)]
    moved = Event.objects.filter(verb="training.rotation.moved")
    assert {event.subject_id for event in moved} == {following.pk, last.pk}
    assert Notice.objects.filter(recipient=rotation.enrolment.user, text__contains="2 个科室顺延 30 天")


def test_other_departments_are_moved_by_the_base_alone(rotation):
    stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))

    with pytest.raises(Refused, match="的基地管理员安排"):
        leave(rotation, rotation.head, extends_days=1, moves_later=True)

    assert not Leave.objects.exists()


def test_leave_is_told_to_the_trainee_and_cancelled_once(rotation, admin):
    recorded = leave(rotation, admin)
    actions.cancel_leave(recorded, by=rotation.head)

    with pytest.raises(Conflict, match="已经销假"):
        actions.cancel_leave(recorded, by=admin)

    told = Notice.objects.filter(recipient=rotation.enrolment.user, text__contains="病假")
    assert [("已销假" in notice.text) for notice in told.order_by("id")] == [False, True]


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


def test_a_rotation_with_a_summary_or_a_paper_of_an_application_is_not_dropped(rotation, admin):
    actions.write_summary(rotation, by=rotation.enrolment.user, text="写了一半")
    handed_in = submitted(base=rotation.department.base)
    paper = handed_in.enrolment.rotations.get()

    with pytest.raises(Refused, match="已有出科小结"):
        actions.drop_rotation(rotation, by=admin)
    with pytest.raises(Refused, match="已有结业报考材料"):
        actions.drop_rotation(paper, by=admin)

    assert paper.tallies.count() == len(Indicator)


def test_an_exemption_is_taken_back_with_all_that_was_required(rotation, admin):
    with pytest.raises(Refused, match="没有减免"):
        actions.take_back_exemption(rotation, by=admin)
    actions.exempt(rotation, by=admin, reason="已有同等经历")
    with pytest.raises(Refused, match="的基地管理员安排"):
        actions.take_back_exemption(rotation, by=rotation.head)

    actions.take_back_exemption(rotation, by=admin)

    found = stories.fresh(rotation)
    assert (found.exempted_at, found.exempted_reason) == (None, "")
    assert found.stage_on(timezone.localdate()) == RotationStage.RUNNING
    stories.entry(found)
    (event,) = Event.objects.filter(verb="training.rotation.exemption_taken_back")
    assert event.facts["reason"] == "已有同等经历"
    assert Notice.objects.filter(recipient=found.enrolment.user, text__contains="减免已取消").exists()


def test_what_comes_after_a_rotation_moves_with_it_unless_it_has_begun(rotation, admin):
    following = stories.planned(rotation.enrolment, begins=rotation.end_date + timedelta(days=1))
    dates = {"start_date": rotation.start_date, "end_date": rotation.end_date - timedelta(days=40)}
    shorter = {**dates, "end_date": rotation.end_date - timedelta(days=5)}

    actions.move_rotation(rotation, by=admin, moves_later=True, **shorter)

    assert stories.fresh(following).start_date == shorter["end_date"] + timedelta(days=1)
    early = stories.planned(rotation.enrolment, begins=rotation.start_date - timedelta(days=60))
    with pytest.raises(Refused, match=f"{rotation}已经开始，不能一起移动"):
        actions.move_rotation(
            early,
            by=admin,
            start_date=early.start_date,
            end_date=early.end_date + timedelta(days=3),
            moves_later=True,
        )
    with pytest.raises(ValidationError, match="结束日期不能早于开始日期"):
        actions.move_rotation(rotation, by=admin, **dates)


def test_leave_stays_within_a_rotation_that_moves(rotation, admin):
    leave(rotation, admin, first=2, last=2)

    with pytest.raises(Refused, match="会在轮转时间之外，请先销假"):
        actions.move_rotation(
            rotation,
            by=admin,
            start_date=rotation.start_date + timedelta(days=3),
            end_date=rotation.end_date,
        )


def test_a_department_of_another_base_is_not_planned(rotation, admin):
    elsewhere = stories.running()

    with pytest.raises(Refused, match="的科室"):
        actions.plan_rotation(
            rotation.enrolment,
            elsewhere.department,
            by=admin,
            start_date=rotation.end_date + timedelta(days=1),
            end_date=rotation.end_date + timedelta(days=30),
            required_months=Decimal(1),
        )


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


def test_a_department_sees_who_is_there_before_who_comes_and_who_has_left():
    today = timezone.localdate()
    left, failed = stories.closed(), stories.closed(overall=Overall.FAIL)
    exempted = stories.running()
    actions.exempt(exempted, by=stories.base_admin(exempted.department.base), reason="已有经历")
    in_order = [
        stories.running(),
        stories.running(days=60),
        stories.running(days=60, begins=today - timedelta(days=90)),
        stories.leaving(),
        stories.planned(begins=today + timedelta(days=1)),
        stories.planned(begins=today + timedelta(days=90)),
        stories.fresh(exempted),
        *sorted((left, failed), key=lambda each: each.pk),
    ]

    found = list(Rotation.objects.current_first(today))

    assert found == in_order
    for place, mark in enumerate(in_order):
        assert list(Rotation.objects.current_first(today).behind(mark, today)) == in_order[place + 1 :]
    for stage in RotationStage:
        of_stage = [each for each in in_order if each.stage_on(today) == stage]
        assert list(Rotation.objects.at_stage(stage, today).current_first(today)) == of_stage
        assert of_stage
