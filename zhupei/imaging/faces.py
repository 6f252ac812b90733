"""Where the faces are. dlib finds them, OpenCV's cascade finds the eyes in them; neither reads a file.

Both are trained models that ship inside their packages: no download, no network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import cv2
import dlib
import numpy as np
import numpy.typing as npt
from PIL import Image

from .flaws import Box

Pixels = npt.NDArray[np.uint8]

SIDE = 640  # pixels of the longer side; dlib's smallest face has 80, an eighth of that
FINE_SIDE = 1280  # only if no face was found: 4 times as dear
SURE = 0.0  # dlib's own limit: a portrait scores 0.6–1.5
DOUBTFUL = -0.3  # rather overlook that there is no face than say so of a face
SECOND = 0.2  # a second face is one from here on: patterns on clothes score less
# Of the width of dlib's box, measured on the sample portraits: crown above and chin below its upper edge.
CROWN_OF_BOX, CHIN_OF_BOX = -0.67, 0.83
# Of the distance between the eyes, which is more exact: crown above and chin below the eyes.
CROWN_OF_EYES, CHIN_OF_EYES = -2.0, 1.45

QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}

_detector = dlib.get_frontal_face_detector()
_eyes = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_eye.xml"))
_turn = Lock()  # neither says that it may be used by two threads at once


@dataclass(frozen=True, slots=True)
class Face:
    """One face; all lengths in pixels of the picture it was found in. ``tilt`` in degrees, clockwise."""

    left: float
    top: float
    size: float
    score: float
    centre: float
    crown: float
    chin: float
    tilt: float | None = None

    @property
    def head(self) -> float:
        """Height from crown to chin."""
        return self.chin - self.crown

    def box(self, image: Image.Image) -> Box:
        """The face as a part of the picture."""
        return part(image, self.left, self.top, self.left + self.size, self.top + self.size)


def part(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Box:
    """A box in pixels as a part of the picture, inside it."""
    across, down = image.width, image.height
    edges = (left / across, top / down, right / across, bottom / down)
    first, second, third, fourth = (min(1.0, max(0.0, edge)) for edge in edges)
    return first, second, third, fourth


def find(image: Image.Image) -> tuple[int, list[Face]]:
    """Every face of an RGB picture, the surest first, and the quarter turns that bring them upright.

    Turns are counter-clockwise, 0–3; the faces are those of the turned picture. A face that is upright as
    it is wins; one that only a turn shows comes before a doubtful one.
    """
    if upright := _detect(image, SIDE, SURE):
        return 0, _serious(upright)
    small = _small(image, SIDE)
    scale = image.width / small.width
    turned = {turns: _detect(small.transpose(how), SIDE, SURE, scale) for turns, how in QUARTERS.items()}
    best = max(turned, key=lambda turns: turned[turns][0].score if turned[turns] else 0.0)
    if turned[best]:
        return best, _serious(turned[best])
    return 0, _detect(image, FINE_SIDE, DOUBTFUL)[:1]


def _serious(faces: list[Face]) -> list[Face]:
    """The surest face, and what else is surely one and not much smaller: not a pattern on clothes."""
    first, *others = faces
    return [first, *(face for face in others if face.score >= SECOND and face.size > first.size / 3)]


def _detect(image: Image.Image, side: int, threshold: float, shown_at: float = 1.0) -> list[Face]:
    """Faces as they are, in pixels of a picture ``shown_at`` times as large as ``image``."""
    small = _small(image, side)
    pixels, scale = np.asarray(small), shown_at * image.width / small.width
    with _turn:
        boxes, scores, _ = _detector.run(pixels, 0, threshold)
        faces = [_face(pixels, box, score, scale) for box, score in zip(boxes, scores, strict=True)]
    return sorted(faces, key=lambda face: -face.score)


def _face(pixels: Pixels, box: dlib.rectangle, score: float, scale: float) -> Face:
    left, top, size = float(box.left()), float(box.top()), float(box.width())
    centre, crown, chin = left + size / 2, top + CROWN_OF_BOX * size, top + CHIN_OF_BOX * size
    tilt = None
    if eyes := _find_eyes(pixels, int(left), int(top), int(size)):
        (x, y), (other_x, other_y) = eyes
        apart = math.hypot(other_x - x, other_y - y)
        tilt = math.degrees(math.atan2(other_y - y, other_x - x))
        centre, level = (x + other_x) / 2, (y + other_y) / 2
        crown, chin = level + CROWN_OF_EYES * apart, level + CHIN_OF_EYES * apart
    return Face(
        left * scale, top * scale, size * scale, score, centre * scale, crown * scale, chin * scale, tilt
    )


def _find_eyes(
    pixels: Pixels, left: int, top: int, size: int
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Both eyes in the upper part of a face, left one first; ``None`` unless there are exactly two."""
    x, y = max(0, left), max(0, top - size // 10)
    upper = cv2.cvtColor(pixels[y : y + size * 7 // 10, x : left + size], cv2.COLOR_RGB2GRAY)
    least = max(8, size * 3 // 20)
    found = _eyes.detectMultiScale(upper, 1.05, 4, minSize=(least, least))
    centres = sorted((x + a + w / 2, y + b + h / 2) for a, b, w, h in found)
    if len(centres) != 2:
        return None
    first, second = centres
    return (first, second) if 0.25 * size < second[0] - first[0] < 0.75 * size else None


def _small(image: Image.Image, side: int) -> Image.Image:
    if max(image.size) <= side:
        return image
    scale = side / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
