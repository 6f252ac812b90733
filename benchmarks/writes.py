"""Submitting, deciding, uploading and signing in, each beside its floor."""

import io
import os
import secrets
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.urls import reverse
from PIL import Image

from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.demo.people import PASSWORD
from zhupei.files import storage
from zhupei.files.models import Page
from zhupei.imaging.rules import KIB

from . import floors
from .folders import Folder
from .measure import Task, best
from .people import application_of, province, reviewer_of, somebody
from .rows import DECIDE, SIGN_IN, SUBMIT, UPLOAD, Row
from .visitor import SITE, Environ, Visitor

PHOTOGRAPH = 600 * KIB  # bytes
ENOUGH = 200  # applications that a run may decide on


def writes(folder: Folder) -> Iterator[Row]:
    yield from _written(folder)
    yield _uploaded(folder)
    yield _signed_in(folder)


def _written(folder: Folder) -> Iterator[Row]:
    ready = application_of(folder.phone("trainee", "draft-ready"))
    visitor = somebody()
    floor = Task(lambda: visitor.post("/floor/write/", {}), _send)
    submitting = Submitting(ready)
    floor_ms, submitted, decided = best(floor, Task(submitting.again, _send), Task(Deciding().next, _send))
    submitting.take_back()
    yield Row("submit", floor_ms, submitted, SUBMIT)
    yield Row("decide", floor_ms, decided, DECIDE)


class Submitting:
    """One application, withdrawn before it is handed in again."""

    def __init__(self, application: Application) -> None:
        self.application, self.visitor = application, Visitor.signed_in(application.trainee)

    def take_back(self) -> None:
        """So that the next run finds it to be handed in, too."""
        self.application.refresh_from_db()
        if self.application.stage == Stage.BASE:
            trainees.withdraw(self.application, by=self.application.trainee)

    def again(self) -> Environ:
        self.take_back()
        application = self.application
        fields = {"seen_round": application.round, "confirmed": "on", "consented": "on", **_attempt()}
        return self.visitor.post(reverse("completion:submit", args=[application.pk]), fields)


class Deciding:
    """What waits for the province, one after the other: claimed, then passed."""

    def __init__(self) -> None:
        office = province()
        self.by = reviewer_of(office)
        self.visitor = Visitor.signed_in(self.by)
        waiting = Application.objects.awaiting(office).filter(claimed_at=None)
        self.waiting = iter(list(waiting[:ENOUGH]))  # at once: every request closes the connection

    def next(self) -> Environ:
        application = next(self.waiting)
        review.claim(application, by=self.by, seen_round=application.round)
        fields = {
            "seen_round": application.round,
            "level": application.stage,
            "outcome": "pass",
            **_attempt(),
        }
        return self.visitor.post(reverse("review:decide", args=[application.pk]), fields)


def _uploaded(folder: Folder) -> Row:
    application = application_of(folder.phone("trainee", "draft"))
    visitor, rotation = Visitor.signed_in(application.trainee), application.enrolment.rotations.all()[0]
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, "summary"])
    camera = Camera()
    floor_ms, measured = best(
        Task(camera.shoot, floors.upload),
        Task(lambda: visitor.upload(address, camera.shoot(), {"mode": "replace"}), _send),
    )
    return Row(f"upload of a JPG of {len(camera.shoot()) // KIB} KB", floor_ms, measured, UPLOAD)


class Camera:
    """Photographs of a paper of the demo as a phone would take it, of about 600 KB, never twice the same."""

    def __init__(self) -> None:
        page = Page.objects.filter(slot__material__isnull=False).select_related("picture")[0]
        paper = Image.open(io.BytesIO(storage.get(page.picture.address))).convert("RGB").resize((1600, 2263))
        noise = Image.effect_noise(paper.size, 24).convert("RGB")
        shots = (Image.blend(paper, noise, share / 100) for share in range(1, 50))
        self.shot = next(shot for shot in shots if len(_jpeg(shot)) > PHOTOGRAPH)

    def shoot(self) -> bytes:
        self.shot.putpixel((0, 0), tuple(secrets.token_bytes(3)))
        return _jpeg(self.shot)


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def _signed_in(folder: Folder) -> Row:
    phone, hashed = folder.phone("trainee", "approved"), make_password(PASSWORD)
    fields = {"username": phone, "password": PASSWORD}
    floor_ms, measured = best(
        Task(lambda: PASSWORD, lambda password: check_password(password, hashed)),
        Task(lambda: Visitor().post("/login/", fields), _send),
    )
    cores = os.cpu_count() or 1
    return Row(
        f"sign-in ({cores * 1000 / measured:.0f} a second on {cores} cores)", floor_ms, measured, SIGN_IN
    )


def _attempt() -> dict[str, Any]:
    return {"attempt": secrets.token_hex(8)}


def _send(question: Environ) -> None:
    SITE.expect(HTTPStatus.FOUND, question)
