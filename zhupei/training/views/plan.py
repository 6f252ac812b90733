"""轮转计划 of a trainee, for the base: what is planned, made from a scheme or department by department."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhupei.lib import months
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Department, Membership
from zhupei.web.http import SignedInRequest
from zhupei.web.sent import carried_out, status_of

from .. import actions, arranging, planning, rules, timeline
from ..forms import SchemeForm, StayForm
from ..models import Enrolment, Scheme
from ..planning import Stay

PREVIEW, CONFIRM = "preview", "confirm"


@require_safe
def plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The timeline and the table."""
    enrolment, today = _found(request, pk), timezone.localdate()
    rotations = list(enrolment.rotations.with_exit().prefetch_related("leaves").in_order())
    held = [rotation for rotation in rotations if rotation.exempted_at is None]
    late = [rotation for rotation in held if rotation.end_date > enrolment.end_date]
    context = {
        "enrolment": enrolment,
        "rows": [arranging.row(rotation, today) for rotation in rotations],
        "timeline": timeline.draw(rotations, begin=enrolment.start_date, end=enrolment.end_date, today=today),
        "now": [rotation for rotation in held if timeline.state_of(rotation, today) == "now"],
        "planned": months.plain(sum((r.required_months for r in held), Decimal(0))),
        "late": late,
        "today": today,
        "may_plan": rules.may_plan(request.user, enrolment),
    }
    return render(request, "training/base/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """加一个科室 beside the scheme."""
    enrolment = _found(request, pk)
    typed = request.POST if request.method == "POST" else None
    form = StayForm(typed, departments=_departments(enrolment), today=timezone.localdate())
    if done := carried_out(request, form, lambda: _added(request, enrolment, form)):
        return done
    context = {
        "enrolment": enrolment,
        "form": form,
        "last": enrolment.rotations.in_order().last(),
        "may_plan": rules.may_plan(request.user, enrolment),
    }
    return render(request, "training/base/add.html", context, status=status_of(form))


def _added(request: SignedInRequest, enrolment: Enrolment, form: StayForm) -> str:
    names = ("department", "start_date", "end_date", "required_months")
    given = {name: form.cleaned_data[name] for name in names}
    rotation = actions.plan_rotation(enrolment, by=request.user, required=form.totals, **given)
    messages.success(request, f"已增加{rotation}（{rotation.dates}），已通知学员")
    return address_of(enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def from_scheme(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose the scheme, say where and when; look at the dates; confirm. Only the last step writes."""
    enrolment = _found(request, pk)
    schemes = list(Scheme.objects.fitting(enrolment))
    scheme = _chosen(request, schemes)
    if scheme is None:
        return render(request, "training/base/scheme.html", {"enrolment": enrolment})
    typed = request.POST if request.method == "POST" else None
    form = SchemeForm(
        typed,
        enrolment=enrolment,
        scheme=scheme,
        departments=_departments(enrolment),
        today=timezone.localdate(),
    )
    deed = request.POST.get("do", "")
    if deed == CONFIRM and (done := carried_out(request, form, lambda: _planned(request, scheme, form))):
        return done
    context = {"enrolment": enrolment, "schemes": schemes, "scheme": scheme, "form": form}
    if deed == PREVIEW and form.is_valid():
        stays = _stays(request, scheme, form)
        if not form.errors:
            return render(request, "training/base/preview.html", context | _preview(form, stays))
    context |= {
        "share": planning.share_of(enrolment, scheme),
        "may_plan": rules.may_plan(request.user, enrolment),
    }
    return render(request, "training/base/scheme.html", context, status=status_of(form))


def _stays(request: SignedInRequest, scheme: Scheme, form: SchemeForm) -> list[Stay]:
    """What ``form`` would make; it says itself why that is not possible."""
    enrolment, chosen = form.enrolment, form.chosen
    verdicts = [rules.may_plan(request.user, enrolment), rules.may_follow(enrolment, scheme, chosen)]
    stays = planning.draw_up(
        [part for part in form.parts if part.pk in chosen],
        begins=form.cleaned_data["begins"],
        months_of=form.months_of,
    )
    if stays:
        verdicts.append(rules.may_take_place(enrolment.pk, stays[0].start_date, stays[-1].end_date))
    for verdict in verdicts:
        for reason in verdict.items:
            form.add_error(None, reason.text)
    return stays


def _preview(form: SchemeForm, stays: Sequence[Stay]) -> dict[str, object]:
    chosen = form.chosen
    ends = stays[-1].end_date
    return {
        "stays": [
            (stay, chosen[stay.department.pk], months.plain(stay.months), sum(n for *_, n in stay.items))
            for stay in stays
        ],
        "total": months.plain(sum((stay.months for stay in stays), Decimal(0))),
        "ends": ends,
        "is_late": ends > form.enrolment.end_date,
        "left_out": [part for part in form.parts if part.pk not in chosen],
    }


def _planned(request: SignedInRequest, scheme: Scheme, form: SchemeForm) -> str:
    planned = actions.plan_from_scheme(
        form.enrolment,
        scheme,
        by=request.user,
        begins=form.cleaned_data["begins"],
        departments=form.chosen,
        months_of=form.months_of,
    )
    messages.success(request, f"已安排 {len(planned)} 个科室，已通知学员")
    return address_of(form.enrolment)


def _chosen(request: SignedInRequest, schemes: Sequence[Scheme]) -> Scheme | None:
    """The one that is asked for among those that fit; without a word the one in force."""
    asked = request.POST.get("scheme") or request.GET.get("scheme", "")
    found = next((scheme for scheme in schemes if str(scheme.pk) == asked), None)
    found = found or next(iter(schemes), None)
    return found and Scheme.objects.with_items().get(pk=found.pk)


def address_of(enrolment: Enrolment) -> str:
    """The plan's page."""
    return reverse("plan:plan", args=[enrolment.pk])


def _departments(enrolment: Enrolment) -> list[Department]:
    return list(enrolment.base.departments.order_by("name"))


def _found(request: SignedInRequest, pk: UUID) -> Enrolment:
    """A trainee of a base that one administers today; 404 for everybody else."""
    bases = Membership.objects.where(request.user, Role.BASE)
    mine = Enrolment.objects.visible_to(request.user).filter(base__in=bases)
    return get_object_or_404(mine.for_list(), pk=pk)
