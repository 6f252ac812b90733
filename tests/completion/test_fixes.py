"""修改清单: a return by item, what it unlocks, and what 更新提交数据信息 waits for."""

import pytest
from django.urls import reverse

from tests import factories as made
from tests.browsing import signed_in
from tests.completion.test_marks import DIPLOMA, WORKPLACE, diploma_page, fail, noted
from zhupei.completion import fixes, invariants
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import fixes as deeds
from zhupei.completion.choices import ReasonCode, RegisterStatus
from zhupei.completion.models import Answer, Application, Finding
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Profile


def returned(*on: str, reasons: tuple[ReasonCode, ...] = (), **more) -> Application:
    application = made.claimed()
    for item in on:
        noted(application, item, **more)
    fail(application, reasons=reasons)
    return made.again(application)


def summary(application: Application) -> str:
    return f"paper:{application.enrolment.rotations.get().pk}:summary"


def by_summary(**more) -> Application:
    """``page="own"`` of a box is that of the paper."""
    application = made.claimed()
    if more.get("page") == "own":
        more["page"] = application.materials.get(kind="summary").slot.pages.get().pk
    noted(application, summary(application), **more)
    fail(application)
    return made.again(application)


def lay(application: Application, kind: PaperKind = PaperKind.SUMMARY, colour=(9, 9, 9)):
    rotation = application.enrolment.rotations.get()
    pictures = [made.fitted(PAPER, colour)]
    return trainees.lay_paper(application, rotation, kind, pictures, by=application.trainee, replace=True)


def lay_document(application: Application, kind: DocumentKind, colour=(9, 9, 9)):
    profile = Profile.objects.get(user=application.trainee)
    return training.lay_document(
        profile, kind, [made.fitted(PAPER, colour)], by=application.trainee, replace=True
    )


# --- What is open ------------------------------------------------------------------------------------


def test_only_the_returned_paper_is_unlocked():
    application = by_summary()

    lay(application)
    with pytest.raises(Refused, match="这一项没有被退回，未解锁"):
        lay(application, PaperKind.ASSESSMENT)
    with pytest.raises(Refused, match="这一份没有被退回，未解锁"):
        lay_document(application, DocumentKind.DIPLOMA)
    with pytest.raises(Refused, match="未解锁"):
        trainees.set_register(application, by=application.trainee, status=RegisterStatus.UNDONE)
    assert list(invariants.broken()) == []


def test_a_place_that_was_empty_stays_open():
    application = by_summary()

    lay_document(application, DocumentKind.PRACTICE)
    lay_document(application, DocumentKind.PRACTICE, colour=(1, 2, 3))


def test_a_finding_on_a_field_unlocks_the_certificate_that_proves_it():
    application = returned("field:diploma_number")

    lay_document(application, DocumentKind.DIPLOMA)
    with pytest.raises(Refused, match="未解锁"):
        lay_document(application, DocumentKind.DEGREE)


@pytest.mark.parametrize("on", ((), (DIPLOMA,)))
def test_a_reason_of_the_whole_application_unlocks_everything(on):
    application = returned(*on, reasons=(ReasonCode.R09,))

    lay(application, PaperKind.ASSESSMENT)
    lay_document(application, DocumentKind.DEGREE)
    assert list(invariants.broken()) == []


def test_another_item_is_unlocked_on_request_and_the_wish_is_kept():
    application = by_summary()
    degree = "paper:degree"

    deeds.unlock(application, degree, by=application.trainee)

    lay_document(application, DocumentKind.DEGREE)
    assert [str(one) for one in fixes.of(application).unlocked] == ["学位证书"]
    with pytest.raises(Refused, match="已经可以修改"):
        deeds.unlock(application, degree, by=application.trainee)
    with pytest.raises(Refused, match="已经可以修改"):
        deeds.unlock(application, "paper:nothing", by=application.trainee)
    with pytest.raises(Refused, match="只有学员本人"):
        deeds.unlock(application, "paper:licence", by=made.reviewer(application.base))
    assert list(invariants.broken()) == []


def test_the_next_submission_locks_everything_again_and_a_withdrawal_opens_it():
    application = by_summary()
    lay(application)
    application = made.hand_in(application)

    with pytest.raises(Refused, match="申请审核中"):
        lay_document(application, DocumentKind.PRACTICE)

    trainees.withdraw(application, by=application.trainee)
    lay_document(application, DocumentKind.DEGREE)
    assert list(invariants.broken()) == []


# --- What is answered --------------------------------------------------------------------------------


def test_nothing_is_handed_in_before_each_finding_is_answered():
    application = by_summary()

    with pytest.raises(Refused, match=r"还没有改好：.*出科小结：资料不清晰"):
        made.hand_in(application)

    lay(application)
    application = made.hand_in(application)
    answer = Answer.objects.get()
    assert (application.round, answer.changed, answer.submission.round) == (2, True, 2)


def test_the_same_picture_again_is_no_answer():
    application = by_summary()
    made.lay_papers(application, [])
    lay(application, colour=(205, 140, 110))  # as before

    with pytest.raises(Refused, match="还没有改好"):
        made.hand_in(application)


