"""签字材料存档: the base keeps a signed paper of signers who have left, and attests it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.browsing import signed_in
from tests.factories import ProfileFactory, jpeg
from tests.factories import process_stories as stories
from zhupei.audit.models import Event
from zhupei.training.models import SignedPaper

from .pages import text_of


@pytest.fixture
def rotation():
    return stories.leaving()


@pytest.fixture
def desk(rotation):
    return signed_in(stories.base_admin(rotation.enrolment.base))


def at(name, rotation, *more):
    return reverse(f"training:{name}", args=[rotation.pk, *more])


def lay(desk, rotation, content=None, **more):
    picture = SimpleUploadedFile("小结.jpg", content or jpeg())
    sent = {"pictures": picture, "mode": "replace"}
    return desk.post(at("lay_archive", rotation, "summary"), sent, follow=True, **more)


def test_the_base_lays_the_signed_paper_and_attests_it(desk, rotation):
    assert "未上传" in text_of(desk.get(at("archive", rotation)))
    assert "核对后请确认与原件一致" in text_of(lay(desk, rotation))

    sent = {"summary-reason": "带教老师已调离"}
    page = text_of(desk.post(at("attest", rotation, "summary"), sent, follow=True))

    assert "出科小结已确认与原件一致" in page
    assert "核对：带教老师已调离" in page
    assert SignedPaper.objects.attested().get().attested_note == "带教老师已调离"
    assert Event.objects.filter(verb="training.paper.attested").count() == 1


def test_without_a_reason_nothing_is_attested(desk, rotation):
    lay(desk, rotation)

    answer = desk.post(at("attest", rotation, "summary"), {"summary-reason": " "})

    assert answer.status_code == 422
    assert not SignedPaper.objects.attested().exists()


def test_without_a_paper_nothing_is_attested(desk, rotation):
    answer = desk.post(at("attest", rotation, "assessment"), {"assessment-reason": "已退休"})

    assert answer.status_code == 422
    assert "还没有上传出科考核表" in text_of(answer)


def test_new_pages_have_to_be_attested_anew(desk, rotation):
    lay(desk, rotation)
    desk.post(at("attest", rotation, "summary"), {"summary-reason": "已退休"})

    page = text_of(lay(desk, rotation, jpeg((10, 90, 10))))

    assert "确认与原件一致</button>" in page
    assert not SignedPaper.objects.attested().exists()


def test_what_is_no_picture_is_refused_in_words(desk, rotation):
    page = text_of(lay(desk, rotation, b"%PDF-1.7 not a picture"))

    assert not SignedPaper.objects.exists()
    assert "出科小结：" in page


def test_with_scripts_the_place_alone_comes_back(desk, rotation):
    place = text_of(lay(desk, rotation, headers={"HX-Request": "true"}))

    assert place.lstrip().startswith('<div class="slot" data-state="ok"')


def test_the_kept_pages_are_seen_by_the_base(desk, rotation):
    lay(desk, rotation)
    page = SignedPaper.objects.get().slot.pages.get()

    for name in ("archived", "archived_small"):
        answer = desk.get(at(name, rotation, page.pk))
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")


def test_another_base_the_teacher_and_the_trainee_find_nothing(rotation):
    others = (stories.base_admin(stories.leaving().enrolment.base), rotation.teacher, rotation.enrolment.user)
    for person in others:
        assert signed_in(person).get(at("archive", rotation)).status_code == 404


def test_the_way_there_is_on_the_page_of_the_trainee(desk, rotation):
    ProfileFactory(user=rotation.enrolment.user)

    page = text_of(desk.get(reverse("administration:trainee", args=[rotation.enrolment_id])))

    assert at("archive", rotation) in page
