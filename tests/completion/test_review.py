"""开始审核, 通过, 不通过: who may, on what, and what it does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    MembershipFactory,
    UserFactory,
    again,
    at_city,
    claimed,
    decided,
    draft,
    failed,
    hand_in,
    passed,
    reviewer,
    submitted,
)
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, ReasonCode, Stage
from zhupei.completion.models import LEASE, Review
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Level, Role
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

    with pytest.raises(Refused, match="不通过时必须填写意见"):
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
