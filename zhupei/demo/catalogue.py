"""The 示例方案 as the province keeps them: one for each specialty that the demo has a scheme of."""

from zhupei.training.actions import DepartmentOf, make_scheme
from zhupei.training.choices import Indicator
from zhupei.training.models import Scheme
from zhupei.training.planning import Item

from . import schemes
from .places import Places

GRADE = 2022  # 适用年级起


def make(places: Places) -> dict[str, Scheme]:
    """By the code of the specialty."""
    return {code: _make(code, places) for code in schemes.codes() if code in places.specialties}


def _make(code: str, places: Places) -> Scheme:
    specialty = places.specialties[code]
    departments = [
        DepartmentOf(name, months, _items(asked), "选科" if "（选科）" in name else "")
        for name, months, asked in schemes.departments_in_full(code)
    ]
    return make_scheme(
        specialty,
        by=None,
        name=f"{specialty}轮转方案",
        grade_from=GRADE,
        departments=departments,
        is_sample=True,
    )


def _items(asked: dict[Indicator, list[tuple[str, int]]]) -> tuple[Item, ...]:
    return tuple((indicator, item, cases) for indicator, rows in asked.items() for item, cases in rows)
