"""出科: the summary, the assessment, the confirmation, and opening it again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import MembershipFactory, UserFactory, fitted
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions, exit_form, waiting
from zhupei.training.choices import (
    ActivityKind,
    Consent,
    Indicator,
    LeaveKind,
    Overall,
    PaperKind,
    Party,
    RotationStage,
)
from zhupei.training.models import ExitAssessment, Reopening, Rotation


@pytest.fixture
def rotation():
    return stories.leaving()


@pytest.fixture
def trainee(rotation):
    return rotation.enrolment.user


@pytest.fixture
def admin(rotation):
    return stories.base_admin(rotation.department.base)


def facts(rotation):
    return exit_form.of(exit_form.loaded(Rotation.objects.filter(pk=rotation.pk)).get())


def waits(rotation):
    return [wait.text for wait in waiting.of(stories.fresh(rotation), timezone.localdate())]


# --- On whom it waits -------------------------------------------------------------------------------------


def test_a_rotation_says_what_it_waits_for_in_the_words_people_know(rotation, trainee):
    assert waits(rotation) == ["学员未提交出科小结", "带教老师未审核出科考核表"]
    actions.submit_summary(rotation, by=trainee, text="小结")
    assert waits(rotation) == ["带教老师未审核出科小结", "带教老师未审核出科考核表"]
    actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    assert waits(rotation) == ["科主任未审核出科小结", "带教老师未审核出科考核表"]
    actions.conclude_summary(rotation, by=rotation.head, text="", agrees=Consent.YES)
    assert waits(rotation) == ["带教老师未审核出科考核表"]
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=stories.best(rotation), **stories.SCORES)
    assert waits(rotation) == ["科主任未审核出科考核表"]
    actions.confirm_assessment(rotation, by=rotation.head)
    assert waits(rotation) == []


def test_it_says_on_whom(rotation):
    first, second = waiting.of(stories.fresh(rotation), timezone.localdate())

    assert (first.on, first.person) == (Party.TRAINEE, rotation.enrolment.user)
    assert (second.on, second.person) == (Party.TEACHER, rotation.teacher)


def test_nothing_waits_before_the_last_day_unless_it_was_begun_early():
    running = stories.running()
    assert waits(running) == []

    actions.submit_summary(running, by=running.enrolment.user, text="提前写好的小结")

    assert waits(running) == ["带教老师未审核出科小结"]


def test_waiting_asks_the_database_nothing(rotation, queries):
    found = stories.fresh(rotation)

    with queries() as counted:
        waiting.of(found, timezone.localdate())

    assert counted == []


def test_teacher_and_head_have_a_queue_of_what_waits_for_them(rotation, trainee):
    today = timezone.localdate()
    stories.leaving()

    def queues():
        of_teacher = Rotation.objects.awaiting_teacher(rotation.teacher, today)
        return list(of_teacher), list(Rotation.objects.awaiting_head(rotation.head, today))

    assert queues() == ([rotation], [])
    actions.submit_summary(rotation, by=trainee, text="小结")
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=stories.best(rotation), **stories.SCORES)
    assert queues() == ([rotation], [rotation])
    actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    assert queues() == ([], [rotation])
    actions.conclude_summary(rotation, by=rotation.head, text="", agrees=Consent.YES)
    actions.confirm_assessment(rotation, by=rotation.head)
    assert queues() == ([], [])


# --- 出科小结 -----------------------------------------------------------------------------------------


def test_a_summary_is_kept_handed_in_given_back_and_handed_in_again(rotation, trainee):
    actions.write_summary(rotation, by=trainee, text="写了一半")
    actions.submit_summary(rotation, by=trainee)
    with pytest.raises(Refused, match="出科小结已提交"):
        actions.write_summary(rotation, by=trainee, text="改")

    actions.return_summary(rotation, by=rotation.teacher, reason="太短")

    assert stories.fresh(rotation).summary.return_reason == "太短"
    summary = actions.submit_summary(rotation, by=trainee, text="这一个月……")
    assert (summary.return_reason, summary.personal_text) == ("", "这一个月……")


def test_an_empty_summary_is_not_handed_in(rotation, trainee):
    with pytest.raises(Refused, match="请填写个人小结"):
        actions.submit_summary(rotation, by=trainee, text=" ")
    with pytest.raises(Refused, match="只有学员本人"):
        actions.submit_summary(rotation, by=rotation.teacher, text="代写")


def test_each_part_of_a_summary_waits_for_the_one_before(rotation, trainee):
    with pytest.raises(Refused, match="学员未提交出科小结"):
        actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    actions.submit_summary(rotation, by=trainee, text="小结")
    with pytest.raises(Refused, match="带教老师未审核出科小结"):
        actions.conclude_summary(rotation, by=rotation.head, text="好", agrees=Consent.YES)
    actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    with pytest.raises(Refused, match="请选择是否同意出科"):
        actions.conclude_summary(rotation, by=rotation.head, text="好", agrees="")


def test_the_secretary_fills_in_for_the_teacher_and_that_is_marked(rotation, trainee):
    secretary = stories.staff(rotation, Role.SECRETARY)
    actions.submit_summary(rotation, by=trainee, text="小结")

    summary = actions.appraise_summary(rotation, by=secretary, text="好")
    form = actions.fill_assessment(rotation, by=secretary, ratings=stories.best(rotation), **stories.SCORES)

    for filled in (summary, form):
        assert (filled.teacher, filled.on_behalf_by) == (rotation.teacher, secretary)
    assert Event.objects.filter(facts__on_behalf=True).count() == 2


def test_a_teacher_who_has_left_signs_nothing_and_the_secretary_may(rotation, trainee):
    Membership.objects.filter(user=rotation.teacher).update(end_date=timezone.localdate() - timedelta(days=1))
    actions.submit_summary(rotation, by=trainee, text="小结")

    with pytest.raises(Refused, match=r"由带教老师.*或科室教学秘书填写"):
        actions.appraise_summary(rotation, by=rotation.teacher, text="好")
    actions.appraise_summary(rotation, by=stories.staff(rotation, Role.SECRETARY), text="好")


# --- 出科考核表 ---------------------------------------------------------------------------------------


def test_a_form_is_kept_in_parts_and_handed_on_when_nothing_is_lacking(rotation):
    ratings = stories.best(rotation)
    first = dict(list(ratings.items())[:3])
    actions.draft_assessment(rotation, by=rotation.teacher, ratings=first, theory_score=Decimal(88))

    with pytest.raises(Refused) as refused:
        actions.fill_assessment(rotation, by=rotation.teacher)
    assert "技能考核名称、技能得分、考官1、考官2、总体评价、团结协作" in str(refused.value)
    assert "遵守法规制度" not in str(refused.value)

    form = actions.fill_assessment(rotation, by=rotation.teacher, ratings=ratings, **stories.SCORES)

    assert form.ratings.count() == 10
    assert form.teacher == rotation.teacher


@pytest.mark.parametrize(
    ("scores", "sentence"),
    (
        ({"theory_score": Decimal(101)}, "理论成绩应在 0 到 100 之间"),
        ({"skill_score": Decimal(-1)}, "技能得分应在 0 到 100 之间"),
    ),
)
def test_scores_out_of_range_are_refused(rotation, scores, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.draft_assessment(rotation, by=rotation.teacher, **scores)

    assert not ExitAssessment.objects.exists()


def test_what_is_ticked_is_on_the_scale_of_the_item(rotation):
    item = actions.template_in_force(rotation.enrolment.base).items.get(label="临床诊疗能力")

    with pytest.raises(Refused, match="临床诊疗能力只能是强、较强、一般、差"):
        actions.draft_assessment(rotation, by=rotation.teacher, ratings={item.pk: "优"})


def test_a_base_may_have_a_form_of_its_own_and_a_form_keeps_the_one_it_was_begun_with(rotation):
    base = rotation.enrolment.base
    begun = actions.draft_assessment(rotation, by=rotation.teacher, theory_score=Decimal(80))
    own = actions.make_template(by=None, base=base, items=(("", "综合表现", "好/差"),))

    assert actions.template_in_force(base) == own
    assert actions.template_in_force(stories.planned().enrolment.base) == begun.template
    assert actions.draft_assessment(rotation, by=rotation.teacher).template == begun.template


def test_what_the_log_says_cannot_be_typed(rotation):
    with pytest.raises(ValueError, match="not to be changed here"):
        actions.draft_assessment(rotation, by=rotation.teacher, frozen="{}")


# --- Closing ------------------------------------------------------------------------------------------


def test_closing_with_missing_parts_is_refused_with_all_reasons():
    running = stories.running()

    with pytest.raises(Refused) as refused:
        actions.confirm_assessment(running, by=running.head)

    reasons = [item.text for item in refused.value.verdict.items]
    assert reasons == [
        "学员未提交出科小结",
        "带教老师未审核出科小结",
        "科主任未审核出科小结",
        "带教老师未审核出科考核表",
        f"轮转还没有结束（{running.dates}）",
    ]


@pytest.mark.parametrize(
    ("overall", "stage", "words"),
    (
        (Overall.PASS, RotationStage.LEFT, "已出科"),
        (Overall.FAIL, RotationStage.FAILED, "未通过出科考核"),
    ),
)
def test_the_heads_confirmation_closes_the_rotation(overall, stage, words):
    rotation = stories.closed(overall=overall)

    assert rotation.stage_on(timezone.localdate()) == stage
    assert rotation.assessment.head == rotation.head
    assert words in rotation.enrolment.user.notices.order_by("created_at").last().text


def test_what_the_log_said_freezes_at_the_confirmation(rotation, trainee, admin):
    stories.approved_entry(rotation)
    actions.submit_entries(
        [stories.activity(rotation), stories.activity(rotation, ActivityKind.DEATH)], by=trainee
    )
    first = rotation.start_date
    actions.record_leave(
        rotation, by=admin, kind=LeaveKind.SICK, first_date=first, last_date=first, days=Decimal("0.5")
    )
    before = facts(rotation)
    rotation = stories.closed(rotation)

    Rotation.objects.filter(pk=rotation.pk).update(department_name="改了名的科")
    rotation.tallies.update(filled=9)

    assert facts(rotation) == before
    assert [counted.done for counted in before.indicators] == [0, 1, 0, 0]
    assert dict(before.activities) == {
        "教学查房": 1, "疑难、危重病例讨论": 0, "学术讲座": 0, "死亡病例讨论": 1,
    }  # fmt: skip
    assert dict(before.attendance)["病假"] == "0.5"
    assert not before.is_full_attendance
    assert exit_form.freeze(before) == rotation.assessment.frozen


def test_a_form_that_passes_whom_the_department_does_not_let_go_is_not_confirmed(rotation):
    rotation = stories.summed_up(rotation, agrees=Consent.NO)
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=stories.best(rotation), **stories.SCORES)

    with pytest.raises(Refused, match=r"不同意出科.*总体评价却是通过"):
        actions.confirm_assessment(rotation, by=rotation.head)

    actions.return_assessment(rotation, by=rotation.head, reason="请改为不通过")
    actions.fill_assessment(rotation, by=rotation.teacher, overall=Overall.FAIL)
    actions.confirm_assessment(rotation, by=rotation.head)
    assert stories.fresh(rotation).result == Overall.FAIL


def test_one_person_never_signs_as_teacher_and_as_head(rotation, trainee):
    department = rotation.department
    both = stories.staff(rotation, Role.HEAD)
    MembershipFactory(user=both, organisation=department.base, department=department, role=Role.SECRETARY)
    actions.submit_summary(rotation, by=trainee, text="小结")
    actions.appraise_summary(rotation, by=both, text="代填")

    with pytest.raises(Refused, match="不能既作为带教老师又作为科主任"):
        actions.conclude_summary(rotation, by=both, text="好", agrees=Consent.YES)

    actions.conclude_summary(rotation, by=rotation.head, text="好", agrees=Consent.YES)
    MembershipFactory(
        user=rotation.head, organisation=department.base, department=department, role=Role.SECRETARY
    )
    with pytest.raises(Refused, match="不能既作为带教老师又作为科主任"):
        actions.fill_assessment(rotation, by=rotation.head, ratings=stories.best(rotation), **stories.SCORES)


def test_strangers_sign_nothing(rotation):
    rotation = stories.assessed(rotation)

    for stranger in (UserFactory(), rotation.enrolment.user, stories.running().head):
        with pytest.raises(Refused):
            actions.confirm_assessment(rotation, by=stranger)
        with pytest.raises(Refused):
            actions.fill_assessment(rotation, by=stranger)


# --- Opening again --------------------------------------------------------------------------------------


def test_the_base_opens_a_closed_rotation_and_both_sign_anew(rotation, admin):
    rotation = stories.closed(rotation)
    frozen = rotation.assessment.frozen

    actions.reopen(rotation, by=admin, reason="理论成绩录错")

    rotation = stories.fresh(rotation)
    assert rotation.stage_on(timezone.localdate()) == RotationStage.LEAVING
    assert (rotation.assessment.revision, rotation.assessment.frozen) == (2, "")
    assert waits(rotation) == ["科主任未审核出科小结", "带教老师未审核出科考核表"]
    kept = Reopening.objects.get()
    assert (kept.revision, kept.reason, kept.frozen) == (1, "理论成绩录错", frozen)

    actions.conclude_summary(rotation, by=rotation.head, text="好", agrees=Consent.YES)
    actions.fill_assessment(rotation, by=rotation.teacher, theory_score=Decimal(91))
    with pytest.raises(Conflict, match="重新打开过"):
        actions.confirm_assessment(rotation, by=rotation.head, seen_revision=1)
    actions.confirm_assessment(rotation, by=rotation.head, seen_revision=2)
    assert stories.fresh(rotation).assessment.theory_score == Decimal(91)


def test_only_the_base_opens_it_and_says_why(rotation, admin):
    with pytest.raises(Refused, match="还没有出科"):
        actions.reopen(rotation, by=admin, reason="录错")
    rotation = stories.closed(rotation)

    with pytest.raises(Refused, match="请填写重新打开的原因"):
        actions.reopen(rotation, by=admin, reason=" ")
    for stranger in (rotation.head, rotation.teacher, rotation.enrolment.user):
        with pytest.raises(Refused):
            actions.reopen(rotation, by=stranger, reason="录错")


# --- History and signed papers ----------------------------------------------------------------------------


def take_over(enrolment, by, **given):
    start = timezone.localdate() - timedelta(days=400)
    fields = {
        "start_date": start,
        "end_date": start + timedelta(days=29),
        "required_months": Decimal(1),
        "required": {Indicator.CASE: 7, Indicator.DISEASE: 34},
        "done": {Indicator.CASE: (7, 7), Indicator.DISEASE: (36, 30)},
        "result": Overall.PASS,
    }
    department = stories.DepartmentFactory(base=enrolment.base)
    return actions.take_over_rotation(enrolment, department, by=by, **fields | given)


def test_a_past_rotation_comes_with_its_totals_and_is_marked(rotation, admin):
    past = take_over(rotation.enrolment, admin)

    assert past.is_imported
    assert past.stage_on(timezone.localdate()) == RotationStage.LEFT
    tallies = {tally.indicator: (tally.filled, tally.approved) for tally in past.tallies.all()}
    assert tallies == {"case": (7, 7), "disease": (36, 30), "skill": (0, 0), "surgery": (0, 0)}
    assert [counted.imported for counted in facts(past).indicators] == [True, True, False, False]
    assert waits(past) == []


def test_a_past_rotation_without_a_result_goes_on_here(rotation, admin):
    past = take_over(rotation.enrolment, admin, result="")

    assert past.stage_on(timezone.localdate()) == RotationStage.LEAVING


def test_totals_that_cannot_be_are_refused_and_nothing_is_kept(rotation, admin):
    with pytest.raises(Refused, match="完成病历数：已审核数 8 多于已完成数 7"):
        take_over(rotation.enrolment, admin, done={Indicator.CASE: (7, 8)})
    with pytest.raises(ValidationError):
        take_over(rotation.enrolment, admin, result="perhaps")

    assert rotation.enrolment.rotations.count() == 1


def test_the_base_attests_the_pages_that_lie_there(rotation, admin):
    with pytest.raises(Refused, match="还没有上传出科小结"):
        actions.attest_paper(rotation, PaperKind.SUMMARY, by=admin)
    with pytest.raises(Refused, match="基地管理员"):
        actions.lay_signed_paper(rotation, PaperKind.SUMMARY, [fitted()], by=rotation.teacher, replace=True)
    actions.lay_signed_paper(rotation, PaperKind.SUMMARY, [fitted()], by=admin, replace=True)

    paper = actions.attest_paper(rotation, PaperKind.SUMMARY, by=admin, note="带教老师已调离")

    assert paper.attested_by == admin
    again = actions.lay_signed_paper(rotation, PaperKind.SUMMARY, [fitted()], by=admin, replace=True)
    assert again.attested_at is None
