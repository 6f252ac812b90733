"""A rotation for those who arrange it: 带教老师和科主任, 请假; for the base also dates, 减免 and 删除."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import carried_out, status_of

from .. import actions, arranging, rules
from ..forms import DatesForm, ExemptionForm, LeaveForm, PeopleForm, TypedForm
from ..models import Rotation
from .plan import address_of


@require_safe
def rotation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Everything about it on one page."""
    return _page(request, _found(request, pk))


@require_POST
def assign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """指定带教老师和科主任."""
    found = _found(request, pk)
    form = _people_form(found, typed=request.POST)
    return _carry_out(
        request,
        found,
        people_form=form,
        act=lambda: actions.assign(found, by=request.user, **form.cleaned_data),
        text="已保存，带教老师和科主任已指定",
    )


@require_POST
def record_leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """请假登记."""
    found = _found(request, pk)
    form = _leave_form(found, request, typed=request.POST)
    return _carry_out(
        request,
        found,
        leave_form=form,
        act=lambda: actions.record_leave(found, by=request.user, **form.cleaned_data),
        text="已登记请假，已通知学员",
    )


@require_POST
def cancel_leave(request: SignedInRequest, pk: UUID, leave: UUID) -> HttpResponse:
    """销假."""
    found = _found(request, pk)
    recorded = get_object_or_404(found.leaves, pk=leave)
    return _press(request, found, lambda: actions.cancel_leave(recorded, by=request.user), "已销假")


@require_POST
def move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """调整时间."""
    found = _found(request, pk)
    form = DatesForm(request.POST, rotation=found, today=timezone.localdate())
    return _carry_out(
        request,
        found,
        dates_form=form,
        act=lambda: actions.move_rotation(found, by=request.user, **form.cleaned_data),
        text="已调整时间，已通知学员",
    )


@require_POST
def exempt(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """减免."""
    found = _found(request, pk)
    form = ExemptionForm(request.POST, prefix="exempt", today=timezone.localdate())
    return _carry_out(
        request,
        found,
        exemption_form=form,
        act=lambda: actions.exempt(found, by=request.user, **form.cleaned_data),
        text="已减免，已通知学员",
    )


@require_POST
def take_back_exemption(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """取消减免."""
    found = _found(request, pk)
    act = actions.take_back_exemption
    return _press(request, found, lambda: act(found, by=request.user), "已取消减免，已通知学员")


@require_POST
def drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """删除 from the plan."""
    found = _found(request, pk)
    text, back = f"已从计划里删除{found}，已通知学员", address_of(found.enrolment)
    return _press(request, found, lambda: actions.drop_rotation(found, by=request.user), text, back)


def _carry_out(
    request: SignedInRequest,
    found: Rotation,
    *,
    act: Callable[[], object],
    text: str,
    **sent: TypedForm,
) -> HttpResponse:
    """One deed with the form ``sent``; the page again, with everything typed, when it cannot be."""

    def deed() -> str:
        act()
        messages.success(request, text)
        return _address(found)

    (form,) = sent.values()
    return carried_out(request, form, deed) or _page(request, found, **sent)


def _press(
    request: SignedInRequest, found: Rotation, act: Callable[[], object], text: str, leads_to: str = ""
) -> HttpResponse:
    """One deed that asks for nothing; a refusal is said on top of the page."""

    def deed() -> str:
        act()
        messages.success(request, text)
        return leads_to or _address(found)

    try:
        return once(request, deed)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(found))


def _page(request: SignedInRequest, found: Rotation, **sent: TypedForm) -> HttpResponse:
    today, user = timezone.localdate(), request.user
    bases = Membership.objects.where(user, Role.BASE)
    forms: dict[str, TypedForm] = {
        "people_form": _people_form(found),
        "leave_form": _leave_form(found, request),
        "dates_form": DatesForm(rotation=found, today=today),
        "exemption_form": ExemptionForm(prefix="exempt", today=today),
        **sent,
    }
    context = {
        "row": arranging.row(found, today),
        "rotation": found,
        "trainee": found.enrolment.user,
        "is_base": bases.filter(organisation=found.enrolment.base_id).exists(),
        "may_arrange": rules.may_arrange(user, found),
        "may_replan": rules.may_replan(user, found),
        "may_drop": rules.may_drop(user, found),
        "may_take_back": rules.may_take_back_exemption(user, found),
    }
    status = status_of(*forms.values())
    return render(request, "training/base/rotation.html", context | forms, status=status)


def _people_form(found: Rotation, *, typed: QueryDict | None = None) -> PeopleForm:
    candidates = arranging.candidates(found)
    return PeopleForm(typed, rotation=found, candidates=candidates, today=timezone.localdate())


def _leave_form(found: Rotation, request: SignedInRequest, *, typed: QueryDict | None = None) -> LeaveForm:
    may_plan = bool(rules.may_plan(request.user, found.enrolment))
    return LeaveForm(typed, prefix="leave", may_plan=may_plan, today=timezone.localdate())


def _address(found: Rotation) -> str:
    return reverse("arranging:rotation", args=[found.pk])


def _found(request: SignedInRequest, pk: UUID) -> Rotation:
    """One of the own base or department; others look like none (404)."""
    mine = Rotation.objects.arranged_by(request.user)
    return get_object_or_404(mine.with_exit().prefetch_related("leaves__recorded_by"), pk=pk)
