"""学员 of a base: the list, the record that the base keeps, 重置密码 and 修改结业考核年份."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation, Specialty
from zhupei.training import actions as training
from zhupei.training import rules as training_rules
from zhupei.training.models import Enrolment
from zhupei.training.views.exit_pages import pdf
from zhupei.training.views.papers import all_papers
from zhupei.web.http import SignedInRequest
from zhupei.web.sent import carried_out

from .. import actions, roster, rules
from ..forms.trainee import TraineeForm, YearForm
from .slip import hand_out


@require_safe
def trainees(request: SignedInRequest) -> HttpResponse:
    """学员名单 of the bases one administers today; 404 for everybody else."""
    bases = list(Organisation.objects.filter(pk__in=Membership.objects.where(request.user, Role.BASE)))
    if not bases:
        raise Http404
    filters = roster.Filters.read(request.GET)
    everybody = roster.trainees_of(request.user)
    found = roster.found_by(filters, everybody)
    years = everybody.order_by("-completion_year").values_list("completion_year", flat=True).distinct()
    after = request.GET.get("after", "")
    context = {
        "bases": bases,
        "filters": filters,
        "page": roster.page(found, filters, after),
        "after": after,
        "count": found.count(),
        "chips": roster.chips(filters, years),
        "specialties": Specialty.objects.filter(pk__in=everybody.values("specialty")).order_by("code"),
    }
    return render(request, "administration/base/trainees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def trainee(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The fields that the base keeps (B in domain §4)."""
    enrolment = _found(request, pk)
    form = TraineeForm(request.POST or None, enrolment=enrolment, today=timezone.localdate())
    if form.is_valid():
        try:
            training.correct(enrolment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已保存")
            return redirect(f"{request.path}{roster.Filters.read(request.GET).address()}")
    return _page(request, enrolment, form=form)


@sensitive_variables()
@require_POST
def reset(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重置密码: the answer page shows the code, once."""
    enrolment = _found(request, pk)
    try:
        return hand_out(
            request,
            enrolment.user,
            lambda: actions.reset_password(enrolment, by=request.user),
            back=_address(request, enrolment),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(request, enrolment))


@require_POST
def year(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """修改结业考核年份."""
    enrolment = _found(request, pk)
    form = YearForm(request.POST, enrolment=enrolment, today=timezone.localdate())
    done = carried_out(
        request, form, lambda: change_year(request, enrolment, form, _address(request, enrolment))
    )
    return done or _page(request, enrolment, year_form=form)


@require_safe
def papers(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """出科小结 and 出科考核表 of all rotations of one trainee, in one PDF."""
    return pdf(all_papers(_found(request, pk)), "papers")


def change_year(request: SignedInRequest, enrolment: Enrolment, form: YearForm, back: str) -> str:
    """What both desks do with a good YearForm."""
    changed = actions.change_year(enrolment, by=request.user, **form.cleaned_data)
    messages.success(request, f"结业考核年份已改为 {changed.completion_year}，已通知学员")
    return back


def _page(
    request: SignedInRequest,
    enrolment: Enrolment,
    *,
    form: TraineeForm | None = None,
    year_form: YearForm | None = None,
) -> HttpResponse:
    today, application = timezone.localdate(), roster.latest_of(enrolment)
    refused = form if form is not None and form.errors else year_form
    context = {
        "enrolment": enrolment,
        "application": application,
        "filters": roster.Filters.read(request.GET),
        "form": form or TraineeForm(enrolment=enrolment, today=today),
        "year_form": year_form or YearForm(enrolment=enrolment, today=today),
        "rotations": enrolment.rotations.newest_first(),
        "today": today,
        "may_correct": training_rules.may_correct(request.user, enrolment),
        "may_change_year": rules.may_change_year(request.user, enrolment, application),
        "may_reset_password": rules.may_reset_password(request.user, enrolment),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused is not None else HTTPStatus.OK
    return render(request, "administration/base/trainee.html", context, status=status)


def _found(request: SignedInRequest, pk: UUID) -> Enrolment:
    mine = roster.trainees_of(request.user).select_related("user__profile", "base", "specialty")
    return get_object_or_404(mine, pk=pk)


def _address(request: SignedInRequest, enrolment: Enrolment) -> str:
    filters = roster.Filters.read(request.GET)
    return reverse("administration:trainee", args=[enrolment.pk]) + filters.address()
