"""The rules of the house that a linter cannot know.

An exception stands in a table here, with its reason; a reason that is no longer needed fails, too.
"""

import ast
import importlib
import pkgutil
import re
import subprocess
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import factory
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize

from tests import factories, house
from tests.house import ROOT, parsed, shown, sources, templates

OURS = [
    model for app in apps.get_app_configs() if app.name.startswith("zhupei.") for model in app.get_models()
]
each_model = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)


def label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


# --- Sizes: what a reader can hold in mind --------------------------------------------------


def test_no_file_is_longer_than_500_lines():
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code()}

    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_no_function_is_longer_than_60_lines_and_nine_in_ten_are_within_25():
    lengths = {
        f"{shown(path, line)} {name}": length
        for path in sources()
        for name, line, length in house.functions(parsed(path))
    }
    long = {name: length for name, length in lengths.items() if length > 25}

    assert {name: length for name, length in long.items() if length > 60} == {}
    assert len(long) <= len(lengths) / 10, long


def test_no_template_is_longer_than_120_lines():
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in templates()}

    assert {name: length for name, length in lengths.items() if length > 120} == {}


def code() -> list[Path]:
    return sources() + sources(of=ROOT / "tests")


# --- Who may do what ----------------------------------------------------------------------------

STATE_FIELDS = {"stage"}
KEEP_STATE = {model.__name__ for model in OURS if STATE_FIELDS & {f.name for f in model._meta.fields}}


# `zhupei demo --size N`: a crowd to measure with; the log of those in training, written day by day
LOADS_IN_BULK = {"zhupei/demo/portfolio.py", "zhupei/demo/diary.py"}


def test_only_actions_change_state():
    offenders = [
        shown(path, line)
        for path in sources()
        if "actions" not in house.rooms(path) and shown(path) not in LOADS_IN_BULK
        for line in house.changes_of_state(parsed(path), STATE_FIELDS, KEEP_STATE)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    "code",
    (
        "application.stage = Stage.APPROVED",
        "application.stage, application.round = Stage.BASE, 2",
        "application.stage += 'x'",
        "setattr(application, 'stage', Stage.BASE)",
        "Application.objects.filter(pk=pk).update(stage=Stage.BASE)",
        "Application.objects.update(**{'stage': Stage.BASE})",
        "Application.objects.bulk_update(found, ['round', 'stage'])",
        "Application.objects.bulk_update(found, fields=('stage',))",
        "Application.objects.create(stage=Stage.BASE)",
        "Application.objects.update_or_create(pk=pk, defaults={'stage': Stage.BASE})",
        "Application.objects.update_or_create(pk=pk, defaults=dict(stage=Stage.BASE))",
        "Application(stage=Stage.BASE).save()",
        "Application.objects.bulk_create([Application(stage=Stage.BASE)])",
    ),
)
def test_a_change_of_state_is_found(code):
    assert list(house.changes_of_state(ast.parse(code), {"stage"}, {"Application"})) != []


@pytest.mark.parametrize(
    "code",
    (
        "waiting = Application.objects.filter(stage=Stage.BASE)",
        "known('stage', Stage)",
        "print(application.stage)",
        "Application.objects.update(round=2)",
        "condition = Q(stage=Stage.DRAFT) & ~Q(round=0)",
        "context.update(application=application)",
    ),
)
def test_reading_a_state_is_not_taken_for_a_change(code):
    assert list(house.changes_of_state(ast.parse(code), {"stage"}, {"Application"})) == []


# The places that may ask what time it is; what lies below them is given a moment.
CLOCK_READERS = {"actions", "views", "commands", "middleware", "demo", "__main__"}
MAY_READ_THE_CLOCK: dict[str, str] = {
    "zhupei/organisations/models.py": "which memberships hold is asked by every fetch, and a day is long",
    "zhupei/home/context.py": "a context processor is an edge: it is given the request and nothing else",
}  # "zhupei/app/file.py": why


def test_only_the_edges_and_actions_look_at_the_clock():
    found = {
        shown(path)
        for path in sources()
        if not CLOCK_READERS & house.rooms(path) and list(house.looks_at_the_clock(parsed(path)))
    }
    assert found == MAY_READ_THE_CLOCK.keys()


@pytest.mark.parametrize(
    ("code", "looks"),
    (
        ("timezone.now()", True),
        ("at = timezone.now", True),
        ("from django.utils.timezone import now", True),
        ("datetime.datetime.now(tz=UTC)", True),
        ("date.today()", True),
        ("timezone.localdate()", True),
        ("time.time()", True),
        ("timezone.localtime(submitted_at)", False),
        ("at = models.DateTimeField(default=timezone.now)", False),
        ("datetime.fromisoformat(text)", False),
        ("time.monotonic()", False),
        ("season.now", False),
    ),
)
def test_a_look_at_the_clock_is_told_from_a_conversion(code, looks):
    assert bool(list(house.looks_at_the_clock(ast.parse(code)))) == looks


