"""The policy table against the site: every route × method × person × thing."""

import pytest

from tests.factories import undone

from .asking import ROUTES, address, asked
from .forms import FORMS, filled_in
from .table import ANYBODY, TABLE, Row
from .world import EVERYBODY, SIGNED_OUT, World

each_row = pytest.mark.parametrize("row", TABLE, ids=str)
KNOWN = sorted({row.route for row in TABLE})
METHODS = {
    route: {
        "get": any(row.get is not None for row in TABLE if row.route == route),
        "post": any((row.post, row.refused) != (None, None) for row in TABLE if row.route == route),
    }
    for route in KNOWN
}


def test_every_route_is_in_the_table():
    assert sorted(ROUTES) == KNOWN


def test_every_form_is_known():
    assert FORMS.keys() == {route for route, methods in METHODS.items() if methods["post"]}


def test_every_row_speaks_of_people_there_are():
    for row in TABLE:
        assert row.people("get", "post", "refused") <= set(EVERYBODY), row
        assert not row.people("post") & row.people("refused"), row


# Where nobody is looked at – a page for everybody, a method that a route does not have – these will do.
ENOUGH = {*SIGNED_OUT, "owner", "base", "admin"}


def expected(row: Row, person: str, method: str) -> str:
    if person in SIGNED_OUT and not row.is_public:
        return "login"
    if not METHODS[row.route][method]:
        return "wrong"
    if method == "get":
        return "seen" if person in row.people("get") else "none"
    if person in row.people("post"):
        return "done"
    return "refused" if person in row.people("refused") else "none"


@each_row
def test_everybody_is_answered_as_the_table_says(world: World, row: Row):
    thing = world.found(row.of)
    at = address(row.route, thing)
    wrong = []

    for person in EVERYBODY:
        for method, is_there in METHODS[row.route].items():
            if person not in ENOUGH and (not is_there or (method == "get" and row.get == ANYBODY)):
                continue
            with undone():
                body = filled_in(row.route, world, thing) if row.route in FORMS and method == "post" else {}
                answer, text = asked(world.client(person), method, at, body)
            if answer != expected(row, person, method):
                wrong.append(f"{person} {method}: {answer}, not {expected(row, person, method)}")
            elif person not in SIGNED_OUT:
                betrayed = [secret for secret in world.secrets_kept_from(person) if secret in text]
                assert betrayed == [], f"{person} {method} {at}"

    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("route", [route for route, methods in METHODS.items() if methods["post"]])
def test_a_form_without_its_token_is_not_taken(world: World, route: str):
    row = next(row for row in TABLE if row.route == route and row.people("post", "refused"))
    person = next(name for name in EVERYBODY if name in row.people("post", "refused"))
    client = world.client(person, enforce_csrf_checks=True)

    answer, text = asked(client, "post", address(route, world.found(row.of)), {})

    assert answer == "refused"
    assert "页面已过期" in text
