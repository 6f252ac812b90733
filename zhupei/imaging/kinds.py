"""What kind of file this is: told by its content, never by its name. Nothing here decodes anything."""

import re
import struct

from .rules import MAX_PIXELS, Rejected

WANTED = "请上传 JPG、PNG、WebP、HEIC、TIFF 图片或 PDF 扫描件"
SHEAVES = frozenset({"HEIF", "TIFF", "PDF"})  # may hold several pictures: opened in a process of their own
TOO_LARGE = "图片尺寸太大，请换一张不超过 6400 万像素的图片"
_BROKEN = "图片已损坏，打不开，请重新拍摄或换一个文件"

# In this order: the first that fits names the file. Each says what a person would call it.
_OTHERS: tuple[tuple[str, str], ...] = (
    (r"GIF8[79]a", "GIF 动图"),
    (r"BM.{4}\0\0\0\0", "BMP 图片"),
    (r"....ftypavi[fs]", "AVIF 图片"),
    (r"....ftyp", "视频"),
    (r"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000 图片"),
    (r"8BPS", "PSD 图片"),
    (r"PK(?:\x03\x04|\x05\x06)", "ZIP 压缩包或 Word、Excel 文件"),
    (r"Rar!|7z\xbc\xaf|\x1f\x8b", "压缩包"),
    (r"\xd0\xcf\x11\xe0", "Word 或 Excel 文件"),
    (r"MZ|\x7fELF", "程序"),
    (r"[^<]{0,16}<(?:!DOCTYPE html|html|head|body|script)", "网页"),
    (r"[^<]{0,16}(?=<).{0,900}?<svg[\s>]", "SVG 图片"),
    (r"[^<]{0,16}<\?xml", "XML 文件"),
)
# The same for what may be opened, by Pillow's name of it (or PDF).
_WANTED_KINDS: tuple[tuple[str, str], ...] = (
    (r"\xff\xd8\xff", "JPEG"),
    (r"\x89PNG\r\n\x1a\n", "PNG"),
    (r"RIFF....WEBP", "WEBP"),
    (r"II\*\0|MM\0\*|II\+\0|MM\0\+", "TIFF"),
    (r"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", "HEIF"),
    (r"(?:\xef\xbb\xbf|\s){0,64}%PDF-", "PDF"),
)
_PATTERNS = [(re.compile(p.encode("latin-1"), re.DOTALL | re.IGNORECASE), what) for p, what in _OTHERS]
_KINDS = [(re.compile(p.encode("latin-1"), re.DOTALL), kind) for p, kind in _WANTED_KINDS]


def recognise(data: bytes) -> str:
    """``JPEG``, ``PNG``, ``WEBP`` or one of ``SHEAVES``; ``Rejected`` names whatever else it is."""
    if not data:
        raise Rejected("文件是空的，请重新选择")
    head = data[:1024]
    for pattern, kind in _KINDS:
        if pattern.match(head):
            return kind
    for pattern, what in _PATTERNS:
        if pattern.match(head):
            raise Rejected(f"这是 {what}，{WANTED}" if what[0].isascii() else f"这是{what}，{WANTED}")
    raise Rejected(f"这个文件不是图片，{WANTED}")


def check_header_size(data: bytes, kind: str) -> None:
    """Refuse a PNG or WebP whose header announces more than 64 megapixels, before anything decodes it."""
    try:
        width, height = _png_size(data) if kind == "PNG" else _webp_size(data)
    except struct.error:
        raise Rejected(_BROKEN) from None
    check_size(width, height)


def check_size(width: int, height: int) -> None:
    """Refuse what has no pixels, or more than 64 megapixels."""
    if width < 1 or height < 1:
        raise Rejected(_BROKEN)
    if width * height > MAX_PIXELS:
        raise Rejected(f"图片尺寸 {width}×{height} 太大，请换一张不超过 6400 万像素的图片")


def _png_size(data: bytes) -> tuple[int, int]:
    """Width and height from IHDR, which must be the first chunk (PNG specification §11.2.1)."""
    if data[12:16] != b"IHDR":
        raise Rejected(_BROKEN)
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the first chunk: VP8X (canvas), VP8L or VP8 (RFC 9649 §2.5–2.7)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", data, 24)
        return (low_width | high_width << 16) + 1, (low_height | high_height << 16) + 1
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Rejected(_BROKEN)
