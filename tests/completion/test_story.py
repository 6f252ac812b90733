"""The whole way of an application, as the guide tells it (第一步 to 第八步)."""

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    CityFactory,
    again,
    approved,
    at_city,
    at_province,
    draft,
    failed,
    hand_in,
    passed,
    returned,
    submitted,
)
from tests.factories.clock import at
from zhupei.completion.choices import Outcome, Stage
from zhupei.completion.models import Review
from zhupei.organisations.choices import Level


def history(application):
    return [
        (review.submission.round, review.level, review.printed)
        for review in Review.objects.history(application)
    ]


def told(application):
    return [notice.text.partition("。")[0] for notice in application.trainee.notices.order_by("id")]


def test_from_the_draft_over_a_return_by_the_city_to_the_approval_by_the_province():
    application = draft()
    assert (application.stage, application.round) == (Stage.DRAFT, 0)

    application = hand_in(application)
    assert (application.stage, application.round, application.reviewer()) == (Stage.BASE, 1, application.base)

    application = passed(application)
    assert (application.stage, application.reviewer()) == (Stage.CITY, application.base.review_city)

    application = failed(application, opinion="数据不全")
    assert (application.stage, application.round) == (Stage.RETURNED, 1)

    application = hand_in(application)
    assert (application.stage, application.round, application.reviewer()) == (Stage.BASE, 2, application.base)
    assert application.correction_due_at is None

    for stage in (Stage.CITY, Stage.PROVINCE, Stage.APPROVED):
        application = passed(application)
        assert application.stage == stage

    assert application.round == 2
    assert history(application) == [
        (1, "base", "通过"),
        (1, "city", "不通过 (数据不全)"),
        (2, "base", "通过"),
        (2, "city", "通过"),
        (2, "province", "通过"),
    ]
    assert told(application) == [
        "基地意见：通过",
        "市局意见：不通过 (数据不全)",
        "基地意见：通过",
        "市局意见：通过",
        "省厅意见：通过",
    ]


def test_without_a_city_the_province_follows_the_base():
    application = submitted(base=BaseFactory(review_city=None))
    assert application.route == (Stage.BASE, Stage.PROVINCE)

    application = passed(application)
    assert (application.stage, application.reviewer()) == (Stage.PROVINCE, application.base.province)

    application = passed(application)
    assert application.stage == Stage.APPROVED
    assert history(application) == [(1, "base", "通过"), (1, "province", "通过")]


def test_the_city_that_reviews_need_not_be_the_city_of_the_base():
    bureau = CityFactory()

    application = at_city(base=BaseFactory(review_city=bureau))

    assert application.reviewer() == bureau != application.base.parent


def test_the_route_stays_as_it_was_when_the_base_changes_bureaus_later():
    application = submitted()
    was = application.city
    application.base.review_city = CityFactory()
    application.base.save()

    application = passed(application)

    assert application.reviewer() == was


@pytest.mark.parametrize("level", Level)
def test_a_fail_at_any_level_goes_back_to_the_trainee_and_the_next_round_starts_at_the_base(level):
    application = returned(level)

    assert application.stage == Stage.RETURNED
    assert history(application)[-1] == (1, level.value, "不通过 (数据不全)")
    assert application.correction_due_at > timezone.now()
    assert not application.is_withdrawn

    application = hand_in(application)
    assert (application.stage, application.round) == (Stage.BASE, 2)


def test_a_stage_begins_when_it_was_reached(it_is):
    monday = it_is(at(2026, 3, 16, 9, 0))
    application = submitted()
    assert application.turn_since == application.submitted_at == monday

    tuesday = it_is(at(2026, 3, 17, 9, 0))
    application = passed(application)
    assert (application.turn_since, application.submitted_at) == (tuesday, monday)


def test_an_approved_application_is_nobodys_turn():
    application = approved()

    assert not application.is_under_review
    assert not application.is_editable
    assert application.claimed_by is None


def test_every_review_says_who_gave_it_for_which_office():
    application = at_province()

    for review in Review.objects.history(application):
        assert review.organisation == application.reviewer(Stage(review.level))
        assert review.reviewer.memberships.get().organisation == review.organisation
        assert review.outcome == Outcome.PASS
    assert again(application).submissions.get().reviews.count() == 2
