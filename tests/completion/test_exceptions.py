"""What the province may let differ: one city's window (市州单独安排), one trainee's deadline (个人延期)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import (
    ApplicationFactory,
    BaseFactory,
    CityFactory,
    MembershipFactory,
    ProvinceFactory,
    again,
    approved,
    draft,
    failed,
    hand_in,
    passed,
    reviewer,
    season,
    submitted,
    trainee,
)
from tests.factories.clock import at
from zhupei.audit.models import Event
from zhupei.completion import rules, windows
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.actions import season as actions
from zhupei.completion.choices import Stage
from zhupei.completion.models import CityWindow, Extension, Season
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Level, Role

SECOND = timedelta(seconds=1)


@pytest.fixture
def keeper(tight):
    """Somebody of the province."""
    return reviewer(tight.province)


def extended(application, until, *, by=None, reason="住院分娩"):
    by = by or reviewer(application.province)
    actions.extend(application.enrolment, application.season, by=by, closes_at=until, reason=reason)
    return again(application)


# --- 市州单独安排 --------------------------------------------------------------------------------


def test_a_city_with_a_window_of_its_own_reviews_in_that(it_is, tight, keeper):
    application = passed(submitted(in_season=tight))
    city = reviewer(application.city)
    until = at(2026, 4, 8, 12, 0)
    actions.set_city_window(tight, application.city, by=keeper, opens_at=at(2026, 3, 23), closes_at=until)

    it_is(at(2026, 3, 23) - SECOND)
    with pytest.raises(Refused, match="市局审核将于 2026-03-23 00:00:00 开始"):
        reviews.claim(application, by=city, seen_round=1)
    it_is(until + SECOND)
    with pytest.raises(Refused, match="市局审核已于 2026-04-08 12:00:00 截止"):
        reviews.claim(application, by=city, seen_round=1)
    it_is(until)
    assert passed(application, by=city).stage == Stage.PROVINCE


def test_the_other_cities_and_levels_keep_the_seasons_window(it_is, tight, keeper):
    other = CityFactory()
    actions.set_city_window(tight, other, by=keeper, opens_at=at(2026, 3, 16), closes_at=at(2026, 4, 8))
    application = passed(submitted(in_season=tight))

    assert "市局审核将于 2026-03-30" in str(
        rules.may_claim(reviewer(application.city), application, at(2026, 3, 20))
    )
    own = CityWindow.objects.get()
    for level in (Level.BASE, Level.PROVINCE):
        assert windows.to_decide(application, level, own) == windows.of_level(tight, level)


def test_later_rounds_are_bound_by_the_provinces_window_whatever_the_citys(it_is, tight, keeper):
    application = passed(hand_in(failed(submitted(in_season=tight))))
    actions.set_city_window(
        tight, application.city, by=keeper, opens_at=at(2026, 3, 17), closes_at=at(2026, 3, 18)
    )

    it_is(at(2026, 4, 10, 18, 0))
    assert rules.may_claim(reviewer(application.city), application, timezone.now())


def test_a_window_is_set_moved_and_removed_on_record_and_the_city_is_told(tight, keeper):
    city = CityFactory()
    colleague = reviewer(city)
    first = {"opens_at": at(2026, 3, 30), "closes_at": at(2026, 4, 5)}
    second = {"opens_at": at(2026, 3, 30), "closes_at": at(2026, 4, 8)}

    actions.set_city_window(tight, city, by=keeper, **first)
    own = actions.set_city_window(tight, city, by=keeper, **second)
    actions.remove_city_window(own, by=keeper)

    assert not tight.city_windows.exists()
    set_, moved, removed = Event.objects.filter(verb__startswith="completion.season.city").order_by("id")
    assert set_.facts["old"] == {"opens_at": None, "closes_at": None}
    assert (moved.facts["old"], moved.facts["new"]) == (set_.facts["new"], removed.facts["old"])
    assert all(event.facts["city"] == str(city.pk) for event in (set_, moved, removed))
    assert colleague.notices.count() == 3


def test_a_citys_window_ends_within_the_provinces_and_after_it_begins(tight, keeper):
    city = CityFactory()
    for closes_at, sentence in (
        (tight.province_closes_at + SECOND, "不能晚于省厅审核的截止（2026-04-10 18:00:00）"),
        (at(2026, 3, 30), "市局审核的截止应晚于开始"),
    ):
        with pytest.raises(ValidationError, match=sentence.partition("（")[0]):
            actions.set_city_window(tight, city, by=keeper, opens_at=at(2026, 3, 30), closes_at=closes_at)
    assert not CityWindow.objects.exists()


def test_only_a_city_of_the_province_gets_one(tight, keeper):
    elsewhere = CityFactory(parent=ProvinceFactory(code="430000"))
    for organisation in (elsewhere, BaseFactory(), tight.province):
        with pytest.raises(ValidationError, match="请从列表中选择本省的市州"):
            actions.set_city_window(
                tight, organisation, by=keeper, opens_at=at(2026, 3, 30), closes_at=at(2026, 4, 5)
            )


# --- 考核年度 ------------------------------------------------------------------------------------


def test_only_the_province_itself_keeps_its_seasons(tight):
    city = CityFactory()
    strangers = [
        reviewer(city),
        reviewer(BaseFactory()),
        reviewer(ProvinceFactory(code="430000")),
        MembershipFactory(role=Role.ADMIN, organisation=tight.province).user,
    ]
    days = {"opens_at": at(2026, 3, 30), "closes_at": at(2026, 4, 5)}
    own = CityWindow.objects.create(season=tight, city=city, **days)
    for stranger in strangers:
        for act in (
            lambda by: actions.open_season(by=by, province=tight.province, year=2027),
            lambda by: actions.change(tight, by=by, correction_days=6),
            lambda by: actions.set_city_window(tight, city, by=by, **days),
            lambda by: actions.remove_city_window(own, by=by),
        ):
            with pytest.raises(Refused, match=f"考核年度由{tight.province}设置"):
                act(stranger)


def test_a_change_is_on_record_with_old_and_new_and_nothing_else(tight, keeper):
    until = at(2026, 3, 22, 12, 0)

    changed = actions.change(
        tight, by=keeper, trainee_closes_at=until, correction_days=6, ratio_warning=tight.ratio_warning
    )

    assert changed == ["trainee_closes_at", "correction_days"]
    facts = Event.objects.get(verb="completion.season.changed").facts
    assert facts == {
        "old": {"trainee_closes_at": tight.trainee_closes_at.isoformat(), "correction_days": 5},
        "new": {"trainee_closes_at": until.isoformat(), "correction_days": 6},
    }
    assert Season.objects.get().trainee_closes_at == until


def test_saving_without_a_change_leaves_no_event(tight, keeper):
    assert actions.change(tight, by=keeper, correction_days=5) == []
    assert not Event.objects.filter(verb="completion.season.changed").exists()


def test_the_year_and_the_category_of_a_season_stay(tight, keeper):
    with pytest.raises(ValueError, match="year"):
        actions.change(tight, by=keeper, year=2027)


def test_the_province_does_not_close_before_an_exception_ends(tight, keeper):
    city = CityFactory()
    actions.set_city_window(
        tight, city, by=keeper, opens_at=at(2026, 3, 30), closes_at=at(2026, 4, 10, 12, 0)
    )
    extended(draft(in_season=tight), at(2026, 4, 10, 13, 0))

    with pytest.raises(ValidationError) as refused:
        actions.change(tight, by=keeper, province_closes_at=at(2026, 4, 10, 11, 0))

    assert refused.value.message_dict == {
        "province_closes_at": [
            "省厅审核应最后截止：有市州单独安排到 2026-04-10 12:00:00",
            "省厅审核应最后截止：有个人延期到 2026-04-10 13:00:00",
        ]
    }


# --- 个人延期 ------------------------------------------------------------------------------------


def test_an_extension_opens_the_closed_window_for_one_trainee_to_the_second(it_is, tight):
    application, other = draft(in_season=tight), draft(in_season=tight)
    until = at(2026, 3, 25, 12, 0)
    it_is(at(2026, 3, 23))
    application = extended(application, until)

    with pytest.raises(Refused, match="申请已于 2026-03-20 23:59:59 截止"):
        hand_in(other)
    it_is(until + SECOND)
    with pytest.raises(Refused, match="申请已于 2026-03-25 12:00:00 截止"):
        hand_in(application)
    it_is(until)
    assert hand_in(application).stage == Stage.BASE


def test_what_came_late_by_an_extension_is_decided_until_the_province_ends(it_is, tight):
    """Otherwise the base's window, which ended meanwhile, would make a trap of it."""
    application = draft(in_season=tight)
    it_is(at(2026, 3, 28))
    application = hand_in(extended(application, at(2026, 4, 1)))

    it_is(at(2026, 4, 10, 18, 0))
    for stage in (Stage.CITY, Stage.PROVINCE, Stage.APPROVED):
        application = passed(application)
        assert application.stage == stage


