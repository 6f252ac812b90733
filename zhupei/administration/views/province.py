"""考核年度: the province opens seasons, moves their windows, and lets single cities differ."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.completion import windows
from zhupei.completion.actions import season as actions
from zhupei.completion.choices import EDITABLE_STAGES, Stage
from zhupei.completion.models import CityWindow, Season
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import carried_out

from .. import season_chart
from ..forms.season import WHO, CityWindowForm, NewSeasonForm, SeasonForm

SHOWN = 50  # extensions on the page, the latest first


@require_safe
def seasons(request: SignedInRequest) -> HttpResponse:
    """All of the province's, the latest year first."""
    province = _province(request)
    submitted = Count("applications", filter=~Q(applications__stage=Stage.DRAFT))
    found = Season.objects.visible_to(request.user).annotate(
        started=Count("applications"), submitted=submitted
    )
    context = {"province": province, "seasons": found.order_by("-year", "category"), "now": timezone.now()}
    return render(request, "administration/province/seasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_season(request: SignedInRequest) -> HttpResponse:
    """A season of another year, with the windows of the latest one to begin with."""
    province, today = _province(request), timezone.localdate()
    latest = Season.objects.filter(province=province).order_by("-year").first()
    initial: dict[str, Any] = {"correction_days": 5, "ratio_warning": 80}
    if latest is not None:
        initial = SeasonForm.values_of(latest, years_later=1)
        initial |= {"year": latest.year + 1, "category": latest.category}
    typed = request.POST if request.method == "POST" else None
    form = NewSeasonForm(typed, today=today, initial=initial)
    if done := carried_out(request, form, lambda: _open(request, province, form)):
        return done
    context = {"province": province, "form": form, "latest": latest}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "administration/province/new_season.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def season(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One season: its windows and limits, the cities' own, the extensions."""
    found = _found(request, pk)
    if request.method != "POST":
        return _page(request, found)
    form = SeasonForm(request.POST, today=timezone.localdate(), initial=SeasonForm.values_of(found))
    done = carried_out(request, form, lambda: _change(request, found, form))
    return done or _page(request, found, form=form)


@require_POST
def set_city(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """市州单独安排: one city's window, new or another than before."""
    found = _found(request, pk)
    form = CityWindowForm(request.POST, cities=_cities(found), prefix="city", today=timezone.localdate())
    done = carried_out(request, form, lambda: _set_city(request, found, form))
    return done or _page(request, found, city_form=form)


@require_POST
def remove_city(request: SignedInRequest, pk: UUID, own: UUID) -> HttpResponse:
    """The city reviews with all the others again."""
    found = _found(request, pk)
    window = get_object_or_404(found.city_windows.select_related("season", "city"), pk=own)
    try:
        return once(request, lambda: _remove_city(request, window))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(found))


def _open(request: SignedInRequest, province: Organisation, form: NewSeasonForm) -> str:
    opened = actions.open_season(by=request.user, province=province, **form.cleaned_data)
    messages.success(request, f"已设置 {opened}")
    return _address(opened)


def _change(request: SignedInRequest, found: Season, form: SeasonForm) -> str:
    changed = actions.change(found, by=request.user, **form.cleaned_data)
    if changed:
        names = "、".join(str(form.fields[name].label) for name in changed)
        messages.success(request, f"已保存：{names}")
    else:
        messages.info(request, "没有改动")
    return _address(found)


def _set_city(request: SignedInRequest, found: Season, form: CityWindowForm) -> str:
    own = actions.set_city_window(found, by=request.user, **form.cleaned_data)
    messages.success(request, f"{own.city}的审核时间已单独安排，已通知市局")
    return _address(found)


def _remove_city(request: SignedInRequest, own: CityWindow) -> str:
    actions.remove_city_window(own, by=request.user)
    messages.success(request, f"{own.city}的单独安排已取消，已通知市局")
    return _address(own.season)


def _page(request: SignedInRequest, found: Season, **typed: Any) -> HttpResponse:
    """The page; ``typed`` is the form that was refused, if one was."""
    now = timezone.now()
    today = timezone.localdate(now)
    form = typed.get("form") or SeasonForm(today=today, initial=SeasonForm.values_of(found))
    city_windows = list(found.city_windows.select_related("city").order_by("city__code"))
    undone = _undone(found)
    context = {
        "season": found,
        "form": form,
        "rows": [(*row, undone[who]) for who, row in zip(WHO, form.windows, strict=True)],
        "city_windows": city_windows,
        "city_form": CityWindowForm(cities=_cities(found), prefix="city", today=today),
        "extensions": found.extensions.select_related(
            "enrolment__user", "enrolment__base", "granted_by"
        ).order_by("-granted_at", "-id")[:SHOWN],
        "extension_count": found.extensions.count(),
        "chart": season_chart.draw(_windows(found), now),
        "state": _state(found, now),
        **typed,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
    return render(request, "administration/province/season.html", context, status=status)


def _windows(found: Season) -> dict[str, windows.Window]:
    """The four of the season by who acts, as the picture shows them."""
    of_levels = {WHO[level.value]: windows.of_level(found, level) for level in Level}
    return {WHO["trainee"]: windows.of_trainees(found), **of_levels}


def _undone(found: Season) -> Counter[str]:
    """How many applications each of WHO has before them."""
    counted: Counter[str] = Counter()
    for stage, count in found.applications.values_list("stage").annotate(count=Count("pk")):
        counted["trainee" if stage in EDITABLE_STAGES else stage] += count
    return counted


def _state(found: Season, now: datetime) -> str:
    if not windows.of_trainees(found).has_begun(now):
        return "todo"
    return "done" if windows.of_level(found, Level.PROVINCE).has_ended(now) else "now"


def _cities(found: Season) -> list[Organisation]:
    return list(Organisation.objects.filter(parent=found.province_id, level=Level.CITY).order_by("code"))


def _province(request: SignedInRequest) -> Organisation:
    """The one that the person acts for; 404 for everybody else."""
    mine: QuerySet[Organisation] = Organisation.objects.filter(
        pk__in=Membership.objects.where(request.user, Role.PROVINCE)
    )
    province = mine.order_by("code").first()
    if province is None:
        raise Http404
    return province


def _found(request: SignedInRequest, pk: UUID) -> Season:
    return get_object_or_404(Season.objects.visible_to(request.user).select_related("province"), pk=pk)


def _address(found: Season) -> str:
    return reverse("administration:season", args=[found.pk])
