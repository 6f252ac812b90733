"""数据填写比例 and 数据审核比例 (domain §6). Pure: rotations with their tallies in, numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from zhupei.lib import quota
from zhupei.lib.quota import Quota

from .models import Rotation

ALMOST = Decimal("99.9")  # the most that is shown while anything is missing


@dataclass(frozen=True, slots=True)
class Ratios:
    """Per cent with one decimal; None where there is nothing to compute yet (shown as —)."""

    filled: Decimal | None
    approved: Decimal | None


def of_rotation(rotation: Rotation) -> Ratios:
    """100·Σ min(done, required)/Σ required over the four indicators."""
    filled, approved = _fractions(rotation)
    return Ratios(_percent(filled), _percent(approved))


def of_training(rotations: Iterable[Rotation], *, today: date) -> Ratios:
    """The mean over the rotations that have begun, are not exempted and require something."""
    pairs = [_fractions(rotation) for rotation in rotations if _counts(rotation, today)]
    filled = [pair[0] for pair in pairs if pair[0] is not None]
    approved = [pair[1] for pair in pairs if pair[1] is not None]
    return Ratios(_percent(_mean(filled)), _percent(_mean(approved)))


def shown(percent: Decimal | None) -> str:
    """As the guide prints it: ``60.6%``, ``60%``; — where there is nothing yet."""
    if percent is None:
        return "—"
    return f"{percent.normalize():f}%"


def _counts(rotation: Rotation, today: date) -> bool:
    return rotation.exempted_at is None and rotation.has_begun(today)


def _fractions(rotation: Rotation) -> tuple[Fraction | None, Fraction | None]:
    tallies = list(rotation.tallies.all())
    return (
        quota.ratio(Quota(tally.required, tally.filled) for tally in tallies),
        quota.ratio(Quota(tally.required, tally.approved) for tally in tallies),
    )


def _mean(fractions: list[Fraction]) -> Fraction | None:
    return sum(fractions, Fraction(0)) / len(fractions) if fractions else None


def _percent(fraction: Fraction | None) -> Decimal | None:
    if fraction is None:
        return None
    exact = fraction * 100
    percent = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return percent if fraction == 1 else min(percent, ALMOST)
