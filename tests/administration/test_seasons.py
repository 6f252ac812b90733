"""考核年度: the province's pages."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import (
    BaseFactory,
    CityFactory,
    CityWindowFactory,
    EnrolmentFactory,
    MembershipFactory,
    ProfileFactory,
    ProvinceFactory,
    SeasonFactory,
    UserFactory,
    draft,
    reviewer,
    submitted,
)
from tests.factories.clock import at
from zhupei.administration import season_chart
from zhupei.administration.forms.season import SeasonForm
from zhupei.audit.models import Event
from zhupei.completion.models import CityWindow, Extension, Season
from zhupei.completion.windows import Window
from zhupei.organisations.choices import Role

SEASONS = "/province/seasons/"


@pytest.fixture
def season():
    return SeasonFactory()


@pytest.fixture
def keeper(season):
    """A client of the province."""
    return signed_in(reviewer(season.province))


def text_of(response) -> str:
    return unescape(response.content.decode())


def typed(season: Season, **changes) -> dict:
    """The form as the page sends it, nothing ticked, with ``changes``."""
    values = {name: value for name, value in SeasonForm.values_of(season).items() if value is not False}
    for name, value in values.items():
        if name.endswith("_at"):
            values[name] = f"{timezone.localtime(value):%Y-%m-%dT%H:%M:%S}"
    return {**values, **changes}


def test_the_list_and_the_season_show_the_windows_and_what_is_undone(keeper, season):
    submitted(in_season=season)
    draft(in_season=season)

    listed = text_of(keeper.get(SEASONS))
    shown = text_of(keeper.get(f"{SEASONS}{season.pk}/"))

    assert f'href="{SEASONS}{season.pk}/">{season.year}</a>' in listed
    assert shown.count("1 份") == 2
    for value in typed(season).values():
        assert f'value="{value}"' in shown


def test_saving_what_the_page_shows_changes_nothing(keeper, season):
    keeper.post(f"{SEASONS}{season.pk}/", typed(season))

    assert not Event.objects.filter(verb="completion.season.changed").exists()


def test_a_window_is_moved_to_the_minute_or_to_the_second(keeper, season):
    for text, moment in (
        ("2026-12-01T18:00", at(2026, 12, 1, 18, 0)),
        ("2026-12-01 18:00:05", at(2026, 12, 1, 18, 0, 5)),
        ("２０２６/12/01 18:01", at(2026, 12, 1, 18, 1)),
    ):
        moved = typed(
            season, trainee_closes_at=text, province_closes_at="2027-12-31T23:59:59",
            trainee_opens_at="2026-01-01T00:00", supplement_date="2026-12-31",
        )  # fmt: skip
        assert keeper.post(f"{SEASONS}{season.pk}/", moved).status_code == 302
        season.refresh_from_db()
        assert season.trainee_closes_at == moment


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    (
        ({"trainee_closes_at": "2020-01-01T00:00"}, "trainee_closes_at", "学员的截止应晚于开始"),
        ({"city_closes_at": "2020-01-01T00:00"}, "city_closes_at", "市局的截止应晚于开始"),
        ({"base_closes_at": "2090-01-01T00:00"}, "province_closes_at", "不能早于基地的截止"),
        ({"base_opens_at": ""}, "base_opens_at", "请填写基地审核开始"),
        ({"base_opens_at": "明天"}, "base_opens_at", "基地审核开始应像 2026-03-27 23:59:59"),
        ({"base_opens_at": "2026-02-30T10:00"}, "base_opens_at", "基地审核开始应像"),
        ({"base_opens_at": "2026-03-01T10:00\x00x"}, "base_opens_at", "基地审核开始应像"),
        ({"base_opens_at": "9" * 5000}, "base_opens_at", "基地审核开始应像"),
        ({"base_opens_at": "0001-01-01T00:00"}, "base_opens_at", "基地审核开始的年份是 1，请核对"),
        ({"province_closes_at": "9999-12-31T23:59:59"}, "province_closes_at", "的年份是 9999，请核对"),
        ({"correction_days": "0"}, "correction_days", "应为 1–30 之间的整数"),
        ({"correction_days": "五"}, "correction_days", "应为 1–30 之间的整数"),
        ({"correction_days": "9" * 5000}, "correction_days", "应为 1–30 之间的整数"),
        ({"ratio_warning": "101"}, "ratio_warning", "应为 0–100 之间的整数"),
        ({"supplement_date": "2026-13-01"}, "supplement_date", "补交截止日期应像"),
        ({"supplement_date": "2015-01-01"}, "supplement_date", "不能早于学员申请截止"),
    ),
)
def test_a_slip_is_said_twice_at_its_field_and_nothing_typed_is_lost(
    keeper, season, changes, field, sentence
):
    refused = keeper.post(f"{SEASONS}{season.pk}/", typed(season, **{"ratio_warning": "77", **changes}))

    text = text_of(refused)
    assert refused.status_code == 422
    assert text.count(sentence) == 2
    assert f'href="#id_{field}"' in text
    kept = {"ratio_warning": "77", **changes}
    for value in kept.values():
        assert f'value="{value}"'.replace("\x00", "\x00") in text
    assert not Event.objects.filter(verb="completion.season.changed").exists()


@pytest.mark.parametrize("odd", ("\x00", "👩‍⚕️", "\u202e", "'\"<script>", "字" * 100_000))
def test_nothing_that_can_be_typed_breaks_the_pages(keeper, season, odd):
    pages = {
        f"{SEASONS}{season.pk}/": typed(season),
        f"{SEASONS}new/": {**typed(season), "year": "2031", "category": "resident"},
        f"{SEASONS}{season.pk}/cities/": {"city-city": "", "city-opens_at": "", "city-closes_at": ""},
    }
    for address, form in pages.items():
        for name in form:
            response = keeper.post(address, {**form, name: odd})
            assert response.status_code == 422
            assert "<script>" not in response.content.decode()


def test_stored_signatures_are_accepted_only_where_the_province_says_so(keeper, season):
    assert not season.accepts_stored_signatures

    keeper.post(f"{SEASONS}{season.pk}/", typed(season, accepts_stored_signatures="on"))

    season.refresh_from_db()
    assert season.accepts_stored_signatures
    assert re.search(
        r'name="accepts_stored_signatures"[^>]*checked', text_of(keeper.get(f"{SEASONS}{season.pk}/"))
    )


def test_extra_fields_are_ignored(keeper, season):
    other = ProvinceFactory(code="430000")

    keeper.post(f"{SEASONS}{season.pk}/", typed(season, year="2031", province=other.pk, category="assistant"))

    after = Season.objects.get()
    assert (after.year, after.province, after.category) == (season.year, season.province, season.category)


# --- A new one -----------------------------------------------------------------------------------


def test_a_new_season_begins_with_the_windows_of_the_latest_and_is_opened_once(keeper, season):
    shown = keeper.get(f"{SEASONS}new/")
    assert f'value="{season.year + 1}"' in text_of(shown)
    form = typed(season, year=str(season.year + 1), category="resident", attempt="one")

    answers = [keeper.post(f"{SEASONS}new/", form) for _ in range(2)]

    opened = Season.objects.get(year=season.year + 1)
    assert {answer.url for answer in answers} == {f"{SEASONS}{opened.pk}/"}
    assert (opened.province, opened.trainee_closes_at) == (season.province, season.trainee_closes_at)
    assert Event.objects.filter(verb="completion.season.opened").count() == 1


def test_a_first_season_begins_empty():
    keeper = signed_in(reviewer(ProvinceFactory()))

    assert "还没有考核年度" in text_of(keeper.get(SEASONS))
    refused = keeper.post(f"{SEASONS}new/", {})

    assert refused.status_code == 422
    assert "请填写考核年份" in text_of(refused)
    assert "请选择培训类别" in text_of(refused)


def test_a_year_has_one_season_of_a_category(keeper, season):
    form = typed(season, year=str(season.year), category=season.category)

    refused = keeper.post(f"{SEASONS}new/", form)

    assert refused.status_code == 422
    assert f'<a href="#id_year">{season}已经有了，请到那里修改</a>' in text_of(refused)


# --- 市州单独安排 --------------------------------------------------------------------------------


def own_window(season, city, **changes):
    moments = {"city-opens_at": season.city_opens_at, "city-closes_at": season.province_closes_at}
    texts = {name: f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S}" for name, moment in moments.items()}
    return {"city-city": city.pk, **texts, **changes}


def test_a_city_gets_a_window_moves_it_and_loses_it(keeper, season):
    city = CityFactory()
    address = f"{SEASONS}{season.pk}/"

    assert keeper.post(f"{address}cities/", own_window(season, city)).url == address
    keeper.post(f"{address}cities/", own_window(season, city, **{"city-closes_at": "2026-12-31T12:00"}))
    own = CityWindow.objects.get()
    assert own.city == city
    assert city.name in text_of(keeper.get(address))

    keeper.post(f"{address}cities/{own.pk}/remove/")
    assert not CityWindow.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    (
        ({"city-closes_at": "2020-01-01T00:00"}, "市局的截止应晚于开始"),
        ({"city-closes_at": "2098-01-01T00:00"}, "不能晚于省厅审核的截止"),
        ({"city-city": "nonsense"}, "请从列表中选择市州"),
        ({"city-city": ""}, "请选择市州"),
        ({"city-opens_at": "x"}, "市局审核开始应像"),
    ),
)
def test_a_citys_window_that_cannot_be_is_refused_at_its_field(keeper, season, changes, sentence):
    refused = keeper.post(f"{SEASONS}{season.pk}/cities/", own_window(season, CityFactory(), **changes))

    assert refused.status_code == 422
    assert text_of(refused).count(sentence) == 2
    assert not CityWindow.objects.exists()


def test_a_city_elsewhere_is_not_in_the_list(keeper, season):
    elsewhere = CityFactory(parent=ProvinceFactory(code="430000"))

    assert keeper.post(f"{SEASONS}{season.pk}/cities/", own_window(season, elsewhere)).status_code == 422


# --- 个人延期 ------------------------------------------------------------------------------------


def test_the_province_extends_on_the_page_of_a_trainee(keeper, season):
    application = draft(in_season=season)
    page = f"/support/trainees/{application.enrolment_id}/"
    until = timezone.localtime(season.trainee_closes_at + timedelta(days=3))
    form = {"extension-closes_at": f"{until:%Y-%m-%dT%H:%M:%S}", "extension-reason": "住院分娩"}

    assert 'aria-label="延期至"' in text_of(keeper.get(page))
    answer = keeper.post(f"{page}extend/{season.pk}/", form)

    assert answer.url == f"{page}?"
    assert Extension.objects.get().closes_at == until
    assert "住院分娩" in text_of(keeper.get(f"{SEASONS}{season.pk}/"))
    assert "住院分娩" in text_of(keeper.get(page))


@pytest.mark.parametrize(
    ("closes_at", "reason", "sentence"),
    (
        ("2020-01-01T00:00", "x", "应晚于现在"),
        ("2098-01-01T00:00", "x", "不能晚于省厅审核的截止"),
        ("后天", "x", "延期至应像"),
        ("2020-01-01T00:00", "", "请填写原因与依据"),
        ("2020-01-01T00:00", "长" * 201, "原因与依据不超过 200 个字，现在是 201 个"),
    ),
)
def test_an_extension_that_cannot_be_is_refused_at_its_field(keeper, season, closes_at, reason, sentence):
    application = draft(in_season=season)
    form = {"extension-closes_at": closes_at, "extension-reason": reason}

    refused = keeper.post(f"/support/trainees/{application.enrolment_id}/extend/{season.pk}/", form)

    assert refused.status_code == 422
    assert text_of(refused).count(sentence) == 2
    assert f'value="{closes_at}"' in text_of(refused)
    assert not Extension.objects.exists()


def test_support_sees_no_extension_form_and_cannot_send_it(season):
    application = draft(in_season=season)
    client = signed_in(MembershipFactory(role=Role.SUPPORT, organisation=season.province).user)
    page = f"/support/trainees/{application.enrolment_id}/"

    assert "延期提交" not in text_of(client.get(page))
    assert client.post(f"{page}extend/{season.pk}/", {}).status_code == 404


# --- Scope ---------------------------------------------------------------------------------------


def test_the_seasons_are_the_provinces_own(season):
    own = CityWindowFactory(season=season)
    enrolment = EnrolmentFactory(user=ProfileFactory().user)
    strangers = [
        reviewer(ProvinceFactory(code="430000")),
        reviewer(CityFactory()),
        reviewer(BaseFactory()),
        MembershipFactory(role=Role.SUPPORT, organisation=season.province).user,
        MembershipFactory(role=Role.ADMIN, organisation=season.province).user,
        UserFactory(),
    ]
    for stranger in strangers:
        client = signed_in(stranger)
        assert client.get(f"{SEASONS}{season.pk}/").status_code == 404
        assert client.post(f"{SEASONS}{season.pk}/", typed(season)).status_code == 404
        assert client.post(f"{SEASONS}{season.pk}/cities/", {}).status_code == 404
        assert client.post(f"{SEASONS}{season.pk}/cities/{own.pk}/remove/").status_code == 404
        extend = f"/support/trainees/{enrolment.pk}/extend/{season.pk}/"
        assert client.post(extend, {}).status_code == 404
    for stranger in strangers[1:]:
        client = signed_in(stranger)
        assert client.get(SEASONS).status_code == 404
        assert client.get(f"{SEASONS}new/").status_code == 404


def test_a_citys_window_is_found_in_its_own_season_only(keeper, season):
    own = CityWindowFactory(season=SeasonFactory(year=season.year + 1))

    assert keeper.post(f"{SEASONS}{season.pk}/cities/{own.pk}/remove/").status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_the_page_of_a_season_costs_the_same_however_much_happens_in_it(keeper, season, queries, rows):
    for _ in range(rows):
        CityWindowFactory(season=season)
        submitted(in_season=season)

    with queries() as counted:
        keeper.get(f"{SEASONS}{season.pk}/")

    assert len(counted) == 10


# --- The picture ---------------------------------------------------------------------------------


def test_the_picture_reaches_from_the_first_month_to_the_last():
    chart = season_chart.draw(
        {
            "学员": Window(at(2026, 3, 2), at(2026, 3, 27, 23, 59, 59)),
            "省厅": Window(at(2026, 12, 20), at(2027, 1, 15)),
        },
        at(2026, 3, 18),
    )

    assert [text for _, text in chart.months][:2] == ["3 月", "4 月"]
    assert [text for _, text in chart.months][-1] == "1 月"
    assert [bar.text for bar in chart.bars] == ["3-02 至 3-27", "12-20 至 1-15"]
    assert [bar.state for bar in chart.bars] == ["open", "ahead"]
    assert all(season_chart.LEFT <= bar.x <= bar.x + bar.width <= season_chart.WIDTH for bar in chart.bars)
    assert chart.today_x
    assert season_chart.LEFT < chart.today_x < chart.bars[0].x + chart.bars[0].width


def test_a_day_outside_the_picture_is_not_drawn():
    chart = season_chart.draw({"学员": Window(at(2026, 3, 2), at(2026, 3, 27))}, at(2027, 3, 18))

    assert chart.today_x is None
    assert chart.bars[0].state == "over"


def test_a_very_long_season_has_a_line_for_some_months_only():
    chart = season_chart.draw({"学员": Window(at(2026, 1, 1), at(2031, 1, 1))}, at(2026, 3, 18))

    assert len(chart.months) <= season_chart.MOST_MONTHS
