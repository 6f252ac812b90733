"""A spreadsheet that somebody uploads: looked at before it is opened, then read as text, row by row."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, load_workbook

from . import typed
from .archive import MIB, Archive, Unreadable, looks_like_zip

__all__ = ["Grid", "Merged", "Unreadable", "letters", "read"]

MAX_BYTES = 20 * MIB
MAX_UNPACKED = 128 * MIB
MAX_ROWS = 100_000
MAX_COLUMNS = 200
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password to open it
_PLACES = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")  # of rows and cells
EXACT = 10**15  # Excel keeps 15 digits of a number


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; rows and columns count from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def __str__(self) -> str:
        return f"{letters(self.first_column)}{self.first_row}:{letters(self.last_column)}{self.last_row}"


@dataclass(frozen=True, slots=True)
class Grid:
    """The first sheet: its rows that are not empty, by their number from 1, as cleaned text."""

    rows: list[tuple[int, tuple[str, ...]]]
    merged: list[Merged]


def read(content: bytes, *, name: str = "") -> Grid:
    """The first sheet of an .xlsx. Raises ``Unreadable`` for everything else."""
    _check_kind(content, name.lower())
    _check_inside(content)
    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise Unreadable("工作簿读不出来，请在 Excel 里打开，另存为 .xlsx 后再上传") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the Rust library, no Exception
            raise
        raise Unreadable("工作簿读不出来，请在 Excel 里打开，另存为 .xlsx 后再上传") from error
    rows = [(number, tuple(map(text_of, row))) for number, row in enumerate(cells, start=1)]
    return Grid([(number, row) for number, row in rows if any(row)], _merged(sheet))


def letters(column: int) -> str:
    """A for 1, AA for 27."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def text_of(value: Any) -> str:
    """A cell as one would type it. A number whose last digits Excel has lost looks like 4.20106E+17."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.5E}" if abs(value) >= EXACT else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return " ".join(typed.clean(str(value)).split())


def _check_kind(content: bytes, name: str) -> None:
    if not content:
        raise Unreadable("文件是空的，请重新选择")
    if len(content) > MAX_BYTES:
        raise Unreadable(f"文件超过 {MAX_BYTES // MIB} MB，请分成几个文件上传")
    if content.startswith(_OLE):
        raise Unreadable("这是旧版 .xls 文件，或设了打开密码。请在 Excel 里另存为不带密码的 .xlsx 再上传")
    if name.endswith((".xlsm", ".xltm", ".xlsb", ".xls")):
        raise Unreadable("只接收 .xlsx 文件。请在 Excel 里另存为“Excel 工作簿（*.xlsx）”再上传")
    if not content.startswith(b"PK") or not looks_like_zip(content):
        raise Unreadable(
            "文件的内容不是 Excel 工作簿（可能是改了扩展名的 CSV 或网页），请在 Excel 里另存为 .xlsx 再上传"
        )


def _check_inside(content: bytes) -> None:
    archive = Archive(content, limit=MAX_UNPACKED)
    names = {name.lower() for name in archive.names}
    if "xl/workbook.xml" not in names:
        raise Unreadable("这不是 Excel 工作簿，请在 Excel 里另存为 .xlsx 再上传")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unreadable("文件带有宏，没有读取。请在 Excel 里另存为不带宏的 .xlsx 再上传")
    for info in archive.entries:
        data = archive.read(info)
        if info.filename == "[Content_Types].xml" and b"macroEnabled" in data:
            raise Unreadable("文件带有宏，没有读取。请在 Excel 里另存为不带宏的 .xlsx 再上传")
        if info.filename.lower().startswith("xl/worksheets/"):
            _check_extent(data)


def _check_extent(sheet: bytes) -> None:
    """How far the cells reach: the reader makes room for every place between the first and the last."""
    rows = columns = 0
    for column, row in set(_PLACES.findall(sheet)):
        rows = max(rows, int(row[:9]))
        columns = max(columns, _number(column))
    if rows > MAX_ROWS + 1:
        raise Unreadable(f"表格用到了第 {rows:,} 行，最多 {MAX_ROWS:,} 行。请删去多余的行，或分成几个文件")
    if columns > MAX_COLUMNS:
        raise Unreadable(f"表格用到了第 {columns} 列，最多 {MAX_COLUMNS} 列。请删去多余的列")


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _merged(sheet: CalamineSheet) -> list[Merged]:
    ranges = sheet.merged_cell_ranges or []
    return [Merged(top + 1, bottom + 1, left + 1, right + 1) for (top, left), (bottom, right) in ranges]
