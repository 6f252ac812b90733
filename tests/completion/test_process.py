"""What completion reads from the process system: the figures, the ledger, the papers kept by the base."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.browsing import signed_in
from tests.factories import fitted
from tests.factories import process_stories as stories
from zhupei.completion import snapshot, supplements
from zhupei.completion.actions import application as trainees
from zhupei.completion.checklist import check
from zhupei.completion.content import describe
from zhupei.completion.dossier import load
from zhupei.completion.models import Application
from zhupei.files.models import Page
from zhupei.imaging.rules import PAPER
from zhupei.training import actions as training
from zhupei.training.choices import Indicator, PaperKind
from zhupei.training.models import Rotation


def page_of(application: Application, person=None) -> str:
    """The reviewer's workbench, or the trainee's own page."""
    name = "completion:application" if person == application.trainee else "review:application"
    client = signed_in(person or made.reviewer(application.reviewer()))
    return client.get(reverse(name, args=[application.pk])).content.decode()


def is_there(client, name: str, *keys) -> bool:
    """Found, and taken to the end."""
    answer = client.get(reverse(name, args=keys))
    b"".join(answer)
    return answer.status_code == 200


def archive(rotation: Rotation, kind: PaperKind = PaperKind.SUMMARY, **how) -> list[Page]:
    """The base keeps a signed paper with the rotation, and attests it unless it is 历史数据."""
    by = stories.base_admin(rotation.enrolment.base)
    colours = fitted(PAPER, (90, 90, 200))
    paper = training.lay_signed_paper(rotation, kind, [colours], by=by, replace=True, **how)
    if not how:
        training.attest_paper(rotation, kind, by=by, note="带教老师已调离")
    return list(paper.slot.pages.all())


def without_papers() -> Application:
    """A draft of which only the signed papers are missing."""
    enrolment = made.trainee()
    application = trainees.start(enrolment, made.season(province=enrolment.base.province), by=enrolment.user)
    return trainees.set_register(application, by=enrolment.user, status="done")


# --- Figures ------------------------------------------------------------------------------------------


def test_the_indicators_of_every_rotation_are_frozen_and_shown_to_both_sides():
    application = made.submitted()
    (stay,) = snapshot.thaw(application.submissions.get().content)["rotations"]

    assert [(it["required"], it["filled"]) for it in stay["indicators"]] == [
        (7, 7), (34, 36), (0, 0), (39, 41)
    ]  # fmt: skip
    assert (stay["filled"], stay["approved"]) == ("100%", "100%")
    for page in (page_of(application), page_of(application, application.trainee)):
        assert "36/34" in page
        assert "现为" not in page


def test_a_figure_that_has_changed_since_stands_beside_the_frozen_one():
    application = made.submitted()
    training.count(application.enrolment.rotations.get(), by=None, done={Indicator.CASE: (0, 0)})

    for page in (page_of(application), page_of(application, application.trainee)):
        assert "36/34" in page
        assert '100% <span class="small quiet">现为 91.3%</span>' in page


def test_a_draft_shows_what_is_now_and_nothing_beside_it():
    application = made.draft()
    training.count(application.enrolment.rotations.get(), by=None, done={Indicator.CASE: (0, 0)})

    page = page_of(application, application.trainee)

    assert "91.3%" in page
    assert "现为" not in page


def test_a_round_from_before_the_indicators_were_frozen_is_still_shown():
    application = made.submitted()
    submission = application.submissions.get()
    content = snapshot.thaw(submission.content)
    for stay in content["rotations"]:
        del stay["indicators"], stay["filled"], stay["approved"]
    text = snapshot.freeze(content, warnings=[], nonce="00" * 16)
    type(submission).objects.filter(pk=submission.pk).update(content=text)

    assert "各轮转指标" not in page_of(application)


def test_a_reviewer_reads_the_ledger_of_a_rotation_under_review():
    application = made.submitted()
    rotation = application.enrolment.rotations.get()
    address = reverse("review:ledger", args=[application.pk, rotation.pk])
    assert address in page_of(application)

    page = signed_in(made.reviewer(application.base)).get(f"{address}?counted=yes")

    assert page.status_code == 200
    assert f"审核：{application.trainee}" in page.content.decode()
    assert "去登记" not in page.content.decode()


def test_the_ledger_of_a_rotation_that_is_not_of_the_application_is_not_there():
    application, other = made.submitted(), made.submitted()
    desk = signed_in(made.reviewer(application.base))
    theirs = other.enrolment.rotations.get().pk

    for pk, rotation in ((application.pk, theirs), (other.pk, theirs)):
        assert desk.get(reverse("review:ledger", args=[pk, rotation])).status_code == 404


# --- Whom 出科 waits for --------------------------------------------------------------------------------


def test_the_materials_say_whom_a_rotation_waits_for_and_take_the_paper_all_the_same():
    application = without_papers()
    rotation = application.enrolment.rotations.get()
    me = signed_in(application.trainee)

    page = me.get(reverse("completion:materials", args=[application.pk])).content.decode()

    assert "学员未提交出科小结" in page
    assert "带教老师未审核出科考核表" in page
    assert reverse("completion:lay_paper", args=[application.pk, rotation.pk, "summary"]) in page


# --- Papers kept by the base ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "words"),
    (
        ({}, "核对，与原件一致：带教老师已调离"),
        ({"is_imported": True}, "已由基地存档（历史数据）"),
    ),
)
def test_a_paper_kept_by_the_base_fills_the_place(how, words):
    application = without_papers()
    rotation = application.enrolment.rotations.get()
    (kept,) = archive(rotation, **how)
    me = signed_in(application.trainee)

    dossier = load(application, today=timezone.localdate())
    missing = {item.what for item in check(dossier).missing}
    page = me.get(reverse("completion:materials", args=[application.pk])).content.decode()

    assert f"{rotation} 出科小结" not in missing
    assert f"{rotation} 出科考核表" in missing
    assert words in page
    for name in ("picture", "small", "view_page"):
        assert is_there(me, f"completion:{name}", application.pk, kept.pk)
    remove = reverse("completion:remove_page", args=[application.pk, kept.pk])
    assert me.post(remove).status_code == 404


def test_a_paper_that_nobody_attested_fills_nothing():
    application = without_papers()
    rotation = application.enrolment.rotations.get()
    by = stories.base_admin(rotation.enrolment.base)
    training.lay_signed_paper(rotation, PaperKind.SUMMARY, [fitted()], by=by, replace=True)

    dossier = load(application, today=timezone.localdate())

    assert dossier.papers_of(rotation, PaperKind.SUMMARY) == []


def test_what_the_trainee_hands_in_goes_before_what_the_base_keeps():
    application = made.draft()
    rotation = application.enrolment.rotations.get()
    (kept,) = archive(rotation)

    (paper, _) = describe(load(application, today=timezone.localdate()))["rotations"][0]["papers"]

    assert "archive" not in paper
    assert str(kept.pk) not in [image["page"] for image in paper["images"]]


def test_a_kept_paper_is_frozen_and_shown_to_the_reviewer_with_its_attestation():
    application = without_papers()
    rotation = application.enrolment.rotations.get()
    pages = [page for kind in PaperKind for page in archive(rotation, kind)]

    application = made.hand_in(application)

    submission = application.submissions.get()
    held = set(submission.pages.values_list("page", flat=True))
    assert {page.pk for page in pages} <= held
    desk = signed_in(made.reviewer(application.base))
    address = reverse("review:application", args=[application.pk])
    shown = desk.get(f"{address}?item={rotation.pk}:summary").content.decode()
    assert "核对，与原件一致：带教老师已调离" in shown
    assert is_there(desk, "review:picture", application.pk, pages[0].pk)


def test_a_kept_paper_counts_as_handed_in_later():
    application = made.submitted(unfinished=1)
    row = application.submissions.get().supplements.get()
    for kind in PaperKind:
        archive(row.rotation, kind)

    (later,) = supplements.of(application, today=timezone.localdate() + timedelta(days=400))

    assert later.state == "waiting"
    page = later.papers[PaperKind.SUMMARY][0]
    desk = signed_in(made.reviewer(application.base))
    assert is_there(desk, "review:picture", application.pk, page.pk)
