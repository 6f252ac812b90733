"""From an uploaded sheet to a word of confirmation: what would happen, kept as text until then. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from zhupei.lib.columns import Column, Fault, Row, Sheet, read_texts
from zhupei.lib.verdicts import Refused

from .models import Import

EXPIRED = "这次预览已过期，没有导入。请重新选择文件"
SHOWN = 300  # lines of one kind on the page; the figures count all


class Mode(StrEnum):
    """How rows are carried out."""

    TRIAL = "trial"
    ALL = "all"  # 全部成功才导入
    REST = "rest"  # 跳过有错误的行，导入其余


class Deed(StrEnum):
    """What a row does, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"  # it is there already; nothing happens
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Line:
    """What comes of a row (its number in the sheet; 0 where none stands for it), in words."""

    row: int
    text: str
    deed: Deed = Deed.NEW


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would do, or did; ``doubts`` are sentences that do not refuse."""

    lines: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = ()
    doubts: tuple[str, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        faults = sorted({*self.faults, *other.faults}, key=lambda it: (it.row, it.heading, it.reason))
        return Outcome(self.lines + other.lines, tuple(faults), self.doubts + other.doubts)

    def dumped(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loaded(cls, text: str) -> Outcome:
        kept = json.loads(text)
        return cls(
            tuple(Line(it["row"], it["text"], Deed(it["deed"])) for it in kept["lines"]),
            tuple(Fault(**it) for it in kept["faults"]),
            tuple(kept["doubts"]),
        )

    def of(self, *deeds: Deed) -> list[Line]:
        return [line for line in self.lines if line.deed in deeds]

    @property
    def active(self) -> list[Line]:
        """What changes something."""
        return self.of(Deed.NEW, Deed.CHANGED, Deed.GONE)

    @property
    def same(self) -> list[Line]:
        return self.of(Deed.SAME)

    @property
    def faulty_rows(self) -> list[int]:
        return sorted({fault.row for fault in self.faults})

    @property
    def counts(self) -> Counter[Deed]:
        return Counter(line.deed for line in self.lines)


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of file: its columns, how many rows at most, and how the lines of its outcome are counted."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    most: int
    unit: str = "行"
    notes: tuple[str, ...] = ()


def content_of(sheet: Sheet, **given: str) -> dict[str, Any]:
    """A sheet as it is kept, with what was chosen beside it.

    Of the faults only those that its cells do not show: the others come back with them.
    """
    apart = [asdict(fault) for fault in sheet.faults if fault.heading == ""]
    return {"texts": {str(at): row for at, row in sheet.texts.items()}, "faults": apart, "given": given}


def sheet_of(kept: Import, importer: Importer) -> Sheet:
    """The kept rows, read again."""
    content = json.loads(kept.content)
    texts = {int(at): tuple(row) for at, row in content["texts"].items()}
    return read_texts(texts, importer.columns, faults=[Fault(**it) for it in content["faults"]])


def given_of(kept: Import) -> Mapping[str, str]:
    """What was chosen beside the file."""
    given: Mapping[str, str] = json.loads(kept.content)["given"]
    return given


def only_faulty(content: str, outcome: Outcome) -> str:
    """Of the kept rows those that have faults: they can still be carried out to be mended."""
    texts = json.loads(content)["texts"]
    kept = {at: row for at, row in texts.items() if int(at) in outcome.faulty_rows}
    return json.dumps(
        {"texts": kept, "faults": [], "given": {**json.loads(content)["given"]}}, ensure_ascii=False
    )


def faults_of(row: Row, error: Refused | ValidationError) -> Iterable[Fault]:
    """What an action said of a row, a fault for each sentence."""
    if isinstance(error, Refused):
        return [Fault(row.number, "", item.text) for item in error.verdict.items]
    found = error.update_error_dict({})
    names = [name for name in found if name != NON_FIELD_ERRORS]
    ordered = [*names, *([NON_FIELD_ERRORS] if NON_FIELD_ERRORS in found else [])]
    sentences = [text for name in ordered for text in ValidationError(found[name]).messages]
    return [Fault(row.number, "", text) for text in dict.fromkeys(sentences)]
