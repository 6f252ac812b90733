"""公告: public, escaped, in their own time."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import AnnouncementFactory, MembershipFactory, ProvinceFactory
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.support import actions
from zhupei.support.models import Announcement


def test_an_announcement_is_read_without_a_sign_in(client: Client):
    announcement = AnnouncementFactory(title="申请时间", body="第一段\n\n第二段")

    listed = client.get(reverse("support:news")).content.decode()
    page = client.get(announcement.get_absolute_url()).content.decode()

    assert announcement.get_absolute_url() in listed
    assert "<h1>申请时间</h1>" in page
    assert "<p>第一段</p>" in page
    assert "<p>第二段</p>" in page


def test_html_in_an_announcement_is_text(client: Client):
    announcement = AnnouncementFactory(title="<b>粗</b>", body="<script>go()</script>\n\n<img src=x>")

    for address in (announcement.get_absolute_url(), reverse("support:news"), reverse("home:portal")):
        page = client.get(address).content.decode()
        assert "<b>粗</b>" not in page
        assert "<script>go()" not in page
        assert "<img src=x>" not in page
        assert "&lt;b&gt;粗&lt;/b&gt;" in page


def test_what_is_to_be_published_tomorrow_is_not_there_yet(client: Client):
    later = AnnouncementFactory(published_at=timezone.now() + timedelta(days=1))

    assert client.get(later.get_absolute_url()).status_code == 404
    assert later.title not in client.get(reverse("support:news")).content.decode()
    assert later.title not in client.get(reverse("home:portal")).content.decode()


def test_the_portal_shows_the_newest_five(client: Client):
    issuer = ProvinceFactory()
    for days in range(6):
        AnnouncementFactory(
            issuer=issuer, title=f"公告{days}", published_at=timezone.now() - timedelta(days=days)
        )

    page = client.get(reverse("home:portal")).content.decode()

    assert [f"公告{days}" in page for days in range(6)] == [True] * 5 + [False]


@pytest.mark.parametrize("many", (1, 3))
def test_the_list_costs_the_same_however_long_it_is(client: Client, many: int, queries):
    issuer = ProvinceFactory()
    AnnouncementFactory.create_batch(many, issuer=issuer)

    with queries() as counted:
        client.get(reverse("support:news"))

    assert len(counted) == 2  # how many, which


def test_a_long_list_has_pages(client: Client):
    AnnouncementFactory.create_batch(21, issuer=ProvinceFactory())

    first = client.get(reverse("support:news")).content.decode()

    assert "第 1 / 2 页" in first
    assert "上一页" in client.get(reverse("support:news"), {"page": "2"}).content.decode()
    assert "第 2 / 2 页" in client.get(reverse("support:news"), {"page": "999"}).content.decode()


def test_the_province_publishes_in_its_own_name_on_record():
    seat = MembershipFactory(role=Role.PROVINCE, organisation=ProvinceFactory())

    announcement = actions.publish(seat.organisation, by=seat.user, title=" 标题 ", body="正文")

    assert (announcement.title, announcement.issuer) == ("标题", seat.organisation)
    assert Event.objects.get(verb="support.announcement.published").subject == "标题"


def test_nobody_else_publishes():
    seat = MembershipFactory(role=Role.CITY)

    with pytest.raises(Refused, match="省厅"):
        actions.publish(seat.organisation, by=seat.user, title="标题", body="正文")


@pytest.mark.parametrize(("title", "body"), (("", "正文"), ("标题", " "), ("长" * 101, "正文")))
def test_an_announcement_must_say_something(title: str, body: str):
    with pytest.raises(ValidationError):
        actions.publish(ProvinceFactory(), by=None, title=title, body=body)

    assert not Announcement.objects.exists()


def test_the_operator_publishes_from_a_file(tmp_path):
    province = ProvinceFactory()
    body = tmp_path / "body.txt"
    body.write_text("\ufeff第一段\n\n第二段", encoding="utf-8")

    call_command("publish", "标题", str(body), stdout=StringIO())

    assert Announcement.objects.get().body == "第一段\n\n第二段"
    assert Announcement.objects.get().issuer == province


def test_the_operator_is_told_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="zhupei init"):
        call_command("publish", "标题", "nothing.txt")
    ProvinceFactory()
    with pytest.raises(CommandError, match="不能读取"):
        call_command("publish", "标题", str(tmp_path / "nothing.txt"))
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(CommandError, match="字段"):
        call_command("publish", "标题", str(empty))
