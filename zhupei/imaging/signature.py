"""A signature written on paper or drawn on the screen: the ink alone, on white. Pillow only, no Django."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageFilter

from .intake import accept
from .rules import KIB, ImageRule, Rejected

AS_SENT = ImageRule(
    noun="签名图片",
    max_width=1600,
    max_height=1600,
    max_bytes=800 * KIB,
    strict=False,
    upright=False,
    in_colour=False,
    min_width=40,
    min_height=80,
    most_pages=1,
)
SIGNATURE = ImageRule(
    noun="签名",
    max_width=900,
    max_height=600,
    max_bytes=100 * KIB,
    strict=False,
    upright=False,
    in_colour=False,
    min_width=1,
    min_height=1,
    most_pages=1,
)
_PAPER = 16  # pixels: ink is thinner than this, so what is brightest so near is paper, shadow and all
_INK = 60  # of 255: darker than the paper around it by this much; a pencil line is, a fold is not
_FAINT = 25  # of 255: below it the grain of paper
_LEAST, _MOST = 0.001, 0.35  # share of ink: less is nothing, more is no signature but a photograph
_MARGIN = 12  # pixels of white around it
_SMALLEST = (60, 24)  # pixels of the ink: smaller is a dot


def cut_out(content: bytes) -> bytes:
    """The ink in the picture ``content`` as a PNG, cropped, black on white. Raises ``Rejected``."""
    jpeg = accept(content, AS_SENT).jpeg
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        darkness = _darkness(image.convert("L"))
    ink = darkness.point(lambda value: 255 if value >= _INK else 0).filter(ImageFilter.MedianFilter(3))
    box, share = ink.getbbox(), ink.histogram()[255] / (ink.width * ink.height)
    if box is None or share < _LEAST or _is_a_dot(box):
        raise Rejected("没有看到签名的笔迹，请用深色笔写大一些，或在屏幕上重新写一次")
    if share > _MOST:
        raise Rejected("这不像写在白纸上的签名，请在白纸上签名，只拍签名这一块")
    left, top, right, bottom = box
    edges = (left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    written = ImageChops.invert(darkness.point(_blackened).crop(edges))
    file = io.BytesIO()
    written.save(file, "PNG")
    return file.getvalue()


def _darkness(grey: Image.Image) -> Image.Image:
    """How much darker each pixel is than the paper around it; outside of the picture there is none."""
    small = grey.reduce(4) if min(grey.size) > 4 * _PAPER else grey
    paper = small.filter(ImageFilter.MaxFilter(2 * _PAPER // 4 * 2 + 1)).filter(ImageFilter.BoxBlur(4))
    return ImageChops.subtract(paper.resize(grey.size, Image.Resampling.BILINEAR), grey)


def _blackened(darkness: int) -> int:
    return 0 if darkness < _FAINT else min(255, (darkness - _FAINT) * 3)


def _is_a_dot(box: tuple[int, int, int, int]) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return width < _SMALLEST[0] or height < _SMALLEST[1]