def test_an_extension_that_was_not_needed_binds_nobody_else(it_is, tight):
    application = hand_in(extended(draft(in_season=tight), at(2026, 4, 1)))

    it_is(tight.base_closes_at + SECOND)
    assert "基地审核已于" in str(rules.may_claim(reviewer(application.base), application, timezone.now()))


def test_an_extension_moves_the_deadline_of_a_correction(it_is, tight):
    application = failed(submitted(in_season=tight))
    due = application.correction_due_at
    until = at(2026, 4, 2, 12, 0)
    application = extended(application, until)

    it_is(due + SECOND)
    assert rules.barred(application, timezone.now()) == ()
    it_is(until + SECOND)
    with pytest.raises(Refused, match="补正期限已于 2026-04-02 12:00:00 截止"):
        hand_in(application)
    it_is(until)
    assert hand_in(application).round == 2


def test_an_earlier_extension_never_shortens_a_correction(it_is, tight):
    application = extended(draft(in_season=tight), at(2026, 3, 18))
    application = failed(hand_in(application))

    assert windows.to_submit(application).closes_at == application.correction_due_at
    assert not windows.is_extended(application)


def test_a_withdrawal_is_possible_as_long_as_it_could_be_handed_in_again(it_is, tight):
    application = draft(in_season=tight)
    it_is(at(2026, 3, 23))
    application = hand_in(extended(application, at(2026, 3, 25)))

    assert trainees.withdraw(application, by=application.trainee).is_withdrawn


