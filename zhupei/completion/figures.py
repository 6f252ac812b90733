"""实际轮转时间, the two ratios, the four indicators: as frozen in a round, and beside it what they are now.

Pure but for ``now``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from zhupei.lib import months
from zhupei.training import fill_ratio
from zhupei.training.models import Enrolment

from .content import Content, Counted, Stay, ratios, value_of
from .places import COMPUTED


@dataclass(frozen=True, slots=True)
class Live:
    """What the ledger says now, as shown: by the key of a field, and by rotation (filled, approved)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    rotations: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A rotation in the table of indicators; ``filled_now`` and ``approved_now`` only where they differ."""

    stay: Stay
    indicators: list[Counted]
    filled_now: str
    approved_now: str
    url: str


def now(enrolment: Enrolment, today: date) -> Live:
    """Two queries, whatever the number of rotations."""
    rotations = list(enrolment.rotations.with_tallies().in_order())
    spent = sum((r.months_until(today) for r in rotations if r.exempted_at is None), Fraction(0))
    overall = fill_ratio.of_training(rotations, today=today)
    return Live(
        fields={
            "months": months.plain(months.two_decimals(spent)),
            "filled": fill_ratio.shown(overall.filled),
            "approved": fill_ratio.shown(overall.approved),
        },
        rotations={str(rotation.pk): ratios(rotation, today) for rotation in rotations},
    )


def changed(content: Content, live: Live) -> dict[str, str]:
    """The live values that are no longer those of ``content``, by the key of the field."""
    return {key: live.fields[key] for key in COMPUTED & live.fields.keys() if differs(content, live, key)}


def differs(content: Content, live: Live, key: str) -> bool:
    """Whether a figure is not any more what was frozen."""
    return value_of(content, key) != live.fields[key]


def rows(content: Content, live: Live, url: Callable[[str], str]) -> list[Row]:
    """The rotations of ``content`` that were counted, in its order; ``url`` leads to the ledger of one."""
    return [_row(stay, live, url) for stay in content["rotations"] if stay.get("indicators")]


def _row(stay: Stay, live: Live, url: Callable[[str], str]) -> Row:
    frozen = (stay.get("filled", ""), stay.get("approved", ""))
    filled, approved = live.rotations.get(stay["key"], frozen)
    return Row(
        stay=stay,
        indicators=stay.get("indicators", []),
        filled_now=filled if filled != frozen[0] else "",
        approved_now=approved if approved != frozen[1] else "",
        url=url(stay["key"]),
    )
