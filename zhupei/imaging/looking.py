"""The door to what measures pictures: loaded when the first picture is looked at, not with the site.

OpenCV, dlib and numpy cost a process about 70 MB and half a second; a process that only serves pages
never pays that.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Literal

from PIL import Image

from .flaws import Flaw

As = Literal["portrait", "document", "form_scan"]
_ROOMS: dict[As, str] = {"portrait": "portrait", "document": "document", "form_scan": "document"}


def inspector(as_: As) -> Callable[[Image.Image], list[Flaw]]:
    """``inspect_portrait``, ``inspect_document`` or ``inspect_form_scan``, which loads when it is called."""

    def look(image: Image.Image) -> list[Flaw]:
        room = import_module(f"{__package__}.{_ROOMS[as_]}")
        flaws: list[Flaw] = getattr(room, f"inspect_{as_}")(image)
        return flaws

    return look
