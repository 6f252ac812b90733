"""The table, for the terminal and for docs/develop/benchmarks.md."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from .folders import Folder
from .rows import MOST_QUERIES, Row

BEGIN, END = "<!-- table -->", "<!-- /table -->"
HEAD = ("what", "floor ms", "ms", "ratio", "bound", "queries", "KB", "")
MIB = 1024 * 1024


def table(rows: Sequence[Row]) -> str:
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(_width(line[at]) for line in cells) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    )


def write(file: Path, rows: Sequence[Row], folders: Sequence[Folder]) -> None:
    """Put machine, data and table between the two marks of the page."""
    lines = [HEAD, ("---", "--:", "--:", "--:", "--:", "--:", "--:", "---"), *(_cells(row) for row in rows)]
    made = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n{_circumstances(folders)}\n\n{made}\n{END}{after}"
    file.write_text(text, encoding="utf-8")


def _circumstances(folders: Sequence[Folder]) -> str:
    sizes = ", ".join(
        f"{folder.size:,} applications in {folder.database.stat().st_size / MIB:,.0f} MiB"
        for folder in folders
    )
    return (
        f"{timezone.localdate()}, {os.cpu_count()} cores ({platform.machine()}), {_busy()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {sizes}."
    )


def _busy() -> str:
    """How many others wanted the processor: above the number of cores the figures are too high."""
    return f"load {os.getloadavg()[1]:.1f}"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        f"{row.floor:.2f}",
        f"{row.measured:.2f}",
        f"{row.ratio:.2f}",
        f"≤ {row.bound:g}" if row.bound else "–",
        _queries(row),
        f"{row.size / 1024:.1f}" if row.size is not None else "–",
        "ok" if row.is_kept else "✗",
    )


def _queries(row: Row) -> str:
    if row.queries is None:
        return "–"
    return f"{row.queries}/{MOST_QUERIES}" if row.bound else str(row.queries)


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in text)
