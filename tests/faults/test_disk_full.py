"""No room on the disk: a calm sentence, nothing half-written, no row; and it goes on when there is room."""

import errno
import os
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from tests import factories as made
from tests.browsing import PASSWORD, signed_in
from tests.faults.site import Site, Visitor
from tests.faults.test_kills import shade
from zhupei.completion import invariants
from zhupei.completion.actions import application as trainees
from zhupei.completion.models import Submission
from zhupei.files import storage
from zhupei.files.models import Page
from zhupei.files.uploading import LimitedUploadHandler
from zhupei.lib import disk_space
from zhupei.training.choices import PaperKind

SENTENCE = "服务器磁盘已满，请稍后再试；您的文件没有保存"
MIB = 1024 * 1024


def no_room(*args, **kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def visitor(user) -> Client:
    client = signed_in(user)
    client.raise_request_exception = False  # as a browser sees it
    return client


def upload(client, application, colour=(10, 120, 30)):
    rotation = application.enrolment.rotations.first()
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, PaperKind.SUMMARY])
    picture = SimpleUploadedFile("1.jpg", made.jpeg(colour))
    return client.post(address, {"mode": "replace", "pictures": picture})


@pytest.fixture
def room(settings, tmp_path):
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.mark.parametrize("call", ("fsync", "rename"))
def test_a_picture_that_does_not_fit_leaves_nothing_behind(room, monkeypatch, call):
    monkeypatch.setattr(*(os, "fsync", no_room) if call == "fsync" else (Path, "rename", no_room))

    with pytest.raises(OSError, match="No space left") as caught:
        storage.put(b"picture")

    assert disk_space.is_used_up(caught.value)
    assert not [path for path in room.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("where", ("on the way in", "into the storage"))
def test_an_upload_is_answered_with_a_sentence_and_the_page_that_lay_there_still_does(monkeypatch, where):
    application = made.draft()
    client = visitor(application.trainee)
    before = list(Page.objects.order_by("pk").values())

    with monkeypatch.context() as full:
        if where == "into the storage":
            full.setattr(os, "fsync", no_room)
        else:
            full.setattr(LimitedUploadHandler, "receive_data_chunk", no_room)
        answer = upload(client, application)

    assert answer.status_code == 507
    assert SENTENCE in answer.content.decode()
    assert list(Page.objects.order_by("pk").values()) == before
    assert upload(client, application).status_code == 302
    assert Page.objects.count() == len(before) + 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a limit of SQLite's own stands for the disk")
@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_grow_takes_nothing_or_all():
    application, another = made.draft(), made.draft()
    client = visitor(application.trainee)
    form = {"seen_round": 0, "confirmed": "on", "consented": "on"}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        answers = [client.post(reverse("completion:submit", args=[application.pk]), form) for _ in range(9)]
        with pytest.raises(OperationalError, match="full") as caught:
            fill_up(another)
        assert disk_space.is_used_up(caught.value)
        cursor.execute("PRAGMA max_page_count = 1073741823")

    assert {answer.status_code for answer in answers} <= {507, 302, 409, 422}
    assert list(invariants.broken()) == []
    application = made.again(application)
    assert Submission.objects.count() == application.round


def fill_up(application):
    while True:
        trainees.lay_paper(
            application, application.enrolment.rotations.first(), PaperKind.SUMMARY, [made.fitted()] * 12,
            by=application.trainee, replace=True,
        )  # fmt: skip
        made.UserFactory()


def test_other_errors_are_not_taken_for_a_full_disk():
    assert not disk_space.is_used_up(None)
    assert not disk_space.is_used_up(OSError(errno.EACCES, "denied"))
    assert disk_space.is_used_up(OSError(errno.EDQUOT, "quota"))
    try:
        try:
            no_room()
        except OSError as cause:
            raise RuntimeError from cause
    except RuntimeError as error:
        assert disk_space.is_used_up(error)  # noqa: PT017


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 40 MB, which only root can make."""
    place = tmp_path / "disk"
    place.mkdir()
    made_it = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m,mode=700", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if made_it.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.process
def test_a_real_server_on_a_full_disk_answers_calmly_and_recovers(small_disk, tmp_path):
    site = Site.make(tmp_path, trainees=1, data=small_disk / "data")
    site.begin()
    try:
        site.wait_until_it_answers()
        (who,) = site.trainees
        visitor = Visitor(site.port)
        visitor.sign_in(who["user"], PASSWORD)
        path = f"/completion/{who['application']}/materials/{who['rotations'][0]}/summary/"
        assert visitor.upload(path, shade(1), "replace").status == 200

        filler = fill(small_disk)
        refused = [visitor.upload(path, shade(number), "replace") for number in range(2, 5)]
        submitted = visitor.post(
            f"/completion/{who['application']}/submit/",
            {"seen_round": "0", "confirmed": "on", "consented": "on"},
        )
        filler.unlink()

        assert {answer.status for answer in refused} == {507}
        assert SENTENCE in refused[0].text
        assert submitted.status in (302, 507)
        assert visitor.upload(path, shade(9), "replace").status == (422 if submitted.status == 302 else 200)
        assert site.invariants()["ok"]
    finally:
        site.kill()
    assert "Error: " in site.log()  # the operator is told


def fill(place: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MIB, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler
