"""Nothing typed is lost: an ended session, a page that is too old, too much at once."""

from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.browsing import PASSWORD, signed_in
from tests.factories import KeptPostFactory, UserFactory, jpeg, trainee
from zhupei.accounts import actions as accounts
from zhupei.training.models import Profile
from zhupei.web import actions, kept
from zhupei.web.models import KeptPost

PROFILE = "/training/profile/"
BASIC = f"{PROFILE}basic/"
OPINION = "第三页的签名看不清，请重新拍照"


@pytest.fixture
def me():
    """A trainee."""
    return trainee(rotations=1).user


@pytest.fixture
def window(me):
    """The browser of ``me``, signed in."""
    return signed_in(me)


def typed_by(user, **fields):
    """What a form of a page of ``user`` sends."""
    return {kept.WHOSE: kept.mark_of(user), "attempt": "abc", **fields}


def expire(client):
    Session.objects.all().delete()
    client.cookies.pop("session")


def sign_in(client, user, password=PASSWORD, **fields):
    return client.post("/login/", {"username": user.phone, "password": password, **fields}, follow=True)


def text_of(response):
    return unescape(response.content.decode())


# --- The session has ended --------------------------------------------------------------------------


def test_every_form_says_whose_page_it_stands_on(window, me):
    assert f'name="whose" value="{kept.mark_of(me)}"' in text_of(window.get(PROFILE))
    assert 'name="whose"' not in text_of(Client().get("/login/"))


def test_what_was_typed_is_offered_again_after_signing_in(window, me):
    expire(window)

    away = window.post(
        BASIC, typed_by(me, emergency_name="沈岳\n第二行"), headers={"Referer": "http://testserver" + PROFILE}
    )
    offer = sign_in(window, me, next="/kept/")

    assert away.url == "/login/?next=/kept/"
    assert (
        "登录已过期。您刚才填写的内容还在" in text_of(window.get("/kept/", follow=True))
        or offer.status_code == 200
    )
    assert offer.request["PATH_INFO"] == "/kept/"
    assert "您刚才填写的内容还在" in text_of(offer)
    assert 'name="emergency_name" value="沈岳\n第二行"' in text_of(offer)
    assert f'action="{BASIC}"' in text_of(offer)
    assert Profile.objects.get(user=me).emergency_name == ""


def test_the_sign_in_page_says_that_it_is_still_there(window, me):
    expire(window)

    page = window.post(BASIC, typed_by(me, emergency_name="沈岳"), follow=True)

    assert "您刚才填写的内容还在，重新登录后可以继续提交" in text_of(page)


def test_sent_again_it_is_carried_out_and_forgotten(window, me):
    expire(window)
    window.post(BASIC, typed_by(me, emergency_name="沈岳"))
    sign_in(window, me)
    (post,) = KeptPost.objects.all()

    window.post(BASIC, typed_by(me, emergency_name="沈岳", kept=post.pk))

    assert Profile.objects.get(user=me).emergency_name == "沈岳"
    assert not KeptPost.objects.exists()
    assert window.get("/kept/").status_code == 302


def test_another_person_at_the_same_computer_sees_nothing_of_it(window, me):
    other = trainee().user
    signed_in(other)
    expire(window)
    window.post(BASIC, typed_by(me, emergency_name="沈岳"))

    offer = sign_in(window, other, next="/kept/")

    assert offer.request["PATH_INFO"] == "/home/"
    assert "沈岳" not in text_of(offer)
    assert "登录过期前填写的内容还在" not in text_of(offer)


def test_every_page_reminds_of_it_until_it_is_used(window, me):
    expire(window)
    window.post(BASIC, typed_by(me, emergency_name="沈岳"))
    home = sign_in(window, me)

    assert '登录过期前填写的内容还在：<a href="/kept/">' in text_of(home)
    window.post("/kept/", typed_by(me))
    assert not KeptPost.objects.exists()
    assert "登录过期前填写的内容还在" not in text_of(window.get("/home/"))


