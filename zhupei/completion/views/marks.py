"""记一条问题 on the workbench: one item, a reason, a note, perhaps a box in its picture."""

from __future__ import annotations

import re
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from ..actions import marks as actions
from ..forms import MarkForm
from ..models import Application, DraftFinding
from .review import _address, _bench, _context, _decision, _found

ITEM = re.compile(r"[\w:-]{1,60}", re.ASCII)  # a key of ``completion.items``, or of the workbench's list


@require_POST
def mark(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note a finding; the page comes back with the same item on it."""
    found = _found(request, pk)
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            return once(request, lambda: _note(request, found, form))
        except (Refused, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
    bench = _bench(request, pk)
    context = _context(request, bench, _decision(bench), form)
    return render(
        request, "completion/review/application.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


@require_POST
def unmark(request: SignedInRequest, pk: UUID, draft: UUID) -> HttpResponse:
    """撤销."""
    found = _found(request, pk)
    own = DraftFinding.objects.filter(submission__application=found, reviewer=request.user)
    noted = get_object_or_404(own.select_related("submission__application"), pk=draft)
    try:
        return once(request, lambda: _drop(request, found, noted))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request, found))


def _note(request: SignedInRequest, found: Application, form: MarkForm) -> str:
    data = form.cleaned_data
    actions.mark(
        found,
        by=request.user,
        seen_round=data["seen_round"],
        code=data["code"],
        item=data["on"],
        note=data["note"],
        page=data["page"],
        box=data["box"],
    )
    return _back(request, found)


def _drop(request: SignedInRequest, found: Application, noted: DraftFinding) -> str:
    actions.unmark(noted, by=request.user)
    return _back(request, found)


def _back(request: SignedInRequest, found: Application) -> str:
    """To the item that was on the screen."""
    item = request.POST.get("item", "")
    shown = f"&item={item}" if ITEM.fullmatch(item) else ""
    return f"{_address(request, found)}{shown}#bench-mark"
