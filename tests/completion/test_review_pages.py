"""The queue and the workbench as the three desks see them."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.browsing import signed_in
from zhupei.completion import snapshot
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application, Review
from zhupei.organisations.choices import Level
from zhupei.web.models import Attempt


def decision(application: Application, outcome: str, **more) -> dict[str, object]:
    return {
        "seen_round": application.round,
        "level": application.stage,
        "outcome": outcome,
        "opinion": "",
        **more,
    }


def test_the_queue_shows_what_waits_for_the_office_and_nothing_else():
    application, elsewhere = made.submitted(), made.submitted()

    shown = signed_in(made.reviewer(application.base)).get("/review/").content.decode()

    assert str(application.pk) in shown
    assert str(elsewhere.pk) not in shown


def test_the_queue_masks_the_id_number():
    application = made.submitted()

    shown = signed_in(made.reviewer(application.base)).get("/review/").content.decode()

    assert application.trainee.id_number not in shown
    assert application.trainee.masked_id_number in shown


@pytest.mark.parametrize("rows", (1, 3))
def test_the_queue_costs_the_same_however_long_it_is(rows, queries):
    first = made.submitted()
    for _ in range(rows - 1):
        made.submitted(base=first.base)
    client = signed_in(made.reviewer(first.base))

    with queries() as counted:
        shown = client.get("/review/").content.decode()

    assert shown.count('data-label="证件号"') == rows
    assert len(counted) == 9


@pytest.mark.parametrize(
    ("asked", "found"),
    (("name", True), ("initials", True), ("tail", True), ("id", True), ("other", False)),
)
def test_the_queue_is_searched_by_name_initials_and_id_number(asked, found):
    application = made.submitted()
    person = application.trainee
    text = {
        "name": person.full_name,
        "initials": person.initials,
        "tail": person.id_number[-4:],
        "id": person.id_number.lower(),
        "other": "查无此人",
    }[asked]

    shown = signed_in(made.reviewer(application.base)).get("/review/", {"q": text}).content.decode()

    assert (str(application.pk) in shown) is found


@pytest.mark.parametrize(
    "nonsense",
    (
        "view=x",
        "base=x",
        "after=x",
        "after=2026-13-45_x",
        "after=0001-01-01T00:00:00%2B14:00_0192f0c4-7d1e-7b3a-9c55-0123456789ab",
        "specialty=%EF%BF%BF",
        "q=%F0%9F%98%80",
    ),
)
def test_filters_that_make_no_sense_are_ignored(nonsense):
    application = made.submitted()

    assert signed_in(made.reviewer(application.base)).get(f"/review/?{nonsense}").status_code == 200


def test_pages_of_the_queue_follow_each_other_without_a_gap(monkeypatch):
    monkeypatch.setattr("zhupei.completion.queue.PAGE", 2)
    first = made.submitted()
    everybody = [first, *(made.submitted(base=first.base) for _ in range(4))]
    client = signed_in(made.reviewer(first.base))

    seen, address = [], "/review/"
    while address:
        shown = client.get(address)
        seen += [row["url"].partition("?")[0] for row in shown.context["page"].rows]
        address = shown.context["page"].next_address and f"/review/{shown.context['page'].next_address}"

    assert len(seen) == 5
    assert set(seen) == {f"/review/{application.pk}/" for application in everybody}


def test_somebody_who_reviews_nothing_has_no_queue():
    assert signed_in(made.UserFactory()).get("/review/").status_code == 404


def test_opening_a_file_writes_nothing_and_the_claim_is_a_button():
    application = made.submitted()
    client = signed_in(made.reviewer(application.base))

    shown = client.get(reverse("review:application", args=[application.pk])).content.decode()
    assert "开始审核" in shown
    application.refresh_from_db()
    assert application.claimed_at is None

    client.post(reverse("review:claim", args=[application.pk]), {"seen_round": 1})
    application.refresh_from_db()
    assert application.claimed_at is not None


def test_a_pass_goes_on_to_the_city_and_back_to_the_queue():
    application = made.submitted()
    by = made.reviewer(application.base)
    made.claimed(application, by=by)

    answer = signed_in(by).post(
        reverse("review:decide", args=[application.pk]), decision(application, "pass")
    )

    assert answer.url == "/review/?view=waiting"
    application.refresh_from_db()
    assert application.stage == Stage.CITY


def test_a_fail_without_a_reason_is_asked_for_one_and_with_a_code_prints_its_words():
    application = made.submitted()
    by = made.reviewer(application.base)
    made.claimed(application, by=by)
    client, address = signed_in(by), reverse("review:decide", args=[application.pk])

    answer = client.post(address, decision(application, "fail"))
    assert answer.status_code == 422
    assert "不通过时请勾选原因或写明意见" in answer.content.decode()

    client.post(address, decision(application, "fail", reasons=["R09", "R05"]))
    review = Review.objects.get()
    assert review.printed == "不通过 (数据不全；缺签名)"
    assert {finding.code for finding in review.findings.all()} == {"R05", "R09"}


def test_a_pass_with_a_reason_ticked_is_asked_about_and_keeps_the_tick():
    application = made.submitted()
    by = made.reviewer(application.base)
    made.claimed(application, by=by)

    form = decision(application, "pass", reasons=["R09"], opinion="写了很久的意见")
    answer = signed_in(by).post(reverse("review:decide", args=[application.pk]), form)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'value="R09"[^>]*checked', shown)
    assert "写了很久的意见" in shown


def test_the_slower_of_two_reviewers_gets_409_with_the_other_decision_and_the_own_text():
    application = made.submitted()
    fast, slow = made.reviewer(application.base), made.reviewer(application.base)
    on_the_screen = decision(application, "fail", opinion="脊柱外科小结疑似误传")
    made.passed(application, by=fast)

    answer = signed_in(slow).post(reverse("review:decide", args=[application.pk]), on_the_screen)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert f"{fast}已先作结论：通过" in shown
    assert "脊柱外科小结疑似误传" in shown


def test_a_decision_on_a_round_that_was_replaced_is_409():
    application = made.returned(Level.BASE)
    application = made.hand_in(application)
    by = made.reviewer(application.base)
    made.claimed(application, by=by)

    form = {**decision(application, "pass"), "seen_round": 1}
    answer = signed_in(by).post(reverse("review:decide", args=[application.pk]), form)

    assert answer.status_code == 409
    assert "重新查看" in answer.content.decode()


def test_an_application_of_another_office_looks_like_none():
    application, elsewhere = made.submitted(), made.submitted()
    client = signed_in(made.reviewer(elsewhere.base))

    assert client.get(reverse("review:application", args=[application.pk])).status_code == 404
    for name in ("claim", "decide", "revise"):
        assert client.post(reverse(f"review:{name}", args=[application.pk])).status_code == 404


def test_a_picture_is_shown_to_whom_the_application_is_shown():
    application, elsewhere = made.submitted(), made.submitted()
    page = application.submissions.get().pages.first().page_id
    address = reverse("review:picture", args=[application.pk, page])

    answer = signed_in(made.reviewer(application.base)).get(address)
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert answer["Cache-Control"] == "no-store"
    assert signed_in(made.reviewer(elsewhere.base)).get(address).status_code == 404

    mixed = reverse("review:picture", args=[elsewhere.pk, page])
    assert signed_in(made.reviewer(elsewhere.base)).get(mixed).status_code == 404


def test_the_workbench_shows_what_changed_since_the_last_round():
    application = made.returned(Level.BASE)
    application.trainee.profile.workplace = "江城第二医院"
    application.trainee.profile.save()
    made.lay_papers(application, list(application.enrolment.rotations.all()))
    application = made.hand_in(application)

    shown = signed_in(made.reviewer(application.base)).get(
        reverse("review:application", args=[application.pk])
    )

    assert [change.new for change in shown.context["bench"].changes] == ["江城第二医院"]
    assert "与上一轮不同 1 项" in shown.content.decode()


def test_the_workbench_costs_the_same_with_one_rotation_and_with_three(queries):
    costs = set()
    for rotations in (1, 3):
        application = made.submitted(rotations=rotations)
        client = signed_in(made.reviewer(application.base))
        with queries() as counted:
            client.get(reverse("review:application", args=[application.pk]))
        costs.add(len(counted))

    assert len(costs) == 1
    assert costs.pop() <= 12


@pytest.mark.parametrize("rotations", (1, 3))
def test_submitting_and_deciding_in_the_browser_take_at_most_18_queries(rotations, queries):
    application = made.draft(rotations=rotations)
    by = made.reviewer(application.base)
    trainee, reviewer = signed_in(application.trainee), signed_in(by)
    form = {"seen_round": 0, "confirmed": "on", "consented": "on", "attempt": "a"}

    with queries() as submitting:
        trainee.post(reverse("completion:submit", args=[application.pk]), form)
    application = made.again(application)
    made.claimed(application, by=by)
    with queries() as deciding:
        reviewer.post(
            reverse("review:decide", args=[application.pk]), decision(application, "pass", attempt="b")
        )

    application.refresh_from_db()
    assert application.stage == Stage.CITY
    assert len(submitting) <= 18, "\n".join(submitting)
    assert len(deciding) <= 18, "\n".join(deciding)


def test_what_is_written_beside_a_pass_is_kept_for_the_offices_and_printed_nowhere():
    application = made.claimed()

    signed_in(application.claimed_by).post(
        reverse("review:decide", args=[application.pk]), decision(application, "pass", opinion="已电话核实")
    )

    at_city = signed_in(made.reviewer(application.city))
    page = at_city.get(reverse("review:application", args=[application.pk])).content.decode()
    assert "备注：已电话核实" in page
    status = signed_in(application.trainee).get(reverse("completion:status", args=[application.pk]))
    assert "已电话核实" not in status.content.decode()


def test_the_filters_of_the_queue_survive_opening_and_deciding():
    application = made.claimed()
    client = signed_in(application.claimed_by)
    address = reverse("review:application", args=[application.pk]) + "?view=all&q=li"

    page = client.get(address).content.decode()
    decided = client.post(
        reverse("review:decide", args=[application.pk]) + "?view=all&q=li", decision(application, "pass")
    )

    assert f'action="{reverse("review:decide", args=[application.pk])}?view=all&amp;q=li"' in page
    assert decided.url == reverse("review:queue") + "?view=all&q=li"


def test_the_longest_search_fits_into_what_is_remembered_of_a_decision():
    application = made.claimed()
    client = signed_in(application.claimed_by)
    asked = urlencode({"q": "字" * 50, "view": "returned", "base": application.base_id, "changed": "1"})

    decided = client.post(
        f"{reverse('review:decide', args=[application.pk])}?{asked}",
        {**decision(application, "pass"), "attempt": "x"},
    )

    remembered = Attempt.objects.get(key="x").location
    assert decided.url == remembered
    assert len(remembered) <= Attempt._meta.get_field("location").max_length


def test_the_workbench_says_at_once_why_there_is_another_round_and_whether_anything_changed():
    application = made.hand_in(made.returned(Level.CITY))

    page = signed_in(made.reviewer(application.base)).get(
        reverse("review:application", args=[application.pk])
    )

    assert "上一轮市局意见：不通过" in page.content.decode()
    assert "与上一轮相比没有改动" in page.content.decode()


def test_the_start_page_tells_how_long_the_oldest_has_been_waiting(it_is):
    application = made.submitted()
    it_is(timezone.now() + timedelta(days=4))

    page = signed_in(made.reviewer(application.base)).get("/home/").content.decode()

    assert '<p data-tone="wait">等待最久<b class="figure">4 天</b></p>' in page


def test_after_a_decision_the_next_of_the_filter_opens_and_says_what_was_decided():
    first = made.claimed()
    second, held = made.submitted(base=first.base), made.claimed(base=first.base)
    client = signed_in(first.claimed_by)
    address = reverse("review:decide", args=[first.pk]) + "?view=waiting"

    answer = client.post(address, decision(first, "pass"))

    assert answer.url == reverse("review:application", args=[second.pk]) + "?view=waiting"
    assert f"{first.trainee}：基地意见：通过" in client.get(answer.url).text
    assert held.claimed_by != first.claimed_by


def test_the_next_one_keeps_to_the_filter():
    first = made.claimed()
    made.submitted(base=first.base)
    address = reverse("review:decide", args=[first.pk]) + f"?view=waiting&q={first.trainee.id_number[-4:]}"

    answer = signed_in(first.claimed_by).post(address, decision(first, "pass"))

    assert answer.url.startswith("/review/?view=waiting&q=")


def test_what_nobody_has_claimed_is_a_view_of_its_own():
    claimed = made.claimed()
    waiting = made.submitted(base=claimed.base)

    shown = signed_in(claimed.claimed_by).get("/review/?view=unclaimed").text

    assert str(waiting.pk) in shown
    assert str(claimed.pk) not in shown


def test_the_queue_tells_how_many_things_the_machine_noticed():
    application = made.submitted()

    shown = signed_in(made.reviewer(application.base)).get("/review/").context["page"].rows

    (row,) = shown
    assert row["warnings"] == len(snapshot.warnings_of(application.submissions.get().content)) > 0


def test_a_file_is_given_back_and_a_colleague_takes_it():
    application = made.claimed()
    address = reverse("review:release", args=[application.pk]) + "?view=mine"

    answer = signed_in(application.claimed_by).post(address)

    assert answer.url == "/review/?view=mine"
    application = made.again(application)
    assert application.claimed_at is None
    assert made.claimed(application).claimed_by != application.claimed_by


def test_only_whoever_has_a_file_gives_it_back():
    application = made.claimed()

    signed_in(made.reviewer(application.base)).post(reverse("review:release", args=[application.pk]))

    assert made.again(application).claimed_at == application.claimed_at


def test_a_claim_that_has_expired_is_taken_over_by_a_colleague(it_is):
    now = it_is(timezone.now())
    application = made.claimed()
    colleague = made.reviewer(application.base)
    address = reverse("review:application", args=[application.pk])
    assert "接手审核" not in signed_in(colleague).get(address).text

    it_is(now + timedelta(minutes=31))
    shown = signed_in(colleague).get(address).text

    assert "保留已到期" in shown
    assert "接手审核" in shown
