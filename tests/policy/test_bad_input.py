"""Every field of every form with what nobody should send: never an error page, never a script."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.utils.html import escape

from tests.factories import undone

from .asking import address, content
from .forms import filled_in
from .table import TABLE, Row
from .world import World

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "NUL": "甲\0乙",
    "right to left": "甲\u202e乙\u2066",
    "emoji": "👩‍⚕️🏥" * 3,
    "combining": "e" + "\u0301" * 300,
    "script": SCRIPT,
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "template": "{{ 7*7 }}{% debug %}",
    "typst": '#read("/etc/passwd")',
    "sql": "'; DROP TABLE accounts_user; --",
    "path": "../../../../etc/passwd\0.jpg",
    "lines": "甲\r\nSet-Cookie: a=b\r\n\r\n乙",
    "negative": "-1",
    "huge": "9" * 400,
    "float": "1e309",
    "not a number": "NaN",
    "full width": "１２３",
    "date": "9999-99-99",
    "early date": "0001-01-01",
    "list": "[]",
    "unknown choice": "no-such-choice",
    "uuid": "00000000-0000-7000-8000-000000000000",
    "blank": " \t\u3000 ",
    "nothing": "",
    "long": "长" * 100_000,
}
RAW = {
    "lone surrogate": b"%ED%A0%80",
    "half a character": b"%E4%BD",
    "bytes": b"\xff\xfe\xc3\x28",
    "no hexadecimal": b"%zz%u1234",
}
FORMS_OF_TEXT = "application/x-www-form-urlencoded"
# Short enough for most fields, so that it comes as far as the database
COCKTAIL = "甲\0\u202e<b>{{7}}👩‍⚕️'\""
EACH = ("", COCKTAIL, HOSTILE["huge"], HOSTILE["long"])
FORMS = list({row.route: row for row in reversed(TABLE) if row.post}.values())
each_form = pytest.mark.parametrize("row", FORMS, ids=lambda row: row.route)


def somebody(row: Row) -> str:
    return min(row.people("post"))


def typed(world: World, row: Row) -> dict[str, object]:
    """The form without its files."""
    body = filled_in(row.route, world, world.found(row.of))
    return {name: value for name, value in body.items() if not hasattr(value, "read")}


def sent(world: World, row: Row, body: dict[str, object] | bytes) -> tuple[HttpResponse, str]:
    coded = body if isinstance(body, bytes) else urlencode(body, doseq=True)
    at = address(row.route, world.found(row.of))
    with undone():
        response = world.client(somebody(row)).post(at, coded, content_type=FORMS_OF_TEXT)
        return response, content(response)


def is_answered(response: HttpResponse, text: str) -> str:
    """What is wrong with an answer to a form; "" if nothing is."""
    if response.status_code not in (200, 302, 400, 404, 409, 422):
        return str(response.status_code)
    if SCRIPT in text or "49{% debug" in text or " onmouseover='alert(1)'" in text:
        return "not escaped"
    return ""


@each_form
def test_no_value_of_any_field_breaks_anything(world: World, row: Row):
    """Every value in all fields at once, then a few in each field of a form that is right otherwise."""
    good, broken = typed(world, row), []
    fields = sorted({*good, "attempt", "next", "from", "item", "mode"})

    def note(what: str, body: dict[str, object] | bytes) -> None:
        if wrong := is_answered(*sent(world, row, body)):
            broken.append(f"{what}: {wrong}")

    for name, value in HOSTILE.items():
        note(name, dict.fromkeys(fields, value[: 900_000 // len(fields) // 9]))
    for name, raw in RAW.items():
        note(name, b"&".join(field.encode() + b"=" + raw for field in fields))
    for field in fields:
        for value in EACH:
            note(f"{field} = {value[:20]!r}", {**good, field: value})

    assert broken == [], "\n".join(broken)


@each_form
def test_nothing_at_all_and_everything_twice_are_answered(world: World, row: Row):
    good = typed(world, row)
    twice = {name: [value, value] for name, value in good.items() if not isinstance(value, list)}

    assert is_answered(*sent(world, row, {})) == ""
    assert is_answered(*sent(world, row, {**good, **twice})) == ""
    assert is_answered(*sent(world, row, b"&&&=&=x&a=b=c;" + b"%00=%00")) == ""


TOO_MUCH = 1024 * 1024  # bytes; DATA_UPLOAD_MAX_MEMORY_SIZE


@each_form
def test_a_megabyte_is_answered_with_a_page(world: World, row: Row):
    good = typed(world, row)
    field = next(iter(good), "opinion")

    nearly, page = sent(world, row, {**good, field: "x" * (TOO_MUCH - 20_000)})
    response, text = sent(world, row, {**good, field: "x" * TOO_MUCH})

    assert is_answered(nearly, page) == ""
    assert response.status_code == 400
    assert "没有保存任何东西" in text


# --- What was typed is still there ------------------------------------------------------------------

# Fields of one line of text that is shown again: route → names
SHOWN_AGAIN = {
    "login/": ("username",),
    "training/profile/basic/": ("phone", "email", "emergency_name", "emergency_phone", "emergency_relation"),
    "training/profile/licence/": ("certificate_code", "practice_code", "practice_scope", "practice_place"),
    "training/profile/education/": ("school", "major", "diploma_number", "degree_number"),
    "training/profile/education/<uuid:pk>/": ("school", "major", "diploma_number", "degree_number"),
    "base/trainees/<uuid:pk>/": ("full_name", "id_number", "workplace", "partner_base", "grade"),
    "review/<uuid:pk>/decide/": ("opinion",),
    "review/<uuid:pk>/revise/": ("opinion",),
}
WRONG = f"#{SCRIPT}&\"'" + "长" * 400


def of_text() -> list[tuple[Row, str]]:
    return [(row, name) for row in FORMS for name in SHOWN_AGAIN.get(row.route, ())]


@pytest.mark.parametrize(("row", "field"), of_text(), ids=str)
def test_what_was_typed_comes_back_with_a_sentence_on_top(world: World, row: Row, field: str):
    good = typed(world, row)
    name = next(key for key in good if key == field or key.endswith(f"-{field}"))

    response, text = sent(world, row, {**good, name: WRONG})

    assert response.status_code == 422
    assert escape(WRONG) in text
    assert SCRIPT not in text
    summary = re.search(r'<div class="note summary".*?</div>', text, re.DOTALL)
    assert summary
    assert f'href="#id_{name}"' in summary[0]
    for kept in (value for key, value in good.items() if key != name and "password" not in key):
        shown = kept[0] if isinstance(kept, list) else str(kept)
        assert shown in unescape(text), kept


# --- What an address asks for -------------------------------------------------------------------------

PAGES = list({row.route: row for row in reversed(TABLE) if row.get}.values())
ASKED = ("q", "view", "base", "specialty", "after", "office", "item", "next", "from", "year", "stage", "page")


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.route)
def test_whatever_an_address_asks_for_gets_a_page(world: World, row: Row):
    client = world.client(min(row.people("get")))
    at, broken = address(row.route, world.found(row.of)), []
    if at.endswith(".pdf"):
        pytest.skip("takes nothing from its address")

    for name, value in HOSTILE.items():
        query = urlencode(dict.fromkeys(ASKED, value[:2000]))
        response = client.get(f"{at}?{query}")
        if wrong := is_answered(response, content(response)):
            broken.append(f"{name}: {wrong}")
    for name, raw in RAW.items():
        query = "&".join(f"{field}={raw.decode('latin-1')}" for field in ASKED)
        response = client.generic("GET", at, QUERY_STRING=query)
        if wrong := is_answered(response, content(response)):
            broken.append(f"{name}: {wrong}")

    assert broken == [], "\n".join(broken)


@pytest.mark.parametrize("number", ("0", "32768", "9" * 30))
def test_a_number_in_an_address_may_be_of_any_size(world: World, number: str):
    at = address("completion/<uuid:pk>/", world.things["submitted"])

    for end in ("/", ".pdf"):
        assert world.client("owner").get(f"{at}receipts/{number}{end}").status_code == 404


@pytest.mark.parametrize(
    "path", ("%ED%A0%80", "%00", "..%2f..%2fetc%2fpasswd", "a" * 5000, "%zz", "\u202e", "//")
)
def test_an_address_that_makes_no_sense_is_answered(world: World, path: str):
    for person in ("anonymous", "owner", "base"):
        for room in ("", "completion/", "review/", "base/trainees/", "training/profile/documents/"):
            assert world.client(person).get(f"/{room}{path}/").status_code in (302, 400, 404, 405), path
