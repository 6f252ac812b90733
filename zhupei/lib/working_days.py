"""Working days: Monday to Friday, less the holidays given."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5  # date.weekday(): Monday is 0


def after(day: date, count: int, *, holidays: Collection[date] = ()) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself never counts, 0 gives it back.

    Source: domain.md §2, the personal correction deadline (补正) of 5 working days from the return.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    while count:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            count -= 1
    return day
