"""Walk the markers of a JPEG without decoding it.

Finds, in a millisecond or less, what would cost a decoder seconds or gigabytes, and keeps only what a
decoder needs: comments, XMP, previews, maker's data and everything behind the end of the image are gone
before Pillow sees the file. Marker codes: ITU-T T.81, table B.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .kinds import check_size
from .rules import MAX_PIXELS, Rejected

MAX_SCANS = 100  # a progressive file of a camera or an editor has about 10
MAX_SCANNED_PIXELS = 16 * MAX_PIXELS  # scans × pixels is what decoding costs; the limit is 1.5–2 s
MAX_SEGMENTS = 4000

_SOI, _EOI, _SOS, _TEM = b"\xff\xd8", 0xD9, 0xDA, 0x01
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0–SOF15; the three others are tables
_DECODABLE_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; all Huffman
_TABLES = frozenset({0xC4, 0xDB, 0xDD})  # DHT, DQT, DRI
_APPLICATION_DATA = ((0xE0, b""), (0xE1, b"Exif\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))

# A marker: not a stuffed 0xFF00, not a restart marker inside a scan, not a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_TRUNCATED = "图片不完整，可能没有传完，请重新选择原图上传"
_BROKEN = "JPG 图片已损坏，请重新拍摄或换一张原图"
_TOO_COMPLEX = "这张 JPG 的编码方式太复杂，请用手机相册或画图软件另存为普通 JPG 后再上传"


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with its data: ``data[start:end]`` of the file; a scan includes its coded pixels."""

    code: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Walked:
    """A JPEG reduced to what a decoder needs; width and height as coded, before any rotation."""

    data: bytes
    width: int
    height: int
    scans: int


def walk(data: bytes) -> Walked:
    """``Rejected`` unless there is one frame of at most 64 MP, at most 100 scans, and an end."""
    kept, width, height, scans = [_SOI], 0, 0, 0
    for segment in _segments(data):
        if segment.code in _FRAMES:
            if width:
                raise Rejected(_BROKEN)
            width, height = _frame_size(data, segment)
        elif segment.code == _SOS:
            scans += 1
            if scans > MAX_SCANS or scans * width * height > MAX_SCANNED_PIXELS:
                raise Rejected(_TOO_COMPLEX)
        elif not _is_needed(data, segment):
            continue
        kept.append(data[segment.start : segment.end])
    if not width or not scans:
        raise Rejected(_BROKEN)
    return Walked(b"".join([*kept, b"\xff\xd9"]), width, height, scans)


def _segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the end of the image; what lies between two of them is skipped, as decoders do."""
    start = _next_marker(data, len(_SOI))
    for _ in range(MAX_SEGMENTS):
        code = data[start + 1]
        if code == _EOI:
            return
        if code == _TEM:
            start = _next_marker(data, start + 2)
            continue
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if end < start + 4:  # a length counts itself, so it is at least 2
            raise Rejected(_BROKEN)
        following = _next_marker(data, end)
        yield Segment(code, start, following if code == _SOS else end)
        start = following
    raise Rejected(_TOO_COMPLEX)


def _next_marker(data: bytes, position: int) -> int:
    match = _MARKER.search(data, position)
    if match is None:
        raise Rejected(_TRUNCATED)
    return match.start()


def _frame_size(data: bytes, segment: Segment) -> tuple[int, int]:
    if segment.code not in _DECODABLE_FRAMES:
        raise Rejected(_TOO_COMPLEX)
    height = int.from_bytes(data[segment.start + 5 : segment.start + 7])
    width = int.from_bytes(data[segment.start + 7 : segment.start + 9])
    check_size(width, height)
    return width, height


def _is_needed(data: bytes, segment: Segment) -> bool:
    if segment.code in _TABLES:
        return True
    return any(
        segment.code == code and data.startswith(name, segment.start + 4) for code, name in _APPLICATION_DATA
    )
