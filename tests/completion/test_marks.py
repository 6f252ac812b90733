"""记一条问题: findings on single items, kept as drafts on the server until the decision."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import factories as made
from tests.browsing import signed_in
from zhupei.audit.models import Event
from zhupei.completion import invariants
from zhupei.completion.actions import marks
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, ReasonCode
from zhupei.completion.models import Application, DraftFinding, Finding, Review
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Level

DIPLOMA, WORKPLACE = "paper:diploma", "field:workplace"


def noted(application: Application, item: str = DIPLOMA, **more) -> DraftFinding:
    given = {"code": ReasonCode.R01, "seen_round": application.round, **more}
    return marks.mark(application, by=given.pop("by", application.claimed_by), item=item, **given)


def fail(application: Application, **words) -> Review:
    return reviews.decide(
        application,
        by=application.claimed_by,
        level=Level(application.stage),
        seen_round=application.round,
        outcome=Outcome.FAIL,
        **words,
    )


def diploma_page(application: Application):
    return application.trainee.documents.get(kind="diploma").slot.pages.get().pk


def form(application: Application, **more) -> dict[str, object]:
    return {"seen_round": application.round, "on": DIPLOMA, "code": "R01", "item": "diploma", **more}


# --- The action ------------------------------------------------------------------------------------


def test_what_was_noted_becomes_the_findings_of_a_fail_and_its_reasons_are_printed_each_once():
    application = made.claimed()
    noted(application, note="编号看不清", page=diploma_page(application), box=(0.1, 0.2, 0.5, 0.4))
    noted(application, WORKPLACE, code=ReasonCode.R09)
    noted(application, "paper:degree")

    review = fail(application)

    assert review.printed == "不通过 (资料不清晰；数据不全)"
    first, *others = review.findings.order_by("id")
    assert (first.item, first.label, first.note) == (DIPLOMA, "最高学历毕业证", "编号看不清")
    assert (first.page_id, first.box) == (diploma_page(application), (0.1, 0.2, 0.5, 0.4))
    assert [finding.item for finding in others] == [WORKPLACE, "paper:degree"]
    assert not DraftFinding.objects.exists()
    assert list(invariants.broken()) == []


def test_general_reasons_are_printed_before_those_of_items_and_the_opinion_may_be_written_anew():
    application = made.claimed()
    noted(application)

    assert fail(application, reasons=[ReasonCode.R13]).printed == "不通过 (登记手册未完成；资料不清晰)"

    application = made.claimed()
    noted(application)
    assert fail(application, opinion="请按图上标出的改").printed == "不通过 (请按图上标出的改)"


def test_other_prints_what_was_written():
    application = made.claimed()
    noted(application, code=ReasonCode.R99, note="证书复印件不能代替原件")

    assert fail(application).printed == "不通过 (证书复印件不能代替原件)"


def test_a_pass_is_refused_while_a_finding_stands_and_possible_once_it_is_taken_back():
    application = made.claimed()
    draft = noted(application)

    with pytest.raises(Refused, match="您记下了 1 条问题，撤销后才能通过"):
        reviews.decide(
            application, by=application.claimed_by, level=Level.BASE, seen_round=1, outcome=Outcome.PASS
        )

    marks.unmark(draft, by=application.claimed_by)
    assert made.passed(application, by=application.claimed_by).stage == "city"


@pytest.mark.parametrize("item", ("paper:nothing", "field:nothing", "later:x", "", "paper:"))
def test_only_what_the_round_has_can_be_pointed_at(item):
    with pytest.raises(Refused, match="不在本轮提交里"):
        noted(made.claimed(), item)


def test_a_page_of_another_item_or_another_application_is_refused():
    application, other = made.claimed(), made.claimed()

    for page in (diploma_page(other), application.trainee.documents.get(kind="degree").slot.pages.get().pk):
        with pytest.raises(Refused, match="不在本轮提交里"):
            noted(application, page=page, box=(0, 0, 1, 1))


@pytest.mark.parametrize("box", ((-0.1, 0, 1, 1), (0, 0, 1.01, 1), (0.5, 0, 0.5, 1), (0, 0.9, 1, 0.1)))
def test_a_box_outside_the_picture_is_refused_by_the_database_itself(box):
    application = made.claimed()

    with pytest.raises(ValidationError, match="框超出了图片，请重新画"):
        noted(application, page=diploma_page(application), box=box)

    draft = noted(application)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftFinding.objects.filter(pk=draft.pk).update(box_left=0.1)


def test_only_whoever_has_the_file_notes_and_only_of_the_round_on_the_screen():
    application = made.claimed()

    for stranger in (made.reviewer(application.base), made.reviewer(application.city), application.trainee):
        with pytest.raises(Refused):
            noted(application, by=stranger)
    with pytest.raises(Conflict, match="重新查看"):
        noted(application, seen_round=2)
    with pytest.raises(Refused, match="开始审核"):
        noted(made.submitted(base=application.base), by=made.reviewer(application.base))


def test_nobody_sees_or_takes_back_what_a_colleague_noted():
    application = made.claimed()
    draft = noted(application, note="只有我看得到")
    client = signed_in(colleague := made.reviewer(application.base))

    assert "只有我看得到" not in client.get(reverse("review:application", args=[application.pk])).text
    assert client.post(reverse("review:unmark", args=[application.pk, draft.pk])).status_code == 404
    with pytest.raises(Refused, match="只能撤销自己记的"):
        marks.unmark(draft, by=colleague)


def test_a_revised_fail_keeps_the_findings_on_items_and_adds_what_was_noted_since():
    application = made.claimed()
    by = application.claimed_by
    noted(application)
    review = fail(application, reasons=[ReasonCode.R13])
    application = made.again(application)
    noted(application, WORKPLACE, by=by, code=ReasonCode.R09)

    revised = reviews.revise(review, by=by, outcome=Outcome.FAIL)

    assert revised.printed == "不通过 (资料不清晰；数据不全)"
    assert {finding.item for finding in revised.findings.all()} == {DIPLOMA, WORKPLACE}
    assert Finding.objects.filter(review=review).count() == 2  # as it was


def test_noting_and_taking_back_are_on_record_without_the_note():
    application = made.claimed()
    marks.unmark(noted(application, note="姓名张三"), by=application.claimed_by)

    events = Event.objects.filter(verb__startswith="completion.finding.").order_by("id")
    assert [event.verb for event in events] == ["completion.finding.noted", "completion.finding.dropped"]
    assert "张三" not in str([event.facts for event in events])


# --- The workbench -----------------------------------------------------------------------------------


def test_a_finding_survives_a_reload_and_is_drawn_on_its_picture():
    application = made.claimed()
    client = signed_in(application.claimed_by)
    box = {"page": diploma_page(application), "left": "10", "top": "20", "width": "40", "height": "30"}

    answer = client.post(
        reverse("review:mark", args=[application.pk]), form(application, note="编号看不清", **box)
    )

    assert answer.status_code == 302
    assert answer.url.endswith("&item=diploma#bench-mark")
    page = client.get(answer.url).text
    assert "编号看不清" in page
    assert "不写意见则打印为：不通过 (资料不清晰)" in page
    assert re.search(r'<rect x="100" y="\d+" width="400"', page)
    assert re.search(r'item=diploma" data-state="finding"', page)
    assert DraftFinding.objects.get().box == (0.1, 0.2, 0.5, 0.5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    (
        ({"code": ""}, "请选择原因"),
        ({"code": "R77"}, "请选择原因"),
        ({"code": "R99"}, "选择“其他”时请写明说明"),
        ({"left": "70", "top": "0", "width": "40", "height": "10"}, "框超出了图片"),
        ({"left": "-1", "top": "0", "width": "40", "height": "10"}, "框超出了图片"),
        ({"left": "0", "top": "0", "width": "0", "height": "10"}, "框超出了图片"),
        ({"left": "1e400", "top": "0", "width": "1", "height": "10"}, "0 到 100 的数"),
        ({"left": "10"}, "要么都填，要么都不填"),
        ({"on": "paper:nothing"}, "不在本轮提交里"),
        ({"note": "字" * 201}, "说明不超过 200 字，现在是 201 字"),
    ),
)
def test_what_is_wrong_with_a_finding_is_said_and_what_was_typed_is_kept(wrong, said):
    application = made.claimed()
    typed = form(application, page=diploma_page(application), **{"note": "", **wrong})

    answer = signed_in(application.claimed_by).post(reverse("review:mark", args=[application.pk]), typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert str(typed["note"]) in answer.text
    assert not DraftFinding.objects.exists()


def test_the_same_form_sent_twice_is_one_finding():
    application = made.claimed()
    client, sent = signed_in(application.claimed_by), form(application, attempt="x")

    for _ in range(2):
        assert client.post(reverse("review:mark", args=[application.pk]), sent).status_code == 302

    assert DraftFinding.objects.count() == 1


def test_a_fail_by_findings_alone_needs_no_more_words():
    application = made.claimed()
    noted(application)

    answer = signed_in(application.claimed_by).post(
        reverse("review:decide", args=[application.pk]),
        {"seen_round": 1, "level": "base", "outcome": "fail", "opinion": ""},
    )

    assert answer.status_code == 302
    assert Review.objects.get().printed == "不通过 (资料不清晰)"


def test_the_workbench_costs_the_same_with_one_finding_and_with_three(queries):
    costs = set()
    for findings in (1, 3):
        application = made.claimed()
        for _ in range(findings):
            noted(application)
        client = signed_in(application.claimed_by)
        with queries() as counted:
            client.get(reverse("review:application", args=[application.pk]))
        costs.add(len(counted))

    assert len(costs) == 1, costs
    assert costs.pop() <= 12
