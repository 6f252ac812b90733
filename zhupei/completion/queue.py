"""The queue of a desk: filters from the address, one page by keyset. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from zhupei.accounts.models import User
from zhupei.lib import typed
from zhupei.organisations.models import Organisation

from .choices import Stage
from .models import Application

PAGE = 50  # rows
VIEWS = {
    "waiting": "待我审核",
    "mine": "我正在审核",
    "all": "全部",
    "returned": "退回修改",
    "approved": "审核通过",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown in it is ignored."""

    view: str = "waiting"
    query: str = ""
    base: str = ""
    specialty: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        view = asked.get("view", "waiting")
        return cls(
            view=view if view in VIEWS else "waiting",
            query=typed.clean(asked.get("q", "")).strip()[:50],
            base=_uuid(asked.get("base", "")),
            specialty=_uuid(asked.get("specialty", "")),
        )

    def address(self, **changes: str) -> str:
        """The query string of these filters with ``changes``."""
        asked = {
            "view": self.view,
            "q": self.query,
            "base": self.base,
            "specialty": self.specialty,
            **changes,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[Application]
    next_address: str  # "" on the last page


def found_by(filters: Filters, organisation: Organisation, user: User) -> QuerySet[Application]:
    """The applications of the desk that pass the filters, the longest waiting first."""
    rows = Application.objects.within(organisation).exclude(trainee=user)
    if filters.view == "waiting":
        rows = rows.filter(stage=organisation.level)
    elif filters.view == "mine":
        rows = rows.filter(stage=organisation.level, claimed_by=user)
    elif filters.view in (Stage.RETURNED, Stage.APPROVED):
        rows = rows.filter(stage=filters.view)
    if filters.base:
        rows = rows.filter(base=UUID(filters.base))
    if filters.specialty:
        rows = rows.filter(specialty=UUID(filters.specialty))
    if filters.query:
        rows = rows.filter(trainee__in=User.objects.matching(filters.query).values("pk"))
    return rows.order_by("submitted_at", "id")


def page(rows: QuerySet[Application], filters: Filters, after: str) -> QueuePage:
    """Up to PAGE rows behind the row that ``after`` names ("time_id" of a former page)."""
    if mark := _mark(after):
        at, pk = mark
        rows = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=pk))
    found = list(rows.for_queue()[: PAGE + 1])  # type: ignore[attr-defined]
    if len(found) <= PAGE:
        return QueuePage(found, "")
    last = found[PAGE - 1]
    mark_of_last = f"{last.submitted_at.isoformat()}_{last.pk}" if last.submitted_at else ""
    return QueuePage(found[:PAGE], filters.address(after=mark_of_last))


def _mark(after: str) -> tuple[datetime, UUID] | None:
    at, _, pk = after.partition("_")
    try:
        moment = parse_datetime(at)
        return (moment, UUID(pk)) if moment and moment.tzinfo else None
    except ValueError:
        return None


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
