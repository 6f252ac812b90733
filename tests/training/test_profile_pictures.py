"""证照 and 电子照片 of 个人中心: pictures arrive, are looked at, go."""

import pytest

from tests.factories import PageFactory, jpeg, submitted, trainee
from tests.imaging.pictures import PORTRAIT_413x626
from zhupei.training import actions

from .pages import PROFILE, sign_in, standing, text_of, upload

HTMX = {"HX-Request": "true"}


@pytest.fixture
def enrolment():
    return trainee(rotations=2, unfinished=1)


@pytest.fixture
def me(client, enrolment):
    """The client, signed in as the trainee."""
    sign_in(client, enrolment.user)
    return client


def test_a_picture_is_laid_and_shown_again(me, enrolment):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add")

    [laid] = standing(enrolment.user, "practice")
    assert response.url == f"{PROFILE}#practice"
    assert "医师执业证书已上传" in text_of(me.get(response.url))
    for address in (f"{PROFILE}pictures/{laid.pk}/", f"{PROFILE}pictures/{laid.pk}/small/"):
        picture = me.get(address)
        assert picture.headers["Content-Type"] == "image/jpeg"
        assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")


def test_our_script_is_answered_with_the_slot(me):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add", headers=HTMX)

    text = text_of(response)
    assert response.status_code == 200
    assert text.lstrip().startswith('<div class="slot"')
    assert "已上传 · 413×626" in text  # and what the machine noticed: the page is blank
    assert "<html" not in text


def test_the_portrait_is_answered_with_its_own_place_and_always_replaces(me, enrolment):
    response = upload(me, "portrait", PORTRAIT_413x626, mode="add", headers=HTMX)

    assert response.status_code == 200
    assert 'id="photo"' in text_of(response)
    assert len(standing(enrolment.user, "portrait")) == 1


def test_pages_are_added_or_replaced_as_asked(me, enrolment):
    upload(me, "practice", jpeg((1, 2, 3)), jpeg((4, 5, 6)), mode="add")
    upload(me, "practice", jpeg((7, 8, 9)), mode="add")
    assert len(standing(enrolment.user, "practice")) == 3

    upload(me, "practice", jpeg((10, 11, 12)), mode="replace")
    assert len(standing(enrolment.user, "practice")) == 1


def test_the_good_pictures_are_kept_even_if_others_are_refused(me, enrolment):
    response = upload(me, "practice", jpeg((1, 2, 3)), b"no picture", mode="add", headers=HTMX)

    assert response.status_code == 422
    assert "第 2 张：" in text_of(response)
    assert len(standing(enrolment.user, "practice")) == 1


def test_why_a_picture_was_refused_is_said_without_scripts_too(me, enrolment):
    response = upload(me, "practice", jpeg(size=(300, 300)), mode="add")

    assert response.status_code == 302
    assert "图片太小：应不小于 413×626 像素，现在是 300×300" in text_of(me.get(response.url))
    assert standing(enrolment.user, "practice") == []


def test_sending_nothing_is_answered(me):
    response = me.post(f"{PROFILE}documents/practice/", headers=HTMX)

    assert response.status_code == 422
    assert "请先选择图片" in text_of(response)


@pytest.mark.parametrize("kind", ("reduction", "nonsense", "summary"))
def test_what_is_not_asked_has_no_place(me, kind):
    assert upload(me, kind, jpeg()).status_code == 404


def test_under_review_the_pictures_are_locked(client):
    application = submitted()
    user = application.trainee
    sign_in(client, user)
    [before] = standing(user, "diploma")

    answered = upload(client, "diploma", jpeg((1, 2, 3)), mode="replace", headers=HTMX)
    removed = client.post(f"{PROFILE}pictures/{before.pk}/remove/", headers=HTMX)

    assert (answered.status_code, removed.status_code) == (422, 422)
    assert "申请审核中，证照与电子照片已锁定" in text_of(answered)
    assert "申请审核中，证照与电子照片已锁定" in text_of(client.get(PROFILE))
    assert standing(user, "diploma") == [before]


def test_a_page_is_taken_away_and_stays_in_the_history(me, enrolment):
    upload(me, "practice", jpeg((1, 2, 3)), jpeg((4, 5, 6)), mode="add")
    first, second = standing(enrolment.user, "practice")

    response = me.post(f"{PROFILE}pictures/{first.pk}/remove/")

    assert response.url == f"{PROFILE}#practice"
    assert standing(enrolment.user, "practice") == [second]
    assert "历史 2" in text_of(me.get(f"{PROFILE}pictures/{second.pk}/view/"))
    assert "换下" in text_of(me.get(f"{PROFILE}pictures/{first.pk}/view/"))


def test_a_preview_leads_to_its_neighbours(me, enrolment):
    [front], [back] = standing(enrolment.user, "id_front"), standing(enrolment.user, "id_back")

    text = text_of(me.get(f"{PROFILE}pictures/{front.pk}/view/"))

    assert "2 / 6" in text
    assert f"{PROFILE}pictures/{back.pk}/view/" in text
    assert 'data-mode="look"' in text


@pytest.mark.parametrize("rest", ("", "small/", "view/"))
def test_anothers_picture_looks_like_none(client, enrolment, rest):
    [theirs] = standing(enrolment.user, "diploma")
    sign_in(client, trainee().user)

    assert client.get(f"{PROFILE}pictures/{theirs.pk}/{rest}").status_code == 404
    assert client.post(f"{PROFILE}pictures/{theirs.pk}/remove/").status_code == 404
    assert standing(enrolment.user, "diploma") == [theirs]


def test_a_picture_of_no_document_looks_like_none(me, enrolment):
    loose = PageFactory(picture__stored_by=enrolment.user)

    assert me.get(f"{PROFILE}pictures/{loose.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    (
        ("/completion/x/materials/#practice", "/completion/x/materials/#practice"),
        ("https://evil.example/", f"{PROFILE}#practice"),
        ("//evil.example/", f"{PROFILE}#practice"),
        ("javascript:alert(1)", f"{PROFILE}#practice"),
    ),
)
def test_an_upload_leads_back_to_a_page_of_ours(me, asked, leads_to):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add", next=asked)

    assert response.url == leads_to


def test_removing_a_page_twice_is_answered_not_broken(me, enrolment):
    [laid] = standing(enrolment.user, "diploma")
    actions.remove_document_page(enrolment.user.profile, laid, by=enrolment.user)

    response = me.post(f"{PROFILE}pictures/{laid.pk}/remove/")

    assert "这一页已经不在了" in text_of(me.get(response.url))