def test_the_latest_grant_holds_and_the_earlier_stay_on_record(it_is, tight, keeper):
    application = draft(in_season=tight)
    extended(application, at(2026, 4, 1), by=keeper, reason="住院")
    it_is(at(2026, 3, 17))
    application = extended(application, at(2026, 3, 28), by=keeper, reason="出院较早")

    assert application.extended_until == at(2026, 3, 28)
    assert [one.reason for one in Extension.objects.of(application.enrolment, tight)] == ["出院较早", "住院"]


def test_an_extension_can_be_granted_before_there_is_an_application(it_is, tight, keeper):
    enrolment = trainee()
    it_is(at(2026, 3, 21))
    actions.extend(enrolment, tight, by=keeper, closes_at=at(2026, 3, 25), reason="援外医疗队")

    application = trainees.start(enrolment, tight, by=enrolment.user)

    assert windows.to_submit(application).closes_at == at(2026, 3, 25)


def test_the_trainee_is_told_and_the_log_knows_until_when_by_whom_and_why(tight, keeper):
    application = draft(in_season=tight)

    extended(application, at(2026, 3, 25, 12, 0), by=keeper, reason="援外医疗队")

    notice = application.trainee.notices.get()
    assert notice.text == (
        f"{tight.province}已批准您延期提交{tight}申请，至 2026-03-25 12:00:00（援外医疗队）"
    )
    event = Event.objects.get(verb="completion.extension.granted")
    assert event.actor_id == keeper.pk
    assert event.facts == {
        "season": str(tight.pk),
        "closes_at": at(2026, 3, 25, 12, 0).isoformat(),
        "reason": "援外医疗队",
    }


