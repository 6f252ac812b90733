"""From pixels to the JPG that is stored: as good as its size allows."""

import io
import math
from collections.abc import Iterator
from fractions import Fraction

from PIL import Image

from .rules import KIB, ImageRule, Rejected

BEST, WORST = 88, 70  # JPEG quality; below 70 small print and red seals suffer, so pixels go first
_BETWEEN = (84, 79, 74)
THUMBNAIL = (320, 320)  # pixels; the whole picture fits inside
_THUMBNAIL_QUALITY = 80


def encode(image: Image.Image, rule: ImageRule) -> tuple[bytes, tuple[int, int], bool]:
    """The JPG, its size in pixels, and whether quality or pixels were given up for ``rule.max_bytes``.

    First the quality goes down to 70, then the picture shrinks, never under the smallest size. If that
    is not enough, a strict rule refuses and any other takes the smallest there is.
    """
    smallest = b""
    for size in _sizes(image, rule):
        candidate = image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
        best = _jpeg(candidate, BEST)
        if len(best) <= rule.max_bytes:
            return best, size, size != image.size
        smallest = _jpeg(candidate, WORST)
        if len(smallest) <= rule.max_bytes:
            return _better(candidate, rule) or smallest, size, True
    if rule.strict:
        raise Rejected(f"{rule.noun}压缩后仍超过 {rule.max_bytes // KIB} KB，请换一张背景简洁的原图")
    return smallest, size, True


def thumbnail(image: Image.Image) -> bytes:
    """A small JPG of the whole picture."""
    small = image.copy()
    small.thumbnail(THUMBNAIL, Image.Resampling.BICUBIC)
    return _jpeg(small, _THUMBNAIL_QUALITY)


def _sizes(image: Image.Image, rule: ImageRule) -> Iterator[tuple[int, int]]:
    """The size as it is, then ever smaller ones, down to the smallest the rule allows."""
    previous = None
    for step in range(24):
        size = rule.scaled(*image.size, Fraction(math.floor(1000 * 0.85**step), 1000))
        if size == previous:
            return
        yield size
        previous = size


def _better(image: Image.Image, rule: ImageRule) -> bytes | None:
    """The best that fits between the two qualities already tried."""
    for quality in _BETWEEN:
        jpeg = _jpeg(image, quality)
        if len(jpeg) <= rule.max_bytes:
            return jpeg
    return None


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
