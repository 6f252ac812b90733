"""证照 and signed papers: what a person should look at again, and a straight page if one can be found.

Nothing here blocks: whether a paper can be read is for people to say. The limits are the named numbers below,
set on drawn papers so that good ones raise hardly any alarm (tests/imaging, docs/develop/imaging.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from . import encoding
from .crops import FittedPicture
from .faces import Pixels, part
from .flaws import Box, Flaw, warns
from .rules import PAPER, ImageRule, Rejected

SIDE = 1000  # pixels of the longer side where everything is measured
LEAST_INK = 0.0008  # of the picture: a sheet with one line of print has 0.002
DARKEST = 40  # median brightness of 255: the lens was covered
MOST_SKEW = 3.0  # degrees
LARGEST_SKEW = 12.0  # degrees that are searched; more is taken for a picture of something else
LEAST_SHARP = 0.28  # see ``_sharpness``: drawn print has 0.6–1.2, after a Gauss of 3 px at 1,240 px 0.26–0.36
MOST_GLARE = 0.006  # of the page: a lamp's reflection is larger
LEAST_PAGE = 0.2  # of the picture: a smaller bright quadrangle is something on the page
TRIM = 0.012  # of half the page: its own shadow stays outside the cut
EDGE_INK = 0.02  # of an edge's length
_TILES = 4  # a side, where sharpness is measured apart

Corners = npt.NDArray[np.float32]  # four points: upper left, upper right, lower right, lower left


def inspect_document(image: Image.Image) -> list[Flaw]:
    """Everything about an upright RGB picture of a paper that a person should look at again."""
    image = _small(image)  # once: whatever is measured below is measured here
    grey = _grey(image)
    if float(np.median(grey)) < DARKEST:
        return [warns("black", "图片几乎全黑，请重新拍摄", brightness=float(np.median(grey)))]
    ink = _ink(grey)
    if float(ink.mean()) < LEAST_INK:
        return [warns("blank", "图片上几乎没有内容，可能拍成了空白页", ink=float(ink.mean()))]
    page = find_page(image)
    placed = [*_of_edges(ink, page, image), *_of_angle(ink, page, image)]
    return [*placed, *_of_sharpness(grey, ink), *_of_glare(image, page)]


def inspect_form_scan(image: Image.Image) -> list[Flaw]:
    """The same for a printed paper of ours: its QR code should be readable too."""
    flaws = inspect_document(image)
    if {flaw.code for flaw in flaws} & {"black", "blank"}:
        return flaws
    read, _, _ = cv2.QRCodeDetector().detectAndDecode(np.asarray(image.convert("L")))
    return flaws if read else [*flaws, warns("no_code", "没有读到二维码，请确认整页拍全、二维码没有被遮住")]


def find_page(image: Image.Image) -> Corners | None:
    """The corners, in pixels, of a page that lies on something darker; ``None`` if it fills the picture."""
    grey = _grey(image)
    scale = image.width / grey.shape[1]
    soft = cv2.GaussianBlur(grey, (0, 0), 4)
    _, bright = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(contours, key=cv2.contourArea, default=None)
    if largest is None or not LEAST_PAGE < cv2.contourArea(largest) / grey.size < 0.97:
        return None
    hull = cv2.convexHull(largest)
    found = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, closed=True), closed=True)
    if len(found) != 4 or cv2.contourArea(found) < 0.9 * cv2.contourArea(hull):
        return None
    corners = _ordered(found.reshape(4, 2).astype(np.float32)) * np.float32(scale)
    return None if len(_touched(corners, image)) > 2 else corners  # a scan: the page is the picture


def fit_document(image: Image.Image, rule: ImageRule = PAPER) -> FittedPicture:
    """The page cut out and straightened, or levelled if it fills the picture; ``Rejected`` if neither."""
    page = find_page(image)
    if page is not None:
        straight, done = _straightened(image, page), "按四角拉正并裁边"
    else:
        angle = _skew(_ink(_grey(image)))
        if abs(angle) < MOST_SKEW / 3:
            raise Rejected("没有找到需要拉正的地方，可以直接使用")
        straight = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_paper(image))
        done = f"拉平 {abs(angle):.0f}°"
    if problems := rule.shape_problems(*straight.size):
        raise Rejected(*problems)
    fitted = straight.resize(rule.fitted(*straight.size), Image.Resampling.BICUBIC)
    jpeg, (width, height), compressed = encoding.encode(fitted, rule)
    told = (done, "已自动压缩") if compressed else (done,)
    return FittedPicture(jpeg, encoding.thumbnail(fitted), width, height, told)


# --- What is wrong --------------------------------------------------------------------------------------


def _of_edges(ink: Pixels, page: Corners | None, image: Image.Image) -> list[Flaw]:
    """A page, or print, that goes on beyond the picture."""
    if page is not None:
        cut = _touched(page, image)
    else:
        ring = {"左": ink[:, :3], "右": ink[:, -3:], "上": ink[:3], "下": ink[-3:]}
        cut = [side for side, pixels in ring.items() if EDGE_INK < float(pixels.mean()) < 0.5]
    return [warns("cut_off", f"{'、'.join(cut)}边可能没有拍全", *_strips(cut))] if cut else []


def _touched(page: Corners, image: Image.Image) -> list[str]:
    """The edges of the picture that the page reaches."""
    margin = 0.004 * max(image.size)
    x, y = page[:, 0], page[:, 1]
    reached = {
        "左": x < margin,
        "右": x > image.width - 1 - margin,
        "上": y < margin,
        "下": y > image.height - 1 - margin,
    }
    return [side for side, corners in reached.items() if corners.any()]


def _strips(sides: list[str]) -> list[Box]:
    boxes: dict[str, Box] = {
        "左": (0.0, 0.0, 0.04, 1.0),
        "右": (0.96, 0.0, 1.0, 1.0),
        "上": (0.0, 0.0, 1.0, 0.04),
        "下": (0.0, 0.96, 1.0, 1.0),
    }
    return [boxes[side] for side in sides]


def _of_angle(ink: Pixels, page: Corners | None, image: Image.Image) -> list[Flaw]:
    if page is None:
        angle = _skew(ink)
    else:
        (ax, ay), (bx, by) = page[0], page[1]
        angle = math.degrees(math.atan2(by - ay, bx - ax))
    if abs(angle) <= MOST_SKEW:
        return []
    box = part(image, *page.min(axis=0), *page.max(axis=0)) if page is not None else (0.0, 0.0, 1.0, 1.0)
    return [warns("skewed", f"拍歪了约 {abs(angle):.0f}°", box, degrees=angle)]


def _of_sharpness(grey: Pixels, ink: Pixels) -> list[Flaw]:
    """Parts with print in them that is out of focus."""
    found = [(box, sharp) for box, sharp in _sharpness(grey, ink)]
    blurred = [box for box, sharp in found if sharp < LEAST_SHARP]
    if not blurred or len(blurred) < len(found) / 3:
        return []
    where = "" if len(blurred) > len(found) / 2 else "有的地方"
    return [warns("blurred", f"{where}字迹可能不清晰，请放大检查", *blurred, parts=len(blurred) / len(found))]


def _of_glare(image: Image.Image, page: Corners | None) -> list[Flaw]:
    """A white spot with soft edges on a page that is not that white."""
    small = _small(image)
    red, green, blue = (np.asarray(channel) for channel in small.split())
    darkest = cv2.GaussianBlur(cv2.min(cv2.min(red, green), blue), (0, 0), 2)
    inside = np.ones(darkest.shape, np.uint8)
    if page is not None:
        inside[:] = 0
        scale = small.width / image.width
        cv2.fillConvexPoly(inside, np.round(page * scale).astype(np.int32), 1)
    paper = float(np.percentile(darkest[inside > 0][::7], 60))
    if paper > 236:  # a scan is white all over
        return []
    white = ((darkest > max(248.0, paper + 12)) & (inside > 0)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(white)
    area = float(inside.sum())
    spots = [stats[n] for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] > MOST_GLARE * area]
    boxes = [part(small, x, y, x + w, y + h) for x, y, w, h, _ in (map(float, spot) for spot in spots)]
    return [warns("glare", "有反光，字迹可能被盖住", *boxes)] if boxes else []


# --- Measuring ------------------------------------------------------------------------------------------


def _small(image: Image.Image) -> Image.Image:
    scale = SIDE / max(image.size)
    size = max(8, round(image.width * scale)), max(8, round(image.height * scale))
    return image if scale >= 1 else image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _grey(image: Image.Image) -> Pixels:
    return np.asarray(_small(image).convert("L"))


def _ink(grey: Pixels) -> Pixels:
    """1 where something is darker than the paper about it, whatever the light does across the page."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), 21)
    return (cv2.subtract(paper, grey) > 40).astype(np.uint8)


