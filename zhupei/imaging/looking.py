"""The door to what measures pictures: loaded when the first picture is looked at, not with the site.

OpenCV, dlib and numpy cost a process about 70 MB and half a second; a process that only serves pages
never pays that.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Literal

from PIL import Image

from .crops import Crop, FittedPicture
from .flaws import Flaw

As = Literal["portrait", "document", "form_scan"]
_ROOMS: dict[As, str] = {"portrait": "portrait", "document": "document", "form_scan": "document"}


def inspector(as_: As) -> Callable[[Image.Image], list[Flaw]]:
    """``inspect_portrait``, ``inspect_document`` or ``inspect_form_scan``, which loads when it is called."""

    def look(image: Image.Image) -> list[Flaw]:
        flaws: list[Flaw] = getattr(_room(_ROOMS[as_]), f"inspect_{as_}")(image)
        return flaws

    return look


def propose(image: Image.Image) -> Crop:
    """See ``portrait.propose``."""
    crop: Crop = _room("portrait").propose(image)
    return crop


def fit_portrait(image: Image.Image, crop: Crop) -> FittedPicture:
    """See ``portrait.fit_portrait``."""
    made: FittedPicture = _room("portrait").fit_portrait(image, crop)
    return made


def fit_document(image: Image.Image) -> FittedPicture:
    """See ``document.fit_document``."""
    made: FittedPicture = _room("document").fit_document(image)
    return made


def _room(name: str) -> ModuleType:
    return import_module(f"{__package__}.{name}")
