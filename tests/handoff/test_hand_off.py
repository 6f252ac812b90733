"""用手机拍: ten minutes, one place, nothing else to see."""

import io
import logging
import re
from datetime import timedelta

import cv2
import numpy
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.browsing import signed_in
from zhupei.audit.models import Event
from zhupei.files.models import Page
from zhupei.handoff import actions, places, rules, tokens
from zhupei.handoff.models import HandOff
from zhupei.lib.verdicts import Refused
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind
from zhupei.web.logs import masked

DIPLOMA = "diploma"


@pytest.fixture
def application():
    return factories.draft(rotations=1)


@pytest.fixture
def trainee(application):
    return application.trainee


@pytest.fixture
def hand_off(trainee):
    return actions.open_to_phone(places.of_document(trainee, DIPLOMA))


@pytest.fixture
def phone() -> Client:
    """Nobody is signed in there."""
    return Client()


def at(hand_off: HandOff) -> str:
    return reverse("handoff:phone", args=[tokens.token_of(hand_off.pk)])


def send(phone: Client, hand_off: HandOff, *colours: tuple[int, int, int], mode: str = "replace", **headers):
    files = [SimpleUploadedFile("照片.jpg", factories.jpeg(colour)) for colour in colours]
    return phone.post(at(hand_off), {"pictures": files, "mode": mode}, headers=headers)


def standing(user) -> list[Page]:
    return list(Page.objects.standing().filter(slot__document__user=user, slot__document__kind=DIPLOMA))


RED, GREEN = (200, 30, 30), (30, 200, 30)


# --- A picture comes ------------------------------------------------------------------------------


def test_a_picture_from_the_phone_lies_where_the_trainee_would_have_laid_it(phone, trainee, hand_off):
    answer = send(phone, hand_off, RED)

    [page] = standing(trainee)
    assert answer.headers["Location"] == at(hand_off)
    assert page.added_by == trainee
    laid = Event.objects.get(verb="training.document.laid", facts__pages=[str(page.picture_id)])
    told = Event.objects.get(verb="handoff.pictures.laid")
    assert (laid.actor_id, told.actor_id) == (trainee.pk, trainee.pk)
    assert told.facts == {"hand_off": str(hand_off.pk), "pages": [str(page.pk)]}
    assert told.subject_id == laid.subject_id


def test_several_pages_of_a_paper_come_one_after_the_other(phone, application, trainee):
    rotation = application.enrolment.rotations.get()
    hand_off = actions.open_to_phone(places.of_paper(trainee, application.pk, rotation.pk, "summary"))

    send(phone, hand_off, RED, mode="replace")
    send(phone, hand_off, GREEN, mode="add")

    hand_off.refresh_from_db()
    pages = Page.objects.standing().filter(slot__material__rotation=rotation, slot__material__kind="summary")
    assert [page.number for page in pages] == [1, 2]
    assert hand_off.pages == [str(page.pk) for page in pages]
    assert hand_off.tries == 2


