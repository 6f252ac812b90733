"""From an arriving file to stored bytes, before any row exists.

A crash on the way leaves garbage that ``actions.sweep`` finds, never a row without its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.files import File

from zhupei.imaging.intake import Accepted, Look, Rejected, accept_all
from zhupei.imaging.rules import ImageRule
from zhupei.lib import typed
from zhupei.lib.verdicts import Refused, Verdict

from . import storage


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture that fits its rule and lies in the storage; ``name`` is the file's, for people only."""

    accepted: Accepted
    address: str
    thumbnail: str
    name: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of several files: the good ones are kept even if others were refused."""

    fitted: tuple[Fitted, ...]
    sentences: tuple[str, ...]  # why others were refused, fit for the screen


def take_in(uploads: Iterable[File[bytes]], rule: ImageRule, look: Look | None = None) -> Intake:
    """Check, fit, look at and store every file; nothing is written to the database."""
    fitted, sentences = [], []
    uploads = list(uploads)
    for number, upload in enumerate(uploads, start=1):
        which = f"第 {number} 张：" if len(uploads) > 1 else ""
        try:
            fitted += keep_all(read(upload), rule, look, name=upload.name or "")
        except Rejected as rejected:
            sentences += [which + sentence for sentence in rejected.sentences]
    return Intake(tuple(fitted), tuple(sentences))


def read(upload: File[bytes]) -> bytes:
    """The bytes of a file, unless it came cut. Raises ``Rejected``."""
    if getattr(upload, "too_large", False):
        limit = settings.FILE_UPLOAD_MAX_FILE // 1024 // 1024
        raise Rejected(f"文件超过 {limit} MB，请用手机相册里的普通照片，或压缩后再传")
    content: bytes = upload.read()
    return content


def keep(content: bytes, rule: ImageRule, *, name: str = "") -> Fitted:
    """Fit the one picture in ``content`` to ``rule`` and store it. Raises ``imaging.intake.Rejected``."""
    (fitted,) = keep_all(content, replace(rule, most_pages=1), name=name)
    return fitted


def keep_all(content: bytes, rule: ImageRule, look: Look | None = None, *, name: str = "") -> list[Fitted]:
    """Fit every picture in ``content`` (of a PDF each page) and store them, or raise ``Rejected``."""
    return [put(accepted, name) for accepted in accept_all(content, rule, look)]


def put(accepted: Accepted, name: str) -> Fitted:
    """Store what was accepted; ``name`` is the file's."""
    return Fitted(
        accepted=accepted,
        address=storage.put(accepted.jpeg),
        thumbnail=storage.put(accepted.thumbnail),
        name=typed.clean(name).replace("\n", " ")[:255],
    )


def hand_over(
    uploads: Sequence[File[bytes]],
    rule: ImageRule,
    verdict: Verdict,
    lay: Callable[[Sequence[Fitted]], object],
    look: Look | None = None,
) -> list[str]:
    """Take ``uploads`` in if ``verdict`` allows, and ``lay`` the good ones; what was wrong, as sentences."""
    if not verdict:
        return [str(verdict)]
    if not uploads:
        return ["请先选择图片，再点上传"]
    intake = take_in(uploads, rule, look)
    if not intake.fitted:
        return list(intake.sentences)
    try:
        lay(intake.fitted)
    except Refused as refusal:
        return [*intake.sentences, str(refusal)]
    return list(intake.sentences)
