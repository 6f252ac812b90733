"""What always holds of stored pictures: no row without its bytes, and they are those it speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from zhupei.lib.invariants import Broken

from . import storage
from .models import Picture

CHUNK = 1000  # rows in memory
BLOCK = 1024 * 1024  # bytes in memory
PLACES = {"address": "size", "thumbnail": ""}  # the columns that name bytes, and the column of their size


def broken(*, quick: bool = False) -> Iterator[Broken]:
    """Every picture whose bytes are missing, cut short or others; ``quick`` does not read them.

    Pictures are taken in the order of their addresses: the same bytes are read once, however
    many rows name them.
    """
    for column, size in PLACES.items():
        rows = Picture.objects.order_by(column).values_list(column, size or "id", "id")
        for address, pictures in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[0]):
            problem = _problem(address, quick=quick)
            for _, stated, pk in pictures:
                if note := problem or (size and _wrong_size(address, stated)):
                    yield Broken("a-picture-has-its-bytes", "files.picture", pk, f"{column} {note}")


def _problem(address: str, *, quick: bool) -> str:
    """What is wrong with the bytes at ``address``; "" if nothing is."""
    path = storage.path_of(address)
    if not path.is_file():
        return "missing"
    return "" if quick or _hash(path) == address else "altered"


def _wrong_size(address: str, stated: int) -> str:
    found = storage.path_of(address).stat().st_size
    return "" if found == stated else f"{found} bytes instead of {stated}"


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
