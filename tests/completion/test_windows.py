"""When who may act (domain §2): inclusive to the second, Asia/Shanghai."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    ApplicationFactory,
    SeasonFactory,
    failed,
    hand_in,
    passed,
    reviewer,
    submitted,
)
from tests.factories.clock import at
from zhupei.completion import windows
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Stage
from zhupei.completion.models import Season
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Level

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "is_open"),
    (
        (at(2026, 3, 16, 8, 0) - timedelta(microseconds=1), False),
        (at(2026, 3, 16, 8, 0), True),
        (at(2026, 3, 20, 23, 59, 59), True),
        (at(2026, 3, 20, 23, 59, 59) + timedelta(microseconds=999_999), True),
        (at(2026, 3, 21), False),
    ),
)
def test_a_window_is_open_from_its_first_to_the_end_of_its_last_second(now, is_open):
    window = windows.Window(at(2026, 3, 16, 8, 0), at(2026, 3, 20, 23, 59, 59))

    assert window.is_open(now) == is_open


@pytest.mark.parametrize(
    ("returned_at", "due"),
    (
        (at(2026, 3, 16, 0, 0), at(2026, 3, 23, 23, 59, 59)),
        (at(2026, 3, 20, 15, 0), at(2026, 3, 27, 23, 59, 59)),
        (at(2026, 3, 20, 23, 59, 59), at(2026, 3, 27, 23, 59, 59)),
        (at(2026, 3, 21, 0, 0), at(2026, 3, 27, 23, 59, 59)),
        (at(2026, 3, 22, 12, 0), at(2026, 3, 27, 23, 59, 59)),
        (at(2026, 3, 24, 12, 0), at(2026, 3, 31, 18, 0)),
    ),
    ids=("monday", "friday", "friday's last second", "saturday", "sunday", "capped by the province"),
)
def test_a_return_gives_five_working_days_until_the_end_of_the_day(returned_at, due):
    ends = Season(correction_days=5, province_closes_at=at(2026, 3, 31, 18, 0))

    assert windows.correction_due(ends, returned_at) == due


def test_days_are_those_of_shanghai_wherever_the_server_thinks_it_is():
    """23:30 UTC on Sunday is already Monday morning."""
    ends = Season(correction_days=5, province_closes_at=at(2026, 12, 31))
    returned_at = datetime.fromisoformat("2026-03-15T23:30:00+00:00")

    assert windows.correction_due(ends, returned_at) == at(2026, 3, 23, 23, 59, 59)


def test_the_number_of_days_is_the_seasons():
    ends = Season(correction_days=1, province_closes_at=at(2026, 12, 31))

    assert windows.correction_due(ends, at(2026, 3, 20, 9, 0)) == at(2026, 3, 23, 23, 59, 59)


@pytest.mark.parametrize("level", Level)
def test_the_first_round_is_bound_by_the_levels_window_later_rounds_by_the_provinces(level):
    opening = SeasonFactory.build()
    first = ApplicationFactory.build(season=opening, round=1)
    second = ApplicationFactory.build(season=opening, round=2)

    assert windows.to_decide(first, level) == windows.of_level(opening, level)
    assert windows.to_decide(second, level) == windows.Window(
        opening.trainee_opens_at, opening.province_closes_at
    )


def test_a_level_claims_and_decides_only_in_its_window(it_is, tight):
    application = submitted(in_season=tight)
    base, city = reviewer(application.base), reviewer(application.city)

    it_is(tight.base_closes_at + SECOND)
    with pytest.raises(Refused, match="基地审核已于 2026-03-27 23:59:59 截止"):
        reviews.claim(application, by=base, seen_round=1)

    it_is(tight.base_closes_at)
    application = passed(application, by=base)

    it_is(tight.city_opens_at - SECOND)
    with pytest.raises(Refused, match="市局审核将于 2026-03-30 00:00:00 开始"):
        reviews.claim(application, by=city, seen_round=1)

    it_is(tight.city_opens_at)
    assert passed(application, by=city).stage == Stage.PROVINCE


def test_one_second_late_a_decision_is_refused_even_if_it_was_claimed_in_time(it_is, tight):
    application = submitted(in_season=tight)
    base = reviewer(application.base)
    it_is(tight.base_closes_at)
    reviews.claim(application, by=base, seen_round=1)

    it_is(tight.base_closes_at + SECOND)
    with pytest.raises(Refused, match="基地审核已于 2026-03-27 23:59:59 截止"):
        reviews.decide(application, by=base, level=Level.BASE, seen_round=1, outcome="pass")


def test_a_return_on_the_last_day_is_no_trap(it_is, tight):
    """The correction goes beyond the trainees' window, and the base decides it beyond its own."""
    application = submitted(in_season=tight)
    it_is(at(2026, 3, 27, 17, 0))

    application = failed(application)
    assert application.correction_due_at == at(2026, 4, 3, 23, 59, 59)

    it_is(at(2026, 4, 3, 23, 59, 59))
    application = hand_in(application)
    assert (application.stage, application.round) == (Stage.BASE, 2)

    it_is(at(2026, 4, 10, 18, 0))
    for stage in (Stage.CITY, Stage.PROVINCE, Stage.APPROVED):
        application = passed(application)
        assert application.stage == stage


