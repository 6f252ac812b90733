"""Lengths of time in months, for 实际轮转时间（月） (domain.md §4.2)."""

import math
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

HALF_A_MONTH = 15  # days


def months_between(start: date, end: date) -> Fraction:
    """Months from ``start`` to ``end``, both days included; 0 if ``end`` lies before ``start``.

    Each calendar month counts (days of it inside) / (days it has): 2023-09-01 to 2024-02-29 is 6,
    2026-03-01 to 2026-03-18 is 18/31. So neighbouring stretches add up to the whole.
    """
    return max(Fraction(0), _position(end, end.day) - _position(start, start.day - 1))


def after(day: date, months: Decimal) -> date:
    """The day ``months`` later; half a month is fifteen days.

    A month ends where the shorter one does: one month after 31 January is the last of February.
    """
    years, month = divmod(day.month - 1 + int(months), 12)
    year = day.year + years
    start = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return start + timedelta(days=HALF_A_MONTH if months % 1 else 0)


def two_decimals(value: Fraction) -> Decimal:
    """``value`` to two decimals, half up; exact, never by way of a float."""
    return Decimal(math.floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def plain(value: Decimal) -> str:
    """As people write it: ``30.58``, ``6``, ``0.5`` – no trailing zeros, no exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _position(day: date, days_over: int) -> Fraction:
    """Months since year 0 up to the moment when ``days_over`` days of the month of ``day`` are over."""
    return day.year * 12 + day.month + Fraction(days_over, monthrange(day.year, day.month)[1])
