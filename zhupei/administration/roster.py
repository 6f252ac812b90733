"""学员名单 of a desk: filters from the address, one page by keyset. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from zhupei.accounts.models import User
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.lib import typed
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training.models import Enrolment

PAGE = 50  # rows
NOT_APPLIED = "none"
STAGES = {NOT_APPLIED: "未申请", **dict(Stage.choices)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown in it is ignored."""

    query: str = ""
    year: str = ""
    stage: str = ""
    specialty: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> Filters:
        stage = asked.get("stage", "")
        return cls(
            query=" ".join(typed.clean(asked.get("q", "")).split())[:50],
            year=_year(asked.get("year", "")),
            stage=stage if stage in STAGES else "",
            specialty=_uuid(asked.get("specialty", "")),
        )

    def address(self, **changes: str) -> str:
        """The query string of these filters with ``changes``."""
        asked = {
            "q": self.query,
            "year": self.year,
            "stage": self.stage,
            "specialty": self.specialty,
            **changes,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Chip:
    """One press of a filter; pressing the one that is on takes it away."""

    text: str
    address: str
    is_on: bool


def chips(filters: Filters, years: Iterable[int]) -> list[list[Chip]]:
    """The filters by 结业考核年份 and by the stage of the application."""
    of_years = {str(year): f"{year} 年结业" for year in years}
    return [_chips(filters, "year", of_years), _chips(filters, "stage", STAGES)]


def _chips(filters: Filters, name: str, values: Mapping[str, str]) -> list[Chip]:
    now = getattr(filters, name)
    return [
        Chip(text, filters.address(**{name: "" if value == now else value}), value == now)
        for value, text in values.items()
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A trainee with the newest application, if there is one."""

    enrolment: Enrolment
    application: Application | None


@dataclass(frozen=True, slots=True)
class RosterPage:
    rows: list[Row]
    next_address: str  # "" on the last page


def trainees_of(user: User) -> QuerySet[Enrolment]:
    """The enrolments at the bases that ``user`` administers today."""
    bases = Membership.objects.where(user, Role.BASE)
    return Enrolment.objects.visible_to(user).filter(base__in=bases)


def trainees_of_province(user: User) -> QuerySet[Enrolment]:
    """The enrolments of the whole province, for its help desk and for the province itself."""
    return Enrolment.objects.visible_to_province(user)


def latest_of(enrolment: Enrolment) -> Application | None:
    """The newest application of one trainee."""
    return enrolment.applications.select_related("season").order_by("-season__year", "-id").first()


def found_by(filters: Filters, trainees: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those that pass the filters, with the stage of the newest application."""
    newest = Application.objects.filter(enrolment=OuterRef("pk")).order_by("-season__year", "-id")
    rows = trainees.annotate(
        latest=Subquery(newest.values("pk")[:1]), latest_stage=Subquery(newest.values("stage")[:1])
    )
    if filters.query:
        rows = rows.filter(user__in=User.objects.matching(filters.query).values("pk"))
    if filters.year:
        rows = rows.filter(completion_year=filters.year)
    if filters.specialty:
        rows = rows.filter(specialty=UUID(filters.specialty))
    if filters.stage:
        rows = rows.filter(latest_stage=None if filters.stage == NOT_APPLIED else filters.stage)
    return rows


def page(rows: QuerySet[Enrolment], filters: Filters, after: str) -> RosterPage:
    """Up to PAGE rows, the latest years first, then by name; behind the row whose id ``after`` is."""
    mark = rows.filter(pk=_uuid(after)).select_related("user").first() if _uuid(after) else None
    if mark:
        year, name = mark.completion_year, mark.user.pinyin
        here = Q(completion_year=year)
        rows = rows.filter(
            Q(completion_year__lt=year)
            | here & Q(user__pinyin__gt=name)
            | here & Q(user__pinyin=name, pk__gt=mark.pk)
        )
    in_order = rows.select_related("user", "specialty", "base").order_by(
        "-completion_year", "user__pinyin", "pk"
    )
    found = list(in_order[: PAGE + 1])
    more = len(found) > PAGE
    shown = found[:PAGE]
    return RosterPage(_with_applications(shown), filters.address(after=str(shown[-1].pk)) if more else "")


def _with_applications(found: list[Enrolment]) -> list[Row]:
    latest = {enrolment.pk: getattr(enrolment, "latest", None) for enrolment in found}
    applications = Application.objects.in_bulk([pk for pk in latest.values() if pk])
    return [Row(enrolment, applications.get(latest[enrolment.pk])) for enrolment in found]


def _year(text: str) -> str:
    text = typed.half_width(text).strip()
    return text if text.isascii() and text.isdigit() and len(text) == 4 else ""


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
