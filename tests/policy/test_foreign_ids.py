"""Ids of one thing with those of another, and fields that no form of ours asks for."""

import pytest
from django.db import models

from tests.factories import undone
from zhupei.accounts.models import User
from zhupei.completion.models import Application, Review, Season
from zhupei.organisations.models import Membership, Organisation
from zhupei.training.models import Enrolment, Profile

from .asking import address, asked, ids_in
from .forms import FORMS, filled_in
from .table import TABLE, Row
from .world import Thing, World

# One and the same person's or office's, and strangers'
MIXES = ("submitted", "draft", "elsewhere", "hers", "claimed")
# Their second ids: tests/administration/test_seasons.py, tests/training/test_log_batch.py
APART = ("province/seasons/", "training/rotations/<uuid:pk>/logbook/import/")
WITH_TWO_IDS = sorted(
    {row.route for row in TABLE if len(ids_in(row.route)) > 1 and not row.route.startswith(APART)}
)


def test_there_are_addresses_with_two_ids():
    assert len(WITH_TWO_IDS) >= 8


@pytest.mark.parametrize("route", WITH_TWO_IDS)
def test_an_id_that_belongs_to_something_else_finds_nothing(world: World, route: str):
    """The first id decides who may come; none of the others may lead out of what it names."""
    _, *others = ids_in(route)
    found = []

    for person, of in (
        ("owner", "submitted"),
        ("drafter", "draft"),
        ("base", "submitted"),
        ("city", "claimed"),
    ):
        for other in {*MIXES} - {of}:
            for name in others:
                at = address(route, world.things[of], **{name: world.things[other]})
                for method in ("get", "post"):
                    body = filled_in(route, world, world.things[of]) if route in FORMS else {}
                    with undone():
                        answer, _ = asked(world.client(person), method, at, body if method == "post" else {})
                    if answer not in ("none", "wrong"):
                        found.append(f"{person} {method} {of}/{other} {name}: {answer}")

    assert found == [], "\n".join(found)


# --- Fields that are not asked for ---------------------------------------------------------------

STOLEN = {
    "stage": "approved",
    "round": "9",
    "pending": "0",
    "submitted_at": "2020-01-01",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "disabled_at": "2020-01-01",
    "role": "admin",
    "full_name": "别人",
    "id_number": "420106199308084515",
    "grade": "2012",
    "years": "1",
    "completion_year": "2030",
    "locked_at": "",
    "exempted_at": "2020-01-01",
    "confirmed_at": "2020-01-01",
    "superseded_at": "2020-01-01",
    "claimed_by": "",
}
GUARDED: tuple[type[models.Model], ...] = (
    *(User, Profile, Membership, Organisation),
    *(Enrolment, Application, Review, Season),
)
MOMENTS = (models.DateTimeField,)  # differ from one request to the next
OF_NO_MEANING = {"id", "password"}


def as_it_stands() -> dict[str, list[dict[str, object]]]:
    """Everything worth stealing, without keys of new rows and moments."""
    return {
        model.__name__: sorted(
            model._default_manager.values(
                *(
                    field.attname
                    for field in model._meta.fields
                    if not isinstance(field, MOMENTS) and field.name not in OF_NO_MEANING
                )
            ),
            key=str,
        )
        for model in GUARDED
    }


def forms_that_do_something() -> list[Row]:
    return [row for row in TABLE if row.post]


@pytest.mark.parametrize("row", forms_that_do_something(), ids=str)
def test_a_field_that_is_not_asked_for_changes_nothing(world: World, row: Row):
    thing = world.found(row.of)
    at, person = address(row.route, thing), next(iter(sorted(row.people("post"))))
    stolen = {**STOLEN, **keys_of_others(world)}

    with undone():
        answer, _ = asked(world.client(person), "post", at, filled_in(row.route, world, thing))
        honest = as_it_stands()
    with undone():
        tried = {**stolen, **filled_in(row.route, world, thing)}
        same_answer, _ = asked(world.client(person), "post", at, tried)
        after = as_it_stands()

    assert (answer, same_answer) == ("done", "done")
    assert after == honest


def keys_of_others(world: World) -> dict[str, str]:
    """Foreign keys as fields of a form, and of the models' own names."""
    other: Thing = world.things["elsewhere"]
    keys = {
        "user": other.trainee.pk,
        "trainee": other.trainee.pk,
        "reviewer": world.people["province"].pk,
        "enrolment": other.enrolment,
        "application": other.application.pk,
        "base": world.elsewhere.pk,
        "city": world.elsewhere.parent_id,
        "organisation": world.province.pk,
        "season": other.application.season_id,
    }
    named = {name: str(key) for name, key in keys.items()}
    return named | {f"{name}_id": key for name, key in named.items()}


def test_an_answer_to_anothers_form_is_not_given(world: World):
    """The hidden number of a form belongs to the person who sent it."""
    at = address("review/<uuid:pk>/claim/", world.things["submitted"])
    body = {"seen_round": "1", "attempt": "the-same-number"}

    with undone():
        first, _ = asked(world.client("base"), "post", at, body)
        second, _ = asked(world.client("both"), "post", at, body)

    assert (first, second) == ("done", "refused")
