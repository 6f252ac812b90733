"""Portraits of people who do not exist: flat drawings on white, upright, 2 inches (35×53 mm)."""

import io
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from zhupei.demo.print.handwriting import Point, between, points, smooth

WIDTH, HEIGHT = 620, 940  # pixels, the ratio of 413×626
UNIT = 3  # drawn three times as large as the coordinates below (413×626) and then made smaller
MIDDLE = 206

SKINS = (("#f3d3b8", "#dfae8c"), ("#eec6a5", "#d69f7b"), ("#e6b892", "#c98f68"), ("#f6dcc6", "#e3b799"))
HAIRS = (("#1d1c20", "#34333a"), ("#26211f", "#40372f"), ("#33271f", "#4d3b2e"), ("#17191d", "#2e3239"))
COATS = ("#2f3e55", "#39424e", "#4a3f45", "#24495a", "#51604f", "#5a4a3c", "#6b3f46", "#33526b")
SHIRTS = ("#ffffff", "#eaf0f6", "#e6eefb", "#f6efe6", "#dfe9e4")
TIES = ("#7c2f36", "#2b4a7a", "#35584a", "#5b4a78", "#8a6a2f")
FRAMES = ("#2b2d33", "#5a4638", "#6f757e")
PULLOVER, WHITE_COAT = 0, 1

# Outlines of hair: x in half widths of the face from its middle, y in pixels.
MAN_CROWN = "-1.02,268 -1.06,206 -0.84,146 -0.3,117 0.34,117 0.86,146 1.06,206 1.02,268 0.88,252"
MAN_FRINGES = (
    "0.74,214 0.4,190 -0.3,196 -0.72,216 -0.88,252",  # short and even
    "0.8,222 0.55,186 -0.1,206 -0.6,186 -0.82,222 -0.88,252",  # parted
    "0.82,226 0.6,204 0.1,176 -0.5,180 -0.82,226 -0.88,252",  # combed back
)
WOMAN_CROWN = "-1,290 -1.08,206 -0.84,142 -0.3,112 0.34,112 0.86,142 1.08,206 1,290"
WOMAN_FRINGES = (
    "0.84,236 0.4,184 -0.1,164 -0.5,196 -0.86,240",  # parted, long
    "0.82,240 0.7,226 0,220 -0.7,226 -0.82,240",  # straight, bobbed
    "0.86,236 0.5,176 0,158 -0.5,176 -0.86,236",  # drawn back into a knot
)
LONG = "-1,500 -1.05,330 -0.98,190 -0.5,116 0.5,116 0.98,190 1.05,330 1,500 0,520"
BOB = "-0.9,392 -1.1,340 -1,200 -0.5,114 0.5,114 1,200 1.1,340 0.9,392 0,380"


@lru_cache(maxsize=64)
def portrait(seed: int, sex: str) -> bytes:
    """A JPEG of 620×940 pixels, some 40 KB (the limit is 300). ``sex`` is 男 or 女."""
    drawn = _Sketch(seed, sex).draw().resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=90, dpi=(300, 300))
    return target.getvalue()


