"""What always holds of a site's rows, and how a row that breaks it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import UUID

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Broken:
    """``invariant`` does not hold of the row ``id`` of ``model``; ``note``: ids, codes and numbers only."""

    invariant: str
    model: str
    id: UUID
    note: str = ""

    def __str__(self) -> str:
        return f"{self.invariant} {self.model} {self.id}" + (f"：{self.note}" if self.note else "")


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """``items`` in lists of at most ``size``, never more than one of them in memory."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
