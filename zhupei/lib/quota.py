"""How much of a required number has been done: the arithmetic of the assessment form."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Self


@dataclass(frozen=True, slots=True)
class Quota:
    """A required number (应完成) and what has been done of it (已完成).

    Units: cases, 例. Source: 出科考核表 – "应完成 34 例, 已完成 36 例, 完成比例 100 %" and "应完成 0 例,
    已完成 0 例, 完成比例 100 %": a surplus counts for nothing, and where nothing is required all is done.
    """

    required: int
    done: int

    def __post_init__(self) -> None:
        if self.required < 0 or self.done < 0:
            raise ValueError("a quota counts cases: neither number can be negative")

    @property
    def is_required(self) -> bool:
        """Whether anything is asked; if not, the ledger reads 无要求 and no average counts it."""
        return self.required > 0

    @property
    def counted(self) -> int:
        """What has been done as far as it was asked: no surplus."""
        return min(self.done, self.required)

    @property
    def percent(self) -> int:
        """Whole per cent for the form, rounded down: 99.9 % must never read as complete."""
        return self.counted * 100 // self.required if self.is_required else 100

    def __add__(self, other: Self) -> Self:
        """Both together; a surplus in one does not hide a lack in the other."""
        return type(self)(self.required + other.required, self.counted + other.counted)


def ratio(quotas: Iterable[Quota]) -> Fraction | None:
    """Σ min(done, required) / Σ required, exact, 0–1; ``None`` when nothing is required (domain.md §6)."""
    counted = required = 0
    for quota in quotas:
        counted, required = counted + quota.counted, required + quota.required
    return Fraction(counted, required) if required else None
