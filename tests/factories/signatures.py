"""A stored signature as the pad sends it, kept through the real action."""

import io
from functools import cache

from PIL import Image, ImageDraw

from zhupei.accounts.models import User
from zhupei.files import intake
from zhupei.files.intake import Fitted
from zhupei.imaging.signature import SIGNATURE, cut_out
from zhupei.training import actions
from zhupei.training.models import StoredSignature


def ink() -> bytes:
    """A PNG with a stroke on it."""
    image = Image.new("RGB", (400, 150), "white")
    ImageDraw.Draw(image).line(((40, 40), (120, 110), (200, 50), (280, 100)), fill="black", width=6)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def signature(person: User) -> StoredSignature:
    """What ``person`` (a teacher or head) signs with from now on."""
    return actions.keep_signature(_fitted(), by=person)


@cache
def _fitted() -> Fitted:
    return intake.keep(cut_out(ink()), SIGNATURE, name="签名.png")
