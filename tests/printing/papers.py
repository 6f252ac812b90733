"""Examples of what is printed, and pictures to go with them."""

import io
import json
from pathlib import Path
from typing import Any

import segno
from PIL import Image

from zhupei import completion
from zhupei.printing.press import to_png

HERE = Path(__file__).parent
PRINT = Path(completion.__path__[0]) / "print"
FORM, RECEIPT = PRINT / "form.typ", PRINT / "receipt.typ"


def example(name: str) -> dict[str, Any]:
    """``form`` or ``receipt``: the whole schema, filled in."""
    data: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return data


def qr(payload: str) -> bytes:
    target = io.BytesIO()
    segno.make(payload, error="m").save(target, kind="svg", xmldecl=False, border=0)
    return target.getvalue()


def jpeg(colour: str = "#88aacc") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (413, 626), colour).save(target, "JPEG")
    return target.getvalue()


def page_count(template: Path, data: dict[str, Any]) -> int:
    return len(to_png(template, data, ppi=20))
