"""How long a sign-in lasts, and what ends it."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.browsing import PASSWORD, signed_in
from tests.factories import UserFactory, clock
from zhupei.accounts import actions
from zhupei.accounts.models import User

from .forms import NEW_PASSWORD


@pytest.fixture
def user() -> User:
    person = UserFactory()
    return actions.set_password(person, password=PASSWORD, by=person)


def signs_in(user: User, client: Client) -> Client:
    response = client.post("/login/", {"username": user.phone, "password": PASSWORD})
    assert response.url == "/home/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


def test_signing_in_changes_the_id_of_the_session(client: Client, user: User):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key

    signs_in(user, client)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not is_in(with_key(planted))


def with_key(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def test_signing_out_ends_the_session_on_the_server(client: Client, user: User):
    signs_in(user, client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post("/logout/")

    assert not is_in(with_key(key))
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_every_other_session_and_keeps_this_one(user: User):
    here, elsewhere = signs_in(user, Client()), signs_in(user, Client())
    before = here.cookies[settings.SESSION_COOKIE_NAME].value

    here.post("/password/", {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD})

    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert here.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_a_reset_ends_every_session(user: User):
    clients = [signs_in(user, Client()) for _ in range(2)]

    actions.issue_code(user, by=None)

    assert [is_in(client) for client in clients] == [False, False]


def test_whoever_is_disabled_is_out_at_once(user: User):
    client = signs_in(user, Client())

    User.objects.filter(pk=user.pk).update(disabled_at=timezone.now())

    assert not is_in(client)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("idle", "still_in"), ((30 * MINUTE, True), (30 * MINUTE + timedelta(seconds=1), False))
)
def test_a_session_ends_after_half_an_hour_without_a_request(
    user: User, monkeypatch: pytest.MonkeyPatch, idle: timedelta, still_in: bool
):
    now = clock.stop(monkeypatch, timezone.now().replace(microsecond=0))
    client = signed_in(user)
    client.get("/home/")

    clock.stop(monkeypatch, now + idle)

    assert is_in(client) == still_in


def test_whoever_keeps_reading_stays_in_until_twelve_hours_are_over(
    user: User, monkeypatch: pytest.MonkeyPatch
):
    now: datetime = timezone.now()
    client = signed_in(user)

    for minutes in range(0, 5 * 60, 20):
        clock.stop(monkeypatch, now + minutes * MINUTE)
        assert is_in(client)
    assert (settings.SESSION_COOKIE_AGE, settings.SESSION_IDLE) == (12 * 3600, 30 * 60)


def test_reading_hardly_ever_writes(user: User):
    client = signed_in(user)
    client.get("/home/")
    before = Session.objects.get().session_data

    client.get("/home/")

    assert Session.objects.get().session_data == before


@pytest.mark.parametrize(
    "target", ("https://evil.example/", "//evil.example", "javascript:alert(1)", "home", "999")
)
def test_nobody_is_led_away_behind_the_sign_in(client: Client, user: User, target: str):
    body = {"username": user.phone, "password": PASSWORD, "next": target}

    assert client.post("/login/", body).url == "/home/"
