"""A plan from a scheme: which department when, with what it requires. Pure; ``actions`` makes it real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from uuid import UUID

from zhupei.lib import months

from .choices import Indicator
from .models import Enrolment, Scheme, SchemeDepartment

Item = tuple[Indicator, str, int]  # an empty name is any of the indicator; cases
HALF = Decimal("0.5")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A rotation before it is one, both dates included."""

    department: SchemeDepartment
    start_date: date
    end_date: date
    months: Decimal
    items: tuple[Item, ...]


def share_of(enrolment: Enrolment, scheme: Scheme) -> Fraction:
    """年限减免: which part of the scheme a shortened training takes; 1 for a whole one."""
    return min(Fraction(1), Fraction(enrolment.years, scheme.years))


def shortened(whole: Decimal, share: Fraction) -> Decimal:
    """``whole`` months of a scheme in a training that takes ``share`` of it: to the next half, half up."""
    halves = int(Fraction(whole) * share * 2 + Fraction(1, 2))
    return max(HALF, halves * HALF)


def draw_up(
    departments: Sequence[SchemeDepartment],
    *,
    begins: date,
    share: Fraction = Fraction(1),
    months_of: Mapping[UUID, Decimal] | None = None,
) -> list[Stay]:
    """One department after the other from ``begins`` on, with no day between them.

    ``share`` shortens every department to halves of a month, at least one half, and its items in
    proportion, rounded up. ``months_of``, by the id of the department, is what the base decided
    instead; its items then follow those months.
    """
    stays, passed = [], Decimal(0)
    for department in departments:
        length = (months_of or {}).get(department.pk) or shortened(department.months, share)
        start = months.after(begins, passed)
        passed += length
        items = _items(department, Fraction(length) / Fraction(department.months))
        stays.append(Stay(department, start, months.after(begins, passed) - ONE_DAY, length, items))
    return stays


def _items(department: SchemeDepartment, share: Fraction) -> tuple[Item, ...]:
    return tuple(
        (Indicator(row.indicator), row.item, ceil(row.required * min(Fraction(1), share)))
        for row in department.requirements.all()
    )