def test_who_may_extend_and_until_when(it_is, tight, keeper):
    application = draft(in_season=tight)
    enrolment, now = application.enrolment, timezone.now()
    elsewhere = season(province=ProvinceFactory(code="430000"))

    assert rules.may_extend(keeper, enrolment, tight, application, now)
    for user, of, on, sentence in (
        (reviewer(application.base), tight, now, "考核年度由"),
        (reviewer(application.city), tight, now, "考核年度由"),
        (enrolment.user, tight, now, "不能给本人延期"),
        (reviewer(elsewhere.province), elsewhere, now, "不适用于该学员"),
        (keeper, tight, tight.province_closes_at + SECOND, "省厅审核已于 2026-04-10 18:00:00 截止"),
    ):
        assert sentence in str(rules.may_extend(user, enrolment, of, application, on))
    for closes_at in (now, tight.province_closes_at + SECOND):
        with pytest.raises(ValidationError):
            extended(application, closes_at, by=keeper)
    with pytest.raises(ValidationError):
        extended(application, at(2026, 3, 25), by=keeper, reason="")


def test_an_approved_application_needs_no_extension():
    application = approved()

    with pytest.raises(Refused, match="申请已审核通过，不需要延期"):
        extended(application, timezone.now() + timedelta(days=1))


# --- What the trainee and the city see -----------------------------------------------------------


def page(application) -> str:
    return signed_in(application.trainee).get(application.get_absolute_url()).content.decode()


def test_the_trainees_page_shows_the_extension_and_why(it_is, tight):
    application = draft(in_season=tight)
    it_is(at(2026, 3, 23))
    assert "申请延期提交" in page(application)

    application = extended(application, at(2026, 3, 25, 12, 0), reason="援外医疗队")

    shown = page(application)
    assert "已批准您延期提交" in shown
    assert "原因：援外医疗队" in shown
    assert "2026-03-25 12:00:00" in shown
    assert "申请延期提交" not in shown


def test_the_ways_out_name_the_base_the_province_and_the_phone(it_is, tight):
    application = draft(in_season=tight, base=BaseFactory(phone="027-5555-0160"))
    application.enrolment.completion_year += 1
    application.enrolment.save()
    it_is(tight.trainee_closes_at + SECOND)

    shown = page(application)

    for words in ("申请修改年份", "申请延期提交"):
        assert f'<a href="/#service">{words}</a>' in shown
    assert f"{application.base}基地管理员（027-5555-0160）" in shown
    assert f"{application.province}批准后只对您个人重新开放" in shown


def test_the_city_sees_its_own_window_on_its_start_page(tight, keeper):
    city = CityFactory()
    client = signed_in(reviewer(city))
    assert "省厅单独安排" not in client.get("/home/").content.decode()

    actions.set_city_window(tight, city, by=keeper, opens_at=at(2026, 3, 30), closes_at=at(2026, 4, 8, 12, 0))

    shown = client.get("/home/").content.decode()
    assert "省厅单独安排" in shown
    assert "2026-04-08 12:00:00" in shown


def test_an_extension_costs_the_page_one_query(tight, queries):
    application = draft(in_season=tight)
    client = signed_in(application.trainee)

    def cost() -> int:
        with queries() as counted:
            client.get(application.get_absolute_url())
        return len(counted)

    before = cost()
    extended(application, at(2026, 3, 25))
    assert cost() == before + 1


def test_windows_are_asked_of_the_application_alone():
    """No query: ``extended_until`` is stored with it."""
    opening = season()
    application = ApplicationFactory.build(season=opening, extended_until=opening.base_closes_at)

    assert windows.to_submit(application).closes_at == opening.base_closes_at
