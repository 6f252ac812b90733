"""Take an uploaded picture: look at it, make it fit, or say everything that is wrong with it."""

import hashlib
import logging
from dataclasses import dataclass

from . import encoding, pixels
from .jpeg_walk import walk
from .kinds import check_header_size, recognise
from .rules import MAX_UPLOAD, MIB, ImageRule, Rejected

__all__ = ["Accepted", "Rejected", "accept"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture as it is stored: a JPG without metadata, upright, fitted to its rule.

    ``width`` and ``height`` are pixels of ``jpeg``; ``kind`` is what arrived: JPEG, PNG or WEBP;
    ``original_sha256`` and ``original_size`` (bytes) are of the file as it arrived. ``notes`` tell the
    person what was done to it.
    """

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    kind: str
    original_sha256: str
    original_size: int
    notes: tuple[str, ...]


def accept(data: bytes, rule: ImageRule) -> Accepted:
    """The picture in ``data`` made to fit ``rule``; ``Rejected``, and nothing else, if it cannot be.

    From cheap to dear, so that a hostile file costs little: bytes, kind, markers, header, pixels.
    A decoder of hostile bytes may raise anything; whatever it is, to the person the picture is broken.
    """
    try:
        return _accept(data, rule)
    except Rejected:
        raise
    except Exception as error:  # logged by type only: a message may quote the file
        logger.warning("picture of %d bytes not decodable: %s", len(data), type(error).__name__)
        raise Rejected("图片打不开，可能已损坏，请重新拍摄或换一张原图上传") from error


def _accept(data: bytes, rule: ImageRule) -> Accepted:
    _check_upload_size(data)
    kind = recognise(data)
    picture = pixels.decode(_decodable(data, kind), kind, rule)
    if problems := _problems(picture, rule):
        raise Rejected(*problems)
    jpeg, (width, height), compressed = encoding.encode(picture.image, rule)
    return Accepted(
        jpeg=jpeg,
        thumbnail=encoding.thumbnail(picture.image),
        width=width,
        height=height,
        kind=kind,
        original_sha256=hashlib.sha256(data).hexdigest(),
        original_size=len(data),
        notes=_notes(kind, picture, compressed=compressed),
    )


def _check_upload_size(data: bytes) -> None:
    if len(data) > MAX_UPLOAD:
        tenths = -(-len(data) * 10 // MIB)  # rounded up: one byte over must not read as the limit itself
        raise Rejected(f"文件有 {tenths / 10:.1f} MB，超过 {MAX_UPLOAD // MIB} MB 上限，请压缩后再上传")


def _decodable(data: bytes, kind: str) -> bytes:
    if kind == "JPEG":
        return walk(data).data
    check_header_size(data, kind)
    return data


def _problems(picture: pixels.Picture, rule: ImageRule) -> list[str]:
    problems = rule.shape_problems(picture.width, picture.height)
    if rule.in_colour and pixels.is_grey(picture.image):
        problems.append("这是黑白照片，请上传彩色照片")
    return problems


def _notes(kind: str, picture: pixels.Picture, *, compressed: bool) -> tuple[str, ...]:
    notes = {
        "已转换为 JPG": kind != "JPEG",
        "动图只保留了第一帧": picture.animated,
        "已按拍摄方向转正": picture.turned,
        "已自动压缩": picture.shrunk or compressed,
    }
    return tuple(text for text, happened in notes.items() if happened)
