"""A script in every text that people type: seen by everybody, run by nobody."""

import pytest
from django.contrib.auth.hashers import make_password
from django.db import models
from django.test import Client

from tests.factories import undone
from zhupei.accounts.models import OneTimeCode, User
from zhupei.completion import papers
from zhupei.completion.models import Application, Review, Submission
from zhupei.files.models import Picture
from zhupei.notifications.models import Notice
from zhupei.organisations.models import Department, Organisation, Specialty
from zhupei.training.models import Education, Enrolment, Licence, Profile

from .asking import address, content
from .table import TABLE
from .world import World

CANARY = "<b id=x>\"'&{{7}}"
TYPST = '#read("/etc/passwd") *b* $x$ @y <z>'
EVERYWHERE: tuple[tuple[type[models.Model], str], ...] = (
    (User, "full_name"),
    (Profile, "workplace"),
    (Profile, "emergency_name"),
    (Profile, "emergency_relation"),
    (Education, "school"),
    (Education, "major"),
    (Licence, "practice_scope"),
    (Licence, "practice_place"),
    (Enrolment, "partner_base"),
    (Notice, "text"),
    (Picture, "original_name"),
    (Department, "name"),
    (Specialty, "name"),
    (Organisation, "name"),
    (Organisation, "short_name"),
    (Organisation, "phone"),
    (Review, "opinion"),
)
UNIQUE = {(Department, "name"), (Specialty, "name"), (Organisation, "name")}


def plant(canary: str) -> None:
    """Past every form, as an import or an old version might have left it; frozen rounds, too."""
    for model, field in EVERYWHERE:
        for row in model._default_manager.all():
            longest = model._meta.get_field(field).max_length
            text = canary + (str(row.pk)[-8:] if (model, field) in UNIQUE else "")
            model._default_manager.filter(pk=row.pk).update(**{field: text[:longest]})
    quoted = canary.replace("\\", "\\\\").replace('"', '\\"')
    for submission in Submission.objects.all():
        for said in ("江城医科大学", "临床医学", "欧阳在审", "附", "外科"):
            submission.content = submission.content.replace(said, quoted)
        Submission.objects.filter(pk=submission.pk).update(content=submission.content)


def test_a_script_in_any_text_is_shown_and_never_run(world: World):
    loose, met = [], set()
    with undone():
        plant(CANARY)
        for row in TABLE:
            if row.get is None or row.route.endswith(".pdf"):
                continue
            for person in sorted(row.people("get")):
                at = address(row.route, world.found(row.of))
                response = world.client(person).get(at)
                text = content(response)
                assert response.status_code < 500, f"{person} {at}"
                if "<b id=x" in text:
                    loose.append(f"{person} {at}")
                if "&lt;b id=x&gt;" in text:
                    met.add(person)

    assert loose == []
    assert {"owner", "drafter", "base", "city", "province"} <= met


def test_what_is_printed_is_text_and_no_program(world: World, monkeypatch: pytest.MonkeyPatch):
    """Data reach the press as data: the paper is set, and what reads like a program stands there."""
    with undone():
        plant(TYPST)
        application = Application.objects.for_page().get(pk=world.things["submitted"].application.pk)
        submission = application.submissions.get()
        set_with: list[str] = []
        real = papers.to_pdf  # type: ignore[attr-defined]
        monkeypatch.setattr(
            papers, "to_pdf", lambda *args, **more: set_with.append(str(args)) or real(*args, **more)
        )

        pdf = papers.receipt(application, submission)
        form = world.client("base").get(address("completion/<uuid:pk>/form.pdf", world.things["submitted"]))

    assert pdf.startswith(b"%PDF")
    assert form.content.startswith(b"%PDF")
    assert any("#read" in data for data in set_with)
    assert b"root:" not in pdf + form.content


def test_a_name_with_a_canary_can_sign_in(client: Client, world: World):
    user = world.people["owner"]
    User.objects.filter(pk=user.pk).update(full_name=CANARY)
    OneTimeCode.objects.filter(user=user).update(hashed=make_password("x"))
    client.force_login(User.objects.get(pk=user.pk))

    assert "<b id=x" not in client.get("/home/").content.decode()
