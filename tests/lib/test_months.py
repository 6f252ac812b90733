from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib.months import after, months_between, plain, two_decimals

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    (
        (date(2023, 9, 1), date(2024, 2, 29), 6),
        (date(2026, 3, 1), date(2026, 3, 18), Fraction(18, 31)),
        (date(2026, 3, 5), date(2026, 3, 5), Fraction(1, 31)),
        (date(2024, 1, 31), date(2024, 2, 1), Fraction(1, 31) + Fraction(1, 29)),
        (date(2023, 9, 1), date(2026, 8, 31), 36),
        (date(2026, 3, 2), date(2026, 3, 1), 0),
        (date(2026, 3, 2), date(2025, 1, 1), 0),
    ),
    ids=("leap February", "part", "one day", "over a month's end", "three years", "yesterday", "long before"),
)
def test_each_calendar_month_counts_its_days_over_its_length(start, end, months):
    assert months_between(start, end) == months


def day_by_day(start, end):
    """The rule itself, slowly: every day is worth 1 / days of its month."""
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return sum(
        (Fraction(1, ((d.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)).day) for d in days),
        Fraction(0),
    )


@given(DAYS, st.integers(0, 500))
def test_the_short_way_equals_counting_every_day(start, length):
    end = start + timedelta(days=length)

    assert months_between(start, end) == day_by_day(start, end)


@given(DAYS, st.integers(0, 900), st.integers(1, 900))
def test_neighbouring_stretches_add_up_to_the_whole(start, first, second):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    parts = months_between(start, middle) + months_between(middle + timedelta(days=1), end)

    assert parts == months_between(start, end)


@pytest.mark.parametrize(
    ("value", "text"),
    (
        (Fraction(18, 31), "0.58"),
        (Fraction(6), "6.00"),
        (Fraction(5, 1000), "0.01"),
        (Fraction(4999, 1_000_000), "0.00"),
        (Fraction(2675, 1000), "2.68"),
    ),
    ids=("18/31", "whole", "half goes up", "under half", "where a float fails"),
)
def test_two_decimals_round_half_up(value, text):
    assert str(two_decimals(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    (
        ("30.58", "30.58"),
        ("6.00", "6"),
        ("0.50", "0.5"),
        ("0", "0"),
        ("0.00", "0"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
    ),
)
def test_a_number_is_written_as_people_write_it(value, text):
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    (
        (date(2025, 9, 1), "1", date(2025, 10, 1)),
        (date(2025, 9, 1), "0.5", date(2025, 9, 16)),
        (date(2025, 9, 16), "4", date(2026, 1, 16)),
        (date(2025, 9, 1), "36", date(2028, 9, 1)),
        (date(2026, 1, 31), "1", date(2026, 2, 28)),
        (date(2026, 1, 31), "0", date(2026, 1, 31)),
    ),
)
def test_so_many_months_later_halves_are_fifteen_days(day, number, expected):
    assert after(day, Decimal(number)) == expected
