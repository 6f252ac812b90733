"""Signatures in a quick hand: ribbons of ink that look written, and say nobody's name."""

import io
from functools import lru_cache
from itertools import pairwise
from math import hypot
from random import Random

from PIL import Image, ImageDraw

Point = tuple[float, float]

# Skeletons of running-hand signs in a unit square, y downwards; "x,y x,y …" is drawn without lifting the pen.
SIGNS = (
    ("0.05,0.3 0.5,0.24 0.9,0.2", "0.5,0 0.48,0.4 0.2,0.95", "0.5,0.42 0.7,0.75 1,0.92"),
    ("0.2,0.1 0.75,0.05 0.55,0.3", "0.1,0.45 0.9,0.38", "0.5,0.25 0.52,0.9 0.4,0.8"),
    (
        "0.25,0.05 0.1,0.5",
        "0.2,0.3 0.22,0.95",
        "0.45,0.25 0.95,0.2",
        "0.7,0 0.68,0.6 0.5,0.95",
        "0.7,0.5 0.98,0.85",
    ),
    ("0.1,0.15 0.85,0.1 0.8,0.5 0.15,0.52", "0.15,0.15 0.18,0.55", "0.05,0.8 0.4,0.65 0.6,0.9 1,0.7"),
    (
        "0.15,0.2 0.3,0.3",
        "0.08,0.5 0.22,0.6",
        "0.1,0.95 0.35,0.6",
        "0.5,0.1 0.9,0.12 0.6,0.5 0.95,0.55 0.55,0.95",
    ),
    ("0,0.2 0.9,0.12", "0.45,0 0.4,0.5 0.1,0.7", "0.3,0.55 0.8,0.45 0.85,0.9 0.35,0.95 0.3,0.55"),
    (
        "0.1,0.05 0.15,0.9",
        "0.1,0.1 0.4,0.1 0.2,0.4 0.42,0.6 0.2,0.7",
        "0.55,0.25 0.95,0.2 0.6,0.95",
        "0.6,0.45 1,0.9",
    ),
    ("0.5,0 0.2,0.3", "0.15,0.32 0.85,0.25 0.5,0.55", "0,0.62 1,0.52", "0.5,0.4 0.5,1 0.35,0.88"),
    (
        "0.1,0.1 0.5,0.05 0.15,0.5 0.5,0.42 0.1,0.95",
        "0.6,0.15 0.98,0.1 0.85,0.9 0.65,0.8",
        "0.7,0.4 0.6,0.95",
    ),
    ("0,0.45 0.3,0.35 0.55,0.5 0.95,0.3", "0.3,0.05 0.35,0.85 0.55,0.95 0.9,0.75", "0.7,0.05 0.62,0.65"),
)

ASIDE = 0.86  # from one sign to the next
STEPS = 7  # points between two bends of a skeleton


def as_png(name: str, height: int = 220) -> bytes:
    """The signature of ``name`` black on white, as the pad of 我的签名 sends it; ``height`` in pixels."""
    ribbons = signature(name)
    wide = max(x for ribbon in ribbons for x, _ in ribbon)
    image = Image.new("RGB", (round((wide + 0.6) * height), round(1.6 * height)), "white")
    pen = ImageDraw.Draw(image)
    for ribbon in ribbons:
        pen.polygon([((x + 0.3) * height, (y + 0.3) * height) for x, y in ribbon], fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=512)
def signature(name: str) -> list[list[Point]]:
    """Closed outlines in units of the height of the writing; one name is always signed in the same way."""
    hand = Random(f"hand/{name}")  # noqa: S311 – drawing, not secrets
    slant, pen = hand.uniform(0.08, 0.3), hand.uniform(0.028, 0.042)
    ribbons = []
    for place, sign in enumerate(name):
        size, drop = hand.uniform(0.74, 0.95), hand.uniform(0.0, 0.12)
        for stroke in _skeleton(sign):
            bends = [
                (
                    place * ASIDE + size * (x + slant * (1 - y)) + hand.gauss(0, 0.03),
                    drop + size * y * 0.95 + hand.gauss(0, 0.025),
                )
                for x, y in stroke
            ]
            ribbons.append(_ribbon(smooth(bends, STEPS), pen))
    return ribbons


def smooth(bends: list[Point], steps: int) -> list[Point]:
    """The Catmull-Rom curve through the bends, ``steps`` points from one to the next."""
    ends = [bends[0], *bends, bends[-1]]
    spans = zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    return [between(step / steps, *span) for span in spans for step in range(steps)] + [bends[-1]]


def between(t: float, a: Point, b: Point, c: Point, d: Point) -> Point:
    """A point of the Catmull-Rom curve from ``b`` (t = 0) to ``c`` (t = 1)."""
    x, y = (
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
        for p, q, r, s in zip(a, b, c, d, strict=True)
    )
    return x, y


def points(text: str) -> list[Point]:
    """``"0,0.2 0.9,0.12"`` as pairs of numbers."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def _skeleton(sign: str) -> list[list[Point]]:
    strokes = SIGNS[Random(f"sign/{sign}").randrange(len(SIGNS))]  # noqa: S311
    return [points(stroke) for stroke in strokes]


def _ribbon(curve: list[Point], pen: float) -> list[Point]:
    """The outline of a line that begins firm and runs out thin."""
    left, right = [], []
    for index, (here, there) in enumerate(pairwise(curve)):
        dx, dy = there[0] - here[0], there[1] - here[1]
        half = pen * (1.0 - 0.72 * (index / len(curve)) ** 2) / (hypot(dx, dy) or 1.0)
        left.append((round(here[0] - dy * half, 3), round(here[1] + dx * half, 3)))
        right.append((round(here[0] + dy * half, 3), round(here[1] - dx * half, 3)))
    return [*left, (round(curve[-1][0], 3), round(curve[-1][1], 3)), *reversed(right)]
