"""待审登记: what waits for a 带教老师 or 科主任, filters from the address, one page by keyset. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.http import QueryDict

from zhupei.accounts.models import User
from zhupei.lib import keyset
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership

from .choices import ACTIVITY, LOG_KINDS, EntryStage
from .models import Activity, LogEntry, Rotation

Entry = LogEntry | Activity
AnyRow = TypeVar("AnyRow", LogEntry, Activity)
PAGE = 50  # rows
COUNTED = 1000  # rows; beyond that a count says "1000+"
OWN, DEPARTMENT = "", "department"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown in it is ignored."""

    view: str = OWN
    trainee: str = ""
    kind: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        kind, view = asked.get("kind", ""), asked.get("view", "")
        return cls(
            view=DEPARTMENT if view == DEPARTMENT else OWN,
            trainee=_uuid(asked.get("trainee", "")),
            kind=kind if kind in LOG_KINDS else "",
        )

    def address(self, **changes: str) -> str:
        """The query string of these filters with ``changes``."""
        asked = {"view": self.view, "trainee": self.trainee, "kind": self.kind, **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[Entry]
    next_address: str  # "" on the last page


@dataclass(frozen=True, slots=True)
class Summary:
    """All that waits, whatever the filters: by trainee (id, name, number) and by kind."""

    total: int
    oldest: datetime | None
    trainees: list[tuple[str, str, int]]
    kinds: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Both tables of what waits for somebody."""

    entries: QuerySet[LogEntry]
    activities: QuerySet[Activity]

    def count_up_to(self, most: int) -> int:
        """How many there are, counted no further than one beyond ``most``."""
        count = self.entries.order_by()[: most + 1].count()
        return min(count + self.activities.order_by()[: most + 1].count(), most + 1)


def seats_of(user: User) -> list[Membership]:
    """Where ``user`` teaches or heads a department today; empty: there is no queue."""
    seats = Membership.objects.current().filter(user=user, role__in=(Role.TEACHER, Role.HEAD))
    return list(seats)


def waiting_for(user: User, seats: list[Membership], view: str = OWN) -> Waiting:
    """Of those whom ``user`` teaches, at a base where that still holds; or of the departments headed."""
    if view == DEPARTMENT:
        departments = {seat.department_id for seat in seats if seat.role == Role.HEAD and seat.department_id}
        here = Q(rotation__in=Rotation.objects.filter(department__in=departments))
        of_department = here & Q(stage=EntryStage.PENDING) & ~Q(trainee=user)
        return Waiting(
            LogEntry.objects.filter(of_department).order_by("submitted_at", "id"),
            Activity.objects.filter(of_department).order_by("submitted_at", "id"),
        )
    here = Q(rotation__department__base__in={seat.organisation_id for seat in seats})
    return Waiting(LogEntry.objects.awaiting(user).filter(here), Activity.objects.awaiting(user).filter(here))


def in_department(user: User, seats: list[Membership]) -> int | None:
    """How much waits in the departments that ``user`` heads; None for who heads none."""
    if not any(seat.role == Role.HEAD and seat.department_id for seat in seats):
        return None
    return waiting_for(user, seats, DEPARTMENT).count_up_to(COUNTED)


def summary(waiting: Waiting) -> Summary:
    """The figures of the filters, from two queries."""
    trainees: Counter[tuple[str, str]] = Counter()
    kinds: Counter[str] = Counter()
    oldest: list[datetime] = []
    for rows, kind in ((waiting.entries, None), (waiting.activities, ACTIVITY)):
        by = ("trainee", "trainee__full_name", "kind")
        for row in rows.order_by().values(*by).annotate(number=Count("pk"), first=Min("submitted_at")):
            trainees[str(row["trainee"]), row["trainee__full_name"]] += row["number"]
            kinds[kind or row["kind"]] += row["number"]
            oldest.append(row["first"])
    return Summary(
        total=sum(kinds.values()),
        oldest=min(oldest, default=None),
        trainees=[(pk, name, number) for (pk, name), number in trainees.most_common()],
        kinds=[(kind, word, kinds[kind]) for kind, word in LOG_KINDS.items() if kinds[kind]],
    )


def page(waiting: Waiting, filters: Filters, after: str) -> QueuePage:
    """Up to PAGE rows of both tables behind the row that ``after`` names, the longest waiting first."""
    mark = keyset.read(after)
    found: list[Entry] = []
    if filters.kind != ACTIVITY:
        entries = waiting.entries.filter(kind=filters.kind) if filters.kind else waiting.entries
        found += _part(entries, filters, mark)
    if filters.kind in ("", ACTIVITY):
        found += _part(waiting.activities, filters, mark)
    found.sort(key=_place)
    if len(found) <= PAGE:
        return QueuePage(found, "")
    return QueuePage(found[:PAGE], filters.address(after=keyset.text_of(_place(found[PAGE - 1]))))


def named(waiting: Waiting, keys: list[str]) -> list[Entry]:
    """Those of ``waiting`` whose ids ``keys`` are, in the order of the queue."""
    ids = {UUID(key) for key in keys if _uuid(key)}
    found: list[Entry] = [
        *_with_names(waiting.entries.filter(pk__in=ids)),
        *_with_names(waiting.activities.filter(pk__in=ids)),
    ]
    return sorted(found, key=_place)


def _part(rows: QuerySet[AnyRow], filters: Filters, mark: keyset.Mark | None) -> list[AnyRow]:
    if filters.trainee:
        rows = rows.filter(trainee=UUID(filters.trainee))
    if mark:
        at, pk = mark
        rows = rows.filter(Q(submitted_at__gte=at), Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=pk))
    return list(_with_names(rows)[: PAGE + 1])


def _with_names(rows: QuerySet[AnyRow]) -> QuerySet[AnyRow]:
    return rows.select_related("rotation__enrolment", "trainee", "teacher")


def _place(entry: Entry) -> keyset.Mark:
    if entry.submitted_at is None:
        raise ValueError("a draft waits for nobody")
    return entry.submitted_at, entry.pk


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
