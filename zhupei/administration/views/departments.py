"""科室 of a base: the list, one more, another name."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhupei.organisations import actions
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Department, Membership, Organisation
from zhupei.training.choices import RotationStage
from zhupei.training.models import Rotation
from zhupei.web.http import SignedInRequest
from zhupei.web.sent import carried_out, status_of

from ..forms.department import DepartmentForm


@require_http_methods(["GET", "HEAD", "POST"])
def departments(request: SignedInRequest) -> HttpResponse:
    """Those of the bases one administers today, with who works and trains there; and one more."""
    bases = list(Organisation.objects.filter(pk__in=Membership.objects.where(request.user, Role.BASE)))
    if not bases:
        raise Http404
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    form = DepartmentForm(typed, bases=bases, today=today)
    if done := carried_out(request, form, lambda: _added(request, form)):
        return done
    context = {"bases": bases, "departments": _with_figures(request, today), "form": form}
    return render(request, "administration/base/departments.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def department(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Another name; what was planned under the old one keeps it."""
    found = get_object_or_404(Department.objects.kept_by(request.user).select_related("base"), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = DepartmentForm(typed, initial={"name": found.name}, today=timezone.localdate())
    if done := carried_out(request, form, lambda: _renamed(request, found, form)):
        return done
    planned = Rotation.objects.filter(department=found, department_name=found.name)
    context = {"department": found, "form": form, "planned": planned.count()}
    return render(request, "administration/base/department.html", context, status=status_of(form))


def _added(request: SignedInRequest, form: DepartmentForm) -> str:
    name = form.cleaned_data["name"]
    added = actions.add_department(form.chosen_base, by=request.user, name=name)
    messages.success(request, f"已增加科室“{added}”")
    return reverse("administration:departments")


def _renamed(request: SignedInRequest, found: Department, form: DepartmentForm) -> str:
    renamed = actions.rename_department(found, by=request.user, name=form.cleaned_data["name"])
    messages.success(request, f"科室名称已保存：{renamed}")
    return reverse("administration:departments")


def _with_figures(request: SignedInRequest, today: date) -> QuerySet[Department]:
    """With how many hold an office there, and how many train there, on ``today``. One query."""
    seats = Membership.objects.current().filter(department=OuterRef("pk"))
    running = Rotation.objects.at_stage(RotationStage.RUNNING, today).filter(department=OuterRef("pk"))
    mine = Department.objects.kept_by(request.user).select_related("base").in_order()
    return mine.annotate(staff=_counted(seats, "user"), in_training=_counted(running, "pk"))


def _counted(rows: QuerySet[Any], field: str) -> Coalesce:
    """How many different ones there are for each department, as a subquery."""
    grouped = rows.order_by().values("department").annotate(number=Count(field, distinct=True))
    return Coalesce(Subquery(grouped.values("number")), 0)
