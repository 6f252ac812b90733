"""The table, for the terminal and for docs/develop/benchmarks.md."""

from collections.abc import Sequence
from pathlib import Path

from .run import MOST_QUERIES, Row

BEGIN, END = "<!-- table -->", "<!-- /table -->"
HEAD = ("what", "floor ms", "ms", "ratio", "bound", "queries", "KB", "")


def table(rows: Sequence[Row]) -> str:
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(_width(line[at]) for line in cells) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    )


def write(file: Path, rows: Sequence[Row]) -> None:
    """Put the table between the two marks of the page."""
    lines = [HEAD, ("---", "--:", "--:", "--:", "--:", "--:", "--:", "---"), *(_cells(row) for row in rows)]
    made = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    file.write_text(f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        f"{row.floor:.2f}",
        f"{row.measured:.2f}",
        f"{row.ratio:.2f}",
        f"≤ {row.bound:g}" if row.bound else "–",
        f"{row.queries}/{MOST_QUERIES}" if row.queries is not None else "–",
        f"{row.size / 1024:.1f}" if row.size is not None else "–",
        "ok" if row.is_kept else "✗",
    )


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in text)
