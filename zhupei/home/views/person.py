"""Each role's start page: what is waiting for me."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.completion import progress, windows
from zhupei.completion.checklist import check
from zhupei.completion.dossier import load
from zhupei.completion.models import Application, Review, Season
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
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
        "now": now,
    }
    if enrolment is not None:
        context |= _trainee(request, enrolment, now)
    return render(request, "home/person/home.html", context)


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
    within = Application.objects.within(office).exclude(trainee=request.user)
    here = Q(stage=office.level)
    figures = within.aggregate(
        waiting=Count("pk", filter=here),
        again=Count("pk", filter=here & Q(round__gt=1)),
        oldest=Min("submitted_at", filter=here),
    )
    rows = within.values("base_id", "base__name").annotate(
        waiting=Count("pk", filter=here),
        again=Count("pk", filter=here & Q(round__gt=1)),
        approved=Count("pk", filter=Q(stage="approved")),
        total=Count("pk"),
    )
    season = Season.objects.filter(province=office.province).running(now).first()
    return {
        "office": office,
        **figures,
        "today": Review.objects.filter(organisation=office, decided_at__date=timezone.localdate(now)).count(),
        "bases": rows.order_by("-waiting", "base__name") if office.level != Level.BASE else [],
        "window": season and windows.of_level(season, Level(office.level)),
    }