def test_the_page_of_the_pc_shows_what_came_and_stops_asking_when_it_is_over(phone, trainee, hand_off):
    pc, code = signed_in(trainee), reverse("handoff:code", args=[hand_off.pk])
    whole = pc.get(code).content.decode()
    assert "<svg" in whole
    assert "已收到 0 张" in whole

    send(phone, hand_off, RED)
    part = pc.get(code, headers={"HX-Request": "true"}).content.decode()
    [page] = standing(trainee)
    assert "已收到 1 张" in part
    assert f"/training/profile/pictures/{page.pk}/small/" in part
    assert 'hx-trigger="every 3s"' in part
    assert "<html" not in part

    pc.post(reverse("handoff:end", args=[hand_off.pk]), {"attempt": "1"})
    over = pc.get(code, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in over
    assert "已停用" in over


def test_asking_again_and_again_does_not_keep_a_session_alive(trainee, hand_off):
    pc = signed_in(trainee)
    session = pc.session
    session["seen_at"] = seen = int(timezone.now().timestamp()) - 600
    session.save()

    code = reverse("handoff:code", args=[hand_off.pk])
    pc.get(code, headers={"HX-Request": "true", "X-Polling": "on"})
    assert pc.session["seen_at"] == seen
    pc.get(code)
    assert pc.session["seen_at"] > seen


def test_our_script_gets_the_place_alone(phone, hand_off):
    answer = send(phone, hand_off, RED, **{"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div class="slot')
    assert "已送到电脑上" in answer.content.decode()


def test_one_comes_back_to_the_page_one_came_from(application, trainee):
    pc, materials = signed_in(trainee), f"{application.get_absolute_url()}materials/"
    page = pc.get(materials).content.decode()
    address = reverse("handoff:document", args=[DIPLOMA])
    assert f'formaction="{address}?next={materials.replace("/", "%2F")}%23{DIPLOMA}"' in page

    for target, back in ((f"{materials}#diploma", f"{materials}#diploma"), ("//evil.example/", None)):
        pc.post(f"{address}?next={target.replace('#', '%23')}")
        opened = HandOff.objects.latest("opened_at")
        assert opened.back == (back or f"{reverse('training:profile')}#{DIPLOMA}")


def test_the_code_holds_the_address(trainee, hand_off):
    whole = signed_in(trainee).get(reverse("handoff:code", args=[hand_off.pk])).content.decode()
    size = int(whole.split('viewBox="0 0 ')[1].split()[0])

    picture = numpy.full((size * 8, size * 8), 255, numpy.uint8)
    x, y = 0, 0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", whole.split('class="qrline"')[1].split("/>")[0]):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            picture[int((y - 0.5) * 8) : int((y + 0.5) * 8), int(x * 8) : int((x + values[0]) * 8)] = 0
            x += values[0]
        else:
            x, y = (x + values[0], y + values[1]) if command == "m" else values
    read, *_ = cv2.QRCodeDetector().detectAndDecode(picture)

    assert read == tokens.address_of(hand_off.pk)


# --- What is refused, in sentences ---------------------------------------------------------------


def test_what_is_no_picture_is_refused_with_a_sentence(phone, trainee, hand_off):
    before = standing(trainee)

    answer = phone.post(at(hand_off), {"pictures": SimpleUploadedFile("照片.jpg", b"GIF89a?"), "mode": "add"})

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert standing(trainee) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    (
        ({"expires_at": timedelta(seconds=-1)}, "已过期"),
        ({"ended_at": timedelta()}, "已停用"),
        ({"opened_at": timedelta(minutes=5)}, "已过期"),  # the clock was put back
        ({"tries": rules.MOST_TRIES}, "已发送"),
    ),
)
def test_a_code_that_is_over_takes_nothing(phone, trainee, hand_off, change, sentence):
    before = standing(trainee)
    is_moment = lambda it: isinstance(it, timedelta)  # noqa: E731
    values = {name: timezone.now() + it if is_moment(it) else it for name, it in change.items()}
    HandOff.objects.filter(pk=hand_off.pk).update(**values)

    shown, sent = phone.get(at(hand_off)), send(phone, hand_off, RED)

    assert sentence in shown.content.decode()
    assert '<input class="vh" type="file"' not in shown.content.decode()
    assert (sent.status_code, sentence in sent.content.decode()) == (422, True)
    assert standing(trainee) == before


def test_a_code_ends_with_the_account_of_its_owner(phone, trainee, hand_off):
    type(trainee).objects.filter(pk=trainee.pk).update(disabled_at=timezone.now())

    assert send(phone, hand_off, RED).status_code == 422


def test_what_is_locked_for_the_trainee_is_locked_for_the_phone(phone, trainee, hand_off):
    training.lock_documents(trainee)

    answer = send(phone, hand_off, RED)

    assert (answer.status_code, "审核中" in answer.content.decode()) == (422, True)
    with pytest.raises(Refused, match="审核中"):
        actions.open_to_phone(places.of_document(trainee, DIPLOMA))


def test_a_token_that_nobody_made_is_no_page(phone, hand_off):
    for token in ("x", str(hand_off.pk), hand_off.digest, tokens.token_of(hand_off.owner_id)):
        assert phone.get(f"/m/{token}/").status_code == 404
        assert phone.post(f"/m/{token}/").status_code == 404


def test_a_new_code_for_the_same_place_ends_the_one_before(trainee, hand_off):
    elsewhere = actions.open_to_phone(places.of_document(trainee, "degree"))
    actions.open_to_phone(places.of_document(trainee, DIPLOMA))

    for it in (hand_off, elsewhere):
        it.refresh_from_db()
    assert hand_off.ended_at is not None
    assert elsewhere.ended_at is None


def test_nobody_makes_codes_without_end(trainee, hand_off):
    for _ in range(rules.MOST_AN_HOUR - 1):
        actions.open_to_phone(places.of_document(trainee, DIPLOMA))

    answer = signed_in(trainee).post(reverse("handoff:document", args=[DIPLOMA]), follow=True)

    assert "请稍后再试" in answer.content.decode()
    assert HandOff.objects.count() == rules.MOST_AN_HOUR


def test_who_is_done_on_the_phone_ends_the_code(phone, hand_off):
    phone.post(f"{at(hand_off)}done/")

    hand_off.refresh_from_db()
    assert hand_off.ended_at is not None
    assert Event.objects.get(verb="handoff.ended").actor == "系统"


def test_the_portrait_is_not_taken_this_way(trainee):
    answer = signed_in(trainee).post(reverse("handoff:document", args=[DocumentKind.PORTRAIT]))

    assert answer.status_code == 404


# --- What nobody learns --------------------------------------------------------------------------


def test_the_token_is_neither_stored_nor_told_to_the_log(hand_off):
    token = tokens.token_of(hand_off.pk)
    stored = [str(getattr(hand_off, field.attname)) for field in HandOff._meta.concrete_fields]

    assert token not in " ".join(stored)
    assert token not in str(list(Event.objects.values_list("facts", "subject")))
    assert masked(f"Not Found: /m/{token}/done/") == "Not Found: /m/…/done/"


def test_a_refusal_is_logged_without_its_address(phone, hand_off, caplog):
    HandOff.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    masking = settings.LOGGING["filters"]["masked"]["()"]
    handler.addFilter(getattr(__import__("zhupei.web.logs", fromlist=["x"]), masking.rpartition(".")[2])())
    logging.getLogger("django.request").addHandler(handler)
    try:
        send(phone, hand_off, RED)
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert "Unprocessable" in text.getvalue()
    assert tokens.token_of(hand_off.pk) not in text.getvalue()


def test_the_phone_sees_no_name_and_no_other_page(phone, trainee, hand_off):
    answer = phone.get(at(hand_off))
    page = answer.content.decode()

    assert trainee.full_name not in page
    assert f"{trainee.full_name[0]}*" in page
    assert "<img" not in page.split("<main")[1].split("</main>")[0]
    assert "no-store" in answer.headers["Cache-Control"]


def test_codes_of_yesterday_are_forgotten(hand_off):
    assert actions.forget_hand_offs() == 0

    HandOff.objects.update(expires_at=timezone.now() - actions.KEPT - timedelta(minutes=1))

    assert actions.forget_hand_offs() == 1