def test_after_half_an_hour_it_is_gone(window, me):
    expire(window)
    window.post(BASIC, typed_by(me, emergency_name="沈岳"))
    sign_in(window, me)
    KeptPost.objects.update(kept_at=timezone.now() - timedelta(minutes=31))

    assert window.get("/kept/").status_code == 302
    assert actions.forget_kept_posts() == 1


def test_an_idle_session_keeps_it_too(window, me, settings):
    session = window.session
    session["seen_at"] = int(timezone.now().timestamp()) - settings.SESSION_IDLE - 1
    session.save()

    assert window.post(BASIC, typed_by(me, emergency_name="沈岳")).url == "/login/?next=/kept/"
    assert KeptPost.objects.get().user == me


def test_it_lies_sealed_in_the_database(me):
    post = KeptPostFactory(user=me, typed=urlencode({"opinion": OPINION}))

    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM web_keptpost")
        (stored,) = cursor.fetchone()
    assert stored.startswith("v1.")
    assert kept.contents(KeptPost.objects.get(pk=post.pk)) == [("opinion", OPINION)]


@pytest.mark.parametrize(
    "fields",
    (
        {"old": "x", "new": "y", "again": "y"},
        {"opinion": "字" * 30_000},
        {"pictures": SimpleUploadedFile("1.jpg", jpeg())},
        {},
    ),
    ids=("password", "too long", "file", "only a button"),
)
def test_passwords_files_and_mere_buttons_are_not_kept(window, me, fields):
    expire(window)

    away = window.post(BASIC, typed_by(me, **fields), headers={"Referer": "http://testserver" + PROFILE})

    assert away.url == f"/login/?next={PROFILE}"
    assert not KeptPost.objects.exists()


def test_without_our_mark_nothing_is_kept(window, me):
    other = UserFactory()
    expire(window)

    for mark in ("", me.pk.hex, f"{me.pk.hex}:forged", kept.mark_of(other)[:-2]):
        window.post(BASIC, {"whose": mark, "emergency_name": "沈岳"})

    assert not KeptPost.objects.exists()


def test_a_forged_cookie_leads_nowhere(window, me):
    post = KeptPostFactory(user=me)
    window.cookies["kept"] = f"{me.pk.hex}{post.pk.hex}"

    assert window.get("/kept/").status_code == 302
    assert window.get(PROFILE).status_code == 200


def test_only_a_few_are_kept_of_one_person(window, me):
    expire(window)

    for number in range(8):
        window.post(BASIC, typed_by(me, emergency_name=f"沈{number}"))

    assert KeptPost.objects.count() == actions.POSTS_OF_ONE
    assert any("沈7" in dict(kept.contents(post)).values() for post in KeptPost.objects.all())


def test_a_page_that_sends_by_itself_is_told_so_and_stays(window, me):
    expire(window)

    answer = window.post(BASIC, typed_by(me, emergency_name="沈岳"), headers={"HX-Request": "true"})

    assert (answer.status_code, text_of(answer)) == (401, kept.EXPIRED)
    assert not KeptPost.objects.exists()


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(window, me):
    expire(window)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver" + PROFILE}

    answer = window.post(BASIC, typed_by(me, emergency_name="沈岳"), headers=headers)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login/?next=/kept/")


def test_signing_out_is_not_taken_for_an_ended_session(window, me):
    assert window.post("/logout/", typed_by(me)).url == "/login/"


# --- The page is too old --------------------------------------------------------------------------------


