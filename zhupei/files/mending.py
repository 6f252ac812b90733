"""一键修正: a stored picture turned, levelled and cut; shown first, stored only when its owner says so."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from zhupei.imaging import looking
from zhupei.imaging.crops import Crop, FittedPicture
from zhupei.imaging.flaws import CHECKS, Flaw
from zhupei.imaging.intake import Accepted, Rejected, accept
from zhupei.imaging.rules import PORTRAIT, PORTRAIT_AS_SENT

from . import storage
from .intake import Fitted, put
from .models import Picture

# What a person may overrule by cutting by hand: the detector is no authority on who has a face.
ARGUABLE = {"no_face"}


@dataclass(frozen=True, slots=True)
class Mended:
    """What would be stored, and what is still wrong with it."""

    made: FittedPicture
    flaws: tuple[Flaw, ...]

    @property
    def blocked(self) -> list[str]:
        """Why it cannot be used all the same."""
        return [flaw.text for flaw in self.flaws if flaw.weight == "blocks" and flaw.code not in ARGUABLE]


def take_portrait(content: bytes, *, name: str) -> tuple[Fitted, list[str]]:
    """The portrait as it is stored; if it may not stand, as it was sent, with the sentences that say why.

    Raises ``Rejected`` for what nothing can be made of.
    """
    look = looking.inspector("portrait")
    try:
        accepted = accept(content, PORTRAIT, look)
        problems = [flaw.text for flaw in accepted.flaws if flaw.weight == "blocks"]
    except Rejected as rejected:
        problems = rejected.sentences
    if problems:
        try:
            accepted = accept(content, PORTRAIT_AS_SENT, look)
        except Rejected as hopeless:
            raise Rejected(*problems) from hopeless
    return put(accepted, name), problems


def proposed(picture: Picture) -> Crop:
    """The crop that puts the head in its place; raises ``Rejected``."""
    return looking.propose(opened(picture))


def mend_portrait(picture: Picture, crop: Crop) -> Mended:
    """The portrait cut by ``crop``; raises ``Rejected``."""
    return _looked_at(looking.fit_portrait(opened(picture), crop), "portrait")


def mend_document(picture: Picture) -> Mended:
    """The page of a paper straightened; raises ``Rejected`` where nothing is crooked."""
    return _looked_at(looking.fit_document(opened(picture)), "document")


def keep(mended: Mended, picture: Picture) -> Fitted:
    """Store what was made of ``picture``; what arrived in the first place stays known."""
    made = mended.made
    accepted = Accepted(
        jpeg=made.jpeg,
        thumbnail=made.thumbnail,
        width=made.width,
        height=made.height,
        kind="JPEG",
        original_sha256=picture.original_sha256,
        original_size=picture.original_size,
        notes=made.done,
        flaws=mended.flaws,
        checks=CHECKS,
    )
    return put(accepted, picture.original_name)


def digest(mended: Mended) -> str:
    """Tells one result from another: what was agreed to must be what is stored."""
    return hashlib.sha256(mended.made.jpeg).hexdigest()


def opened(picture: Picture) -> Image.Image:
    """The stored pixels."""
    with Image.open(io.BytesIO(storage.get(picture.address)), formats=["JPEG"]) as image:
        return image.convert("RGB")


def _looked_at(made: FittedPicture, as_: looking.As) -> Mended:
    with Image.open(io.BytesIO(made.jpeg), formats=["JPEG"]) as image:
        return Mended(made, tuple(looking.inspector(as_)(image.convert("RGB"))))
