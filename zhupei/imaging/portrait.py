"""电子照片: what is wrong with it, and a crop that puts the head in its place.

The rule is 2寸白底彩色免冠正立 (domain §7). Blocks only on hard facts: no face, several faces, not upright,
without colour. The limits of what warns are the named numbers below; they are set so that good portraits
of the test set raise no alarm (tests/imaging). Whether the head is bare cannot be told. Nothing here changes
a face or a background.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image

from . import encoding
from .crops import Crop, FittedPicture
from .faces import QUARTERS, Face, Pixels, find, part
from .flaws import Box, Flaw, blocks, warns
from .pixels import is_grey
from .rules import PORTRAIT, ImageRule, Rejected

ASPECT = 413 / 626  # width to height, 35 × 53 mm
# Crown to chin, of the picture's height. A 2寸 portrait has about half; what is printed on the
# certificate stays recognisable between these.
SMALLEST_HEAD, LARGEST_HEAD, BEST_HEAD = 0.30, 0.72, 0.50
BEST_CROWN = 0.13  # the crown's distance from the upper edge, of the height
MOST_OFF_CENTRE = 0.12  # the face's from the middle, of the width
MOST_TILT = 7.0  # degrees; the eyes are found to about 3
LEVELLED = 4.0  # degrees; less than that is left as it is
WHITE = 218  # of 255: the darkest channel of a white wall in a fair light
LEAST_WHITE = 0.72  # of the border: long hair and shoulders take their part
DARK_FACE, BRIGHT_FACE = 62, 238  # median of the face's brightness, of 255
LEAST_DETAIL = 0.15  # see ``_detail``: sharp portraits have 0.3–0.5, one enlarged from 100 pixels 0.1
_FACE_SIDE = 160  # pixels of the face's side where detail is measured: that of a 413 × 626 portrait


def inspect_portrait(image: Image.Image) -> list[Flaw]:
    """Everything wrong with an upright RGB picture that is to be a portrait, the worst first."""
    flaws = []
    if is_grey(image):
        flaws.append(blocks("grey", "这是黑白照片，请上传彩色照片"))
    turns, faces = find(image)
    if not faces:
        return [*flaws, blocks("no_face", "没有找到人脸，请上传本人正面免冠照片")]
    if turns:
        return [*flaws, blocks("turned", "人像不是正立的，请转正", degrees=_clockwise(turns))]
    if len(faces) > 1:
        boxes = [face.box(image) for face in faces]
        return [*flaws, blocks("several_faces", f"照片里有 {len(faces)} 张脸，只能有本人一人", *boxes)]
    return [*flaws, *_of_place(image, faces[0]), *_of_light(image, faces[0])]


def propose(image: Image.Image) -> Crop:
    """The crop that puts the head in its place; ``Rejected`` unless there is exactly one face."""
    turns, faces = find(image)
    if len(faces) != 1:
        raise Rejected("没有找到唯一一张正面人脸，不能自动修正，请手动裁切或换一张照片")
    upright, (face,) = _turned(image, turns), faces
    tilt = face.tilt or 0.0
    if abs(tilt) >= LEVELLED:
        turned_again, levelled = find(_levelled(upright, tilt))
        if len(levelled) == 1 and not turned_again:
            return _around(upright, levelled[0], turns, tilt)
    return _around(upright, face, turns, 0.0)


def fit_portrait(image: Image.Image, crop: Crop | None = None, rule: ImageRule = PORTRAIT) -> FittedPicture:
    """The portrait cut by ``crop`` (proposed if none is given), 413×626 or a multiple, within its bytes.

    Raises ``Rejected`` if there is no face to go by, or too few pixels for 413×626.
    """
    crop = crop or propose(image)
    cut, size = _cut(image, crop, rule)
    jpeg, (width, height), compressed = encoding.encode(cut, rule)
    done = {
        f"转正 {_clockwise(crop.turns)}°": crop.turns != 0,
        f"拉平 {abs(crop.tilt):.0f}°": abs(crop.tilt) >= 0.5,
        f"裁切为 {size[0]}×{size[1]}": True,
        "压缩到 300 KB 以内": compressed,
    }
    told = tuple(text for text, happened in done.items() if happened)
    return FittedPicture(jpeg, encoding.thumbnail(cut), width, height, told)


# --- What is wrong -------------------------------------------------------------------------------------


def _of_place(image: Image.Image, face: Face) -> list[Flaw]:
    """Size, place and tilt of the head."""
    flaws, head = [], face.head / image.height
    box = part(image, face.left, face.crown, face.left + face.size, face.chin)
    if image.width > image.height:
        flaws.append(warns("lying", "照片是横的，2 寸照片应为竖版", box))
    if head < SMALLEST_HEAD:
        flaws.append(warns("small_head", f"头像偏小，只占照片高度的 {head:.0%}", box, head=head))
    if head > LARGEST_HEAD:
        flaws.append(warns("large_head", f"头像偏大，占照片高度的 {head:.0%}", box, head=head))
    if face.crown < -0.02 * image.height:
        flaws.append(warns("cut_crown", "头顶可能没有拍全", box, crown=face.crown / image.height))
    off = face.centre / image.width - 0.5
    if abs(off) > MOST_OFF_CENTRE:
        flaws.append(warns("off_centre", f"头像偏{'右' if off > 0 else '左'}，没有居中", box, off=off))
    if face.tilt is not None and abs(face.tilt) > MOST_TILT:
        flaws.append(warns("tilted", f"头部倾斜约 {abs(face.tilt):.0f}°", box, degrees=face.tilt))
    return flaws


def _of_light(image: Image.Image, face: Face) -> list[Flaw]:
    """Background, exposure and sharpness."""
    flaws = []
    share, strips = _white_share(image)
    if share < LEAST_WHITE:
        flaws.append(warns("background", "背景不是均匀的白色，请换白底照片", *strips, white=share))
    pixels = _face_pixels(image, face)
    light = float(np.median(pixels))
    if light < DARK_FACE:
        flaws.append(warns("dark", "面部偏暗，光线不足", face.box(image), brightness=light))
    if light > BRIGHT_FACE:
        flaws.append(warns("bright", "面部过亮，细节看不清", face.box(image), brightness=light))
    detail = _detail(pixels)
    if detail < LEAST_DETAIL:
        text = "面部不够清晰，可能对焦不准，或由小图放大"
        flaws.append(warns("blurred", text, face.box(image), detail=detail))
    return flaws


def _white_share(image: Image.Image) -> tuple[float, list[Box]]:
    """How much of the border above the shoulders is white, and the strips that are not."""
    small = image.resize((120, max(2, round(120 * image.height / image.width))), Image.Resampling.BOX)
    darkest = np.asarray(small).min(axis=2)
    band, side, low = max(2, small.height * 6 // 100), 8, small.height * 45 // 100
    strips = {
        (0.0, 0.0, 1.0, band / small.height): darkest[:band],
        (0.0, 0.0, side / 120, 0.45): darkest[:low, :side],
        (1 - side / 120, 0.0, 1.0, 0.45): darkest[:low, -side:],
    }
    whites = {box: float((pixels >= WHITE).mean()) for box, pixels in strips.items()}
    border = np.concatenate([pixels.ravel() for pixels in strips.values()])
    return float((border >= WHITE).mean()), [box for box, white in whites.items() if white < LEAST_WHITE]


def _face_pixels(image: Image.Image, face: Face) -> Pixels:
    """The face in grey, as large as it is in a portrait of 413 × 626 and not larger."""
    left, top = max(0, round(face.left)), max(0, round(face.top))
    grey = image.convert("L").crop((left, top, round(face.left + face.size), round(face.top + face.size)))
    if grey.width > _FACE_SIDE:
        grey = grey.resize((_FACE_SIDE, _FACE_SIDE), Image.Resampling.BOX)
    return np.asarray(grey)


def _detail(grey: Pixels) -> float:
    """How much of the contrast lies in the finest lines: eyelids, brows, lips. 0 is none."""
    pixels = grey.astype(np.float32)
    fine = np.abs(pixels - cv2.GaussianBlur(pixels, (0, 0), 1.0))
    coarse = np.abs(pixels - cv2.GaussianBlur(pixels, (0, 0), 5.0))
    return float(np.percentile(fine, 97) / max(float(np.percentile(coarse, 97)), 1.0))


# --- Making it fit --------------------------------------------------------------------------------------


def _around(image: Image.Image, face: Face, turns: int, tilt: float) -> Crop:
    """The frame about a face: as near the best as the picture below the chin and the pixels allow."""
    height = face.head / BEST_HEAD
    top = face.crown - BEST_CROWN * height
    below = image.height - face.crown
    height = min(height, below / (1 - BEST_CROWN))  # nothing can be put below the chest
    height = max(height, PORTRAIT.min_height)
    height = min(height, image.height) if face.crown > 0 else height
    top = min(face.crown - BEST_CROWN * height, image.height - height)
    width = height * ASPECT
    left = face.centre - width / 2
    return Crop(turns, tilt, float(left / image.width), float(top / image.height), float(width / image.width))


def _cut(image: Image.Image, crop: Crop, rule: ImageRule) -> tuple[Image.Image, tuple[int, int]]:
    levelled = _levelled(_turned(image, crop.turns), crop.tilt)
    width = crop.width * levelled.width
    height = width / ASPECT
    times = min(rule.max_width // rule.min_width, math.floor(width / rule.min_width + 0.02))
    if times < 1:
        raise Rejected(f"裁出的部分只有 {width:.0f}×{height:.0f} 像素，不够 413×626，请用更清晰的原图")
    left, top = round(crop.left * levelled.width), round(crop.top * levelled.height)
    canvas = Image.new("RGB", (round(width), round(height)), _background(levelled))
    canvas.paste(levelled, (-left, -top))
    size = times * rule.min_width, times * rule.min_height
    return canvas.resize(size, Image.Resampling.BICUBIC), size


def _turned(image: Image.Image, turns: int) -> Image.Image:
    return image.transpose(QUARTERS[turns]) if turns in QUARTERS else image


def _clockwise(turns: int) -> int:
    """Quarter turns counter-clockwise as people say it: degrees clockwise."""
    return (4 - turns) % 4 * 90


def _levelled(image: Image.Image, tilt: float) -> Image.Image:
    if abs(tilt) < 0.5:
        return image
    return image.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=_background(image))


def _background(image: Image.Image) -> tuple[int, int, int]:
    """The colour of the upper corners, to go on with beyond the edge."""
    size = max(2, image.width // 16)
    corners = [image.crop((0, 0, size, size)), image.crop((image.width - size, 0, image.width, size))]
    pixels = np.concatenate([np.asarray(corner).reshape(-1, 3) for corner in corners])
    red, green, blue = (int(value) for value in np.median(pixels, axis=0))
    return red, green, blue
