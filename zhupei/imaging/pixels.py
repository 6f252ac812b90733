"""From the bytes of a picture to upright RGB pixels that carry nothing else.

This is the only place where arriving bytes are decoded, and Pillow is the only decoder; HEIC, TIFF and PDF
come here from ``sheaf``, in a process of their own.
"""

import contextlib
import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageCms

from .kinds import check_size
from .rules import MIB, ImageRule

_ORIENTATION = 0x0112  # EXIF tag; 1 is upright, 2–8 as below, by Exif 2.32 §4.6.4
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MAX_PROFILE = 4 * MIB  # bytes; a CMYK profile of a printer has about 2 MB
_GREY_SPREAD = 16  # of 255: how far apart R, G and B of a pixel must be to call it coloured
_GREY_SHARE = 0.005  # of all pixels; the sample portrait has 0.40, the same in grey 0.000


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright RGB pixels, fitted to the rule; ``width`` and ``height`` are those before the fitting."""

    image: Image.Image
    width: int
    height: int
    turned: bool
    animated: bool

    @property
    def shrunk(self) -> bool:
        return self.image.size != (self.width, self.height)


def decode(data: bytes, kind: str, rule: ImageRule) -> Picture:
    """Decode ``data`` as ``kind`` and nothing else. Raises whatever Pillow does on broken pictures."""
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        return upright(image, rule)


def upright(image: Image.Image, rule: ImageRule) -> Picture:
    """The pixels of an opened picture, or of the frame it stands at."""
    check_size(*image.size)
    if image.format != "JPEG":
        image.load()  # before the EXIF data is read: PNG may keep it behind the pixels
    orientation = _orientation(image)
    lying = orientation >= 5
    width, height = reversed(image.size) if lying else image.size
    target = rule.fitted(width, height)
    # A JPEG can be decoded at 1/2, 1/4 or 1/8; the box has the picture's own shape, since
    # ``draft`` goes by the side that shrinks least. Other formats ignore it.
    image.draft(None, (target[1], target[0]) if lying else target)
    image.load()
    turned = image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image
    pixels = _rgb(_resized(_flattened(turned), target))
    return Picture(pixels, width, height, turned is not image, getattr(image, "is_animated", False))


def is_grey(image: Image.Image) -> bool:
    """Whether a picture has no colour: fewer than 0.5 % of its pixels are visibly tinted."""
    small = image.copy()
    small.thumbnail((160, 240), Image.Resampling.BOX)
    red, green, blue = small.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    spread = ImageChops.difference(brightest, darkest).histogram()
    return sum(spread[_GREY_SPREAD:]) < _GREY_SHARE * small.width * small.height


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1–8; damaged EXIF data do not spoil a picture, it is then taken as upright."""
    with contextlib.suppress(Exception):
        orientation = image.getexif().get(_ORIENTATION, 1)
        return orientation if orientation in _UPRIGHT else 1
    return 1


def _flattened(image: Image.Image) -> Image.Image:
    """Without transparency (onto white), palette or 16 bits: a mode that can be resized well."""
    if image.mode.startswith("I"):  # 16 bits of grey; ``convert`` would clip instead of scaling
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        white.info = image.info
        return white
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.HAMMING)


def _rgb(image: Image.Image) -> Image.Image:
    """In sRGB, with nothing left in ``info``: Pillow would write a comment found there into the JPG."""
    rgb = _srgb(image).convert("RGB")
    rgb.info = {}
    return rgb


def _srgb(image: Image.Image) -> Image.Image:
    """Colours of an embedded profile (phones use Display P3) as sRGB; an unusable profile is dropped."""
    profile = image.info.get("icc_profile", b"")
    if not 0 < len(profile) <= _MAX_PROFILE:
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return converted or image
    return image
