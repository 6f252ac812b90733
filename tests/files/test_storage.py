"""Where pictures lie: content-addressed, all or nothing, swept without harm."""

import hashlib
import os
import time

import pytest
from django.conf import settings

from tests.factories import PictureFactory
from zhupei.files import actions, storage

HOUR = 3600  # seconds


def everything():
    return sorted(path for path in settings.FILES.rglob("*") if path.is_file())


def made_old(address, *, hours=2):
    then = time.time() - hours * HOUR
    os.utime(storage.path_of(address), (then, then))


def swept():
    return actions.sweep(older_than=time.time() - HOUR)


def test_bytes_lie_under_their_own_hash():
    address = storage.put(b"picture")

    assert address == hashlib.sha256(b"picture").hexdigest()
    assert storage.get(address) == b"picture"
    assert storage.path_of(address).relative_to(settings.FILES).parts == (address[:2], address[2:4], address)


def test_the_same_bytes_lie_there_once():
    assert storage.put(b"picture") == storage.put(b"picture")
    assert len(everything()) == 1


def test_other_bytes_lie_elsewhere():
    assert storage.put(b"picture") != storage.put(b"Picture")
    assert len(everything()) == 2


def test_a_write_that_fails_leaves_nothing_behind(monkeypatch):
    def power_cut(handle):
        raise OSError

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError):  # noqa: PT011
        storage.put(b"picture")

    assert everything() == []


def test_nobody_else_on_the_computer_can_read_a_picture():
    address = storage.put(b"picture")

    assert storage.path_of(address).stat().st_mode & 0o077 == 0


def test_a_sweep_deletes_what_no_row_knows_and_is_old_enough():
    orphan, young = storage.put(b"orphan"), storage.put(b"young")
    made_old(orphan)

    assert swept() == 1
    assert [path.name for path in storage.files()] == [young]


def test_a_sweep_never_deletes_what_a_row_knows_as_picture_or_as_thumbnail():
    picture = PictureFactory(address=storage.put(b"picture"), thumbnail=storage.put(b"thumbnail"))
    for address in (picture.address, picture.thumbnail):
        made_old(address, hours=10_000)

    assert swept() == 0
    assert storage.get(picture.address) == b"picture"
    assert storage.get(picture.thumbnail) == b"thumbnail"


def test_what_comes_again_is_young_again():
    """The row of the second upload is not there yet; a sweep must leave its bytes alone."""
    address = storage.put(b"picture")
    made_old(address)

    storage.put(b"picture")

    assert swept() == 0
    assert storage.get(address) == b"picture"


def test_a_sweep_takes_away_what_a_power_cut_left_half_written():
    half_written = storage.path_of(storage.put(b"picture")).with_name("tmpabcdef.part")
    half_written.write_bytes(b"pic")
    then = time.time() - 2 * HOUR
    os.utime(half_written, (then, then))

    assert swept() == 1
    assert not half_written.exists()


def test_an_empty_storage_is_swept_without_a_word():
    assert swept() == 0
