"""Each role's start page: what is waiting for me."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.completion import progress, windows
from zhupei.completion.checklist import check
from zhupei.completion.choices import Stage
from zhupei.completion.dossier import load
from zhupei.completion.models import Application, Review, Season
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Membership, Organisation
from zhupei.training import exit_queue, log_queue
from zhupei.training.models import Enrolment
from zhupei.web.http import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    enrolment = (
        Enrolment.objects.filter(user=request.user)
        .select_related("base__parent__parent", "specialty")
        .order_by("-grade")
        .first()
    )
    offices = list(Organisation.objects.reviewing(request.user))
    context: dict[str, object] = {
        "notices": Notice.objects.visible_to(request.user).newest_first()[:5],
        "enrolment": enrolment,
        "offices": [_office(office, request, now) for office in offices],
        "exit_desks": exit_queue.of(request.user, timezone.localdate(now)) if _handles(request) else [],
        "now": now,
        "today": timezone.localdate(now),
        "teaching": _teaching(request),
    }
    if enrolment is not None:
        context |= _trainee(request, enrolment, now)
    return render(request, "home/person/home.html", context)


def _handles(request: SignedInRequest) -> bool:
    """Has to do with exit forms: 带教老师, 教学秘书, 科主任."""
    seats = Membership.objects.current().filter(user=request.user, role__in=exit_queue.HANDLERS)
    return seats.exists()


def _teaching(request: SignedInRequest) -> dict[str, object] | None:
    """What waits in the log for a 带教老师 or 科主任; None for everybody else."""
    seats = log_queue.seats_of(request.user)
    if not seats:
        return None
    own = log_queue.summary(log_queue.waiting_for(request.user, seats))
    return {
        "own": own,
        "trainees": [
            (name, count, log_queue.Filters(trainee=pk).address()) for pk, name, count in own.trainees[:8]
        ],
        "department": log_queue.in_department(request.user, seats),
    }


def _trainee(request: SignedInRequest, enrolment: Enrolment, now: datetime) -> dict[str, object]:
    found = Application.objects.visible_to_trainee(request.user).for_page().order_by("-season__year").first()
    season = found.season if found else Season.objects.for_enrolment(enrolment).running(now).first()
    if found is None:
        return {"season": season, "window": season and windows.of_trainees(season)}
    checklist = check(load(found, today=timezone.localdate(now))) if found.is_editable else None
    reviews = list(Review.objects.history(found))
    return {
        "application": found,
        "season": season,
        "window": windows.to_submit(found),
        "checklist": checklist,
        "steps": progress.steps(found, reviews),
        "opinions": progress.opinions(found, reviews),
    }


def _office(office: Organisation, request: SignedInRequest, now: datetime) -> dict[str, object]:
    """The figures of one desk, and its bases."""
    within = Application.objects.within(office).not_of(request.user)
    here = Q(stage=office.level)
    # from indexes alone: submitted_at in every one of them, the name of a base is fetched afterwards
    counted = within.values("base_id").annotate(
        waiting=Count("submitted_at", filter=here),
        again=Count("submitted_at", filter=here & Q(round__gt=1)),
        approved=Count("submitted_at", filter=Q(stage=Stage.APPROVED)),
        total=Count("submitted_at"),
    )
    bases = Organisation.objects.in_bulk([row["base_id"] for row in counted])
    rows = [{**row, "base__name": bases[row["base_id"]].name} for row in counted]
    season = Season.objects.filter(province=office.province).running(now).first()
    own = None
    if season and office.level == Level.CITY:
        own = season.city_windows.filter(city=office).first()
    return {
        "office": office,
        "waiting": sum(int(row["waiting"]) for row in counted),
        "again": sum(int(row["again"]) for row in counted),
        "oldest": within.filter(here).order_by("submitted_at").values_list("submitted_at", flat=True).first(),
        "today": Review.objects.filter(organisation=office, decided_at__gte=_midnight(now)).count(),
        "bases": sorted(rows, key=_most_waiting) if office.level != Level.BASE else [],
        "own": own,
        "window": season
        and (windows.of_city(season, own) if own else windows.of_level(season, Level(office.level))),
    }


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _most_waiting(row: dict[str, Any]) -> tuple[int, str]:
    return -row["waiting"], row["base__name"]
