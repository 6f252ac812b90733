"""What arrives as a picture, through the real upload view: the sentence, the row, the temporary files."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.factories import jpeg
from tests.imaging import pictures
from tests.imaging.pictures import drawn, exif, file_of, opened
from zhupei.files import storage
from zhupei.files.models import Page

from .asking import address
from .world import World

MIB = 1024 * 1024
HTMX = {"HX-Request": "true"}
PLACE = "training/profile/documents/<str:kind>/"


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where an upload lies while it arrives; empty again behind every test."""
    old, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    yield tmp_path
    tempfile.tempdir = old
    assert list(tmp_path.iterdir()) == []


def send(world: World, content: bytes, name: str = "毕业证.jpg") -> HttpResponse:
    """The drafter lays a picture in the place of the diploma, as our script does."""
    file = SimpleUploadedFile("x", content, "image/jpeg")
    file._name = name  # as it came, with whatever a browser would have cut off
    at = address(PLACE, world.things["draft"])
    return world.client("drafter").post(at, {"pictures": file, "mode": "replace"}, headers=HTMX)


def stored(world: World) -> list[Page]:
    """The pages of the diploma that were laid after those of the world."""
    diploma = world.things["draft"].trainee.documents.get(kind="diploma")
    return list(
        Page.objects.standing().filter(slot=diploma.slot).exclude(pk=world.things["draft"].certificate)
    )


