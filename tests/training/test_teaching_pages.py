"""待审登记: the desk of 带教老师 and 科主任."""

import pytest
from django.utils import timezone

from tests.factories import MembershipFactory
from tests.factories import process_stories as stories
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions, log_queue
from zhupei.training.choices import EntryStage, Indicator
from zhupei.training.models import Activity, LogEntry

from .pages import sign_in, text_of

QUEUE = "/teaching/"


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def me(client, rotation):
    """The client, signed in as the teacher."""
    sign_in(client, rotation.teacher)
    return client


def handed_in_activity(rotation):
    activity = stories.activity(rotation)
    actions.submit_entries([activity], by=rotation.enrolment.user)
    return activity


def decide(client, *entries, deed="approve", address="", **fields):
    given = {"entry": [row.pk for row in entries], "deed": deed, "seen_at": timezone.now().isoformat()}
    return client.post(f"{QUEUE}decide/{address}", {**given, **fields}, follow=True)


def test_what_waits_is_listed_the_longest_waiting_first(me, rotation):
    first, second = stories.pending(rotation), handed_in_activity(rotation)
    stories.entry(rotation, item="草稿的病")

    page = me.get(QUEUE)

    text = text_of(page)
    assert [row.entry.pk for row, _ in page.context["rows"]] == [first.pk, second.pk]
    assert "待审登记 <span" in text
    assert str(rotation.enrolment.user) in text
    assert "草稿的病" not in text
    assert rotation.enrolment.user.id_number not in text


def test_what_has_a_doubt_is_not_chosen_at_once(client):
    rotation = stories.leaving()
    stories.pending(rotation, patient_number="1")
    again = stories.pending(rotation, patient_number="1")
    sign_in(client, rotation.teacher)

    page = client.get(QUEUE)

    doubts = {row.entry.pk: found for row, found in page.context["rows"]}
    assert doubts[again.pk] == ["与另一条重复", "补填，晚 1 天"]
    assert page.context["clear"] == 0
    assert " checked" not in text_of(page)


def test_filters_by_trainee_and_kind(me, rotation):
    stories.pending(rotation)
    stories.pending(rotation, Indicator.CASE, "股骨颈骨折")
    handed_in_activity(rotation)
    trainee = rotation.enrolment.user.pk

    queries = (
        f"?trainee={trainee}",
        f"?trainee={rotation.head.pk}",
        "?kind=case",
        "?kind=activity",
        "?kind=x",
    )

    shown = [len(me.get(QUEUE + query).context["rows"]) for query in queries]

    assert shown == [3, 0, 1, 1, 3]


def test_pages_follow_each_other_without_a_gap(me, rotation, monkeypatch):
    monkeypatch.setattr(log_queue, "PAGE", 2)
    waiting = [stories.pending(rotation), handed_in_activity(rotation), stories.pending(rotation)]
    waiting += [handed_in_activity(rotation), stories.pending(rotation)]

    found, address = [], QUEUE
    while address:
        page = me.get(address)
        found += [row.entry.pk for row, _ in page.context["rows"]]
        address = page.context["page"].next_address and QUEUE + page.context["page"].next_address

    assert found == [row.pk for row in waiting]


def test_approving_shows_what_is_in_it_before_it_does_anything(me, rotation):
    entries = [stories.pending(rotation), stories.pending(rotation), handed_in_activity(rotation)]

    preview = text_of(decide(me, *entries))
    untouched = LogEntry.objects.filter(stage=EntryStage.PENDING).count()
    done = text_of(decide(me, *entries, confirmed="yes"))

    assert f"{rotation.enrolment.user}：病种 2 条" in preview
    assert f"{rotation.enrolment.user}：活动 1 条" in preview
    assert "通过这 3 条" in preview
    assert untouched == 2
    assert "已通过 3 条登记" in done
    assert not LogEntry.objects.exclude(stage=EntryStage.APPROVED).exists()
    assert Activity.objects.get().stage == EntryStage.APPROVED


def test_returning_asks_for_a_reason_and_keeps_what_was_chosen(me, rotation):
    entries = [stories.pending(rotation), stories.pending(rotation)]

    refused = decide(me, *entries, deed="return", confirmed="yes")
    done = decide(me, *entries, deed="return", confirmed="yes", reason="未写明部位")

    assert refused.status_code == 422
    assert "请填写退回原因" in text_of(refused)
    assert "退回这 2 条" in text_of(refused)
    assert "已退回 2 条登记" in text_of(done)
    assert {row.return_reason for row in LogEntry.objects.all()} == {"未写明部位"}


