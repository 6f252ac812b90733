"""重新打开: the base opens a closed rotation again, with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import refuse, status_of

from .. import actions, rules
from ..forms import ReasonForm
from ..models import Rotation
from .exit_pages import of_base, reading


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """For the base of the trainee alone; what was reopened before is listed."""
    rotation = of_base(request.user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return once(request, lambda: _reopened(request, rotation, form.cleaned_data["reason"]))
        except Refused as refusal:
            refuse(form, refusal)
    context = reading(request.user, rotation, timezone.localdate()) | {
        "form": form,
        "reopenings": rotation.reopenings.select_related("reopened_by").order_by("-reopened_at"),
        "may_reopen": rules.may_reopen(request.user, rotation),
    }
    return render(request, "training/exits/reopen.html", context, status=status_of(form))


def _reopened(request: SignedInRequest, rotation: Rotation, reason: str) -> str:
    actions.reopen(rotation, by=request.user, reason=reason)
    messages.success(request, "已重新打开，请带教老师和科主任重新填写、确认")
    return reverse("training:assessment", args=[rotation.pk])
