"""开始审核, 通过, 不通过, 改判: who may, on what, and what it does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    MembershipFactory,
    UserFactory,
    again,
    at_city,
    at_province,
    claimed,
    decided,
    draft,
    failed,
    hand_in,
    passed,
    reviewer,
    submitted,
    undone,
)
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, ReasonCode, RegisterStatus, Stage
from zhupei.completion.models import LEASE, Application, Review
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Level, Role
from zhupei.training import actions as training
from zhupei.training.models import Profile


def decide(application, *, by, level=Level.BASE, seen_round=1, outcome=Outcome.PASS, **words):
    return reviews.decide(application, by=by, level=level, seen_round=seen_round, outcome=outcome, **words)


def sit_also(user, organisation, role):
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


# --- 开始审核 -----------------------------------------------------------------------------------


def test_a_claim_keeps_the_file_for_one_reviewer_for_half_an_hour(it_is):
    now = it_is(timezone.now())
    application = submitted()
    one, other = reviewer(application.base), reviewer(application.base)
    claimed(application, by=one)

    it_is(now + LEASE)
    with pytest.raises(Refused, match=f"{one}正在审核，"):
        reviews.claim(application, by=other, seen_round=1)

    it_is(now + LEASE + timedelta(microseconds=1))
    assert claimed(application, by=other).claimed_by == other


def test_a_claim_can_be_renewed_by_whoever_holds_it(it_is):
    now = it_is(timezone.now())
    one = reviewer((application := submitted()).base)
    claimed(application, by=one)

    later = it_is(now + timedelta(minutes=20))
    assert claimed(application, by=one).claimed_at == later


def test_nobody_decides_without_having_claimed():
    application = submitted()

    with pytest.raises(Refused, match="请先点“开始审核”"):
        decide(application, by=reviewer(application.base))


def test_after_the_lease_one_still_decides_unless_a_colleague_took_over(it_is):
    now = it_is(timezone.now())
    application = submitted()
    one, other = reviewer(application.base), reviewer(application.base)
    claimed(application, by=one)

    it_is(now + timedelta(hours=1))
    claimed(application, by=other)
    with pytest.raises(Refused, match=f"{other}正在审核"):
        decide(application, by=one)

    it_is(now + timedelta(hours=3))
    assert decide(application, by=other).reviewer == other


def test_a_decision_frees_the_file_for_the_next_level():
    application = at_city()

    assert (application.claimed_by, application.claimed_at) == (None, None)


# --- Whose turn it is ------------------------------------------------------------------------


def test_only_those_whose_turn_it_is_may_claim_and_decide():
    application = submitted()
    base, city = application.base, application.city
    strangers = [
        reviewer(BaseFactory(parent=city)),
        reviewer(city),
        reviewer(application.province),
        MembershipFactory(organisation=base, role=Role.TEACHER).user,
        MembershipFactory(organisation=application.province, role=Role.ADMIN).user,
        UserFactory(),
    ]
    ended = reviewer(base)
    ended.memberships.update(end_date=timezone.localdate() - timedelta(days=1))

    for stranger in (*strangers, ended):
        with pytest.raises(Refused, match=f"当前由{base}审核"):
            reviews.claim(application, by=stranger, seen_round=1)
        with pytest.raises(Refused, match=f"当前由{base}审核"):
            decide(application, by=stranger)
    assert again(application).stage == Stage.BASE


def test_a_draft_a_returned_and_an_approved_application_are_not_reviewed():
    def refused(application, words):
        with pytest.raises(Refused, match=f"申请{words}，当前无需审核"):
            reviews.claim(application, by=reviewer(application.base), seen_round=application.round)

    application = draft()
    refused(application, "填写中")
    application = failed(hand_in(application))
    refused(application, "退回修改")
    application = hand_in(application)
    while application.is_under_review:
        application = passed(application)
    refused(application, "审核通过")


def test_nobody_reviews_the_own_application():
    application = submitted()
    colleague = sit_also(application.trainee, application.base, Role.BASE)

    with pytest.raises(Refused, match="不能审核本人的申请"):
        reviews.claim(application, by=colleague, seen_round=1)


def test_nobody_decides_one_application_at_two_levels_not_even_in_another_round():
    application = submitted()
    both = sit_also(reviewer(application.base), application.city, Role.CITY)
    application = passed(application, by=both)

    with pytest.raises(Refused, match="您已在另一级审核过这份申请，请由同事审核"):
        reviews.claim(application, by=both, seen_round=1)

    application = passed(hand_in(failed(application)))
    with pytest.raises(Refused, match="您已在另一级审核过这份申请"):
        reviews.claim(application, by=both, seen_round=2)


def test_one_may_review_every_round_at_ones_own_level():
    application = submitted()
    colleague = reviewer(application.base)

    application = hand_in(failed(application, by=colleague))

    assert passed(application, by=colleague).stage == Stage.CITY


# --- What was on the screen --------------------------------------------------------------------


def test_a_decision_on_a_round_the_trainee_has_since_replaced_is_a_conflict():
    application = submitted()
    colleague = reviewer(application.base)
    hand_in(failed(application, by=colleague))
    reviews.claim(application, by=colleague, seen_round=2)

    for act in (
        lambda: decide(application, by=colleague, seen_round=1),
        lambda: reviews.claim(application, by=colleague, seen_round=1),
    ):
        with pytest.raises(Conflict, match="学员已撤回或更新了申请，请重新查看后再审核"):
            act()


def test_a_decision_on_what_was_withdrawn_is_a_conflict():
    application = submitted()
    trainees.withdraw(application, by=application.trainee)

    for act in (reviews.claim, decide):
        with pytest.raises(Conflict, match="学员已撤回或更新了申请"):
            act(application, by=reviewer(application.base), seen_round=1)


@pytest.mark.parametrize("outcome", Outcome)
def test_of_two_reviewers_the_slower_hears_of_the_others_decision(outcome):
    application = submitted()
    one, other = reviewer(application.base), reviewer(application.base)
    decided(application, outcome, by=one, opinion="数据不全" if outcome == Outcome.FAIL else "")

    printed = "通过" if outcome == Outcome.PASS else r"不通过 \(数据不全\)"
    with pytest.raises(Conflict, match=f"{one}已先作结论：{printed}$"):
        decide(application, by=other)

    assert Review.objects.count() == 1


@pytest.mark.parametrize("level", (Level.CITY, Level.PROVINCE))
def test_a_decision_for_a_level_whose_turn_has_not_come_is_a_conflict_and_skips_nothing(level):
    application = submitted()
    colleague = reviewer(application.base)
    claimed(application, by=colleague)

    with pytest.raises(Conflict, match="申请待基地审核，请重新查看后再审核"):
        decide(application, by=colleague, level=level)

    assert again(application).stage == Stage.BASE
    assert not Review.objects.exists()


def test_a_decision_for_a_level_that_is_not_on_the_route_is_a_conflict():
    application = claimed(base=BaseFactory(review_city=None))

    with pytest.raises(Conflict):
        decide(application, by=application.claimed_by, level=Level.CITY)


# --- The opinion -------------------------------------------------------------------------------


def test_a_fail_is_printed_with_its_opinion_in_half_width_brackets():
    review = decided(submitted(), Outcome.FAIL, opinion="缺学位证")

    assert str(review) == "基地意见：不通过 (缺学位证)"


def test_a_fail_without_an_opinion_is_printed_with_its_reasons():
    review = decided(submitted(), Outcome.FAIL, reasons=[ReasonCode.R09, ReasonCode.R05])

    assert review.printed == "不通过 (数据不全；缺签名)"
    assert {finding.code for finding in review.findings.all()} == {"R09", "R05"}


def test_a_fail_that_does_not_say_why_is_refused_even_when_the_form_is_bypassed():
    application = submitted()

    with pytest.raises(ValidationError, match="不通过时必须填写意见"):
        decided(application, Outcome.FAIL)

    assert again(application).stage == Stage.BASE


def test_a_return_opens_the_papers_again_and_a_pass_keeps_them_locked():
    application = submitted()
    lock = Profile.objects.filter(user=application.trainee, locked_at=None)

    application = passed(application)
    assert not lock.exists()
    application = failed(application)
    assert lock.exists()
    application = hand_in(application)
    assert not lock.exists()


# --- 改判 ---------------------------------------------------------------------------------------


def revise(review, *, by=None, outcome=Outcome.FAIL, opinion="签名不清"):
    return reviews.revise(review, by=by or review.reviewer, outcome=outcome, opinion=opinion)


def test_a_pass_is_revised_to_a_fail_and_the_earlier_opinion_is_kept():
    application = submitted()
    given = decided(application, Outcome.PASS)

    revised = revise(given)

    application = again(application)
    given.refresh_from_db()
    assert application.stage == Stage.RETURNED
    assert application.correction_due_at is not None
    assert (given.outcome, given.opinion) == (Outcome.PASS, "")
    assert given.superseded_at is not None
    assert Review.objects.standing().get() == revised
    assert [notice.text[:4] for notice in application.trainee.notices.all()] == ["基地意见"] * 2
    assert Profile.objects.get(user=application.trainee).locked_at is None


def test_a_fail_is_revised_to_a_pass_and_the_papers_are_locked_again():
    application = submitted()
    given = decided(application, Outcome.FAIL, opinion="误判")

    revise(given, outcome=Outcome.PASS, opinion="")

    application = again(application)
    assert (application.stage, application.correction_due_at) == (Stage.CITY, None)
    assert Profile.objects.get(user=application.trainee).locked_at is not None


def test_a_colleague_of_the_same_office_may_revise_and_nobody_else():
    application = submitted()
    given = decided(application, Outcome.PASS)
    insider = sit_also(application.trainee, application.base, Role.BASE)

    for stranger in (reviewer(BaseFactory()), reviewer(application.city), UserFactory(), insider):
        with pytest.raises(Refused, match=f"由{application.base}改判"):
            revise(given, by=stranger)

    assert revise(given, by=reviewer(application.base)).outcome == Outcome.FAIL


def test_the_province_may_revise_what_it_approved():
    application = at_province()
    given = decided(application, Outcome.PASS)

    revise(given)

    assert again(application).stage == Stage.RETURNED


def test_a_superseded_opinion_is_not_revised_again():
    given = decided(submitted(), Outcome.PASS)
    revise(given, outcome=Outcome.FAIL)

    with pytest.raises(Refused, match="只能改判本轮现行的意见"):
        revise(given)


def test_once_the_next_level_has_the_file_or_has_decided_nothing_is_revised():
    application = submitted()
    given = decided(application, Outcome.PASS)
    claimed(again(application), by=(colleague := reviewer(application.city)))
    with pytest.raises(Refused, match=f"{application.city}已开始审核，不能改判"):
        revise(given)

    passed(again(application), by=colleague)
    with pytest.raises(Refused, match="下一级已经审核，不能改判"):
        revise(given)


def test_once_the_trainee_has_changed_anything_a_fail_is_not_revised():
    def register(application):
        trainees.set_register(application, by=application.trainee, status=RegisterStatus.UNDONE)

    def profile(application):
        training.update_record(application.trainee.profile, by=application.trainee, workplace="新单位")

    application = submitted()
    given = decided(application, Outcome.FAIL, opinion="数据不全")
    for change in (register, profile):
        with undone():
            change(application)
            with pytest.raises(Refused, match="学员已经开始修改，不能改判"):
                revise(given, outcome=Outcome.PASS)
    assert revise(given, outcome=Outcome.PASS)


def test_an_opinion_of_an_earlier_round_is_not_revised():
    application = submitted()
    given = decided(application, Outcome.FAIL, opinion="数据不全")
    hand_in(again(application))

    with pytest.raises(Refused, match="只能改判本轮现行的意见"):
        revise(given, outcome=Outcome.PASS)


def test_whoever_has_decided_at_another_level_does_not_revise_at_this_one():
    application = submitted()
    both = sit_also(reviewer(application.city), application.base, Role.BASE)
    application = hand_in(failed(passed(application), by=both))
    given = decided(application, Outcome.PASS)

    with pytest.raises(Refused, match="您已在另一级审核过这份申请"):
        revise(given, by=both)


def test_after_the_provinces_window_nothing_is_revised(it_is):
    it_is(timezone.now())
    application = submitted()
    given = decided(application, Outcome.PASS)

    it_is(application.season.province_closes_at + timedelta(seconds=1))
    with pytest.raises(Refused, match="审核窗口已截止，不能改判"):
        revise(given)

    it_is(application.season.province_closes_at)
    assert revise(given).outcome == Outcome.FAIL


def test_exactly_one_review_stands_per_level_and_round():
    application = submitted()
    given = decided(application, Outcome.PASS)
    for outcome in (Outcome.FAIL, Outcome.PASS, Outcome.FAIL):
        given = revise(given, outcome=outcome)

    assert Review.objects.count() == 4
    assert Review.objects.standing().get() == given
    assert [review.outcome for review in Review.objects.history(application)] == [
        "pass", "fail", "pass", "fail",
    ]  # fmt: skip


# --- Queues and scopes ---------------------------------------------------------------------------


def test_an_application_awaits_exactly_one_organisation():
    application = at_city()
    waiting = {
        organisation.level
        for organisation in (application.base, application.city, application.province)
        if Application.objects.awaiting(organisation).exists()
    }

    assert waiting == {"city"}
    assert Application.objects.within(application.base).get() == application
    assert Application.objects.within(application.province).for_queue().get() == application
    assert not Application.objects.within(BaseFactory()).exists()


@pytest.mark.parametrize("state", ("draft", "submitted"))
def test_who_sees_an_application(state):
    application = {"draft": draft, "submitted": submitted}[state]()
    other = BaseFactory(parent=application.city)
    elsewhere = BaseFactory()
    province = application.province
    places = {
        "own": (application.base, application.city),
        "other base": (other, other.parent),
        "elsewhere": (elsewhere, elsewhere.parent),
    }
    people = {
        f"{role.value} {where}": MembershipFactory(organisation=base, role=role).user
        for where, (base, _) in places.items()
        for role in (Role.TEACHER, Role.HEAD, Role.SECRETARY, Role.BASE)
    }
    people |= {
        f"city {where}": MembershipFactory(organisation=city, role=Role.CITY).user
        for where, (_, city) in places.items()
        if where != "other base"
    }
    people |= {
        role.value: MembershipFactory(organisation=province, role=role).user
        for role in (Role.PROVINCE, Role.SUPPORT, Role.ADMIN)
    }
    people |= {"trainee": application.trainee, "stranger": UserFactory()}
    former = reviewer(application.base)
    former.memberships.update(end_date=timezone.localdate() - timedelta(days=1))
    people["former base own"] = former

    def seeing(scope):
        return {who for who, user in people.items() if scope(user).filter(pk=application.pk).exists()}

    offices = {"base own", "city own", "province"} if state == "submitted" else set()
    assert seeing(Application.objects.visible_to) == {"trainee"} | offices
    assert seeing(Application.objects.visible_to_trainee) == {"trainee"}
    assert seeing(Application.objects.visible_to_reviewer) == offices


def test_ones_own_application_is_never_among_those_one_reviews():
    application = submitted()
    sit_also(application.trainee, application.base, Role.BASE)

    assert not Application.objects.visible_to_reviewer(application.trainee).exists()
    assert Application.objects.visible_to(application.trainee).count() == 1


def test_without_a_city_no_city_sees_it():
    base = BaseFactory(review_city=None)
    application = submitted(base=base)

    assert not Application.objects.visible_to(reviewer(base.parent)).exists()
    assert Application.objects.visible_to(reviewer(base.province)).get() == application
