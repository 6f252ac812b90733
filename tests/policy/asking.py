"""Addresses out of routes, answers as one word."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.test_house import OF_OTHERS
from tests.test_house import ROUTES as ALL_ROUTES

from .world import Named, Thing, writes_noted

ROUTES = [route for route in ALL_ROUTES if not route.startswith(OF_OTHERS)]
PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
# Which of a thing's ids an address wants; the longest beginning of a route that fits counts.
MEANT = {
    ("completion/", "pk"): "application",
    ("completion/", "rotation"): "rotation",
    ("completion/", "page"): "page",
    ("completion/", "kind"): "=summary",
    ("completion/", "number"): "=1",
    ("completion/", "finding"): "finding",
    ("review/", "pk"): "application",
    ("review/", "page"): "page",
    ("review/", "supplement"): "supplement",
    ("review/", "draft"): "finding",
    ("review/", "rotation"): "rotation",
    ("training/rotations/", "page"): "page",
    ("training/rotations/", "pk"): "rotation",
    ("training/rotations/", "signing"): "page",
    ("training/rotations/", "kind"): "=assessment",
    ("training/profile/education/", "pk"): "education",
    ("training/profile/pictures/", "pk"): "certificate",
    ("training/profile/documents/", "kind"): "=diploma",
    ("teaching/exits/", "pk"): "rotation",
    ("base/trainees/", "pk"): "enrolment",
    ("support/trainees/", "pk"): "enrolment",
    ("support/trainees/", "season"): "season",
    ("people/", "pk"): "pk",
    ("province/seasons/", "pk"): "pk",
    ("province/seasons/", "own"): "own",
    ("province/schemes/", "pk"): "pk",
    ("training/rotations/<uuid:pk>/logbook/import/<uuid:kept>/", "pk"): "pk",
    ("training/rotations/<uuid:pk>/logbook/import/<uuid:kept>/", "kept"): "own",
    ("base/history/", "pk"): "pk",
    ("system/tasks/", "pk"): "pk",
    ("m/", "token"): "token",
    ("phone/", "pk"): "pk",
    ("phone/documents/", "kind"): "=diploma",
    ("phone/papers/", "pk"): "application",
    ("phone/papers/", "rotation"): "rotation",
    ("phone/papers/", "kind"): "=summary",
    ("news/", "pk"): "pk",
    ("downloads/", "name"): "=pictures",
    ("training/entries/", "pk"): "pk",
    ("teaching/", "pk"): "pk",
    ("teaching/rotations/", "pk"): "rotation",
    ("teaching/rotations/", "leave"): "leave",
    ("base/departments/", "pk"): "pk",
}


def ids_in(route: str) -> list[str]:
    """The names of the ids in ``route``: those that a thing gives."""
    return [name for name in PLACEHOLDER.findall(route) if not meaning(route, name).startswith("=")]


def meaning(route: str, name: str) -> str:
    fitting = [start for start, known in MEANT if known == name and route.startswith(start)]
    if not fitting:
        raise LookupError(f"say in MEANT what {name} is in {route}")
    return MEANT[max(fitting, key=len), name]


def address(route: str, thing: Thing | Named | None, **others: Thing) -> str:
    """The address of ``thing``; an id named in ``others`` is taken from another one."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        meant = meaning(route, name)
        if meant.startswith("="):
            return meant[1:]
        source = others.get(name, thing)
        assert source, f"{route} names a thing"
        got = getattr(source, meant)
        return str(getattr(got, "pk", got))

    return "/" + PLACEHOLDER.sub(value, route)


def asked(client: Client, method: str, at: str, body: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """The answer as a word of the table, and its text."""
    with writes_noted() as writes:
        response = getattr(client, method)(at, body or {})
        text = content(response)  # a file is sent while it is read
    return word(response, method, bool(writes)), text


def word(response: HttpResponse, method: str, wrote: bool) -> str:
    status, location = response.status_code, response.headers.get("Location", "")
    if location.startswith(reverse("accounts:login") + "?next="):
        answer = "login"
    else:
        answer = {404: "none", 405: "wrong"}.get(status, "answered" if status in ANSWERS else str(status))
    if method == "get" or answer != "answered":
        return f"{answer}, yet wrote" if wrote else answer.replace("answered", "seen")
    return "done" if wrote else "refused"


ANSWERS = (200, 302, 403, 409, 422)


def content(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    is_text = response.headers.get("Content-Type", "").startswith("text/")
    return body.decode() if is_text else ""
