"""学员 of a base: the list, and the record that the base keeps."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation, Specialty
from zhupei.training import actions
from zhupei.training import rules as training_rules
from zhupei.web.http import SignedInRequest

from .. import roster, rules
from ..forms import TraineeForm


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
    mine = roster.trainees_of(request.user).select_related("user__profile", "base", "specialty")
    enrolment = get_object_or_404(mine, pk=pk)
    application = roster.latest_of(enrolment)
    filters = roster.Filters.read(request.GET)
    may_change_year = rules.may_change_year(application)
    form = TraineeForm(
        request.POST or None,
        enrolment=enrolment,
        may_change_year=may_change_year,
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            actions.correct(enrolment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已保存")
            return redirect(f"{request.path}{filters.address()}")
    context = {
        "enrolment": enrolment,
        "application": application,
        "filters": filters,
        "form": form,
        "may_correct": training_rules.may_correct(request.user, enrolment),
        "may_change_year": may_change_year,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "administration/base/trainee.html", context, status=status)