def test_choosing_nothing_is_answered_with_a_sentence(me, rotation):
    response = decide(me)

    assert (response.status_code, "请先选择登记" in text_of(response)) == (422, True)


def test_what_was_taken_back_meanwhile_is_a_conflict_and_the_rest_stays(me, rotation):
    gone, stays = stories.pending(rotation), stories.pending(rotation)
    actions.withdraw_entry(gone, by=rotation.enrolment.user)

    response = decide(me, gone, stays, confirmed="yes")

    assert response.status_code == 409
    assert "已由学员撤回或已审核" in text_of(response)
    assert "通过这 1 条" in text_of(response)
    assert not LogEntry.objects.filter(stage=EntryStage.APPROVED).exists()


def test_what_changed_after_it_was_looked_at_is_a_conflict(me, rotation):
    seen_at = timezone.now().isoformat()
    entry = stories.pending(rotation)

    response = decide(me, entry, seen_at=seen_at, confirmed="yes")

    assert (response.status_code, "在您打开页面后又改过" in text_of(response)) == (409, True)


def test_one_entry_is_shown_whole_and_decided(me, rotation):
    entry = stories.pending(rotation, patient_name="王小明", patient_number="ZY20260012")

    text = text_of(me.get(f"{QUEUE}{entry.pk}/"))
    decide(me, entry, confirmed="yes")
    after = text_of(me.get(f"{QUEUE}{entry.pk}/"))

    for fact in ("切开复位内固定", "病房", "王**", "0012"):
        assert fact in text
    assert ">通过</button>" in text
    assert ">通过</button>" not in after
    assert "已通过" in after


def test_the_head_approves_in_the_department_what_nobody_teaches(client):
    rotation = stories.planned()
    head = stories.staff(rotation, Role.HEAD)
    entry = stories.pending(rotation)
    sign_in(client, head)

    own, department = client.get(QUEUE), client.get(QUEUE + "?view=department")
    decide(client, entry, address="?view=department", confirmed="yes")

    assert own.context["rows"] == []
    assert [row.entry.pk for row, _ in department.context["rows"]] == [entry.pk]
    entry.refresh_from_db()
    assert entry.decided_by == head


def test_another_teachers_entries_are_neither_seen_nor_decided(client, rotation):
    entry = stories.pending(rotation)
    sign_in(client, stories.running().teacher)

    assert client.get(QUEUE).context["rows"] == []
    assert client.get(f"{QUEUE}{entry.pk}/").status_code == 404
    decide(client, entry, confirmed="yes")
    entry.refresh_from_db()
    assert entry.stage == EntryStage.PENDING


def test_who_teaches_no_more_has_no_desk(me, rotation):
    Membership.objects.filter(user=rotation.teacher).update(end_date=timezone.localdate().replace(year=2020))

    assert me.get(QUEUE).status_code == 404
    assert "待审登记" not in text_of(me.get("/home/"))


def test_who_teaches_elsewhere_now_sees_nothing_of_the_former_base(me, rotation):
    stories.pending(rotation)
    Membership.objects.filter(user=rotation.teacher).update(end_date=timezone.localdate().replace(year=2020))
    MembershipFactory(user=rotation.teacher, role=Role.TEACHER)

    assert me.get(QUEUE).context["rows"] == []


def test_the_start_page_and_the_menu_say_how_many_wait(me, rotation):
    stories.pending(rotation)
    handed_in_activity(rotation)

    text = text_of(me.get("/home/"))

    assert '待审登记<b class="figure">2</b>' in text
    assert "打开待审登记" in text
    assert '待审登记<span class="count" data-tone="quiet">2</span>' in text
    assert "现在没有" not in text


@pytest.mark.parametrize("many", (1, 3))
def test_the_queue_costs_the_same_however_long(client, rotation, queries, many):
    for _ in range(many):
        stories.pending(rotation, patient_number="1")
        handed_in_activity(rotation)
    sign_in(client, rotation.teacher)

    with queries() as counted:
        client.get(QUEUE)

    assert len(counted) == 12
