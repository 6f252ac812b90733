"""出科小结 and 出科考核表 of one rotation, to be read; 个人小结, written by the trainee."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.templatetags.zhupei import icon

from .. import actions, exit_form, exit_paper, rules, waiting
from ..forms import SummaryForm
from ..models import ExitSummary, Rotation
from .exit_pages import is_own, reading, seen, template_of


@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """To be read; to be written by the trainee until it is handed in. A POST keeps the draft."""
    rotation = seen(request.user, pk)
    if request.method == "POST":
        return _keep(request, rotation)
    if rules.may_write_summary(request.user, rotation, timezone.localdate()):
        return _write(request, rotation, _form(rotation))
    return _read(request, rotation)


@require_POST
def submit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交带教老师, with what is in the box."""
    rotation = _own(request, pk)
    form = SummaryForm(request.POST, submit=True)
    if form.is_valid():
        text = form.cleaned_data["personal_text"]
        try:
            return once(request, lambda: _submitted(request, rotation, text))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _write(request, rotation, form)


@require_safe
def assessment(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """出科考核表, as the guide shows it."""
    rotation, today = seen(request.user, pk), timezone.localdate()
    context = reading(request.user, rotation, today) | {
        "sheet": exit_paper.assessment_sheet(rotation, template_of(rotation)),
        "form": waiting.assessment_of(rotation),
        "may_reopen": rules.may_reopen(request.user, rotation),
    }
    return render(request, "training/exits/assessment.html", context)


def _keep(request: SignedInRequest, rotation: Rotation) -> HttpResponse:
    """The draft; for js/autosave.js the field as it is now, otherwise the page."""
    if not is_own(request.user, rotation):
        raise Http404
    form, now = SummaryForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            actions.write_summary(rotation, by=request.user, text=form.cleaned_data["personal_text"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    if request.htmx:
        context = {"form": form, "at": timezone.localtime(now), "aside": _aside(form, now)}
        return HttpResponse(render_to_string("training/exits/parts/kept.html", context), status=status)
    if form.errors:
        return _write(request, rotation, form)
    messages.success(request, "草稿已保存")
    return redirect("training:summary", pk=rotation.pk)


def _submitted(request: SignedInRequest, rotation: Rotation, text: str) -> str:
    actions.submit_summary(rotation, by=request.user, text=text)
    messages.success(request, "出科小结已提交，等带教老师评价")
    return reverse("training:summary", args=[rotation.pk])


def _own(request: SignedInRequest, pk: UUID) -> Rotation:
    rotation = seen(request.user, pk)
    if not is_own(request.user, rotation):
        raise Http404
    return rotation


def _form(rotation: Rotation) -> SummaryForm:
    found = waiting.summary_of(rotation)
    return SummaryForm(initial={"personal_text": found.personal_text if found else ""})


def _write(request: SignedInRequest, rotation: Rotation, form: SummaryForm) -> HttpResponse:
    today = timezone.localdate()
    others = ExitSummary.objects.filter(rotation__enrolment=rotation.enrolment_id, submitted_at__isnull=False)
    context = reading(request.user, rotation, today) | {
        "form": form,
        "aside": _aside(form),
        "summary": waiting.summary_of(rotation),
        "facts": exit_form.of(rotation),
        "steps": _steps(rotation),
        "earlier": others.exclude(rotation=rotation).select_related("rotation").order_by("-submitted_at")[:8],
        "may_write": rules.may_write_summary(request.user, rotation, today),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "training/exits/write.html", context, status=status)


def _read(request: SignedInRequest, rotation: Rotation) -> HttpResponse:
    own = is_own(request.user, rotation)
    context = reading(request.user, rotation, timezone.localdate()) | {
        "sheet": exit_paper.summary_sheet(rotation, own=own),
        "form": waiting.summary_of(rotation),
        "steps": _steps(rotation),
        "may_reopen": rules.may_reopen(request.user, rotation),
    }
    return render(request, "training/exits/summary.html", context)


def _steps(rotation: Rotation) -> list[dict[str, object]]:
    """学员 → 带教老师 → 科主任 → 打印签字."""
    found = waiting.summary_of(rotation) or ExitSummary()
    is_over = rotation.closed_at is not None
    parts: list[tuple[str, str, datetime | date | None]] = [
        ("学员", "写个人小结", found.submitted_at),
        ("带教老师", "带教评价", found.teacher_at),
        ("科主任", "科室评价、同意出科", found.head_at),
    ]
    now = next((n for n, (_, _, at) in enumerate(parts) if at is None), len(parts))
    states = ["done" if n < now or is_over else "now" if n == now else "todo" for n in range(len(parts) + 1)]
    if is_over:
        states[-1] = "now"
    steps: list[dict[str, object]] = [
        {"state": state, "name": name, "text": text, "at": at}
        for state, (name, text, at) in zip(states, parts, strict=False)
    ]
    return [*steps, {"state": states[-1], "name": "打印签字", "text": "科主任手写签名后上传", "at": None}]


def _aside(form: SummaryForm, saved_at: datetime | None = None) -> SafeString:
    """Beside the label: whether it is stored, and how long it is."""
    length = f"{len(str(form['personal_text'].value() or '').strip())} 字"
    if form.errors:
        return format_html(
            '<span class="save" data-save="unsaved" data-tone="wait">{}未保存</span>', icon("warn")
        )
    if saved_at is None:
        return format_html('<span class="mark">{}</span>', length)
    words = f"已自动保存 {timezone.localtime(saved_at):%H:%M:%S} · {length}"
    return format_html(
        '<span class="save" data-save="saved" data-tone="good">{}{}</span>', icon("check"), words
    )