def test_there_are_no_signals():
    found = [shown(path, line) for path in sources() for line in house.signals(parsed(path))]

    assert found == []


def test_there_are_no_class_views_and_no_generic_relations():
    found = [shown(path, line) for path in sources() for line in house.refused_shapes(parsed(path))]

    assert found == []


@pytest.mark.parametrize(
    ("finder", "code"),
    (
        (house.signals, "from django.db.models.signals import post_save"),
        (house.signals, "from django.db.models import signals"),
        (house.signals, "from django.dispatch import receiver"),
        (house.signals, "import django.dispatch"),
        (house.signals, "@receiver(saved)\ndef note(): ..."),
        (house.refused_shapes, "from django.views.generic import ListView"),
        (house.refused_shapes, "from django.views import View"),
        (house.refused_shapes, "from django.contrib.contenttypes.fields import GenericForeignKey"),
        (house.refused_shapes, "from django.contrib.auth.mixins import LoginRequiredMixin"),
    ),
)
def test_what_we_refuse_is_found(finder, code):
    assert list(finder(ast.parse(code))) != []
    assert list(finder(ast.parse("from django.db import models\nfrom django.views import defaults"))) == []


ROOMS_WITHOUT_AN_OWNER = {
    "common",
    "core",
    "utils",
    "helpers",
    "misc",
    "services",
    "repositories",
    "managers",
}


def test_nothing_lives_in_a_room_without_an_owner():
    homeless = [shown(path) for path in sources() if ROOMS_WITHOUT_AN_OWNER & house.rooms(path)]
    assert homeless == []


DOCUMENTED = {"actions", "rules", "models"}


def test_public_names_of_actions_rules_and_models_say_what_they_are():
    silent = [
        f"{shown(path, line)} {name}"
        for path in sources()
        if DOCUMENTED & house.rooms(path)
        for name, line in house.without_docstring(parsed(path))
    ]
    assert silent == []


def test_a_missing_docstring_is_found():
    module = ast.parse(
        """
def submit(): ...
def _take(): ...
class Review:
    "A decision."
    def save(self): ...
class ReviewQuerySet(models.QuerySet["Review"]):
    def standing(self): ...
    def of(self, level):
        "Those of a level."
"""
    )
    assert [name for name, line in house.without_docstring(module)] == ["submit", "standing"]


# --- The database as guardian --------------------------------------------------------------------


@each_model
def test_the_database_knows_the_choices_of_every_field(model):
    known = {c.name: c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)}
    app, name = model._meta.app_label, model._meta.model_name

    for field in model._meta.local_fields:
        if field.choices:
            constraint = known.get(f"{app}_{name}_{field.name}_known")
            assert constraint, f'{label(field)}: constraints = [known("{field.name}", …)]'
            allowed = dict(constraint.condition.children)[f"{field.name}__in"]
            assert set(allowed) - {""} == {value for value, _ in field.flatchoices} - {""}, label(field)


ORDERED_BY_NUMBER = {"audit.Event": "the chain needs an order"}


@each_model
def test_a_primary_key_is_a_uuid_of_version_7(model):
    key = model._meta.pk
    while key.remote_field:
        key = key.target_field
    if model._meta.label in ORDERED_BY_NUMBER:
        assert isinstance(key, models.BigAutoField)
    else:
        assert isinstance(key, models.UUIDField)
        assert type(key.get_default()) is uuid.UUID
        assert key.get_default().version == 7


NOT_PROTECTED: dict[str, str] = {}  # "completion.Finding.review": why it may go with the other row


def test_what_was_decided_on_cannot_be_deleted_from_under_it():
    loose = {
        label(field)
        for app in ("completion", "training")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.on_delete is not models.PROTECT
    }
    assert loose == NOT_PROTECTED.keys()


NULLABLE_TEXT: dict[str, str] = {}  # "accounts.User.email_hash": why empty is not ""


def test_empty_text_is_an_empty_text():
    nullable = {
        label(field)
        for model in OURS
        for field in model._meta.local_fields
        if field.null and isinstance(field, models.CharField | models.TextField)
    }
    assert nullable == NULLABLE_TEXT.keys()


@each_model
def test_a_list_says_itself_how_it_is_ordered(model):
    assert not model._meta.ordering


WITHOUT_FACTORY = {"audit.Event": "only audit.log.record writes it"}


def test_every_model_has_a_factory():
    modules = [factories] + [
        importlib.import_module(f"{factories.__name__}.{found.name}")
        for found in pkgutil.iter_modules(factories.__path__)
    ]
    made = {
        thing._meta.model._meta.label
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, factory.Factory) and thing._meta.model
    }
    assert {model._meta.label for model in OURS} - made == WITHOUT_FACTORY.keys()


