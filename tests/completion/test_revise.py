"""改判: replace the opinion of one's own level, while nobody has gone on from it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    MembershipFactory,
    UserFactory,
    again,
    at_province,
    claimed,
    decided,
    failed,
    hand_in,
    passed,
    reviewer,
    submitted,
    undone,
)
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, RegisterStatus, Stage
from zhupei.completion.models import Review
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training import actions as training
from zhupei.training.models import Profile


def sit_also(user, organisation, role):
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


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


@pytest.mark.parametrize(("outcome", "opinion"), ((Outcome.PASS, ""), (Outcome.FAIL, "签名不清")))
def test_the_same_opinion_again_is_no_revision(outcome, opinion):
    given = decided(submitted(), outcome, opinion=opinion)

    with pytest.raises(Refused, match="现行意见已经是"):
        revise(given, outcome=outcome, opinion=opinion)

    assert Review.objects.standing().get() == given


def test_a_remark_beside_a_pass_may_be_revised():
    given = decided(submitted(), Outcome.PASS)

    assert revise(given, outcome=Outcome.PASS, opinion="照片略暗").remark == "照片略暗"


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
