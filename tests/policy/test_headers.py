"""What every answer says beside its content (trust.md, "Settled")."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse

from .asking import address, content
from .table import TABLE
from .world import World

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OWN = "submitted"
# Who asks for what: a word for the test, the person, the route
ANSWERS = {
    "public page": ("anonymous", ""),
    "sign-in": ("anonymous", "login/"),
    "probe": ("anonymous", "healthz"),
    "led to the sign-in": ("anonymous", "home/"),
    "signed-in page": ("owner", "home/"),
    "own application": ("owner", "completion/<uuid:pk>/"),
    "public page, signed in": ("owner", ""),
    "queue": ("base", "review/"),
    "bench": ("base", "review/<uuid:pk>/"),
    "picture": ("owner", "training/profile/pictures/<uuid:pk>/"),
    "picture for a reviewer": ("base", "review/<uuid:pk>/pictures/<uuid:page>/small/"),
    "PDF": ("owner", "completion/<uuid:pk>/receipts/<int:number>.pdf"),
    "not found": ("stranger", "completion/<uuid:pk>/"),
    "wrong method": ("owner", "completion/<uuid:pk>/submit/"),
}


def answer(world: World, what: str) -> HttpResponse:
    person, route = ANSWERS[what]
    response = world.client(person).get(address(route, world.things[OWN]))
    content(response)  # a file is closed when it was read
    return response


def policy_of(response: HttpResponse) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_carries_the_headers(world: World, what: str):
    response = answer(world, what)

    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert policy_of(response) == set(POLICY.split("; "))


@pytest.mark.parametrize("what", [what for what, (person, _) in ANSWERS.items() if person != "anonymous"])
def test_nothing_that_was_shown_to_somebody_signed_in_is_kept_by_a_browser(world: World, what: str):
    assert answer(world, what).headers["Cache-Control"] == "no-store"


def test_every_page_of_the_table_is_not_kept(world: World):
    """Of whatever routes there are: the first person who may see it gets it with no-store."""
    kept = []
    for row in TABLE:
        people = sorted((row.people("get")) - {"anonymous", "disabled"})
        if people and not row.route.endswith(".pdf"):
            response = world.client(people[0]).get(address(row.route, world.found(row.of)))
            content(response)  # a file is closed when it was read
            if "no-store" not in response.headers.get("Cache-Control", ""):
                kept.append(str(row))

    assert kept == []


@pytest.mark.parametrize(
    ("what", "kind"),
    (("picture", "image/jpeg"), ("picture for a reviewer", "image/jpeg"), ("PDF", "application/pdf")),
)
def test_a_file_is_what_it_says(world: World, what: str, kind: str):
    response = answer(world, what)

    assert response.headers["Content-Type"] == kind
    assert re.fullmatch(r'inline(; filename="[a-zA-Z0-9.-]+")?', response.headers["Content-Disposition"])


def test_an_error_of_ours_carries_the_headers_and_no_details(world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("420106199308084515")

    monkeypatch.setattr("zhupei.notifications.views.person.render", broken)

    response = world.client("owner").get("/notices/")

    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert policy_of(response) == set(POLICY.split("; "))
    assert response.headers["Cache-Control"] == "no-store"
    assert b"RuntimeError" not in response.content
    assert b"420106199308084515" not in response.content


def test_a_form_without_its_token_is_answered_with_the_headers(world: World):
    response = world.client("owner", enforce_csrf_checks=True).post("/notices/read/")

    assert response.status_code == 403
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert response.headers["Cache-Control"] == "no-store"


# --- Cookies ------------------------------------------------------------------------------------------


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(world: World):
    client = world.client("anonymous")
    client.get("/login/")
    client.post("/login/", {"username": world.people["owner"].phone, "password": "春天的湖边有三只鸭子"})

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 12 * 3600


def test_every_other_cookie_of_ours_is_out_of_reach_too(world: World):
    client = world.client("base")
    client.post(
        address("review/<uuid:pk>/claim/", world.things[OWN]), {"seen_round": "9"}
    )  # leaves a message

    assert client.cookies["messages"]["httponly"]
    assert client.cookies["messages"]["samesite"] == "Lax"
