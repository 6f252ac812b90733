"""The rotations of an invented trainee: departments, dates and how many cases, from the 示例方案.

Pure: a specialty and a first day in, stays out. Everybody of one specialty who began on one day
gets the same stays, so that their signed papers can be shared (see ``album``).
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from zhupei.training.choices import Indicator

SCHEMES = Path(__file__).parent / "data" / "rotation_schemes_demo.json"
GUIDE = {"骨科/关节外科": {"case": (7, 7), "disease": (36, 36), "skill": (0, 0), "surgery": (41, 41)}}
ONE_DAY = timedelta(days=1)
Zeal = tuple[float, float]  # about which share of the required cases was filled in, and approved


@dataclass(frozen=True, slots=True)
class Stay:
    """A rotation before it is a row; ``done`` are cases (filled, approved).

    ``number`` is its place in the scheme, from 0; it also chooses who signs.
    """

    number: int
    department: str
    start_date: date
    end_date: date
    months: Decimal
    required: dict[Indicator, int]
    done: dict[Indicator, tuple[int, int]]
    skill: str


def name_of(specialty: str) -> str:
    """骨科 for 1400."""
    return str(_schemes()[specialty]["name"])


def departments_of(specialty: str) -> list[str]:
    """The names of its departments, in the order of the scheme."""
    return [row["dept"] for row in _schemes()[specialty]["depts"]]


def codes() -> list[str]:
    """The specialties that have a scheme."""
    return sorted(_schemes())


def departments_in_full(
    specialty: str,
) -> list[tuple[str, Decimal, dict[Indicator, list[tuple[str, int]]]]]:
    """Name, months and what is required, item by item in cases; an item "" is any of its indicator."""
    return [
        (
            row["dept"],
            Decimal(str(row["months"])),
            {indicator: _items(row, indicator) for indicator in Indicator},
        )
        for row in _schemes()[specialty]["depts"]
    ]


def stays(specialty: str, begins: date, *, zeal: Zeal) -> list[Stay]:
    """The whole scheme from ``begins`` on, one department after the other.

    The department of the guide's example always shows the guide's numbers.
    """
    return list(_stays(specialty, begins, zeal))


def made_up_later(planned: list[Stay], missed: Collection[str], begins: date) -> list[Stay]:
    """The same stays after a leave: those in ``missed`` departments one by one from ``begins`` on."""
    kept = [stay for stay in planned if stay.department not in missed]
    for stay in planned:
        if stay.department in missed:
            ends = _months_after(begins, stay.months) - ONE_DAY
            kept.append(replace(stay, start_date=begins, end_date=ends, done={}))
            begins = ends + ONE_DAY
    return kept


def _stays(specialty: str, begins: date, zeal: Zeal) -> Iterator[Stay]:
    scheme = _schemes()[specialty]
    for number, row in enumerate(scheme["depts"]):
        ends = _months_after(begins, row["months"]) - ONE_DAY
        required = {indicator: _required(row, indicator) for indicator in Indicator}
        example = GUIDE.get(f"{scheme['name']}/{row['dept']}")
        done = (
            {indicator: example[indicator.value] for indicator in Indicator}
            if example
            else _done(required, zeal, Random(f"1/{row['dept']}"))  # noqa: S311
        )
        skill = row["skill"][0]["name"] if row["skill"] else "换药" if row["surgery"] else "病历书写"
        yield Stay(number, row["dept"], begins, ends, Decimal(str(row["months"])), required, done, skill)
        begins = ends + ONE_DAY


def _done(required: dict[Indicator, int], zeal: Zeal, dice: Random) -> dict[Indicator, tuple[int, int]]:
    done = {}
    for indicator, cases in required.items():
        luck = dice.uniform(0.94, 1.06)
        filled, approved = (round(cases * share * luck) for share in zeal)
        done[indicator] = (filled, approved)
    return done


def _required(row: dict[str, Any], indicator: Indicator) -> int:
    asked = row[indicator.value]
    return int(asked) if isinstance(asked, int) else sum(item["n"] for item in asked)


def _items(row: dict[str, Any], indicator: Indicator) -> list[tuple[str, int]]:
    asked = row[indicator.value]
    if isinstance(asked, int):
        return [("", asked)] if asked else []
    return [(item["name"], item["n"]) for item in asked]


def _months_after(day: date, months: float | Decimal) -> date:
    """``day`` is a first of a month; half a month is fifteen days."""
    years, month = divmod(day.month - 1 + int(months), 12)
    return date(day.year + years, month + 1, 1) + timedelta(days=15 if months % 1 else 0)


@cache
def _schemes() -> dict[str, dict[str, Any]]:
    return {scheme["specialty"]: scheme for scheme in json.loads(SCHEMES.read_text(encoding="utf-8"))}