class _Sketch:
    """One head and shoulders. Coordinates are those of a picture of 413×626."""

    def __init__(self, seed: int, sex: str) -> None:
        self.dice = Random(f"portrait/{seed}/{sex}")  # noqa: S311 – drawing, not secrets
        self.woman = sex == "女"
        self.image = Image.new("RGB", (413 * UNIT, 626 * UNIT), "#ffffff")
        self.pen = ImageDraw.Draw(self.image)
        self.skin, self.shade = self.dice.choice(SKINS)
        self.hair, self.sheen = self.dice.choice(HAIRS)
        self.coat, self.shirt, self.tie = (self.dice.choice(choice) for choice in (COATS, SHIRTS, TIES))
        self.wide = self.dice.uniform(80, 88) - (5 if self.woman else 0)  # half the face
        self.chin = self.dice.uniform(374, 386)

    def draw(self) -> Image.Image:
        style = self.dice.randrange(3)
        if self.woman:
            self._hair_behind(style)
        self._clothes(self.dice.randrange(3))
        self._head()
        self._eyes()
        self._nose_and_mouth()
        self._hair_before(style)
        if self.dice.random() < 0.3:
            self._glasses(self.dice.choice(FRAMES))
        return self.image

    # -- the parts, from back to front --

    def _hair_behind(self, style: int) -> None:
        if style == 2:
            self._ellipse(160, 84, 252, 152, self.hair)
            self._line(points("182,104 206,96 232,106"), self.sheen, 5)
        else:
            self._shape(_around(self.wide + (24, 20)[style], (LONG, BOB)[style]), self.hair)

    def _clothes(self, kind: int) -> None:
        """A pullover, a doctor's white coat, or a jacket."""
        coat = "#f2f5f8" if kind == WHITE_COAT else self.coat
        x = MIDDLE - (168 if self.woman else 186)
        side = [(x, 690.0), (x + 14, 529), (x + 62, 474), (142, 442), (166, 422)]
        self._shape([*side, *_mirrored(side)], coat)
        if kind == PULLOVER:
            self._shape(points("136,432 158,474 206,492 254,474 276,432 206,414"), _darker(coat))
            self._neck(bottom=470)
            return
        if kind == WHITE_COAT:
            for seam in (side[1:4], _mirrored(side[1:4])):
                self._line([(x, y + 1.0) for x, y in seam], "#c3ccd6", 2.2)
        self._shirt_and_tie()
        lapel = points("132,430 112,454 128,524 150,532 196,690 170,690 116,544")
        for half in (lapel, _mirrored(lapel)):
            self._polygon(half, _darker(coat, 0.94 if kind == WHITE_COAT else 0.84))

    def _shirt_and_tie(self) -> None:
        self._polygon(points("150,428 206,474 262,428 276,436 236,690 176,690 136,436"), self.shirt)
        self._neck(bottom=476)
        collar = points("146,420 206,490 176,524 130,440")
        for half in (collar, _mirrored(collar)):
            self._polygon(half, _darker(self.shirt, 0.97))
        if not self.woman:
            self._polygon(points("193,489 219,489 226,514 206,530 186,514"), self.tie)
            self._polygon(points("196,526 216,526 230,690 182,690"), _darker(self.tie, 0.93))

    def _neck(self, bottom: float) -> None:
        half = 34 if self.woman else 44
        left = [(MIDDLE - half, 324.0), (MIDDLE - half, 414), (MIDDLE - half - 12, 434)]
        self._shape([*left, (MIDDLE, bottom), *_mirrored(left)], self.skin)
        shadow = [(MIDDLE - half, 356.0), (MIDDLE - half + 4, 390)]
        self._shape([*shadow, (MIDDLE, 408), *_mirrored(shadow)], self.shade)

    def _head(self) -> None:
        for side in (-1, 1):
            x = MIDDLE + side * (self.wide - 1)
            self._ellipse(x - 13, 262, x + 13, 308, self.skin)
            self._ellipse(x - 6, 272, x + 6, 298, self.shade)
        jaw = 0.8 if self.woman else 0.88
        half = _around(self.wide, f"-0.72,168 -1,236 -0.97,292 -{jaw},336 -{jaw / 2},{self.chin - 8}")
        self._shape([(MIDDLE, 148), *half, (MIDDLE, self.chin), *_mirrored(half)], self.skin)

    def _eyes(self) -> None:
        apart, brow = self.dice.uniform(35, 39), 5.0 if self.woman else 7.5
        for side in (-1, 1):
            x = MIDDLE + side * apart
            self._shape(
                [(x - 17, 275), (x - 8, 267), (x + 4, 266), (x + 16, 275), (x + 6, 281), (x - 8, 281)],
                "#fdfdfc",
            )
            self._ellipse(x - 8, 266, x + 8, 282, "#33261f")
            self._ellipse(x - 1, 268, x + 4, 273, "#ffffff")
            lid = [(x - 18, 275), (x - 8, 266), (x + 4, 264.5), (x + 17, 274)]
            self._line(lid, "#2a211d", 3.4 if self.woman else 2.6)
            self._line([(x - 21, 250), (x, 243), (x + 20, 249)], self.hair, brow)

    def _nose_and_mouth(self) -> None:
        lips, smile = "#c2665f" if self.woman else "#b8756a", self.dice.uniform(4, 9)
        middle = 347 + smile * 0.3
        self._line(points("206,270 203,305 197,318 206,323 215,318"), self.shade, 3.2)
        self._shape(
            [*points("182,345 200,341 206,343 212,341 230,345"), (MIDDLE, middle + 2)], _darker(lips, 0.93)
        )
        self._shape([(184, 346), (MIDDLE, middle + 1), (228, 346), (MIDDLE, 353 + smile * 0.7)], lips)
        self._line([(180, 344), (MIDDLE, middle), (232, 344)], _darker(lips, 0.8), 2)

    def _hair_before(self, style: int) -> None:
        w, crown, fringes = self.wide + 5, MAN_CROWN, MAN_FRINGES
        if self.woman:
            w, crown, fringes = self.wide + 7, WOMAN_CROWN, WOMAN_FRINGES
        self._shape(_around(w, f"{crown} {fringes[style]}"), self.hair)
        self._line(_around(w, "-0.62,158 -0.1,132 0.42,138"), self.sheen, 6)

    def _glasses(self, frame: str) -> None:
        for side in (-1, 1):
            x = MIDDLE + side * 38
            box = [value * UNIT for value in (x - 29, 254, x + 29, 295)]
            self.pen.rounded_rectangle(box, 13 * UNIT, outline=frame, width=10)
            self._line([(x + side * 29, 268), (MIDDLE + side * self.wide, 264)], frame, 3.4)
        self._line(points("197,268 206,264 215,268"), frame, 3.4)

    # -- the pencil --

    def _shape(self, bends: Sequence[Point], fill: str) -> None:
        """A closed soft outline through the bends."""
        ring = [bends[-1], *bends, bends[0], bends[1]]
        self._polygon([between(t / 10, *ring[i : i + 4]) for i in range(len(bends)) for t in range(10)], fill)

    def _polygon(self, corners: Sequence[Point], fill: str) -> None:
        self.pen.polygon([(x * UNIT, y * UNIT) for x, y in corners], fill=fill)

    def _ellipse(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        self.pen.ellipse([left * UNIT, top * UNIT, right * UNIT, bottom * UNIT], fill=fill)

    def _line(self, bends: list[Point], fill: str, width: float) -> None:
        curve, half = smooth(bends, 12), width / 2
        for x, y in curve:
            self._ellipse(x - half, y - half, x + half, y + half, fill)
        self.pen.line([(x * UNIT, y * UNIT) for x, y in curve], fill=fill, width=round(width * UNIT))


def _around(half_width: float, text: str) -> list[Point]:
    """Points whose x is given in half widths from the middle of the face."""
    return [(MIDDLE + x * half_width, y) for x, y in points(text)]


def _mirrored(side: Sequence[Point]) -> list[Point]:
    """The other half, walked back."""
    return [(2 * MIDDLE - x, y) for x, y in reversed(side)]


def _darker(colour: str, factor: float = 0.86) -> str:
    return "#" + "".join(f"{int(int(colour[i : i + 2], 16) * factor):02x}" for i in (1, 3, 5))