def _skew(ink: Pixels) -> float:
    """Degrees clockwise that the lines of print stand off the horizontal; 0 if they say nothing.

    The sum over rows is most uneven when lines of print lie level.
    """
    half = cv2.resize(ink.astype(np.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    angles = np.arange(-LARGEST_SKEW, LARGEST_SKEW + 0.1, 1.0)
    uneven = np.array([_unevenness(half, angle) for angle in angles])
    best = int(uneven.argmax())
    if best in (0, len(angles) - 1) or uneven[best] < 1.25 * np.median(uneven):
        return 0.0
    return float(angles[best])


def _unevenness(ink: npt.NDArray[Any], angle: float) -> float:
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, turn, (width, height)).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _sharpness(grey: Pixels, ink: Pixels) -> Iterator[tuple[Box, float]]:
    """For each part of the picture that has print: the steepest edge, of the contrast there."""
    height, width = grey.shape
    pixels = grey.astype(np.float32)
    slope = np.hypot(cv2.Sobel(pixels, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(pixels, cv2.CV_32F, 0, 1) / 8)
    for row in range(_TILES):
        for column in range(_TILES):
            top, bottom = row * height // _TILES, (row + 1) * height // _TILES
            left, right = column * width // _TILES, (column + 1) * width // _TILES
            tile = np.s_[top:bottom, left:right]
            if float(ink[tile].mean()) < 0.01:
                continue
            low, high = np.percentile(pixels[tile], (1, 95))
            steep = float(np.percentile(slope[tile], 99.5)) * 2 / max(float(high - low), 20.0)
            box = (left / width, top / height, right / width, bottom / height)
            yield box, steep


def _ordered(points: Corners) -> Corners:
    """The corners clockwise from the upper left."""
    total, difference = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [int(total.argmin()), int(difference.argmin()), int(total.argmax()), int(difference.argmax())]
    return points[order]


def _straightened(image: Image.Image, page: Corners) -> Image.Image:
    """The page as if seen from above; the longest opposite edges give its size."""
    inside = page + (page.mean(axis=0) - page) * np.float32(TRIM)
    first, second, third, fourth = inside
    width = max(math.dist(first, second), math.dist(fourth, third))
    height = max(math.dist(first, fourth), math.dist(second, third))
    size = max(1, round(width)), max(1, round(height))
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(inside, target)
    return Image.fromarray(cv2.warpPerspective(np.asarray(image), matrix, size, flags=cv2.INTER_AREA))


def _paper(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image.resize((64, 64))).reshape(-1, 3)
    red, green, blue = (int(value) for value in np.percentile(pixels, 75, axis=0))
    return red, green, blue
