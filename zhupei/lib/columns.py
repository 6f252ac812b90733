"""The columns that an importer declares, and the rows of a sheet read by them: typed, or with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Protocol

from . import id_number, typed
from .workbook import Grid, Unreadable

Texts = tuple[str, ...]  # of one row, in the order of the columns
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]00:00(?::00)?)?")
_LOST = re.compile(r"-?\d(?:\.\d+)?E\+\d+")
_DECORATION = re.compile(r"[\s*＊]|[（(](?:必填|选填)[)）]")


class Wrong(Exception):
    """A cell cannot be read; the message says why and what to do."""


class Kind(Protocol):
    """What a column holds. ``words`` describe it on the notes sheet."""

    @property
    def words(self) -> str: ...

    def read(self, text: str) -> Any:
        """The value of a cell that is not empty. Raises Wrong."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text of one line."""

    longest: int = 100

    @property
    def words(self) -> str:
        return f"文字，不超过 {self.longest} 个字"

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise Wrong(f"不超过 {self.longest} 个字，现在是 {len(text)} 个")
        return text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two others."""

    least: int = 0
    most: int = 9_999

    @property
    def words(self) -> str:
        return f"{self.least}–{self.most} 之间的整数"

    def read(self, text: str) -> int:
        number = _decimal(text)
        if number is None or number != number.to_integral_value():
            raise Wrong(f"应为整数，现在是“{_short(text)}”")
        if number < 0 <= self.least:
            raise Wrong(f"不能小于 0，现在是 {_short(text)}")
        if not self.least <= number <= self.most:
            raise Wrong(f"应为 {self.words}，现在是 {_short(text)}")
        return int(number)


@dataclass(frozen=True, slots=True)
class Steps:
    """A number above 0 in steps, as 0.5."""

    step: Decimal
    most: Decimal

    @property
    def words(self) -> str:
        return f"大于 0，不超过 {self.most}，以 {self.step} 为单位"

    def read(self, text: str) -> Decimal:
        number = _decimal(text)
        if number is None:
            raise Wrong(f"应为数字，现在是“{_short(text)}”")
        if not 0 < number <= self.most:
            raise Wrong(f"应大于 0，不超过 {self.most}，现在是 {_short(text)}")
        if number % self.step:
            raise Wrong(f"应以 {self.step} 为单位，现在是 {_short(text)}")
        return number


@dataclass(frozen=True, slots=True)
class Day:
    """A date, however it was written."""

    words: str = "日期，如 2024-03-01"

    def read(self, text: str) -> date:
        found = _DAY.fullmatch(typed.half_width(text).replace(" 00:00", ""))
        if not found:
            raise Wrong(f"应像 2024-03-01，现在是“{_short(text)}”")
        parts = [int(part) for part in found.groups() if part]
        try:
            return date(*parts)
        except ValueError:
            raise Wrong(f"没有 {_short(text)} 这一天") from None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words, each for a value; ``also`` are other words that people use."""

    choices: Mapping[str, Any]
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return "、".join(self.choices)

    def read(self, text: str) -> Any:
        known = {**self.also, **self.choices}
        if text in known:
            return known[text]
        near = get_close_matches(text, known, n=2, cutoff=0.3)
        hint = f"，最接近：{'、'.join(near)}" if near else f"；可以填：{self.words}"
        raise Wrong(f"没有“{_short(text)}”{hint}")


@dataclass(frozen=True, slots=True)
class Identity:
    """证件号码, as it is compared; whose it is, is asked elsewhere."""

    words: str = "证件号码；这一列请设为“文本”格式，以免末几位变成 0"

    def read(self, text: str) -> str:
        if _LOST.fullmatch(text):
            raise Wrong("表格把号码存成了数字，后几位已丢失。请把这一列设为“文本”后重新填写")
        number = id_number.normalise(text)
        if not 5 <= len(number) <= 30:
            raise Wrong(f"应为 5–30 位，现在是 {len(number)} 位")
        return number


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is for the code, ``heading`` for people; a column that is not ``required`` may be missing."""

    name: str
    heading: str
    kind: Kind = Words()
    required: bool = False
    hint: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the row's number in the sheet, the column's heading ("" the whole row)."""

    row: int
    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read; an empty cell is None, or "" in a column of words."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``texts`` are all rows as typed, by number; of those some are ``rows``, the others have ``faults``."""

    texts: dict[int, Texts]
    rows: list[Row]
    faults: list[Fault]
    ignored: tuple[str, ...] = ()  # headings that nobody asked for


