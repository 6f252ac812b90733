import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhupei.imaging.rules import PAPER, PORTRAIT

SIDES = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("rule", "size", "fitted"),
    (
        (PORTRAIT, (413, 626), (413, 626)),
        (PORTRAIT, (2480, 3760), (1240, 1880)),
        (PORTRAIT, (3000, 3000), (1240, 1240)),
        (PORTRAIT, (700, 20_000), (413, 11_800)),
        (PAPER, (4032, 2856), (2400, 1700)),
        (PAPER, (2856, 4032), (1700, 2400)),
        (PAPER, (2400, 2400), (2400, 2400)),
        (PAPER, (300, 200), (300, 200)),
    ),
)
def test_a_picture_is_stored_as_large_as_useful_and_never_enlarged(rule, size, fitted):
    assert rule.fitted(*size) == fitted


@given(st.sampled_from([PORTRAIT, PAPER]), SIDES, SIDES)
def test_fitting_a_picture_of_good_shape_never_makes_its_shape_bad(rule, width, height):
    fitted = rule.fitted(width, height)

    if not rule.shape_problems(width, height):
        assert rule.shape_problems(*fitted) == []
    assert fitted[0] <= width
    assert fitted[1] <= height
