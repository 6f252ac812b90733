"""Freezing what a trainee hands in. Pure: content in, canonical text and its hash out.

The text is canonical (sorted keys, no spaces, UTF-8, every number that was decided on as
a string) and carries a random nonce, so that equal digests mean equal content and nobody
can find out a field by trying values.
"""

import hashlib
import json
from typing import cast

from .content import Content

VERSION = 1


def freeze(content: Content, *, warnings: list[str], nonce: str) -> str:
    """The text of a round; ``nonce`` is random, 16 bytes in hexadecimal."""
    frozen = {"version": VERSION, "nonce": nonce, "warnings": warnings, **content}
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(text: str) -> Content:
    """What was frozen, as it was shown."""
    return cast(Content, json.loads(text))


def warnings_of(text: str) -> list[str]:
    """What the checklist warned of when the round was frozen."""
    return cast(list[str], json.loads(text)["warnings"])
