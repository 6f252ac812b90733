"""科室轮转: the rotations of the departments one heads or assists, filters from the address. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from zhupei.accounts.models import User
from zhupei.lib import typed

from . import arranging
from .choices import RotationStage
from .models import Rotation

PAGE = 50  # rows
STAGES = (
    RotationStage.RUNNING,
    RotationStage.LEAVING,
    RotationStage.PLANNED,
    RotationStage.LEFT,
    RotationStage.FAILED,
    RotationStage.EXEMPT,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown in it is ignored."""

    query: str = ""
    stage: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        stage = asked.get("stage", "")
        return cls(
            query=" ".join(typed.clean(asked.get("q", "")).split())[:50],
            stage=stage if stage in STAGES else "",
        )

    def address(self, **changes: str) -> str:
        """The query string of these filters with ``changes``."""
        asked = {"q": self.query, "stage": self.stage, **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def chips(self) -> Iterator[tuple[str, str, bool]]:
        """Word, address, is it on; pressing the one that is on takes it away."""
        for stage in STAGES:
            is_on = stage == self.stage
            yield str(stage.label), self.address(stage="" if is_on else stage.value), is_on


@dataclass(frozen=True, slots=True)
class RotationPage:
    rows: list[arranging.Row]
    next_address: str  # "" on the last page


def found_by(filters: Filters, user: User, today: date) -> QuerySet[Rotation]:
    """Those of the departments of ``user`` that pass the filters."""
    rotations = Rotation.objects.in_departments_of(user)
    if filters.query:
        people = User.objects.named_like(filters.query)
        rotations = rotations.filter(enrolment__user__in=people.values("pk"))
    if filters.stage:
        rotations = rotations.at_stage(RotationStage(filters.stage), today)
    return rotations


def page(rotations: QuerySet[Rotation], filters: Filters, after: str, today: date) -> RotationPage:
    """Up to PAGE rows in the order of ``current_first``, behind the row whose id ``after`` is."""
    mark = rotations.filter(pk=key).first() if (key := _uuid(after)) else None
    ordered = rotations.current_first(today)  # type: ignore[attr-defined]
    if mark:
        ordered = ordered.behind(mark, today)
    found = list(ordered.with_exit().prefetch_related("leaves")[: PAGE + 1])
    rows = [arranging.row(rotation, today) for rotation in found[:PAGE]]
    more = len(found) > PAGE
    return RotationPage(rows, filters.address(after=str(rows[-1].rotation.pk)) if more else "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
