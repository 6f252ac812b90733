"""The queue of a desk: filters from the address, one page by keyset. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.lib import id_number, keyset, typed
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation, Specialty, SpecialtyBase

from .choices import Stage
from .models.application import Application, ApplicationQuerySet

Choice = tuple[UUID, str]  # of a filter: the key, the word

PAGE = 50  # rows
COUNTED = 1000  # rows; beyond that a count says "1000+"
FOUND = 500  # people of a search; beyond that the desk is asked to type more
VIEWS = {
    "waiting": "待我审核",
    "unclaimed": "未领取",
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
    base: UUID | None = None
    specialty: UUID | None = None

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        view = asked.get("view", "waiting")
        return cls(
            view=view if view in VIEWS else "waiting",
            query=typed.clean(asked.get("q", "")).strip()[:50],
            base=_key(asked.get("base", "")),
            specialty=_key(asked.get("specialty", "")),
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


class Row(TypedDict):
    """What a line of the queue says; a template finds words far quicker than attributes."""

    url: str
    name: str
    masked: str
    base: str
    specialty: str
    grade: int
    round: int
    look: str
    shown: str
    submitted_at: datetime | None
    waits_since: datetime | None  # None while it waits for no office
    reviewer: str | None
    warnings: int  # what the machine noticed when it was handed in


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[Row]
    next_address: str  # "" on the last page


def found_by(filters: Filters, organisation: Organisation, user: User) -> ApplicationQuerySet:
    """The applications of the desk that pass the filters, the longest waiting first."""
    rows = Application.objects.within(organisation).not_of(user)
    if filters.view == "waiting":
        rows = rows.filter(stage=organisation.level)
    elif filters.view == "unclaimed":
        rows = rows.filter(stage=organisation.level, claimed_by=None)
    elif filters.view == "mine":
        claimed = Application.objects.filter(claimed_by=user).values_list("pk", flat=True)
        rows = rows.filter(stage=organisation.level, pk__in=list(claimed))
    elif filters.view in (Stage.RETURNED, Stage.APPROVED):
        rows = rows.filter(stage=filters.view)
    if filters.base:
        rows = rows.filter(base=filters.base)
    if filters.specialty:
        rows = rows.filter(specialty=filters.specialty)
    if filters.query:
        rows = rows.filter(trainee__in=_people(filters.query))
    return rows.order_by("submitted_at", "id")


def next_after(
    application: Application, filters: Filters, organisation: Organisation, user: User
) -> UUID | None:
    """The next application of the filter that waits for the office and that no colleague has; None: the last.

    ``application`` was just decided: what waited shorter than it comes first, then the beginning.
    """
    if filters.view not in ("waiting", "unclaimed", "mine"):
        return None
    rows = found_by(filters, organisation, user).filter(Q(claimed_by=None) | Q(claimed_by=user))
    at, pk = application.submitted_at, application.pk
    behind = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=pk)) if at else rows
    return behind.values_list("pk", flat=True).first() or rows.values_list("pk", flat=True).first()


def count_text(count: int) -> str:
    """The count as shown, of ``count_up_to(COUNTED)``; "" for none."""
    return f"{COUNTED}+" if count > COUNTED else str(count or "")


def bases_of(organisation: Organisation) -> list[Choice]:
    """Those whose applications the desk reviews; one look into an index for each base there is."""
    if organisation.level == Level.BASE:
        return [(organisation.pk, organisation.name)]
    theirs = Application.objects.within(organisation).filter(base=OuterRef("pk"))
    bases = Organisation.objects.filter(level=Level.BASE).filter(Exists(theirs))
    return list(bases.order_by("name").values_list("pk", "name"))


def specialties_of(bases: list[Choice]) -> list[Choice]:
    """What these bases train."""
    trained = SpecialtyBase.objects.filter(base__in=[key for key, _ in bases]).values("specialty")
    return list(Specialty.objects.filter(pk__in=trained).order_by("code").values_list("pk", "name"))


def _people(query: str) -> list[UUID]:
    """The first FOUND whom the search means: the database then begins with them, not with the queue."""
    return list(User.objects.matching(query).values_list("pk", flat=True)[:FOUND])


def page(rows: ApplicationQuerySet, filters: Filters, after: str) -> QueuePage:
    """Up to PAGE rows behind the row that ``after`` names ("time_id" of a former page)."""
    if mark := keyset.read(after):
        at, pk = mark
        rows = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, id__gt=pk))
    found = list(rows.for_queue()[: PAGE + 1])
    desk, address = reverse("review:queue"), filters.address()
    shown = [_row(application, f"{desk}{application.pk}/{address}") for application in found[:PAGE]]
    if len(found) <= PAGE:
        return QueuePage(shown, "")
    last = found[PAGE - 1]
    mark_of_last = keyset.text_of((last.submitted_at, last.pk)) if last.submitted_at else ""
    return QueuePage(shown, filters.address(after=mark_of_last))


def _row(application: Any, url: str) -> Row:
    """``application`` with the words that ``for_queue`` loads beside it."""
    return {
        "url": url,
        "name": application.trainee_name,
        "masked": id_number.mask(application.trainee_number),
        "base": application.base_name,
        "specialty": application.specialty_name,
        "grade": application.grade,
        "round": application.round,
        "look": application.stage_look,
        "shown": application.stage_shown,
        "submitted_at": application.submitted_at,
        "waits_since": application.turn_since if application.is_under_review else None,
        "reviewer": application.reviewer_name,
        "warnings": application.warnings,
    }


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
