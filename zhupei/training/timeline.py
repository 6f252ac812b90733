"""The rotations of a training as a line of bars: positions for a server-made SVG. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .models import Rotation

MONTH = 28  # units of the drawing for a month, 36 of them are about the page's width
FEWEST_MONTHS = 36
BETWEEN_MARKS = 6  # months
CHARACTER = 13  # units of a 汉字 in the drawing
TONES = {"done": "good", "now": "brand", "later": "quiet"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rotation. ``inside``: its name fits into the bar, otherwise it stands below at ``middle``."""

    name: str
    tone: str
    x: int
    width: int
    inside: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    marks: tuple[tuple[int, str], ...]  # (x, year-month)
    end: str
    bars: tuple[Bar, ...]
    today: float | None  # None: before the beginning or after the end


def state_of(rotation: Rotation, today: date) -> str:
    """done, now, later or exempt, as of ``today``."""
    if rotation.exempted_at:
        return "exempt"
    if rotation.has_ended(today):
        return "done"
    return "now" if rotation.has_begun(today) else "later"


def draw(rotations: Sequence[Rotation], *, begin: date, end: date, today: date) -> Timeline:
    """The drawing of the rotations that take place, from ``begin`` to ``end`` of the training."""
    held = [rotation for rotation in rotations if rotation.exempted_at is None]
    first = min([begin, *(r.start_date for r in held)]).replace(day=1)
    last = max([end, *(r.end_date for r in held)])
    months = max(FEWEST_MONTHS, _months(first, last) + 1)
    now = _position(first, today)
    return Timeline(
        width=months * MONTH + 4,
        marks=tuple(_marks(first, months)),
        end=f"{last:%Y-%m}",
        bars=tuple(_bar(rotation, first, today) for rotation in held),
        today=round(now, 1) if first <= today <= last else None,
    )


def _bar(rotation: Rotation, first: date, today: date) -> Bar:
    start = _position(first, rotation.start_date)
    end = _position(first, rotation.end_date + timedelta(days=1))
    width = max(6, round(end - start) - 3)
    short = rotation.department_name.rpartition("·")[2].strip()
    room = (width - 12) // CHARACTER
    inside = room >= min(3, len(short))
    name = _fitting(short, room if inside else 2)
    return Bar(name, TONES[state_of(rotation, today)], round(start) + 2, width, inside)


def _fitting(name: str, room: int) -> str:
    """``name`` in ``room`` 汉字: whole, or else what is particular about it (手足外科 → 手足)."""
    if len(name) <= room:
        return name
    stem = name.partition("/")[0]
    for ending in ("外科", "内科", "科"):
        if stem.removesuffix(ending):
            stem = stem.removesuffix(ending)
    return stem[:room]


def _marks(first: date, months: int) -> Iterator[tuple[int, str]]:
    for ahead in range(0, months - 1, BETWEEN_MARKS):
        year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
        yield ahead * MONTH + 1, f"{year}-{month + 1:02}"


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _position(first: date, day: date) -> float:
    """Where ``day`` lies: MONTH units a calendar month, days in proportion."""
    return (_months(first, day) + (day.day - 1) / 30.5) * MONTH
