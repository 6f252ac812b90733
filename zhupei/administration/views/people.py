"""账号: an office resets the passwords of those it looks after; a system administrator, of everybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from zhupei.accounts.models import User
from zhupei.lib.verdicts import Refused
from zhupei.organisations import actions, rules
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training.models import Enrolment
from zhupei.web.http import SignedInRequest

from .. import roster, staff
from ..forms.trainee import NoteForm
from .slip import hand_out

DESKS = (Role.BASE, Role.CITY, Role.PROVINCE, Role.ADMIN)  # who has this page


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The accounts, and what they are for."""
    seats = Membership.objects.of(request.user).filter(role__in=DESKS)
    if not seats:
        raise Http404
    filters = roster.Filters.read(request.GET)
    found = staff.people_of(request.user)
    if filters.query:
        found = found.filter(pk__in=User.objects.matching(filters.query).values("pk"))
    rows = list(found.order_by("pinyin", "pk")[: staff.MOST + 1])
    held = Membership.objects.current().filter(user__in=rows[: staff.MOST]).select_related("organisation")
    trainees = set(Enrolment.objects.filter(user__in=rows[: staff.MOST]).values_list("user_id", flat=True))
    by_user: dict[UUID, list[Membership]] = {}
    for seat in held:
        by_user.setdefault(seat.user_id, []).append(seat)
    context = {
        "seats": seats,
        "filters": filters,
        "rows": [(it, by_user.get(it.pk, []), it.pk in trainees) for it in rows[: staff.MOST]],
        "for_everybody": any(seat.role == Role.ADMIN for seat in seats),
        "has_trainees": any(seat.role == Role.BASE for seat in seats),
        "has_more": len(rows) > staff.MOST,
    }
    return render(request, "administration/people/people.html", context)


@require_safe
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One account."""
    return _page(request, _found(request, pk), NoteForm(today=timezone.localdate()), HTTPStatus.OK)


@sensitive_variables()
@require_POST
def reset(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重置密码 with a note."""
    found = _found(request, pk)
    form = NoteForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        note: str = form.cleaned_data["note"]
        try:
            return hand_out(
                request,
                found,
                lambda: actions.issue_code(found, by=request.user, note=note),
                back=reverse("administration:person", args=[found.pk]),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(request: SignedInRequest, found: User, form: NoteForm, status: HTTPStatus) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "held": Membership.objects.of(found),
        "is_trainee": Enrolment.objects.filter(user=found).exists(),
        "form": form,
        "may_reset_password": rules.may_reset_password(request.user, found),
    }
    return render(request, "administration/people/person.html", context, status=status)


def _found(request: SignedInRequest, pk: UUID) -> User:
    return get_object_or_404(staff.people_of(request.user), pk=pk)
