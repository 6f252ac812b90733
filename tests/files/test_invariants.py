"""No picture without its bytes, and they are those that were stored."""

import pytest

from tests.factories import PictureFactory, jpeg
from zhupei.files import invariants, storage


@pytest.fixture
def picture():
    content = jpeg()
    return PictureFactory(address=storage.put(content), thumbnail=storage.put(b"small"), size=len(content))


def notes(**how):
    return [(one.invariant, one.id, one.note) for one in invariants.broken(**how)]


def test_nothing_is_wrong_with_a_picture_that_was_stored(picture):
    assert notes() == []


@pytest.mark.parametrize("column", ("address", "thumbnail"))
def test_a_picture_whose_bytes_are_gone_is_named(picture, column):
    storage.path_of(getattr(picture, column)).unlink()

    assert notes() == [("a-picture-has-its-bytes", picture.pk, f"{column} missing")]


def test_altered_bytes_are_found_unless_the_look_is_quick(picture):
    path = storage.path_of(picture.address)
    path.write_bytes(b"x" * picture.size)

    assert notes() == [("a-picture-has-its-bytes", picture.pk, "address altered")]
    assert notes(quick=True) == []


def test_bytes_that_were_cut_are_found_even_by_a_quick_look(picture):
    storage.path_of(picture.address).write_bytes(b"")

    assert notes(quick=True) == [
        ("a-picture-has-its-bytes", picture.pk, f"address 0 bytes instead of {picture.size}")
    ]


def test_every_row_that_names_lost_bytes_is_named_and_the_bytes_are_read_once(picture, monkeypatch):
    other = PictureFactory(address=picture.address, thumbnail=picture.thumbnail, size=picture.size)
    storage.path_of(picture.address).write_bytes(b"x" * picture.size)
    read = []
    monkeypatch.setattr(invariants, "_hash", lambda path: read.append(path) or "other")

    assert {pk for _, pk, _ in notes()} == {picture.pk, other.pk}
    assert len(read) == 2  # the picture and the thumbnail