def read_grid(grid: Grid, columns: Sequence[Column], *, most: int) -> Sheet:
    """The rows below the headings. Raises ``Unreadable`` if these are not what was declared."""
    if not grid.rows:
        raise Unreadable("表格是空的。请下载模板，从第 2 行填起")
    (top, headings), *rest = grid.rows
    places = _places(headings, columns)
    for merged in grid.merged:
        if merged.first_row <= top <= merged.last_row:
            raise Unreadable(f"表头有合并单元格（{merged}），请取消合并，每列一个标题")
    example = tuple(column.example for column in columns)
    texts = {number: _picked(row, places) for number, row in rest}
    texts = {number: row for number, row in texts.items() if any(row) and row != example}
    if not texts:
        raise Unreadable("表头下面没有数据（示例行不算）。请从第 2 行填起")
    if len(texts) > most:
        raise Unreadable(f"一次最多 {most:,} 行，现在有 {len(texts):,} 行，请分成几个文件")
    return read_texts(texts, columns, faults=_merged_faults(grid, texts), ignored=_ignored(headings, columns))


def read_texts(
    texts: Mapping[int, Texts],
    columns: Sequence[Column],
    *,
    faults: Iterable[Fault] = (),
    ignored: Texts = (),
) -> Sheet:
    """The rows again from what was kept of them; ``faults`` are known from elsewhere."""
    rows, found = [], list(faults)
    broken = {fault.row for fault in found}
    for number, cells in texts.items():
        values, wrong = _read(number, cells, columns)
        found += wrong
        if not wrong and number not in broken:
            rows.append(Row(number, values))
    return Sheet(dict(texts), rows, sorted(found, key=lambda fault: fault.row), tuple(ignored))


def _read(number: int, cells: Texts, columns: Sequence[Column]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults = []
    for column, text in zip(columns, cells, strict=True):
        if not text:
            values[column.name] = "" if isinstance(column.kind, Words) else None
            if column.required:
                faults.append(Fault(number, column.heading, "没有填写"))
            continue
        try:
            values[column.name] = column.kind.read(text)
        except Wrong as wrong:
            faults.append(Fault(number, column.heading, str(wrong)))
    return values, faults


def _places(headings: Texts, columns: Sequence[Column]) -> list[int | None]:
    """Where each column stands."""
    found = [_plain(heading) for heading in headings]
    asked = [_plain(column.heading) for column in columns]
    twice = [column.heading for column, name in zip(columns, asked, strict=True) if found.count(name) > 1]
    if twice:
        raise Unreadable(f"表头里有两列“{twice[0]}”，请删去一列")
    missing = [
        column.heading
        for column, name in zip(columns, asked, strict=True)
        if column.required and name not in found
    ]
    if missing:
        raise Unreadable(f"缺少这些列：{'、'.join(missing)}。第 1 行应是模板的表头")
    return [found.index(name) if name in found else None for name in asked]


def _ignored(headings: Texts, columns: Sequence[Column]) -> Texts:
    asked = {_plain(column.heading) for column in columns}
    return tuple(heading for heading in headings if heading and _plain(heading) not in asked)


def _picked(row: Texts, places: Sequence[int | None]) -> Texts:
    return tuple(row[place] if place is not None and place < len(row) else "" for place in places)


def _merged_faults(grid: Grid, texts: Mapping[int, Texts]) -> list[Fault]:
    return [
        Fault(number, "", f"有合并单元格（{merged}），请取消合并，每行都填写")
        for merged in grid.merged
        for number in texts
        if merged.first_row <= number <= merged.last_row
    ]


def _plain(heading: str) -> str:
    return _DECORATION.sub("", typed.half_width(heading)).strip("()（）")


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(typed.half_width(text).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"