# --- Closed by default ---------------------------------------------------------------------------

# Routes that answer without a sign-in. Everything else leads to /login/ or is no such method.
PUBLIC = {
    "", "login/", "logout/", "healthz", "guide/", "guide.pdf", "news/", "news/<uuid:pk>/", "downloads/",
    "downloads/<slug:name>.pdf", "m/<str:token>/", "m/<str:token>/done/",
}  # fmt: skip
OF_OTHERS = ("static/", "admin/")  # files of whitenoise; the admin site asks for a sign-in of its own
SAMPLES = ("00000000-0000-7000-8000-000000000000", "1", "x", "2026-11-23")


def addresses(patterns: list[Any], route: str = "", address: str = "/") -> Iterator[tuple[str, str]]:
    """Every route below ``patterns`` with an address it answers to."""
    for entry in patterns:
        below = (route + str(entry.pattern), address + sample(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, *below)
        else:
            yield below


def sample(pattern: Any) -> str:
    """A piece of an address that ``pattern`` accepts."""
    (text, names), *_ = normalize(pattern.regex.pattern.removeprefix("^"))
    return str(text) % {name: sample_value(pattern.converters.get(name)) for name in names}


def sample_value(converter: Any) -> str:
    if converter is None:
        return SAMPLES[-1]
    for value in SAMPLES:
        if re.fullmatch(converter.regex, value):
            converter.to_python(value)
            return value
    raise LookupError(f"give SAMPLES a value for {converter!r}")


ROUTES = dict(addresses(get_resolver().url_patterns))
CLOSED = {r: a for r, a in ROUTES.items() if r not in PUBLIC and not r.startswith(OF_OTHERS)}


@pytest.mark.parametrize("method", ("get", "post"))
@pytest.mark.parametrize("route", CLOSED)
def test_a_stranger_is_led_to_the_sign_in(client: Client, route: str, method: str):
    response = getattr(client, method)(CLOSED[route])

    if response.status_code != 405:
        assert (response.status_code, response.headers.get("Location", "").split("?")[0]) == (302, "/login/")


def test_what_is_public_is_there():
    assert ROUTES.keys() >= PUBLIC
    assert len(CLOSED) > len(PUBLIC)


# --- Templates -----------------------------------------------------------------------------------

FOUND_BY_NAME = re.compile(r"(400|403|403_csrf|404|500)\.html|(registration|django|admin)/.*")


def test_every_template_is_used():
    texts = {path: path.read_text(encoding="utf-8") for path in [*sources(), *templates()]}
    unused = {
        name
        for template in templates()
        if not FOUND_BY_NAME.fullmatch(name := str(template).rpartition("/templates/")[2])
        and not any(name in text for path, text in texts.items() if path != template)
    }
    assert unused == set()


def test_no_template_holds_what_the_browser_would_block():
    found = {shown(path): house.blocked_by_csp(path.read_text(encoding="utf-8")) for path in templates()}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "html",
    (
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        "<script type=module>go()</script>",
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<img src="https://example.org/x.png">',
        '<script src="//example.org/x.js"></script>',
    ),
)
def test_what_the_browser_would_block_is_found(html):
    assert house.blocked_by_csp(html) != []


def test_what_the_browser_allows_is_left_alone():
    html = """<script src="{% static 'web/js/look.js' %}" defer></script>
    <link rel="stylesheet" href="/x.css">
    {# style="none" #} <meta name="htmx-config" content='{"includeIndicatorStyles": false}'>
    <a href="{{ chrome_url }}" data-style="x">{{ person.on_leave }}</a>"""

    assert house.blocked_by_csp(html) == []


# --- The repository ------------------------------------------------------------------------------


def tracked() -> dict[str, str]:
    """Every text file that git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    contents = {name: (ROOT / name).read_bytes() for name in listed if name and (ROOT / name).is_file()}
    return {name: raw.decode() for name, raw in contents.items() if b"\0" not in raw}


def test_no_file_knows_a_registry_or_somebodys_computer():
    found = {
        name: house.of_a_machine(text) for name, text in tracked().items() if name != "tests/test_house.py"
    }

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("text", "is_found"),
    (
        ("--index-url https://pypi.org/simple", True),
        ("https://mirrors.example.cn/pypi", True),
        ("open('/root/zhupei/x')", True),
        ("see /home/wang/zhupei", True),
        ("path: /work/main", True),
        ('<a href="/home/">', False),
        ("ZHUPEI_DATA=/srv/zhupei/data", False),
        ("/review/work/", False),
    ),
)
def test_traces_of_a_computer_are_found(text, is_found):
    assert bool(house.of_a_machine(text)) == is_found


def test_the_changelog_has_a_heading_for_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## .*\b{re.escape(version)}\b", changelog, re.MULTILINE)
