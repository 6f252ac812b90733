"""The press: a typst template and data in, a PDF (or pictures of its pages) out. It knows no paper of ours.

A template lives with the app that owns the paper and sees three things only: its own folder, our
shared package ``@zhupei/paper`` (``packages/zhupei/paper``), and what it is given::

    #import "@zhupei/paper:1.0.0": *
    #let d = data()                                    // the mapping, as JSON
    #if has-picture("portrait") { picture("portrait", width: 35mm, height: 53mm) }

Text in the data is text: typst evaluates none of it. The fonts are those of the wheel
``pylopdf_fonts_zh_cn``; the system's fonts, the clock and chance are out of reach, so the same data
give the same bytes on every machine.
"""

import base64
import json
import logging
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

logger = logging.getLogger(__name__)

PACKAGES = Path(__file__).parent / "packages"
FAMILIES = {"Noto Sans SC", "Noto Serif SC"}
NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})

MEDIA_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"<svg": "image/svg+xml",
    b"<?xml": "image/svg+xml",
}


class Misprint(RuntimeError):
    """A paper cannot be printed as it is meant to be: a font or a picture is not what it must be."""


def to_pdf(template: Path, data: Mapping[str, Any], *, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Typeset ``template`` with ``data``; ``pictures`` are JPEG, PNG or SVG bytes by name.

    The same arguments give the same bytes, so a PDF can be hashed, printed again years later and compared.
    """
    return _typeset(template, data, pictures, "pdf")[0]


def to_png(
    template: Path, data: Mapping[str, Any], *, pictures: Mapping[str, bytes] = NO_PICTURES, ppi: float = 150
) -> list[bytes]:
    """The same as pictures, one PNG a page. 150 ppi makes an A4 page 1,240 × 1,754 pixels."""
    return _typeset(template, data, pictures, "png", ppi)


def _typeset(
    template: Path,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes],
    kind: Literal["pdf", "png"],
    ppi: float | None = None,
) -> list[bytes]:
    """A compiler of its own for every paper.

    Keeping one was not measurably faster (a form: 66 against 67 ms of CPU), refuses a second thread
    ("Already borrowed") and would hold the last person's data in memory. What is dear, reading the
    fonts (40 ms), is shared.
    """
    compiler = typst.Compiler(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        package_path=PACKAGES,
        sys_inputs={
            "data": json.dumps(data),
            "pictures": json.dumps({name: _data_url(name, picture) for name, picture in pictures.items()}),
        },
    )
    printed, warnings = compiler.compile_with_warnings(format=kind, ppi=ppi, timestamp=0)
    _heed(template, warnings)
    if printed is None:
        raise Misprint(f"{template.name}: nothing came out")
    return [printed] if isinstance(printed, bytes) else printed


@cache
def _fonts() -> typst.Fonts:
    """Our two families and nothing else."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    if missing := FAMILIES - set(fonts.families()):
        raise Misprint(f"no font {', '.join(sorted(missing))} in {folder}")
    return fonts


def _heed(template: Path, warnings: Iterable[typst.TypstWarning]) -> None:
    """A font that is not there is an error: typst would go on with another one, or with empty boxes."""
    for warning in warnings:
        if "unknown font family" in warning.message:
            raise Misprint(f"{template.name}: {warning.message}")
        logger.warning("%s: %s", template.name, warning.message)


def _data_url(name: str, picture: bytes) -> str:
    """``sys.inputs`` holds text only. A JPEG reaches the PDF byte for byte (as numbers: 10 × slower)."""
    for beginning, media_type in MEDIA_TYPES.items():
        if picture.startswith(beginning):
            return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"
    raise Misprint(f"picture {name!r} is neither JPEG, PNG nor SVG")
