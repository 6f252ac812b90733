"""一键修正 as the trainee sees it: the verdict at once, before and after, stored only with consent."""

import re
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.browsing import signed_in
from tests.factories import draft, submitted
from tests.imaging import corpus, pictures
from zhupei.audit.models import Event
from zhupei.files import storage
from zhupei.files.models import Page
from zhupei.imaging.portrait import inspect_portrait

HTMX = {"HX-Request": "true"}
CONSENT = "请先看过修正前后两张，再勾选同意"


@cache
def lying():
    return pictures.file_of(corpus.photo().rotate(90, expand=True))


@cache
def tilted():
    return pictures.file_of(corpus.tilted(13)(corpus.photo()))


@pytest.fixture
def trainee():
    return draft().trainee


@pytest.fixture
def desk(trainee):
    return signed_in(trainee)


def send(desk, content, kind="portrait"):
    at = reverse("training:lay_document", args=[kind])
    return desk.post(
        at, {"pictures": SimpleUploadedFile("照片.jpg", content), "mode": "replace"}, headers=HTMX
    )


def standing(trainee, kind="portrait"):
    return Page.objects.standing().get(slot__document__user=trainee, slot__document__kind=kind)


def set_aside(trainee):
    portraits = Page.objects.filter(slot__document__user=trainee, slot__document__kind="portrait")
    return portraits.exclude(removed_at=None).latest("added_at")


def form_of(desk, page):
    """What the page of 一键修正 would send."""
    shown = desk.get(reverse("training:mend", args=[page.pk])).content.decode()
    form = shown[shown.index('<form class="stack" method="post"') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_a_good_portrait_stands_at_once_with_nothing_to_say(desk, trainee):
    response = send(desk, pictures.PORTRAIT_413x626)

    assert response.status_code == 200
    picture = standing(trainee).picture
    assert (picture.flaws, picture.checks) == ([], 1)
    assert "合格" in response.content.decode()


def test_a_warning_is_shown_beside_the_portrait_and_stored_with_it(desk, trainee):
    response = send(desk, tilted())

    assert response.status_code == 200
    (flaw,) = standing(trainee).picture.flaws
    assert (flaw["weight"], flaw["code"]) == ("warns", "tilted")
    assert flaw["text"] in response.content.decode()


def test_a_portrait_that_lies_does_not_stand_but_can_be_mended(desk, trainee):
    before = standing(trainee)

    response = send(desk, lying())

    text = response.content.decode()
    assert response.status_code == 422
    assert "照片是横的" in text
    assert reverse("training:mend", args=[set_aside(trainee).pk]) in text
    assert standing(trainee) == before


def test_without_scripts_one_is_led_to_the_mending_at_once(desk, trainee):
    at = reverse("training:lay_document", args=["portrait"])

    response = desk.post(at, {"pictures": SimpleUploadedFile("照片.jpg", lying())})

    assert response.headers["Location"] == reverse("training:mend", args=[set_aside(trainee).pk])


def test_nothing_is_stored_by_looking(desk, trainee):
    send(desk, lying())
    pages, events = Page.objects.count(), Event.objects.count()
    page = set_aside(trainee)

    shown = desk.get(reverse("training:mend", args=[page.pk]))
    picture = desk.get(reverse("training:mended", args=[page.pk]))

    assert (shown.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert pictures.opened(picture.content).size == (413, 626)
    assert (Page.objects.count(), Event.objects.count()) == (pages, events)


def test_with_consent_the_mended_portrait_stands_and_the_original_is_kept(desk, trainee):
    send(desk, lying())
    page = set_aside(trainee)
    form = form_of(desk, page)

    response = desk.post(reverse("training:mend", args=[page.pk]), {**form, "agreed": "on"})

    assert response.status_code == 302
    picture = standing(trainee).picture
    assert inspect_portrait(corpus.opened(storage.get(picture.address))) == []
    assert picture.notes[0] == "转正 90°"
    assert picture.original_sha256 == page.picture.original_sha256
    assert storage.get(page.picture.address)
    assert Event.objects.latest("pk").verb == "training.document.mended"


def test_without_consent_nothing_happens_and_the_sentence_says_why(desk, trainee):
    send(desk, lying())
    page, before = set_aside(trainee), standing(trainee)

    response = desk.post(reverse("training:mend", args=[page.pk]), form_of(desk, page))

    assert response.status_code == 422
    assert CONSENT in response.content.decode()
    assert standing(trainee) == before


def test_another_crop_than_the_one_that_was_seen_is_not_stored(desk, trainee):
    send(desk, lying())
    page, before = set_aside(trainee), standing(trainee)
    form = {**form_of(desk, page), "agreed": "on", "top": "-4.0"}

    response = desk.post(reverse("training:mend", args=[page.pk]), form)

    assert response.status_code == 422
    assert "请再看一遍" in response.content.decode()
    assert standing(trainee) == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    (
        ("width", "4.9", "宽度（%）在 5 到 150 之间"),
        ("width", "150.1", "宽度（%）在 5 到 150 之间"),
        ("tilt", "20.1", "拉平（度）在 -20 到 20 之间"),
        ("left", "nan", "左边（%）请填数字"),
        ("turns", "4", "请选择旋转"),
    ),
)
def test_a_number_beyond_its_limit_is_said_at_the_field(desk, trainee, name, value, sentence):
    crop = {"turns": "0", "tilt": "0", "left": "0", "top": "0", "width": "100", name: value}

    page = desk.get(reverse("training:mend", args=[standing(trainee).pk]), crop)

    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_a_crop_of_too_few_pixels_is_said_in_a_sentence(desk, trainee):
    crop = {"turns": "0", "tilt": "0", "left": "0", "top": "0", "width": "30"}
    send(desk, pictures.PORTRAIT_413x626)

    page = desk.get(reverse("training:mend", args=[standing(trainee).pk]), crop)

    assert "不够 413×626" in page.content.decode()


def test_while_the_application_is_under_review_nothing_is_mended():
    trainee = submitted().trainee
    desk, page = signed_in(trainee), standing(trainee)

    response = desk.post(reverse("training:mend", args=[page.pk]), {"agreed": "on"})

    assert response.status_code == 422
    assert "已锁定" in response.content.decode()
    assert standing(trainee) == page


def test_a_crooked_certificate_is_straightened_on_its_own_page(desk, trainee):
    send(desk, pictures.file_of(corpus.on_desk(corpus.good_papers()[1], 7, 0.7)), "diploma")
    page = standing(trainee, "diploma")
    form = form_of(desk, page)

    desk.post(reverse("training:mend", args=[page.pk]), {**form, "agreed": "on"})

    new = standing(trainee, "diploma")
    assert [flaw["code"] for flaw in page.picture.flaws] == ["skewed"]
    assert (new.number, new.picture.notes, new.picture.flaws) == (page.number, ["按四角拉正并裁边"], [])


def test_a_pdf_becomes_the_pages_of_a_certificate(desk, trainee):
    paper = corpus.good_papers()[0]
    send(desk, pictures.file_of(paper, "PDF", save_all=True, append_images=[paper]), "licence")

    pages = Page.objects.standing().filter(slot__document__user=trainee, slot__document__kind="licence")
    assert [page.picture.notes[0] for page in pages][-2:] == ["PDF 第 1 页", "PDF 第 2 页"]
