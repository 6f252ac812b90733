"""From pixels to the JPG that is stored: as good as its size allows."""

import io
import math
from collections.abc import Iterator
from fractions import Fraction

from PIL import Image

from .rules import KIB, ImageRule, Rejected

BEST, WORST = 88, 70  # JPEG quality; below 70 small print and red seals suffer, so pixels go first
# What a quality costs beside BEST, measured on photographed papers; only where to begin is taken from it.
_SHARES = {84: 0.87, 79: 0.76, 74: 0.69, WORST: 0.64}
_DOUBT = 1.1  # a picture may come out smaller than its share says by this much
SAMPLING = Image.Resampling.HAMMING  # as sharp as bicubic where a picture shrinks, a quarter cheaper
THUMBNAIL = (320, 320)  # pixels; the whole picture fits inside
_THUMBNAIL_QUALITY = 80


def encode(image: Image.Image, rule: ImageRule) -> tuple[bytes, tuple[int, int], bool]:
    """The JPG, its size in pixels, and whether quality or pixels were given up for ``rule.max_bytes``.

    First the quality goes down to 70, then the picture shrinks, never under the smallest size. If that
    is not enough, a strict rule refuses and any other takes the smallest there is.
    """
    for size in _sizes(image, rule):
        candidate = image if size == image.size else image.resize(size, SAMPLING)
        best = _jpeg(candidate, BEST)
        if len(best) <= rule.max_bytes:
            return best, size, size != image.size
        for quality in _likely(len(best), rule.max_bytes):
            jpeg = _jpeg(candidate, quality)
            if len(jpeg) <= rule.max_bytes:
                return jpeg, size, True
    if rule.strict:
        raise Rejected(f"{rule.noun}压缩后仍超过 {rule.max_bytes // KIB} KB，请换一张背景简洁的原图")
    return _jpeg(candidate, WORST), size, True


def _likely(best: int, most: int) -> list[int]:
    """The qualities that may bring a picture of ``best`` bytes under ``most``, the best first."""
    return [quality for quality, share in _SHARES.items() if best * share <= most * _DOUBT]


def thumbnail(image: Image.Image) -> bytes:
    """A small JPG of the whole picture."""
    small = image.copy()
    small.thumbnail(THUMBNAIL, SAMPLING)
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


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
