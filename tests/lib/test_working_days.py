from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib import working_days

FRIDAY, SATURDAY, MONDAY = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    (
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (MONDAY, 5, date(2026, 3, 23)),
        (FRIDAY, 5, date(2026, 3, 20)),
        (SATURDAY, 0, SATURDAY),
    ),
    ids=("over the weekend", "from the weekend", "a week", "returned on Friday", "no day"),
)
def test_working_days_are_monday_to_friday(day, count, expected):
    assert working_days.after(day, count) == expected


def test_holidays_do_not_count():
    assert working_days.after(FRIDAY, 1, holidays={MONDAY}) == date(2026, 3, 17)


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="negative"):
        working_days.after(FRIDAY, -1)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_five_working_days_are_always_one_week(day, weeks):
    found = working_days.after(day, 5 * weeks)

    assert found.weekday() < 5
    assert 7 * weeks - 2 <= (found - day).days <= 7 * weeks
