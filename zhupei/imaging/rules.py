"""What a picture must be. Nothing here decodes anything.

Source: 湖北省《线上结业审核流程》第五、六步 and domain.md §7: JPG, not below 413×626 pixels (35×53 mm at
300 dpi); portrait "不超过300K", a limit; papers "建议…小于800K", advice. "K" is read as KiB.
"""

from dataclasses import dataclass
from fractions import Fraction

KIB = 1024
MIB = 1024 * KIB

MAX_UPLOAD = 20 * MIB  # bytes of the file as it arrives
MOST_PAGES = 12  # of one paper, and so of one PDF or TIFF
MAX_PIXELS = 64 * 1024 * 1024  # "64 megapixels" in binary: lets the 9280×6944 of a 64 MP phone pass


class Rejected(Exception):
    """The picture cannot be taken. ``sentences`` say, to the person, everything that is wrong with it."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        super().__init__("；".join(sentences))


@dataclass(frozen=True, slots=True)
class ImageRule:
    """What a picture must be, and what it is made to be.

    Units: pixels after applying the EXIF rotation; ``max_bytes`` of the stored JPG. ``upright``: width and
    height are meant as such; otherwise either side may be the longer one (landscape scans are fine).
    ``strict``: refused if ``max_bytes`` cannot be reached; otherwise it comes as close as it can.
    ``most_pages``: of a file that may hold several pictures.
    """

    noun: str
    max_width: int
    max_height: int
    max_bytes: int
    strict: bool
    upright: bool
    in_colour: bool
    min_width: int = 413
    min_height: int = 626
    most_pages: int = MOST_PAGES

    def shape_problems(self, width: int, height: int) -> list[str]:
        """Everything wrong with a picture of this size, as sentences."""
        if not self.upright:
            return self._too_small(width, height) if self._minimum_scale(width, height) > 1 else []
        problems = []
        if width > height:
            problems.append(f"{self.noun}是横的（{width}×{height}），请转正成竖版后再上传")
            width, height = height, width
        if self._minimum_scale(width, height) > 1:
            problems += self._too_small(width, height)
        return problems

    def fitted(self, width: int, height: int) -> tuple[int, int]:
        """The size to store: inside the largest size, yet never below the smallest, never enlarged."""
        fit = min(Fraction(self.max_width, width), Fraction(self.max_height, height))
        return self.scaled(width, height, fit)

    def scaled(self, width: int, height: int, scale: Fraction) -> tuple[int, int]:
        """The size at ``scale``, held between the smallest size and the size as it is."""
        scale = min(Fraction(1), max(scale, self._minimum_scale(width, height)))
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _minimum_scale(self, width: int, height: int) -> Fraction:
        if not self.upright:
            width, height = sorted((width, height))
        return max(Fraction(self.min_width, width), Fraction(self.min_height, height))

    def _too_small(self, width: int, height: int) -> list[str]:
        smallest = f"{self.min_width}×{self.min_height}"
        return [f"{self.noun}太小：应不小于 {smallest} 像素，现在是 {width}×{height}，请换一张更清晰的原图"]


PORTRAIT = ImageRule(
    noun="照片",
    max_width=1240,
    max_height=1880,
    max_bytes=300 * KIB,
    strict=True,
    upright=True,
    in_colour=True,
    most_pages=1,
)
# What 一键修正 starts from: a portrait as it was sent, whichever way it lies, kept only in the history.
PORTRAIT_AS_SENT = ImageRule(
    noun="照片",
    max_width=2400,
    max_height=2400,
    max_bytes=1000 * KIB,
    strict=False,
    upright=False,
    in_colour=True,
    most_pages=1,
)
PAPER = ImageRule(
    noun="图片",
    max_width=2400,
    max_height=2400,
    max_bytes=800 * KIB,
    strict=False,
    upright=False,
    in_colour=False,
)
