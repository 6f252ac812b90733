"""Files that may hold several pictures: HEIC, TIFF, PDF. Their decoders run in a process of their own.

PDFium, libheif and libtiff are large programs in C that read hostile bytes: a crash, an endless page or
a gigabyte asked for ends that process, not the web server. What comes back is a JPEG a page, which then
goes the way of any other JPEG. The other side is ``leaves``.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore

from .rules import ImageRule, Rejected

SECONDS = 30  # of the clock, on a busy machine; the processor's time is limited by ``leaves`` itself
AT_ONCE = 2  # such processes of one of ours: each may take 400 MB

_BROKEN = "文件打不开，可能已损坏，请重新导出或拍照上传"
_TOO_DEAR = "这个文件太复杂，处理不了，请拆成单页，或拍照上传"
_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: a JPEG of the largest size its rule may keep, and what its pixels were before."""

    jpeg: bytes
    width: int
    height: int
    notes: tuple[str, ...]


def leaves(data: bytes, kind: str, rule: ImageRule) -> list[Leaf]:
    """Every page of ``data``, which ``kinds`` took for ``kind``. ``Rejected`` if it cannot be opened."""
    asked = [kind, rule.max_width, rule.max_height, int(rule.upright), rule.most_pages]
    command = [sys.executable, "-m", "zhupei.imaging.leaves", *map(str, asked)]
    with _turns:
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as late:
            raise Rejected(_TOO_DEAR) from late
    if done.returncode:
        raise Rejected(_TOO_DEAR if done.returncode < 0 else _BROKEN)
    head, _, body = done.stdout.partition(b"\n")
    told = json.loads(head)
    if told["sentence"]:
        raise Rejected(told["sentence"])
    found, at = [], 0
    for size, width, height, notes in told["leaves"]:
        found.append(Leaf(body[at : at + size], width, height, tuple(notes)))
        at += size
    return found
