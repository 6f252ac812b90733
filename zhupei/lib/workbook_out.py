"""Spreadsheets that we hand out: a template with notes, and the rows that failed. Every cell is text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from .columns import Column, Fault, OneOf, Texts

LISTED = 1_000  # rows of a template that offer the words of a column
MOST_LETTERS = 250  # of a list of words in Excel
REASON, ROW = "错误原因", "原行号"
Table = tuple[Sequence[str], Iterable[Sequence[str]]]  # headings, rows


def template(
    columns: Sequence[Column],
    notes: Sequence[str],
    *,
    rows: Iterable[Texts] | None = None,
    more: Mapping[str, Table] | None = None,
) -> bytes:
    """Headings and an example (or ``rows``), a sheet 填写说明, and ``more`` sheets by name."""
    with _workbook() as (book, output):
        _rows_sheet(book, columns, rows if rows is not None else [_example(columns)])
        _notes_sheet(book, columns, notes)
        for name, (headings, lines) in (more or {}).items():
            _sheet(book, name, headings, lines)
    return output.getvalue()


def failed(columns: Sequence[Column], texts: Mapping[int, Texts], faults: Sequence[Fault]) -> bytes:
    """The rows that have faults, as they were typed, with the reasons behind; to be mended and sent again."""
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        said = f"{fault.heading}：{fault.reason}" if fault.heading else fault.reason
        reasons.setdefault(fault.row, []).append(said)
    empty = ("",) * len(columns)
    with _workbook() as (book, output):
        lines = (
            [*texts.get(number, empty), "；".join(said), str(number)]
            for number, said in sorted(reasons.items())
        )
        _sheet(book, "有错误的行", [*(column.heading for column in columns), REASON, ROW], lines)
    return output.getvalue()


@contextmanager
def _workbook() -> Iterator[tuple[Workbook, io.BytesIO]]:
    output = io.BytesIO()
    book = Workbook(output, {"constant_memory": True})
    yield book, output
    book.close()


def _example(columns: Sequence[Column]) -> Texts:
    return tuple(column.example for column in columns)


def _rows_sheet(book: Workbook, columns: Sequence[Column], rows: Iterable[Texts]) -> None:
    must = {column.heading for column in columns if column.required}
    sheet = _sheet(book, "数据", [column.heading for column in columns], rows, must=must)
    for place, column in enumerate(columns):
        if isinstance(column.kind, OneOf) and len(column.kind.words) < MOST_LETTERS:
            options = {"validate": "list", "source": list(column.kind.choices), "error_type": "warning"}
            sheet.data_validation(1, place, LISTED, place, options)


def _notes_sheet(book: Workbook, columns: Sequence[Column], notes: Sequence[str]) -> None:
    lines = [
        (column.heading, "必填" if column.required else "选填", column.kind.words, column.hint)
        for column in columns
    ]
    _sheet(
        book,
        "填写说明",
        ("列", "是否必填", "填什么", "说明"),
        [*lines, ("", "", "", ""), *((note, "", "", "") for note in notes)],
    )


def _sheet(
    book: Workbook,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    must: Iterable[str] = (),
) -> Worksheet:
    """A sheet of text cells; headings in ``must`` are marked."""
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "num_format": "@"})
    needed = book.add_format({"bold": True, "bg_color": "#FCE8C8", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(name)
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, max(12, 2.2 * len(heading) + 2), text)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, needed if heading in must else head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, text)
    return sheet
