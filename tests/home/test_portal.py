"""第一步: the portal, and what it says of this year's applications."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.browsing import signed_in
from tests.factories import BaseFactory, SeasonFactory, UserFactory, draft
from zhupei.home import calendar
from zhupei.settings import env_chosen

DAY = timedelta(days=1)


def portal(client: Client) -> str:
    return client.get(reverse("home:portal")).content.decode()


def season(opens: int, closes: int, ends: int, **fields: object):
    """Days from now to the trainees' opening and closing and to the end of everything."""
    now = timezone.now()
    edges = {f"{level}_opens_at": now + opens * DAY for level in ("trainee", "base", "city", "province")}
    edges |= {f"{level}_closes_at": now + ends * DAY for level in ("base", "city", "province")}
    return SeasonFactory(**{**edges, "trainee_closes_at": now + closes * DAY, **fields})


def spoken(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month} 月 {local.day} 日"


def test_an_open_season_shows_until_when(client: Client):
    opened = season(-3, 5, 30)

    page = portal(client)

    assert f"{opened}申请进行中，{spoken(opened.trainee_closes_at)}" in page
    assert "仍可登录" not in page


def test_after_the_trainees_window_one_can_still_sign_in(client: Client):
    closed = season(-30, -3, 30)

    page = portal(client)

    assert f"{closed.year} 年申请已于 {spoken(closed.trainee_closes_at)}截止，审核进行中" in page
    assert f"{closed.year + 1} 年申请时间另行公告" in page
    assert "仍可登录：查看审核结果、按退回意见更新提交、查看轮转。" in page
    assert "（已截止）" in page
    assert "登录西医住培平台" in page


def test_when_all_is_over_it_says_so(client: Client):
    season(-60, -40, -2)

    assert "审核已结束" in portal(client)


def test_a_season_to_come_says_when_it_opens(client: Client):
    coming = season(5, 20, 60)

    assert f"{coming}申请 {spoken(coming.trainee_opens_at)}" in portal(client)


def test_without_a_season_the_time_is_to_be_announced(client: Client):
    assert "结业考核申请时间另行公告" in portal(client)


def test_the_open_season_goes_before_the_others():
    last = season(-400, -380, -350, year=2025)
    now_open = season(-3, 5, 30, year=2026, province=last.province)
    season(300, 320, 400, year=2027, province=last.province)

    assert calendar.season_to_show(timezone.now()) == now_open


def test_only_the_tracks_of_the_setting_are_open(client: Client):
    assert portal(client).count("未开通") == 2
    with override_settings(TRACKS=["中医", "助理全科"]):
        page = portal(client)
    assert page.count("未开通") == 1
    assert "登录中医住培平台" in page
    assert "登录西医住培平台" not in page


def test_the_setting_knows_its_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ZHUPEI_X", "助理全科, 西医")
    assert env_chosen("X", "西医", ("西医", "中医", "助理全科")) == ["西医", "助理全科"]
    for wrong in ("蒙医", "", "西医;中医"):
        monkeypatch.setenv("ZHUPEI_X", wrong)
        with pytest.raises(ImproperlyConfigured, match="西医,中医,助理全科"):
            env_chosen("X", "西医", ("西医", "中医", "助理全科"))


@override_settings(SERVICE_PHONES="技术咨询:027-1, 业务咨询:027-2,400-3", CHROME_URL="/intranet/chrome.exe")
def test_phones_and_the_browser_are_the_provinces_own(client: Client):
    page = portal(client)

    for word in ("技术咨询", "027-1", "业务咨询", "027-2", "400-3"):
        assert f">{word}</d" in page
    assert page.rindex("温馨提示") > page.rindex('id="service"')
    assert '<a href="/intranet/chrome.exe" rel="noopener">下载谷歌浏览器</a>' in page


def test_the_telephones_of_the_bases_are_listed_by_city(client: Client):
    base = BaseFactory(phone="027-5555-0160")

    page = portal(client)

    assert base.name in page
    assert "027-5555-0160" in page
    assert base.parent.short_name in page


@pytest.mark.parametrize("many", (1, 3))
def test_the_portal_costs_the_same_however_many_bases_there_are(client: Client, many: int, queries):
    BaseFactory.create_batch(many)

    with queries() as counted:
        portal(client)

    assert len(counted) == 3  # seasons, announcements, bases


def test_the_help_stands_in_everybodys_menu():
    client = signed_in(draft().trainee)

    for name in ("training:profile", "training:rotations", "notifications:notices", "home:guide"):
        page = client.get(reverse(name)).content.decode()
        assert '<a href="/guide/"' in page.partition("<main")[0]
        assert '<a href="/guide/#help">我有问题</a>' in page.partition("<main")[0]
    assert 'data-nav="none"' in client.get(reverse("home:home")).content.decode()


def test_a_person_without_a_role_reads_the_guide_too():
    assert signed_in(UserFactory()).get(reverse("home:guide")).status_code == 200
