"""数据填写比例 and 数据审核比例 (domain §6). Pure: rotations with their tallies in, numbers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol

from zhupei.lib import quota
from zhupei.lib.quota import Quota

from .models import Rotation

ALMOST = Decimal("99.9")  # the most that is shown while anything is missing


@dataclass(frozen=True, slots=True)
class Ratios:
    """Per cent with one decimal; None where there is nothing to compute yet (shown as —)."""

    filled: Decimal | None
    approved: Decimal | None


class Counted(Protocol):
    """An indicator as a tally stores it and as the ledger counts it: cases, item by item, no surplus."""

    @property
    def required(self) -> int: ...
    @property
    def counted_filled(self) -> int: ...
    @property
    def counted_approved(self) -> int: ...


def of_rotation(rotation: Rotation) -> Ratios:
    """100·Σ min(done, required)/Σ required over all items, as the tallies keep it."""
    return of_indicators(rotation.tallies.all())


def of_indicators(indicators: Iterable[Counted]) -> Ratios:
    """The same of the indicators of one rotation."""
    filled, approved = _fractions(indicators)
    return Ratios(_percent(filled), _percent(approved))


def of_training(rotations: Iterable[Rotation], *, today: date) -> Ratios:
    """The mean over the rotations that have begun, are not exempted and require something."""
    return mean(rotation.tallies.all() for rotation in rotations if counts(rotation, today))


def mean(rotations: Iterable[Iterable[Counted]]) -> Ratios:
    """The mean over the rotations, each given by its indicators, that require something."""
    pairs = [_fractions(indicators) for indicators in rotations]
    filled = [pair[0] for pair in pairs if pair[0] is not None]
    approved = [pair[1] for pair in pairs if pair[1] is not None]
    return Ratios(_percent(_mean(filled)), _percent(_mean(approved)))


def counts(rotation: Rotation, today: date) -> bool:
    """Whether it enters the mean: begun, and not exempted."""
    return rotation.exempted_at is None and rotation.has_begun(today)


def shown(percent: Decimal | None) -> str:
    """As the guide prints it: ``60.6%``, ``60%``; — where there is nothing yet."""
    if percent is None:
        return "—"
    return f"{percent.normalize():f}%"


def _fractions(indicators: Iterable[Counted]) -> tuple[Fraction | None, Fraction | None]:
    counted = list(indicators)
    return (
        quota.ratio(Quota(each.required, each.counted_filled) for each in counted),
        quota.ratio(Quota(each.required, each.counted_approved) for each in counted),
    )


def _mean(fractions: list[Fraction]) -> Fraction | None:
    return sum(fractions, Fraction(0)) / len(fractions) if fractions else None


def _percent(fraction: Fraction | None) -> Decimal | None:
    if fraction is None:
        return None
    exact = fraction * 100
    percent = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return percent if fraction == 1 else min(percent, ALMOST)
