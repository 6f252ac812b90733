"""The other side of ``sheaf``: ``python -m zhupei.imaging.leaves``, a file in, a JPEG a page out.

Limits itself before it reads a byte. Written to standard output: one line of JSON, then the JPEGs.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pillow_heif
import pypdfium2
from PIL import Image, ImageSequence

from .kinds import TOO_LARGE, check_size
from .pixels import Picture, upright
from .rules import MIB, ImageRule, Rejected

CPU_SECONDS = 3  # for the first page with the start, then
CPU_SECONDS_A_PAGE = 1  # a scan of 600 dpi takes about 0.4
MEMORY = 400 * MIB  # of data; a HEIC of 48 megapixels takes 370
QUALITY = 95  # of the JPEGs between the two processes: encoded once more later, so hardly any loss
LEAST_DPI = 150  # a page of a PDF is drawn with as many pixels as its scan has, and not fewer than this

_BROKEN_PDF = "这个 PDF 打不开，可能已损坏，请重新导出或拍照上传"
_SEALED_PDF = "这个 PDF 有密码，请先去掉密码再上传"


def main(kind: str, width: str, height: str, is_upright: str, most: str) -> None:
    """Answer on standard output; a crash or a limit reached is an exit code."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    _allow_seconds(CPU_SECONDS)
    rule = ImageRule("图片", int(width), int(height), 0, False, bool(int(is_upright)), False)
    found: list[tuple[bytes, Picture, list[str]]] = []
    sentence = ""
    try:
        found = [(_jpeg(picture), picture, notes) for picture, notes in _open(kind, rule, int(most))]
    except Rejected as rejected:
        sentence = str(rejected)
    except Image.DecompressionBombError:
        sentence = TOO_LARGE
    told = [(len(jpeg), picture.width, picture.height, notes) for jpeg, picture, notes in found]
    sys.stdout.buffer.write(json.dumps({"sentence": sentence, "leaves": told}).encode() + b"\n")
    sys.stdout.buffer.writelines(jpeg for jpeg, _, _ in found)


def _open(kind: str, rule: ImageRule, most: int) -> Iterator[tuple[Picture, list[str]]]:
    data = sys.stdin.buffer.read()
    if kind == "PDF":
        return _of_pdf(data, rule, most)
    return _of_heif(data, rule) if kind == "HEIF" else _of_tiff(data, rule, most)


def _of_heif(data: bytes, rule: ImageRule) -> Iterator[tuple[Picture, list[str]]]:
    """The primary picture: the others are a burst, a film or a map of depths."""
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    with Image.open(io.BytesIO(data), formats=["HEIF"]) as image:
        several = getattr(image, "n_frames", 1) > 1
        yield upright(image, rule), ["只保留了主图"] if several else []


def _of_tiff(data: bytes, rule: ImageRule, most: int) -> Iterator[tuple[Picture, list[str]]]:
    with Image.open(io.BytesIO(data), formats=["TIFF"]) as image:
        count = getattr(image, "n_frames", 1)
        _check_count(count, most, "TIFF")
        for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
            yield upright(frame, rule), _which("TIFF", number, count)


def _of_pdf(data: bytes, rule: ImageRule, most: int) -> Iterator[tuple[Picture, list[str]]]:
    """Every page drawn, notes and stamps too; scripts and forms are not even loaded."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Rejected(_SEALED_PDF if "password" in str(error).lower() else _BROKEN_PDF) from error
    count = len(document)
    if not count:
        raise Rejected(_BROKEN_PDF)
    _check_count(count, most, "PDF")
    for number in range(count):
        yield _drawn(document[number], rule), _which("PDF", number + 1, count)


def _drawn(page: Any, rule: ImageRule) -> Picture:
    """One page of a PDF on white, at the resolution of its scan."""
    width, height = page.get_size()  # in points
    largest = max(rule.fitted(10 * rule.max_width, round(10 * rule.max_width * height / width)))
    scale = min(largest / max(width, height), max(LEAST_DPI / 72, _resolution(page)))
    check_size(round(width * scale), round(height * scale))
    bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255), may_draw_forms=False)
    image = bitmap.to_pil().convert("RGB")
    return Picture(image, image.width, image.height, turned=False, animated=False)


def _resolution(page: Any) -> float:
    """Pixels a point of the finest picture on the page; 0 without one."""
    found = [0.0]
    for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        drawn = max(right - left, top - bottom)
        found.append(max(thing.get_px_size()) / drawn if drawn > 0 else 0)
    return max(found)


def _check_count(count: int, most: int, name: str) -> None:
    if most == 1 < count:
        raise Rejected(f"这个 {name} 有 {count} 页，这里只要一张照片，请只上传那一张")
    if count > most:
        raise Rejected(f"这个 {name} 有 {count} 页，一份材料最多 {most} 页，请拆分后再上传")
    _allow_seconds(CPU_SECONDS + CPU_SECONDS_A_PAGE * (count - 1))


def _allow_seconds(seconds: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def _which(name: str, number: int, count: int) -> list[str]:
    return [f"{name} 第 {number} 页"] if count > 1 else []


def _jpeg(picture: Picture) -> bytes:
    file = io.BytesIO()
    picture.image.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
