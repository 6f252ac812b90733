"""The picture of a season: its four windows over the months. Pure: windows and today in, numbers out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from zhupei.completion.windows import Window

WIDTH, LEFT, TOP, ROW = 960, 90, 36, 38  # units of the viewBox; ROW is from one bar to the next
LETTERS = 110  # units that "3-02 至 3-27" needs
MOST_MONTHS = 12  # lines; of a longer season only every second, third … month has one


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    y: int
    x: int
    width: int
    text: str
    text_x: int
    state: str  # open, over or ahead
    is_inside: bool  # the text stands in the bar


@dataclass(frozen=True, slots=True)
class Chart:
    months: list[tuple[int, str]]  # x and "3 月"
    bars: list[Bar]
    today_x: int | None
    today: str
    height: int

    @property
    def foot(self) -> int:
        return self.height - 20  # under it stands today's date


def draw(windows: Mapping[str, Window], now: datetime) -> Chart:
    """From the first of the first month to the end of the last."""
    days = {name: (_day(window.opens_at), _day(window.closes_at)) for name, window in windows.items()}
    first = min(opens for opens, _ in days.values()).replace(day=1)
    last = _next_month(max(closes for _, closes in days.values()))
    scale = (WIDTH - LEFT) / (last - first).days

    def x(day: date) -> int:
        return LEFT + round((day - first).days * scale)

    bars = [
        _bar(name, TOP + ROW * number, x(opens), x(closes), (opens, closes), windows[name], now)
        for number, (name, (opens, closes)) in enumerate(days.items())
    ]
    firsts = list(_firsts(first, last))
    step = -(-len(firsts) // MOST_MONTHS)
    today = _day(now)
    return Chart(
        months=[(x(month), f"{month.month} 月") for month in firsts[::step]],
        bars=bars,
        today_x=x(today) if first <= today < last else None,
        today=_short(today),
        height=TOP + ROW * len(bars) + 20,
    )


def _bar(
    name: str, y: int, left: int, right: int, days: tuple[date, date], window: Window, now: datetime
) -> Bar:
    width = max(right - left, 6)
    is_inside = width >= LETTERS
    text_x = left + 8
    if not is_inside:
        text_x = left + width + 8 if left + width + LETTERS < WIDTH else left - LETTERS
    state = "over" if window.has_ended(now) else "open" if window.has_begun(now) else "ahead"
    text = f"{_short(days[0])} 至 {_short(days[1])}"
    return Bar(name, y, left, width, text, text_x, state, is_inside)


def _firsts(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first = _next_month(first)


def _next_month(day: date) -> date:
    """The first of the month after ``day``'s."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _short(day: date) -> str:
    return f"{day.month}-{day.day:02}"
