"""过程轮转: the timeline and the table."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import trainee
from zhupei.training import timeline
from zhupei.training.models import Rotation

from .pages import sign_in, text_of


@pytest.fixture
def enrolment():
    return trainee(rotations=2, unfinished=1)


@pytest.fixture
def me(client, enrolment):
    """The client, signed in as the trainee."""
    sign_in(client, enrolment.user)
    return client


def test_the_rotations_are_drawn_and_listed(me, enrolment):
    text = text_of(me.get(reverse("training:rotations")))

    assert text.count('<tr id="r-') == 3
    assert "7/7" in text
    assert "36/34" in text
    assert "无要求" in text
    assert "已结束" in text
    assert "轮转中" in text
    assert '<progress value="34" max="34"' in text
    assert "style=" not in text


def test_somebody_without_rotations_is_told_whom_to_ask(client):
    enrolled = trainee(rotations=0)
    sign_in(client, enrolled.user)

    assert f"请联系{enrolled.base}录入轮转计划" in text_of(client.get("/training/rotations/"))


@pytest.mark.parametrize("more", (0, 3))
def test_the_rotations_cost_the_same_however_many(client, queries, more):
    sign_in(client, trainee(rotations=1 + more).user)

    with queries() as counted:
        client.get("/training/rotations/")

    assert len(counted) == 6


def test_an_exempted_rotation_is_listed_and_not_drawn(me, enrolment):
    first = enrolment.rotations.in_order().first()
    enrolment.rotations.filter(pk=first.pk).update(exempted_at=timezone.now())

    text = text_of(me.get("/training/rotations/"))

    assert "减免，" in text
    assert text.count("<rect") == 2 + 3  # two bars, three keys


def test_bars_follow_the_calendar(enrolment):
    today = date(2024, 4, 15)
    rotations = list(enrolment.rotations.select_related("department").in_order())
    for rotation, month in zip(rotations, (3, 4, 5), strict=True):
        rotation.start_date, rotation.end_date = date(2024, month, 1), date(2024, month, 28)

    drawn = timeline.draw(rotations, begin=date(2023, 9, 1), end=date(2026, 8, 31), today=today)

    assert [bar.tone for bar in drawn.bars] == ["good", "brand", "quiet"]
    assert [bar.x for bar in drawn.bars] == [170, 198, 226]  # six, seven, eight months of 28
    assert drawn.marks[:2] == ((1, "2023-09"), (169, "2024-03"))
    assert (drawn.end, drawn.width) == ("2026-08", 36 * 28 + 4)
    assert drawn.bars[1].x < drawn.today < drawn.bars[2].x


@pytest.mark.parametrize(
    ("name", "days", "shown", "inside"),
    (
        ("手足外科", 89, "手足外科", True),
        ("手足外科", 60, "手足", True),
        ("重症/急诊", 60, "重症", True),
        ("麻醉科", 28, "麻醉", False),
    ),
)
def test_a_name_without_room_is_cut_to_what_is_particular_about_it(enrolment, name, days, shown, inside):
    rotation = enrolment.rotations.first()
    rotation.department_name = name
    rotation.start_date = date(2024, 1, 1)
    rotation.end_date = rotation.start_date + timedelta(days=days)

    [bar] = timeline.draw(
        [rotation], begin=date(2023, 9, 1), end=date(2026, 8, 31), today=date(2024, 1, 1)
    ).bars

    assert (bar.name, bar.inside) == (shown, inside)


def test_where_one_is_stands_above_what_is_still_to_come(me, enrolment):
    today = timezone.localdate()
    rotations = list(enrolment.rotations.in_order())
    for rotation, days in zip(rotations, (-40, -5, 30), strict=True):
        begins = today + timedelta(days=days)
        Rotation.objects.filter(pk=rotation.pk).update(
            start_date=begins, end_date=begins + timedelta(days=20)
        )

    rows = me.get("/training/rotations/").context["rows"]

    assert [row.rotation.pk for row in rows] == [rotations[n].pk for n in (1, 0, 2)]
