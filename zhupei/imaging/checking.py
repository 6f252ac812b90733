"""``zhupei check-image``: what the site would say of files, without a site."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypedDict

from PIL import Image

from .crops import FittedPicture
from .document import fit_document
from .intake import Accepted, accept_all
from .looking import inspector
from .portrait import fit_portrait
from .rules import PAPER, PORTRAIT, PORTRAIT_AS_SENT, ImageRule, Rejected

As = Literal["portrait", "document"]
RULES: dict[As, ImageRule] = {"portrait": PORTRAIT, "document": PAPER}
FITS: dict[As, Callable[[Image.Image], FittedPicture]] = {"portrait": fit_portrait, "document": fit_document}


class Finding(TypedDict):
    weight: str
    code: str
    text: str


class Size(TypedDict):
    width: int
    height: int
    bytes: int


class Report(TypedDict):
    """``accepted``: it would be stored. ``fitted``: as that, or as 一键修正 would make it."""

    file: str
    accepted: bool
    findings: list[Finding]
    fitted: Size | None


def report(path: Path, as_: As) -> list[Report]:
    """One for each picture in the file (of a PDF: each page)."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return [_refused(path, [f"文件读不出来（{error.strerror}）"])]
    try:
        found = accept_all(data, RULES[as_], look=inspector(as_))
    except Rejected as rejected:
        return [_refused(path, rejected.sentences, _mended(data, as_))]
    return [_accepted(path, one, as_) for one in found]


def as_text(reports: list[Report]) -> str:
    lines = []
    for one in reports:
        lines.append(f"{one['file']}：{'可用' if one['accepted'] else '不可用'}")
        lines += [f"  {'✗' if it['weight'] == 'blocks' else '！'} {it['text']}" for it in one["findings"]]
    return "\n".join(lines)


def as_json(reports: list[Report]) -> str:
    return json.dumps(reports, ensure_ascii=False, indent=1)


def _accepted(path: Path, one: Accepted, as_: As) -> Report:
    findings = [Finding(weight=it.weight, code=it.code, text=it.text) for it in one.flaws]
    blocked = any(it["weight"] == "blocks" for it in findings)
    fitted = _mended(one.jpeg, as_) if blocked else _size(one.width, one.height, one.jpeg)
    return Report(file=str(path), accepted=not blocked, findings=findings, fitted=fitted)


def _refused(path: Path, sentences: list[str], fitted: Size | None = None) -> Report:
    findings = [Finding(weight="blocks", code="refused", text=sentence) for sentence in sentences]
    return Report(file=str(path), accepted=False, findings=findings, fitted=fitted)


def _mended(data: bytes, as_: As) -> Size | None:
    """What could be made of a portrait that cannot be taken as it is."""
    if as_ != "portrait":
        return None
    try:
        (sent,) = accept_all(data, PORTRAIT_AS_SENT)
        with Image.open(io.BytesIO(sent.jpeg), formats=["JPEG"]) as image:
            made = FITS[as_](image.convert("RGB"))
    except Rejected:
        return None
    return _size(made.width, made.height, made.jpeg)


def _size(width: int, height: int, jpeg: bytes) -> Size:
    return Size(width=width, height=height, bytes=len(jpeg))
