from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.lib.quota import Quota, ratio

COUNTS = st.integers(0, 10_000)
QUOTAS = st.builds(Quota, COUNTS, COUNTS)


@pytest.mark.parametrize(
    ("required", "done", "percent"),
    ((34, 36, 100), (0, 0, 100), (0, 5, 100), (1000, 999, 99), (7, 0, 0)),
    ids=("surplus", "nothing required", "more than nothing", "never rounded up", "nothing done"),
)
def test_percent_as_the_assessment_form_counts_it(required, done, percent):
    assert Quota(required, done).percent == percent


def test_surplus_operations_do_not_make_up_for_missing_records():
    assert Quota(10, 20) + Quota(10, 0) == Quota(20, 10)


def test_a_requirement_of_nothing_enters_no_average():
    assert not Quota(0, 5).is_required
    assert ratio([Quota(0, 5), Quota(10, 5)]) == Fraction(1, 2)


def test_a_ratio_of_nothing_is_blank_and_not_zero():
    assert ratio([]) is None
    assert ratio([Quota(0, 3)]) is None


@pytest.mark.parametrize(("required", "done"), ((-1, 0), (0, -1)))
def test_cases_are_never_negative(required, done):
    with pytest.raises(ValueError, match="negative"):
        Quota(required, done)


@given(QUOTAS)
def test_the_form_says_100_exactly_when_nothing_is_missing(quota):
    assert 0 <= quota.percent <= 100
    assert (quota.percent == 100) == (quota.done >= quota.required)


@given(QUOTAS, QUOTAS, QUOTAS)
def test_the_order_of_adding_does_not_matter(a, b, c):
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)


@given(st.lists(QUOTAS))
def test_a_ratio_is_the_capped_sum_over_the_required_sum(quotas):
    found, required = ratio(quotas), sum(quota.required for quota in quotas)

    if required == 0:
        assert found is None
    else:
        assert found == Fraction(sum(min(quota.required, quota.done) for quota in quotas), required)
        assert (found == 1) == all(quota.done >= quota.required for quota in quotas)


@given(st.lists(QUOTAS, min_size=1), st.integers(0, 100))
def test_doing_more_never_lowers_a_ratio(quotas, more):
    before = ratio(quotas)
    after = ratio([Quota(quotas[0].required, quotas[0].done + more), *quotas[1:]])

    assert (before is None and after is None) or before <= after
