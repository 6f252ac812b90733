"""存储签名: kept once, used under the exit forms, accepted by a season instead of ink on paper."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from tests import factories as made
from tests.browsing import signed_in
from tests.factories import process_stories as stories
from tests.factories import signature
from zhupei.completion.actions import application as trainees
from zhupei.completion.checklist import check
from zhupei.completion.content import archive_words, describe
from zhupei.completion.dossier import load
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training import actions, exit_paper
from zhupei.training.choices import Consent, PaperKind, Party
from zhupei.training.models import Rotation, SignedPaper, Signing, StoredSignature

from .pages import text_of

MINE = "/teaching/exits/signature/"


@pytest.fixture
def rotation():
    found = stories.leaving()
    for person in (found.teacher, found.head):
        signature(person)
    return found


def drawing(strokes=((40, 40), (120, 110), (200, 50), (280, 100)), name="签名.png"):
    image = Image.new("RGB", (400, 150), "white")
    ImageDraw.Draw(image).line(strokes, fill="black", width=6)
    file = io.BytesIO()
    image.save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def summed_up(rotation, **how):
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="一个月来掌握了骨折的处理。")
    rotation = stories.fresh(rotation)
    actions.appraise_summary(rotation, by=rotation.teacher, text="认真负责", **how)
    rotation = stories.fresh(rotation)
    actions.conclude_summary(rotation, by=rotation.head, text="", agrees=Consent.YES, **how)
    return stories.fresh(rotation)


def filled(rotation, **how):
    ratings = stories.best(rotation)
    actions.fill_assessment(rotation, by=rotation.teacher, ratings=ratings, **stories.SCORES, **how)
    return stories.fresh(rotation)


def signed(rotation):
    """Closed, everybody having signed with a stored signature."""
    rotation = filled(summed_up(rotation, sign=True), sign=True)
    actions.confirm_assessment(rotation, by=rotation.head, sign=True)
    return stories.fresh(rotation)


def loaded(rotation):
    return exit_paper.loaded(Rotation.objects.filter(pk=rotation.pk)).get()


# --- Keeping one ------------------------------------------------------------------------------------


def test_a_teacher_writes_a_signature_once_and_sees_it():
    teacher = stories.leaving().teacher
    client = signed_in(teacher)

    answer = client.post(MINE, {"picture": drawing()}, follow=True)

    assert "签名已存入" in text_of(answer)
    kept = StoredSignature.objects.of(teacher).get()
    picture = client.get(reverse("exits:signature_picture"))
    assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")
    assert kept.picture.width < 400  # the ink alone


@pytest.mark.parametrize(
    ("sent", "sentence"),
    (
        ({}, "请先在框里签名，或选择签名的照片"),
        ({"picture": drawing(strokes=())}, "没有看到签名的笔迹"),
        ({"picture": SimpleUploadedFile("签名.jpg", b"<svg/>", "image/jpeg")}, "不是"),
        ({"picture": SimpleUploadedFile("签名.jpg", b"", "image/jpeg")}, "空"),
    ),
    ids=("nothing", "an empty pad", "no picture", "no bytes"),
)
def test_what_is_no_signature_is_refused_with_a_sentence_and_the_old_one_stays(sent, sentence):
    teacher = stories.leaving().teacher
    old = signature(teacher)

    answer = signed_in(teacher).post(MINE, sent)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert StoredSignature.objects.of(teacher).get() == old


def test_a_new_signature_replaces_the_old_one_but_not_under_what_was_signed(rotation):
    rotation = summed_up(rotation, sign=True)
    old = StoredSignature.objects.of(rotation.teacher).get()

    new = signature(rotation.teacher)

    sheet = exit_paper.summary_sheet(loaded(rotation))
    assert StoredSignature.objects.of(rotation.teacher).get() == new
    assert sheet.teacher.signing.signature == old


def test_who_signs_nothing_has_no_such_page(rotation):
    for person in (rotation.enrolment.user, stories.staff(rotation, Role.SECRETARY)):
        assert signed_in(person).get(MINE).status_code == 404
        assert signed_in(person).post(MINE, {"picture": drawing()}).status_code == 404
    with pytest.raises(Refused, match="带教老师和科主任才需要"):
        actions.keep_signature(made.fitted(), by=rotation.enrolment.user)


def test_a_signature_is_put_out_of_use_once(rotation):
    client = signed_in(rotation.teacher)

    first = text_of(client.post(f"{MINE}drop/", follow=True))
    again = text_of(client.post(f"{MINE}drop/", follow=True))

    assert "已停用存储签名" in first
    assert "还没有存储签名" in again
    assert not StoredSignature.objects.of(rotation.teacher).exists()


# --- Signing ------------------------------------------------------------------------------------------


def test_teacher_and_head_sign_in_the_browser_and_both_forms_show_it(rotation):
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    teacher, head = signed_in(rotation.teacher), signed_in(rotation.head)
    exits = {name: reverse(f"exits:{name}", args=[rotation.pk]) for name in ("appraise", "fill", "conclude")}
    ratings = {f"item-{pk}": value for pk, value in stories.best(rotation).items()}

    assert 'name="sign"' in text_of(teacher.get(exits["appraise"]))
    teacher.post(exits["appraise"], {"text": "认真", "sign": "on"})
    teacher.post(exits["fill"], {**ratings, **stories.SCORES, "do": "hand_on", "sign": "on"})
    head.post(
        exits["conclude"], {"agrees": "yes", "text": "", "do": "confirm", "seen_revision": "1", "sign": "on"}
    )

    assert Signing.objects.filter(rotation=rotation).count() == 4
    trainee = signed_in(rotation.enrolment.user)
    for kind in PaperKind:
        page = text_of(trainee.get(reverse(f"training:{kind}", args=[rotation.pk])))
        codes = Signing.objects.filter(rotation=rotation, kind=kind).values_list("code", flat=True)
        assert all(f"签名码 <code>{code}</code>" in page for code in codes)
        assert "手签字" not in page
        printed = trainee.get(reverse("training:paper", args=[rotation.pk, kind]))
        assert printed.content.startswith(b"%PDF")


def test_without_the_tick_the_form_waits_for_ink_as_before(rotation):
    rotation = summed_up(rotation)

    sheet = exit_paper.summary_sheet(loaded(rotation))

    assert sheet.head.name == rotation.head.full_name
    assert sheet.head.signing is None


def test_nobody_signs_for_another_and_nobody_without_a_signature(rotation):
    secretary = stories.staff(rotation, Role.SECRETARY)
    actions.submit_summary(rotation, by=rotation.enrolment.user, text="小结")
    rotation = stories.fresh(rotation)

    with pytest.raises(Refused, match="代填时不能使用签名"):
        actions.appraise_summary(rotation, by=secretary, text="认真", sign=True)
    actions.drop_signature(by=rotation.teacher)
    with pytest.raises(Refused, match="还没有存储签名"):
        actions.appraise_summary(rotation, by=rotation.teacher, text="认真", sign=True)
    assert not stories.fresh(rotation).summary.teacher_at  # nothing half-done


def test_what_is_handed_on_anew_is_signed_anew(rotation):
    rotation = summed_up(rotation, sign=True)
    before = exit_paper.summary_sheet(loaded(rotation)).head.signing

    actions.conclude_summary(rotation, by=rotation.head, text="补充一句", agrees=Consent.YES)

    assert before is not None
    assert exit_paper.summary_sheet(loaded(rotation)).head.signing is None


def test_only_who_may_read_the_form_sees_the_signature(rotation):
    rotation = summed_up(rotation, sign=True)
    signing = Signing.objects.get(rotation=rotation, office=Party.HEAD)
    address = reverse("training:signed", args=[rotation.pk, signing.pk])

    seen = signed_in(rotation.enrolment.user).get(address)
    assert b"".join(seen.streaming_content).startswith(b"\xff\xd8")
    assert signed_in(stories.leaving().teacher).get(address).status_code == 404


# --- Instead of ink ------------------------------------------------------------------------------------


def papers_of(application, rotation):
    """What the application holds of that rotation, by kind, and what the checklist says of it."""
    dossier = load(application, today=timezone.localdate())
    (stay,) = [it for it in describe(dossier)["rotations"] if it["key"] == str(rotation.pk)]
    keys = {f"paper:{paper['key']}" for paper in stay["papers"]}
    return stay["papers"], {item.state for item in check(dossier).items if item.key in keys}


@pytest.mark.parametrize("accepts", (True, False))
def test_a_season_takes_fully_signed_forms_for_the_papers_or_not(accepts):
    enrolment = made.trainee(rotations=0)
    rotation = stories.leaving(enrolment)
    for person in (rotation.teacher, rotation.head):
        signature(person)
    rotation = signed(rotation)
    season = made.season(province=enrolment.base.province, accepts_stored_signatures=accepts)
    application = trainees.start(enrolment, season, by=enrolment.user)

    papers, states = papers_of(application, rotation)

    assert [bool(paper["images"]) for paper in papers] == [accepts, accepts]
    assert states == {"done" if accepts else "missing"}
    if accepts:
        told = f"{timezone.localdate()} 已在平台签名，不用再上传"
        assert {archive_words(paper["archive"]) for paper in papers} == {told}


def test_a_form_that_one_of_them_did_not_sign_so_is_not_kept_as_a_paper(rotation):
    rotation = filled(summed_up(rotation, sign=True))
    actions.confirm_assessment(rotation, by=rotation.head, sign=True)

    kept = SignedPaper.objects.filter(rotation=rotation, signed_at__isnull=False)
    assert {paper.kind for paper in kept} == {PaperKind.SUMMARY}


def test_opening_the_rotation_again_voids_what_the_platform_printed(rotation):
    rotation = signed(rotation)
    by = stories.base_admin(rotation.enrolment.base)

    actions.reopen(rotation, by=by, reason="成绩录入有误")

    assert not SignedPaper.objects.standing_in(signed=True).exists()
    assert not any(paper.slot.pages.standing().exists() for paper in SignedPaper.objects.all())


def test_what_the_base_attested_stays_instead_of_the_print(rotation):
    by = stories.base_admin(rotation.enrolment.base)
    actions.lay_signed_paper(rotation, PaperKind.SUMMARY, [made.fitted()], by=by, replace=True)
    actions.attest_paper(rotation, PaperKind.SUMMARY, by=by, note="原件")

    rotation = signed(rotation)

    kept = SignedPaper.objects.get(rotation=rotation, kind=PaperKind.SUMMARY)
    assert kept.signed_at is None
    assert kept.slot.pages.standing().count() == 1
