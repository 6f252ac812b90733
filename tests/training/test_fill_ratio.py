"""数据填写比例 and 数据审核比例: the numbers a decision is made on (domain §6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from zhupei.training import fill_ratio
from zhupei.training.choices import Indicator
from zhupei.training.models import Rotation, Tally

TODAY = date(2026, 3, 16)
MARCH = {"start_date": date(2026, 3, 1), "end_date": date(2026, 3, 31)}


def rotation(*cases, **fields):
    """With (required, filled, approved) per indicator; touches no database."""
    made = Rotation(**MARCH | fields)
    tallies = [
        tally(required, filled, approved, rotation=made, indicator=indicator)
        for indicator, (required, filled, approved) in zip(Indicator.values, cases, strict=False)
    ]
    made._prefetched_objects_cache = {"tallies": tallies}
    return made


def tally(required, filled, approved, **of):
    """As it is kept: without items, a surplus counts for nothing."""
    counted = {"counted_filled": min(filled, required), "counted_approved": min(approved, required)}
    return Tally(required=required, filled=filled, approved=approved, **counted, **of)


def of_training(*rotations):
    return fill_ratio.of_training(rotations, today=TODAY)


def shown(*cases):
    return fill_ratio.shown(fill_ratio.of_rotation(rotation(*cases)).filled)


@st.composite
def tallies(draw):
    required, filled = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    return required, filled, draw(st.integers(0, filled))


rotations = st.lists(
    st.lists(tallies(), min_size=1, max_size=4).map(lambda cases: rotation(*cases)), max_size=6
)


def is_complete(made):
    return all(tally.counted_filled >= tally.required for tally in made.tallies.all())


def requires_something(made):
    return any(tally.required for tally in made.tallies.all())


@given(rotations)
def test_what_was_approved_never_exceeds_what_was_filled(made):
    ratios = of_training(*made)

    assert ratios.filled is None or ratios.approved <= ratios.filled


@given(rotations)
def test_a_ratio_lies_between_0_and_100_with_one_decimal(made):
    for ratio in (of_training(*made).filled, of_training(*made).approved):
        assert ratio is None or (0 <= ratio <= 100 and ratio == round(ratio, 1))


@given(rotations)
def test_a_hundred_means_that_nothing_is_missing_and_nothing_missing_means_a_hundred(made):
    counting = [each for each in made if requires_something(each)]
    ratio = of_training(*made).filled

    if counting:
        assert (ratio == 100) == all(is_complete(each) for each in counting)
    else:
        assert ratio is None


@given(rotations, st.integers(1, 100))
def test_doing_more_never_lowers_a_ratio(made, more):
    before = of_training(*made).filled
    for each in made:
        for tally in each.tallies.all():
            tally.counted_filled = min(tally.counted_filled + more, tally.required)

    assert before is None or of_training(*made).filled >= before


@pytest.mark.parametrize(
    ("cases", "text"),
    (
        (((7, 7, 0), (34, 36, 0), (0, 0, 0), (39, 41, 0)), "100%"),
        (((1000, 606, 0),), "60.6%"),
        (((10, 6, 0),), "60%"),
        (((10, 0, 0),), "0%"),
        (((2000, 1999, 0),), "99.9%"),
        (((100_000, 99_999, 0),), "99.9%"),
        (((2000, 1211, 0),), "60.6%"),
        (((2000, 1, 0),), "0.1%"),
        (((3, 2, 0),), "66.7%"),
        (((10, 20, 0), (10, 0, 0)), "50%"),
        (((0, 5, 0),), "—"),
        ((), "—"),
    ),
    ids=("the guide's form", "one decimal", "no trailing zero", "nothing done", "half a case short",
         "never rounded up to complete", "half up: 60.55", "half up: 0.05", "two thirds",
         "no surplus for another", "nothing required", "no tallies"),
)  # fmt: skip
def test_a_ratio_reads_as_the_guide_prints_it(cases, text):
    assert shown(*cases) == text


def test_the_training_is_the_mean_of_its_rotations_not_of_its_cases():
    assert of_training(rotation((100, 100, 50)), rotation((1, 0, 0))).filled == Decimal("50.0")
    assert of_training(rotation((100, 100, 50)), rotation((1, 0, 0))).approved == Decimal("25.0")


def test_rotations_that_require_nothing_or_were_exempted_or_have_not_begun_do_not_count():
    whole = rotation((10, 10, 10))
    empty = rotation((0, 0, 0))
    exempted = rotation((10, 0, 0), exempted_at=timezone.now())
    future = rotation((10, 0, 0), start_date=TODAY + timedelta(1), end_date=TODAY + timedelta(30))

    assert of_training(whole, empty, exempted, future).filled == 100
    assert of_training(empty, exempted, future).filled is None
    assert of_training(whole, rotation((10, 0, 0), start_date=TODAY)).filled == 50


def test_a_training_misses_one_case_and_reads_99_9():
    complete = [rotation((1000, 1000, 1000)) for _ in range(40)]

    assert of_training(*complete, rotation((1000, 999, 999))).filled == Decimal("99.9")
