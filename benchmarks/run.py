"""Everything that is measured, in one process."""

from collections.abc import Iterator, Sequence

from .folders import Folder, lived_in
from .pages import others, pages, queues
from .process import process
from .rows import QUEUE_GROWTH, Row
from .writes import writes


def everything(small: Folder, large: Folder, logs: tuple[Folder, Folder], parts: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    with lived_in(small):
        if "pages" in parts:
            rows += [*pages(small), *others(small)]
        few = list(queues(small)) if "queues" in parts else []
        if "writes" in parts:
            rows += writes(small)
    if few:
        with lived_in(large):
            many = list(queues(large))
        rows += [*few, *many, *_grown(few, many)]
    if "process" in parts:
        rows += process(*logs)
    return rows


def _grown(few: list[Row], many: list[Row]) -> Iterator[Row]:
    for small, large in zip(few, many, strict=True):
        what = large.what.partition(": ")[2]
        yield Row(f"queue, {what}: the large beside the small", small.measured, large.measured, QUEUE_GROWTH)
