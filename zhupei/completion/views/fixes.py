"""修改清单: one finding with its marked picture, the trainee's explanation, 我还要改这一项."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.files.downloads import picture_response
from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import items
from ..actions import fixes as actions
from ..forms import ExplanationForm
from ..models import Application, Finding
from .trainee import Desk, own


@require_safe
def finding(request: SignedInRequest, pk: UUID, finding: UUID) -> HttpResponse:
    """What was found wrong, where in the picture, and what to do about it."""
    found = own(request, pk)
    return _page(request, found, _finding(found, finding), ExplanationForm(), HTTPStatus.OK)


@require_safe
def marked_picture(request: SignedInRequest, pk: UUID, finding: UUID) -> HttpResponseBase:
    """The page as it was handed in, also when it was replaced since."""
    marked = _finding(own(request, pk), finding)
    if marked.page is None:
        raise Http404
    return picture_response(marked.page)


@require_POST
def explain(request: SignedInRequest, pk: UUID, finding: UUID) -> HttpResponse:
    """写明情况 instead of a change, or beside it."""
    found = own(request, pk)
    asked, form = _finding(found, finding), ExplanationForm(request.POST)
    if form.is_valid():
        try:
            return once(request, lambda: _explain(request, found, asked, form.cleaned_data["text"]))
        except Refused as refusal:
            form.add_error("text", str(refusal))
    return _page(request, found, asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
def unlock(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """我还要改这一项."""
    found = own(request, pk)
    try:
        return once(request, lambda: _unlock(request, found, request.POST.get("item", "")[:60]))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{_status(found)}#more")


def _finding(found: Application, pk: UUID) -> Finding:
    """A finding on an item, of any round of the application."""
    on_items = Finding.objects.filter(review__submission__application=found).exclude(item="")
    with_all = on_items.select_related(
        "review__submission", "review__organisation", "page__picture", "answer"
    )
    return get_object_or_404(with_all.defer("review__submission__content"), pk=pk)


def _page(
    request: SignedInRequest, found: Application, asked: Finding, form: ExplanationForm, status: HTTPStatus
) -> HttpResponse:
    desk = Desk(found, timezone.now())
    fix = next((fix for fix in desk.fixes.fixes if fix.finding.pk == asked.pk), None)
    context = {
        "application": found,
        "finding": asked,
        "fix": fix,
        "form": form,
        "explanation": fix.explanation if fix else "",
        "place": items.link(found, asked.item),
        "back": f"{_status(found)}#fixes",
    }
    return render(request, "completion/trainee/finding.html", context, status=status)


def _explain(request: SignedInRequest, found: Application, asked: Finding, text: str) -> str:
    actions.explain(found, asked, by=request.user, text=text)
    messages.success(request, f"{asked.label}：说明已保存，随下一次提交送审")
    return f"{_status(found)}#fixes"


def _unlock(request: SignedInRequest, found: Application, item: str) -> str:
    unlocked = actions.unlock(found, item, by=request.user)
    messages.success(request, f"{unlocked.label}已解锁，可以修改；审核人会看到这一项由您要求修改")
    return items.link(found, item)


def _status(found: Application) -> str:
    return reverse("completion:status", args=[found.pk])
