"""学员查询 of the whole province: 客服 resets passwords and changes years with a note, 省厅 extends."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from zhupei.completion import progress, windows
from zhupei.completion import rules as completion_rules
from zhupei.completion.actions import season as seasons
from zhupei.completion.models import Application, Extension, Review, Season
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.training.models import Enrolment
from zhupei.web.http import SignedInRequest
from zhupei.web.sent import carried_out

from .. import actions, roster, rules
from ..forms.season import ExtensionForm
from ..forms.trainee import NoteForm, YearForm
from .base import change_year
from .slip import hand_out


@require_safe
def trainees(request: SignedInRequest) -> HttpResponse:
    """The search; nobody is listed before something is asked for."""
    provinces = _provinces(request)
    if not provinces:
        raise Http404
    filters = roster.Filters.read(request.GET)
    found = roster.found_by(filters, roster.trainees_of_province(request.user))
    after = request.GET.get("after", "")
    context: dict[str, Any] = {"provinces": provinces, "filters": filters, "after": after, "page": None}
    if filters.query:
        context |= {"page": roster.page(found, filters, after), "count": found.count()}
    return render(request, "administration/support/trainees.html", context)


@require_safe
def trainee(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One trainee, to be read, with what this desk may do."""
    return _page(request, _found(request, pk))


@sensitive_variables()
@require_POST
def reset(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重置密码 with a note."""
    enrolment = _found(request, pk)
    form = NoteForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            return hand_out(
                request,
                enrolment.user,
                lambda: actions.reset_password(enrolment, by=request.user, note=note),
                back=_address(request, enrolment),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, enrolment, note_form=form)


@require_POST
def year(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改结业考核年份; the reason is the note."""
    enrolment = _found(request, pk)
    form = YearForm(request.POST, enrolment=enrolment, today=timezone.localdate())
    done = carried_out(
        request, form, lambda: change_year(request, enrolment, form, _address(request, enrolment))
    )
    return done or _page(request, enrolment, year_form=form)


@require_POST
def extend(request: SignedInRequest, pk: UUID, season: UUID) -> HttpResponse:
    """个人延期, by the province."""
    enrolment = _found(request, pk)
    running = get_object_or_404(Season.objects.visible_to(request.user), pk=season)
    form = ExtensionForm(request.POST, prefix="extension", today=timezone.localdate())
    done = carried_out(request, form, lambda: _extend(request, enrolment, running, form))
    return done or _page(request, enrolment, extension_form=form)


def _extend(request: SignedInRequest, enrolment: Enrolment, season: Season, form: ExtensionForm) -> str:
    extension = seasons.extend(enrolment, season, by=request.user, **form.cleaned_data)
    until = timezone.localtime(extension.closes_at)
    messages.success(request, f"已延期至 {until:%Y-%m-%d %H:%M:%S}，已通知学员")
    return _address(request, enrolment)


def _page(request: SignedInRequest, enrolment: Enrolment, **typed: Any) -> HttpResponse:
    """The page; ``typed`` is the form that was refused, if one was."""
    now, application = timezone.now(), _latest(enrolment)
    running = Season.objects.for_enrolment(enrolment).running(now).select_related("province").first()
    season = running or (application and application.season)
    current = application if application and application.season == season else None
    today = timezone.localdate(now)
    context = {
        "enrolment": enrolment,
        "application": application,
        "season": season,
        "window": application and windows.to_submit(application),
        "opinions": _opinions(application),
        "filters": roster.Filters.read(request.GET),
        "note_form": NoteForm(today=today),
        "year_form": YearForm(enrolment=enrolment, today=today),
        "extension_form": ExtensionForm(prefix="extension", today=today),
        "extensions": season and Extension.objects.of(enrolment, season).select_related("granted_by"),
        "may_reset_password": rules.may_reset_password(request.user, enrolment),
        "may_change_year": rules.may_change_year(request.user, enrolment, application),
        "may_extend": season and completion_rules.may_extend(request.user, enrolment, season, current, now),
        "is_province": season and completion_rules.may_keep_season(request.user, season.province),
        **typed,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
    return render(request, "administration/support/trainee.html", context, status=status)


def _latest(enrolment: Enrolment) -> Application | None:
    newest = Application.objects.filter(enrolment=enrolment).for_page().order_by("-season__year", "-id")
    return newest.first()


def _opinions(application: Application | None) -> list[Any]:
    if application is None:
        return []
    return list(progress.opinions(application, list(Review.objects.history(application))))


def _provinces(request: SignedInRequest) -> QuerySet[Organisation]:
    seats = Membership.objects.current().filter(user=request.user, role__in=(Role.SUPPORT, Role.PROVINCE))
    return Organisation.objects.filter(pk__in=seats.values("organisation"))


def _found(request: SignedInRequest, pk: UUID) -> Enrolment:
    everybody = roster.trainees_of_province(request.user)
    with_places = everybody.select_related("user__profile", "base__parent__parent", "specialty")
    return get_object_or_404(with_places, pk=pk)


def _address(request: SignedInRequest, enrolment: Enrolment) -> str:
    filters = roster.Filters.read(request.GET)
    return reverse("administration:support_trainee", args=[enrolment.pk]) + filters.address()