@cache
def progressive(extra: int) -> bytes:
    return pictures.with_scans(file_of(drawn(), progressive=True), extra)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "JPG"),
    "SVG": (lambda: SVG, "JPG"),
    "ZIP": (lambda: b"PK\x03\x04" + bytes(500), "JPG"),
    "GIF": (lambda: file_of(drawn().convert("P"), "GIF"), "GIF"),
    "GIF with a script": (lambda: b"GIF89a/*" + b"*/=1;alert(1)//" * 50, "GIF"),
    "a damaged PDF": (lambda: b"%PDF-1.7\n" + bytes(500), "PDF 打不开"),
    "a damaged HEIC": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "打不开"),
    "only the first two bytes of a JPG": (lambda: b"\xff\xd8" + b"<script>" * 100, "网页|损坏|不完整|打不开"),
    "nothing": (lambda: b"", "空|没有内容|不完整"),
    "half a JPG": (lambda: pictures.PHONE_12MP[: len(pictures.PHONE_12MP) // 2], "不完整"),
    "412×626": (lambda: file_of(drawn(412, 626)), "太小.*413×626.*412×626"),
    "413×625": (lambda: file_of(drawn(413, 625)), "太小.*413×626.*413×625"),
    "a PNG of 30,000×30,000": (lambda: pictures.png_bomb(30_000, 30_000), "太大|像素|过大"),
    "a PNG of 16,000×16,000": (lambda: pictures.png_bomb(16_000, 16_000), "太大|像素|过大"),
    "1,500 scans": (lambda: progressive(1500), "太复杂"),
    "25 MB": (lambda: jpeg() + bytes(25 * MIB), "20 MB"),
}


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_file_is_refused_with_a_sentence(world: World, what: str):
    make, sentence = REFUSED[what]

    response = send(world, make())

    text = response.content.decode()
    assert response.status_code == 422
    assert re.search(sentence, text), text
    assert "<script>" not in text
    assert stored(world) == []


TAKEN: dict[str, Callable[[], bytes]] = {
    "413×626": lambda: file_of(drawn()),
    "lying": lambda: file_of(drawn(626, 413)),
    "turned by EXIF": lambda: pictures.PORTRAIT_LYING,
    "CMYK": lambda: file_of(drawn(mode="CMYK")),
    "grey": lambda: file_of(drawn(mode="L")),
    "with a place": lambda: file_of(drawn(), exif=exif(latitude="N")),
    "with a script in a comment": lambda: pictures.with_segment(file_of(drawn()), 0xFE, SVG),
    "with a script behind the end": lambda: file_of(drawn()) + SVG,
    "a PNG": lambda: file_of(drawn(), "PNG"),
    "19.9 MB behind the end": lambda: file_of(drawn()) + bytes(int(19.9 * MIB)),
}


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("what", TAKEN)
def test_what_can_be_made_to_fit_is_stored_bare(world: World, what: str):
    response = send(world, TAKEN[what]())

    assert response.status_code == 200
    [page] = stored(world)
    kept = storage.get(page.picture.address)
    picture = opened(kept)
    assert picture.mode in ("RGB", "L")
    assert dict(picture.getexif()) == {}
    assert "comment" not in picture.info
    assert b"script" not in kept
    assert len(kept) < 100 * 1024


NAMES = {
    "up": "../../../etc/cron.d/x.jpg",
    "long": "长" * 300 + ".jpg",
    "quotes": "\"'>x.jpg",
    "script": "<script>alert(1)</script>.jpg",
    "line break": "a\r\nSet-Cookie: b=c.jpg",
    "NUL": "a\0.jpg",
    "right to left": "a\u202egpj.exe",
    "surrogate": "\udcff.jpg",
    "nothing": "",
    "dots": "..",
    "backslashes": "..\\..\\x.jpg",
}


def raw(name: bytes, content: bytes, field: bytes = b"pictures") -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n' % (field, name)
    return head + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n--b--\r\n"


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("what", NAMES)
def test_the_name_of_a_file_is_only_a_text(world: World, what: str):
    before = files_outside_the_storage()
    body = raw(NAMES[what].encode("utf-8", "surrogateescape"), jpeg((1, 2, 3)))
    client, at = world.client("drafter"), address(PLACE, world.things["draft"])

    response = client.post(at, body, content_type="multipart/form-data; boundary=b", headers=HTMX)

    assert response.status_code in (200, 422)
    assert b"<script>alert" not in response.content
    for page in stored(world):
        assert len(page.picture.original_name) <= 255
        assert not set("\0\r\n\u202e/\\") & set(page.picture.original_name)
        view = client.get(f"/training/profile/pictures/{page.pk}/view/").content.decode()
        assert "<script>alert" not in view
    assert files_outside_the_storage() == before


def files_outside_the_storage() -> set[str]:
    return {str(path) for path in Path(settings.DATA).iterdir()}


# --- Bodies that do not end, or not as they should ----------------------------------------------------


class CutOff(BytesIO):
    """A connection that breaks while somebody still has ``len(content)`` bytes to say."""

    def read(self, size: int = -1) -> bytes:
        if read := super().read(size):
            return read
        raise OSError("connection reset by peer")


def aborted(client: Client, at: str, body: bytes, promised: int) -> int:
    environ = {
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
        "CONTENT_LENGTH": str(promised),
        "wsgi.input": CutOff(body),
    }
    return client.generic("POST", at, **environ).status_code


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("share", (0.02, 0.5, 0.99))
def test_an_upload_that_breaks_off_leaves_nothing(world: World, share: float):
    body = raw(b"x.jpg", os.urandom(1_000_000))

    client, at = world.client("drafter", enforce_csrf_checks=True), address(PLACE, world.things["draft"])

    status = aborted(client, at, body[: int(len(body) * share)], len(body))

    assert status == 403  # without its end it has no token; nobody is there to read it
    assert stored(world) == []


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize(
    "body",
    (
        b"",
        b"no boundary at all",
        b"--b\r\n\r\n",
        b'--b\r\nContent-Disposition: form-data; name="pictures"; filename="x.jpg"\r\n\r\nhalf',
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        (
            b'--b\r\nContent-Disposition: form-data; name="pictures"; filename="a"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--b--\r\n"
        ),
        raw(b"x.jpg", jpeg(), field=b"other"),
        b"".join(raw(b"%d.jpg" % n, b"x").removesuffix(b"--b--\r\n") for n in range(30)) + b"--b--\r\n",
    ),
    ids=("empty", "text", "no head", "half", "no name", "base64", "another field", "30 files"),
)
def test_a_body_that_makes_no_sense_is_answered(world: World, body: bytes):
    at = address(PLACE, world.things["draft"])
    response = world.client("drafter").post(
        at, body, content_type="multipart/form-data; boundary=b", headers=HTMX
    )

    assert response.status_code in (400, 422)
    assert stored(world) == []


@pytest.mark.parametrize(
    "kind", ("multipart/form-data", "multipart/form-data; boundary=", "application/json", "x")
)
def test_a_kind_of_body_that_is_not_ours_is_answered(world: World, kind: str):
    at = address(PLACE, world.things["draft"])

    response = world.client("drafter").post(at, b"{}", content_type=kind, headers=HTMX)

    assert response.status_code in (400, 422)


@pytest.mark.usefixtures("temporary")
def test_twenty_five_megabytes_are_read_but_never_held(world: World):
    """Streamed to a temporary file, which stops at the limit, and is gone with the answer."""
    seen: list[int] = []
    real = tempfile.NamedTemporaryFile

    def watched(*args: object, **kwargs: object) -> object:
        seen.append(1)
        return real(*args, **kwargs)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", watched)
        response = send(world, jpeg() + bytes(25 * MIB))

    assert "20 MB" in response.content.decode()
    assert seen == [1]
