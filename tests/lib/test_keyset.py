"""A mark in an address is read back as it was written, and nothing else is a mark."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib import keyset

PK = "0192f0c4-7d1e-7b3a-9c55-0123456789ab"


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_mark_is_read_back_as_it_was_written(at, pk):
    assert keyset.read(keyset.text_of((at, pk))) == (at, pk)


def test_a_time_of_another_zone_is_the_same_moment():
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 28, 9, tzinfo=shanghai)

    assert keyset.read(f"{at.isoformat()}_{PK}")[0] == at


@pytest.mark.parametrize(
    "text",
    (
        "",
        "_",
        PK,
        "2026-11-28T09:00:00+08:00",
        f"2026-11-28T09:00:00_{PK}",  # no zone
        f"2026-13-40T09:00:00+08:00_{PK}",
        f"0001-01-01T00:00:00+14:00_{PK}",  # before the first moment there is
        f"9999-12-31T23:59:59-14:00_{PK}",  # behind the last
        f"\x00_{PK}",
        "2026-11-28T09:00:00+08:00_no-key",
    ),
)
def test_anything_else_begins_at_the_first_page(text):
    assert keyset.read(text) is None


@given(st.text())
def test_nobody_can_type_a_mark_that_fails(text):
    keyset.read(text)