def test_one_second_after_the_correction_deadline_is_too_late_and_told_so(it_is, tight):
    application = submitted(in_season=tight)
    application = failed(application)
    assert application.correction_due_at == at(2026, 3, 23, 23, 59, 59)
    notice = application.trainee.notices.get()
    assert notice.text.endswith("请在 2026-03-23 23:59:59 前改好并更新提交数据信息")

    it_is(application.correction_due_at + SECOND)
    with pytest.raises(Refused, match="补正期限已于 2026-03-23 23:59:59 截止。您填写的内容和图片都保留着"):
        hand_in(application)

    it_is(application.correction_due_at)
    assert hand_in(application).round == 2


def test_after_the_provinces_window_nobody_decides_a_later_round(it_is, tight):
    application = hand_in(failed(submitted(in_season=tight)))

    it_is(tight.province_closes_at + SECOND)
    with pytest.raises(Refused, match="基地审核已于 2026-04-10 18:00:00 截止"):
        reviews.claim(application, by=reviewer(application.base), seen_round=2)


def test_a_return_near_the_end_is_due_when_the_province_closes(it_is, tight):
    application = hand_in(failed(submitted(in_season=tight)))

    it_is(at(2026, 4, 8, 9, 0))
    application = failed(application)

    assert application.correction_due_at == tight.province_closes_at


def test_a_season_runs_until_the_province_is_through(it_is, tight):
    for now, runs in (
        (tight.trainee_opens_at - SECOND, False),
        (tight.trainee_opens_at, True),
        (tight.province_closes_at, True),
        (tight.province_closes_at + SECOND, False),
    ):
        assert Season.objects.running(now).exists() == runs


# --- 撤回修改 ----------------------------------------------------------------------------------


def test_a_submission_nobody_has_begun_to_review_can_be_taken_back_and_handed_in_again():
    application = submitted()

    application = trainees.withdraw(application, by=application.trainee)
    assert (application.stage, application.stage_shown) == (Stage.RETURNED, "已撤回")
    assert application.correction_due_at is None
    assert application.trainee.profile.locked_at is None
    assert not application.submissions.get().reviews.exists()

    application = hand_in(application)
    assert (application.stage, application.round, application.stage_shown) == (Stage.BASE, 2, "待基地审核")


def test_nobody_withdraws_for_another():
    application = submitted()

    with pytest.raises(Refused, match="只有学员本人可以撤回"):
        trainees.withdraw(application, by=reviewer(application.base))


def test_a_file_that_was_claimed_can_not_be_withdrawn_even_after_the_lease(it_is):
    now = it_is(timezone.now())
    application = submitted()
    reviews.claim(application, by=reviewer(application.base), seen_round=1)

    it_is(now + timedelta(days=1))
    with pytest.raises(Refused, match="基地已开始审核，不能撤回；如需修改请联系基地退回"):
        trainees.withdraw(application, by=application.trainee)


def test_beyond_the_base_and_before_a_submission_there_is_nothing_to_withdraw():
    application = submitted()
    application = passed(application)
    with pytest.raises(Refused, match="申请待市局审核，不能撤回"):
        trainees.withdraw(application, by=application.trainee)

    application = failed(application)
    with pytest.raises(Refused, match="申请退回修改，不能撤回"):
        trainees.withdraw(application, by=application.trainee)


def test_after_the_window_a_withdrawal_would_be_final_and_is_refused(it_is, tight):
    application = submitted(in_season=tight)

    it_is(tight.trainee_closes_at + SECOND)
    with pytest.raises(Refused, match="申请窗口已截止，撤回后将无法再提交；如需修改请联系基地退回"):
        trainees.withdraw(application, by=application.trainee)

    it_is(tight.trainee_closes_at)
    assert trainees.withdraw(application, by=application.trainee).is_withdrawn
