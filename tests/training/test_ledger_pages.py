"""比例明细: figures, and the rows behind them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import process_stories as stories
from tests.factories import trainee
from zhupei.training import actions
from zhupei.training.choices import Indicator

from .pages import sign_in, text_of


@pytest.fixture
def rotation():
    return stories.running()


@pytest.fixture
def me(client, rotation):
    """The client, signed in as the trainee."""
    sign_in(client, rotation.enrolment.user)
    return client


def at(rotation, query=""):
    return reverse("training:ledger", args=[rotation.pk]) + query


def test_every_row_says_whether_it_counts_and_why_not(me, rotation):
    stories.approved_entry(rotation, patient_number="1")
    stories.pending(rotation, patient_number="1")  # the same again
    stories.pending(rotation, item="骨关节炎")
    stories.pending(rotation, item="骨关节炎")
    stories.pending(rotation, item="感冒")
    stories.entry(rotation)
    actions.return_entry(stories.pending(rotation), by=rotation.teacher, reason="未写明部位")

    text = text_of(me.get(at(rotation)))

    today = timezone.localdate()
    assert "计入填写、审核" in text
    assert f"未审核，{rotation.teacher}，自 {today}" in text
    assert f"与 {rotation.start_date} 的另一条重复" in text
    for reason in ("超出应完成数", "不在应完成项目内", "草稿，未提交", "已退回：未写明部位"):
        assert reason in text


def test_a_figure_opens_its_rows(me, rotation):
    stories.approved_entry(rotation)
    stories.pending(rotation, Indicator.CASE, "股骨颈骨折")
    asked = rotation.requirements.get(item="四肢骨折")

    page = me.get(at(rotation))
    of_the_item = me.get(at(rotation, f"?of={asked.pk}")).context["rows"]
    of_the_kind = me.get(at(rotation, "?of=case")).context["rows"]
    not_counted = me.get(at(rotation, "?counted=no")).context["rows"]

    assert f"?of={asked.pk}" in text_of(page)
    assert [it.row.name for it in of_the_item] == ["四肢骨折"]
    assert [it.row.name for it in of_the_kind] == ["股骨颈骨折"]
    assert not_counted == []
    assert len(page.context["rows"]) == 2


def test_the_figures_are_those_of_the_tallies(me, rotation):
    stories.approved_entry(rotation)
    stories.pending(rotation, item="骨关节炎")

    context = me.get(at(rotation)).context

    accounts = {account.indicator: account for _, account, _ in context["accounts"]}
    for tally in rotation.tallies.all():
        account = accounts[tally.indicator]
        assert (account.filled, account.counted_approved) == (tally.filled, tally.counted_approved)
    assert (context["filled"], context["approved"]) == ("40%", "20%")


def test_the_guides_figures_are_shown_with_what_came_as_a_total(client):
    rotation = trainee().rotations.get()
    sign_in(client, rotation.enrolment.user)

    text = text_of(client.get(at(rotation)))

    assert "其中历史数据 36 例" in text
    assert ">36<" in text
    assert "无要求" in text


def test_the_teacher_sees_the_ledger_without_drafts(client, rotation):
    stories.pending(rotation)
    stories.entry(rotation, item="感冒")
    sign_in(client, rotation.teacher)

    text = text_of(client.get(at(rotation)))

    assert "四肢骨折" in text
    assert "感冒" not in text
    assert "去登记" not in text


def test_a_stranger_finds_no_ledger(client, rotation):
    sign_in(client, stories.running().teacher)

    assert client.get(at(rotation)).status_code == 404


@pytest.mark.parametrize("many", (1, 3))
def test_the_ledger_costs_the_same_however_long(client, rotation, queries, many):
    for number in range(many):
        stories.pending(rotation, item=f"病{number}", patient_number="1")
    sign_in(client, rotation.enrolment.user)

    with queries() as counted:
        client.get(at(rotation))

    assert len(counted) == 8


# --- Of the whole training ----------------------------------------------------------------------------


def test_the_lowest_rotation_comes_first_and_one_that_is_left_out_says_why(client):
    enrolment = trainee(rotations=2, unfinished=1)
    low = stories.planned(enrolment, begins=timezone.localdate().replace(year=timezone.localdate().year - 2))
    exempted = enrolment.rotations.in_order().last()
    enrolment.rotations.filter(pk=exempted.pk).update(exempted_at=timezone.now())
    sign_in(client, enrolment.user)

    page = client.get("/training/rotations/ledger/")

    assert next(row[0].rotation.pk for row in page.context["rows"]) == low.pk
    assert "减免，不参加平均" in text_of(page)
    assert page.context["counting"] == 3
    assert page.context["filled"] == "66.7%"


def test_the_ratios_and_the_rows_of_the_rotations_lead_to_the_ledger(client):
    rotation = trainee().rotations.get()
    sign_in(client, rotation.enrolment.user)

    text = text_of(client.get("/training/rotations/"))

    assert 'href="/training/rotations/ledger/"' in text
    assert f'href="{at(rotation)}"' in text
    assert f'href="{reverse("training:logbook", args=[rotation.pk])}"' in text


@pytest.mark.parametrize("more", (0, 2))
def test_the_ledger_of_the_training_costs_the_same_however_many(client, queries, more):
    sign_in(client, trainee(rotations=1 + more).user)

    with queries() as counted:
        client.get("/training/rotations/ledger/")

    assert len(counted) == 6
