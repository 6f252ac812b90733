"""Where pictures lie: under their own hash, written so that a power cut leaves all or nothing."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def put(content: bytes) -> str:
    """Keep ``content`` and return its address (SHA-256, hexadecimal). Durable when this returns.

    Temporary file → fsync → rename to the address → fsync of the folder. The same bytes
    lie there once, however often they come.
    """
    address = hashlib.sha256(content).hexdigest()
    path = path_of(address)
    if path.exists():
        os.utime(path)  # young again, so that a sweep under way leaves it alone
        return address
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _fsync_folder(path.parent)
    _fsync_folder(path.parent.parent)
    return address


def get(address: str) -> bytes:
    """The bytes at ``address``; raises FileNotFoundError."""
    return path_of(address).read_bytes()


def path_of(address: str) -> Path:
    root: Path = settings.FILES
    return root / address[:2] / address[2:4] / address


def files() -> Iterator[Path]:
    """Every file that lies there: named by its address, or half-written by one who was cut off."""
    root: Path = settings.FILES
    yield from root.glob("??/??/*")


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
