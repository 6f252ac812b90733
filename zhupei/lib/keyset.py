"""Where a page of a list by time ended: what the address carries, so that the next page begins behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime

Mark = tuple[datetime, UUID]  # of the last row: its time, its key


def text_of(mark: Mark) -> str:
    """``mark`` as an address carries it."""
    at, pk = mark
    return f"{at.isoformat()}_{pk}"


def read(text: str) -> Mark | None:
    """The mark that ``text`` says; None for anything else, or for a time no database knows."""
    at, _, pk = text.partition("_")
    try:
        moment = parse_datetime(at)
        if moment is None or moment.tzinfo is None:
            return None
        return moment.astimezone(UTC), UUID(pk)
    except (ValueError, OverflowError):
        return None