def test_a_finding_is_answered_by_an_explanation_that_goes_with_the_next_round():
    application = returned(WORKPLACE)
    finding = Finding.objects.get()

    deeds.explain(application, finding, by=application.trainee, text="单位已更名，证明见附件")
    application = made.hand_in(application)

    answer = Answer.objects.get()
    assert (answer.explanation, answer.changed, answer.submission.round) == (
        "单位已更名，证明见附件",
        False,
        2,
    )
    page = signed_in(made.reviewer(application.base)).get(
        reverse("review:application", args=[application.pk])
    )
    assert "学员说明：单位已更名，证明见附件" in page.text


def test_a_field_is_answered_by_another_value():
    application = returned(WORKPLACE)
    profile = Profile.objects.get(user=application.trainee)
    training.update_record(profile, by=application.trainee, workplace="江城第二医院")

    application = made.hand_in(application)

    page = signed_in(made.reviewer(application.base)).get(
        reverse("review:application", args=[application.pk])
    )
    assert "<b>已改</b>" in page.text


def test_an_explanation_is_only_for_a_finding_that_is_to_be_mended_and_has_words():
    application, other = returned(WORKPLACE), returned(WORKPLACE)
    finding = Finding.objects.get(review__submission__application=application)

    with pytest.raises(Refused, match="请写明情况"):
        deeds.explain(application, finding, by=application.trainee, text="")
    with pytest.raises(Conflict, match="不在当前的修改清单里"):
        deeds.explain(other, finding, by=other.trainee, text="x")
    with pytest.raises(Refused, match="只有学员本人"):
        deeds.explain(application, finding, by=made.reviewer(application.base), text="x")

    deeds.explain(application, finding, by=application.trainee, text="x")
    application = made.hand_in(application)
    with pytest.raises(Refused, match="材料已锁定"):
        deeds.explain(application, finding, by=application.trainee, text="y")


# --- The pages ---------------------------------------------------------------------------------------


def test_the_trainee_sees_each_finding_at_its_place_with_the_way_to_it():
    application = by_summary(note="科主任栏没有签名")
    client = signed_in(application.trainee)
    finding = reverse("completion:finding", args=[application.pk, Finding.objects.get().pk])

    for name in ("status", "materials", "application"):
        assert finding in client.get(reverse(f"completion:{name}", args=[application.pk])).text
    status = client.get(reverse("completion:status", args=[application.pk])).text
    assert "需要修改 1 项" in status
    assert "我还要改这一项" in status
    assert "还没有改好：" in status


def test_the_marked_picture_is_shown_also_when_it_was_replaced_and_only_to_its_owner():
    application = made.claimed()
    noted(application, page=diploma_page(application), box=(0.1, 0.2, 0.5, 0.4))
    fail(application)
    lay_document(made.again(application), DocumentKind.DIPLOMA)
    address = reverse("completion:finding", args=[application.pk, Finding.objects.get().pk])
    client = signed_in(application.trainee)

    page = client.get(address).text

    assert '<rect x="100"' in page
    assert "已改" in page
    picture = client.get(f"{address}picture/")
    assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")
    stranger = signed_in(made.submitted().trainee)
    assert [stranger.get(at).status_code for at in (address, f"{address}picture/")] == [404, 404]


def test_a_finding_without_a_picture_has_none_to_show():
    application = returned(WORKPLACE)
    address = reverse("completion:finding", args=[application.pk, Finding.objects.get().pk])
    client = signed_in(application.trainee)

    assert client.get(address).status_code == 200
    assert client.get(f"{address}picture/").status_code == 404


def test_an_explanation_too_long_is_kept_on_the_page():
    application = returned(WORKPLACE)
    address = reverse("completion:explain", args=[application.pk, Finding.objects.get().pk])
    client = signed_in(application.trainee)

    answer = client.post(address, {"text": "字" * 501})
    assert answer.status_code == 422
    assert "字" * 501 in answer.text
    assert "请写明情况" in client.post(address, {"text": " "}).text

    assert client.post(address, {"text": "已与市局说明"}).status_code == 302
    assert "您的说明：已与市局说明" in client.get(reverse("completion:status", args=[application.pk])).text


def test_unlocking_in_the_browser_leads_to_the_place():
    application = by_summary()
    client, address = signed_in(application.trainee), reverse("completion:unlock", args=[application.pk])

    assert client.post(address, {"item": "paper:degree"}).url.endswith("/materials/#degree")
    assert client.post(address, {"item": "nonsense"}).url.endswith("/status/#more")


@pytest.mark.parametrize("findings", (1, 3))
def test_the_trainees_pages_cost_the_same_however_many_findings_there_are(findings, queries):
    application = returned(*[WORKPLACE, "field:phone", DIPLOMA][:findings])
    client = signed_in(application.trainee)

    costs = []
    for name in ("application", "materials", "status"):
        with queries() as counted:
            client.get(reverse(f"completion:{name}", args=[application.pk]))
        costs.append(len(counted))

    assert costs == [17, 18, 18]