@pytest.fixture
def strict(me):
    """``me`` in a browser whose forms need their token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(accounts.set_password(me, password=PASSWORD, by=me))
    return client


def test_an_old_page_is_not_carried_out_but_offered_again(strict, me):
    answer = strict.post(f"{BASIC}?from=1", typed_by(me, emergency_name="沈岳<b>"))

    text = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="emergency_name" value="沈岳&lt;b&gt;"' in text
    assert f'action="{BASIC}?from=1"' in text
    assert "csrfmiddlewaretoken" in text
    assert Profile.objects.get(user=me).emergency_name == ""


@pytest.mark.parametrize("mark", ("", "forged", "other"))
def test_a_page_of_nobody_or_of_somebody_else_is_not_offered(strict, mark):
    whose = kept.mark_of(UserFactory()) if mark == "other" else mark

    answer = strict.post(BASIC, {"whose": whose, "emergency_name": "沈岳"})

    assert answer.status_code == 403
    assert "沈岳" not in text_of(answer)
    assert "没有保存：页面已过期" in text_of(answer)


def test_a_page_that_sends_by_itself_gets_the_new_token_only_for_its_own_person(strict, me):
    other = kept.mark_of(UserFactory())

    own = strict.post(BASIC, typed_by(me, emergency_name="沈岳"), headers={"HX-Request": "true"})
    strange = strict.post(BASIC, {"whose": other, "emergency_name": "沈岳"}, headers={"HX-Request": "true"})

    token = own.headers["X-CSRFToken"]
    again = strict.post(
        BASIC, typed_by(me, emergency_name="沈岳", csrfmiddlewaretoken=token), headers={"HX-Request": "true"}
    )
    assert (own.status_code, again.status_code) == (403, 200)
    assert strange.status_code == 403
    assert "X-CSRFToken" not in strange.headers
    assert text_of(strange) == "这个窗口已换人登录，请刷新页面"


# --- Too much, and what no database takes ----------------------------------------------------------


def test_a_text_that_is_too_long_gets_a_page_with_a_sentence(window, me):
    answer = window.post(BASIC, {"emergency_name": "x" * 1_100_000})

    assert answer.status_code == 400
    assert "填写的文字太长，超过了一次能收下的 1 MB，没有保存任何东西" in text_of(answer)


def test_too_many_files_get_a_page_with_a_sentence(window):
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(21)]

    answer = window.post(f"{PROFILE}documents/diploma/", {"pictures": files})

    assert answer.status_code == 400
    assert "一次选的文件太多，每次请不超过 20 个" in text_of(answer)


def test_too_many_fields_get_a_page_with_a_sentence(window):
    answer = window.post(BASIC, {f"x{number}": "" for number in range(1001)})

    assert answer.status_code == 400
    assert "这次提交的项目太多" in text_of(answer)


@pytest.mark.parametrize(
    "address",
    (
        "/%00",
        "/training/%00/",
        "/training/profile/documents/%00/",
        "/training/profile/?from=%00",
        "/review/?q=%00",
        "/login/?next=/%00",
        "/static/%00.css",
        "/completion/%00",
    ),
)
@pytest.mark.parametrize("method", ("get", "post"))
def test_a_nul_in_an_address_is_calmly_not_understood(window, address, method):
    assert getattr(window, method)(address).status_code in (400, 403, 404, 405)


@pytest.mark.parametrize(
    ("address", "names"),
    (
        ("/training/profile/education/", ("attempt", "from", "row", "education-new-school", "kept", "whose")),
        ("/training/profile/documents/diploma/", ("mode", "next", "kept")),
        ("/login/", ("username", "password", "next", "kept", "whose")),
        ("/completion/", ("attempt", "kept")),
        ("/kept/", ("kept", "whose", "csrfmiddlewaretoken")),
    ),
)
def test_a_nul_in_a_form_breaks_nothing(window, address, names):
    for client in (window, Client()):
        for name in names:
            assert client.post(address, {name: "a\0b"}).status_code < 500


def test_what_a_button_decided_is_said_in_words():
    typed = [("deed", "对李四的审核结论"), ("outcome", "fail"), ("seen_round", "2"), ("opinion", "数据不全")]

    assert kept.legible(typed) == ["对李四的审核结论", "不通过", "数据不全"]
