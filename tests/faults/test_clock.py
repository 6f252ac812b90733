"""The server's clock jumps: backwards by days, forwards by months. Nobody is shut out, no page breaks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.browsing import PASSWORD, signed_in
from tests.factories import clock
from zhupei.accounts import actions as accounts
from zhupei.accounts.actions import SignInRefused
from zhupei.accounts.models import Throttle
from zhupei.completion import invariants
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Stage
from zhupei.completion.templatetags.completion import waiting
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Level

BACK, AHEAD = timedelta(hours=-7), timedelta(days=200)


@pytest.fixture
def it_is(monkeypatch):
    return lambda moment: clock.stop(monkeypatch, moment)


def in_every_state():
    """One application in each place where somebody waits for somebody."""
    return [
        made.draft(), made.submitted(rotations=1, unfinished=1), made.claimed(), made.at_city(),
        made.returned(), made.approved(),
    ]  # fmt: skip


@pytest.mark.parametrize("jump", (BACK, AHEAD), ids=("back", "ahead"))
def test_no_page_breaks(it_is, jump):
    now = it_is(timezone.now())
    applications = in_every_state()
    clients = [(application, signed_in(application.trainee)) for application in applications]
    offices = [(a, signed_in(made.reviewer(a.base))) for a in applications if a.stage != Stage.DRAFT]

    it_is(now + jump)

    for application, client in clients:
        pages = [reverse("home:home"), *trainees_pages(application)]
        assert {address: look(client, application.trainee, address) for address in pages} == dict.fromkeys(
            pages, 200
        )
    for application, client in offices:
        reviewer = made.reviewer(application.base)
        for address in (reverse("review:queue"), reverse("review:application", args=[application.pk])):
            assert look(client, reviewer, address) == 200, address


def trainees_pages(application):
    names = ["application", "materials", "status", *(["check"] if application.is_editable else [])]
    pages = [reverse(f"completion:{name}", args=[application.pk]) for name in names]
    if application.round:
        pages.append(reverse("completion:receipt", args=[application.pk, application.round]))
    return pages


def look(client, user, address):
    """A session ends when the clock runs ahead: sign in again, as one would."""
    answer = client.get(address)
    if answer.status_code == 302 and "/login/" in answer.url:
        answer = signed_in(user).get(address)
    return answer.status_code


def test_rounds_keep_their_order_and_the_work_goes_on_when_the_clock_is_put_back(it_is):
    now = it_is(timezone.now())
    application = made.returned(Level.CITY)
    first = application.submissions.get()

    it_is(now + BACK)
    application = made.hand_in(application)
    application = made.passed(application)

    assert application.stage == Stage.CITY
    assert application.submitted_at < first.submitted_at
    assert [s.round for s in application.submissions.order_by("round")] == [1, 2]
    assert list(invariants.broken()) == []


def test_a_correction_does_not_wait_for_the_clock_to_catch_up(it_is):
    """The clock was ahead when the application was returned, and has been put right."""
    now = timezone.now()
    it_is(now + timedelta(days=3))
    application = made.returned()

    it_is(now)

    assert made.hand_in(application).round == 2


def test_a_lease_that_lies_ahead_shuts_no_colleague_out(it_is):
    now = it_is(timezone.now())
    application = made.claimed()
    colleague = made.reviewer(application.base)
    with pytest.raises(Refused, match="正在审核"):
        reviews.claim(application, by=colleague, seen_round=1)

    it_is(now + BACK)
    reviews.claim(application, by=colleague, seen_round=1)

    assert made.again(application).claimed_by == colleague


def test_nobody_waits_for_failures_that_lie_ahead(it_is):
    user = made.UserFactory()
    accounts.set_password(user, password=PASSWORD, by=user)
    now = it_is(timezone.now())
    for _ in range(9):
        with pytest.raises(SignInRefused):
            accounts.sign_in(user.phone, "wrong", address="10.0.0.1")

    it_is(now + BACK)

    assert Throttle.objects.exists()
    assert accounts.sign_in(user.phone, PASSWORD, address="10.0.0.1") == user


@pytest.mark.parametrize(("days", "words"), ((-2, "今天"), (0, "今天"), (3, "3 天")))
def test_nobody_waits_less_than_no_time(days, words):
    now = timezone.now()

    assert waiting(now - timedelta(days=days), timezone.localdate(now)) == words
