"""Take an uploaded picture: look at it, make it fit, or say everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from . import encoding, pixels
from .flaws import CHECKS, Flaw
from .jpeg_walk import walk
from .kinds import SHEAVES, check_header_size, recognise
from .rules import MAX_UPLOAD, MIB, ImageRule, Rejected
from .sheaf import Leaf, leaves

__all__ = ["Accepted", "Look", "Rejected", "accept", "accept_all"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture as it is stored: a JPG without metadata, upright, fitted to its rule.

    ``width`` and ``height`` are pixels of ``jpeg``; ``kind`` is what arrived, as ``kinds`` calls it;
    ``original_sha256`` and ``original_size`` (bytes) are of the file as it arrived. ``notes`` tell the
    person what was done to it, ``flaws`` what a look at it found: nothing if nobody looked (``checks`` 0).
    """

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    kind: str
    original_sha256: str
    original_size: int
    notes: tuple[str, ...]
    flaws: tuple[Flaw, ...] = ()
    checks: int = 0  # version of the checks


@dataclass(frozen=True, slots=True)
class _Came:
    """The file as it arrived."""

    kind: str
    sha256: str
    size: int  # bytes


Look = Callable[[Image.Image], list[Flaw]]


def accept(data: bytes, rule: ImageRule, look: Look | None = None) -> Accepted:
    """The one picture in ``data`` made to fit ``rule``; ``Rejected``, and nothing else, if it cannot be."""
    first, *others = accept_all(data, rule, look)
    if others:
        raise Rejected(f"这个文件有 {len(others) + 1} 页，请只上传一页")
    return first


def accept_all(data: bytes, rule: ImageRule, look: Look | None = None) -> list[Accepted]:
    """Every picture in ``data`` (of a PDF each page) made to fit ``rule``, or ``Rejected``.

    ``look`` inspects the pixels while they are there (see ``looking``); flaws it finds refuse nothing.

    From cheap to dear, so that a hostile file costs little: bytes, kind, markers, header, pixels.
    A decoder of hostile bytes may raise anything; whatever it is, to the person the picture is broken.
    """
    try:
        return _accept(data, rule, look)
    except Rejected:
        raise
    except Exception as error:  # logged by type only: a message may quote the file
        logger.warning("picture of %d bytes not decodable: %s", len(data), type(error).__name__)
        raise Rejected("图片打不开，可能已损坏，请重新拍摄或换一张原图上传") from error


def _accept(data: bytes, rule: ImageRule, look: Look | None) -> list[Accepted]:
    _check_upload_size(data)
    kind = recognise(data)
    came = _Came(kind, hashlib.sha256(data).hexdigest(), len(data))
    if kind not in SHEAVES:
        return [_fit(pixels.decode(_decodable(data, kind), kind, rule), rule, came, look)]
    accepted: list[Accepted] = []
    problems: list[str] = []
    pages = leaves(data, kind, rule)
    for number, page in enumerate(pages, start=1):
        try:
            accepted.append(_fit(_of_leaf(page, rule), rule, came, look, page.notes))
        except Rejected as rejected:
            which = f"第 {number} 页：" if len(pages) > 1 else ""
            problems += [which + sentence for sentence in rejected.sentences]
    if problems:
        raise Rejected(*problems)
    return accepted


def _of_leaf(page: Leaf, rule: ImageRule) -> pixels.Picture:
    """The page, with the size that it had before it was made to fit."""
    picture = pixels.decode(walk(page.jpeg).data, "JPEG", rule)
    return dataclasses.replace(picture, width=page.width, height=page.height)


def _fit(
    picture: pixels.Picture, rule: ImageRule, came: _Came, look: Look | None, notes: tuple[str, ...] = ()
) -> Accepted:
    if problems := _problems(picture, rule):
        raise Rejected(*problems)
    jpeg, (width, height), compressed = encoding.encode(picture.image, rule)
    return Accepted(
        jpeg=jpeg,
        thumbnail=encoding.thumbnail(picture.image),
        width=width,
        height=height,
        kind=came.kind,
        original_sha256=came.sha256,
        original_size=came.size,
        notes=(*notes, *_notes(came.kind, picture, compressed=compressed)),
        flaws=tuple(look(picture.image)) if look else (),
        checks=CHECKS if look else 0,
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
