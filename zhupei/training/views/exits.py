"""出科考核 at the desks of 带教老师, 教学秘书 and 科主任: what waits, and their parts of both forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Membership
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import refuse, status_of

from .. import actions, exit_form, exit_paper, exit_queue, rules, waiting
from ..forms import AppraisalForm, AssessmentForm, ConclusionForm, ReasonForm
from ..models import Rotation
from .exit_pages import frame, handled, signature_of, template_of


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits for one; 404 for whoever is none of the three."""
    if not Membership.objects.current().filter(user=request.user, role__in=exit_queue.HANDLERS).exists():
        raise Http404
    may_sign = rules.may_keep_signature(request.user)
    context = {"desks": exit_queue.of(request.user, timezone.localdate()), "may_sign": may_sign}
    return render(request, "training/exits/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appraise(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """带教评价 of the 出科小结."""
    rotation = handled(request.user, pk)
    if request.method != "POST":
        return _appraisal(request, rotation)
    form = AppraisalForm(request.POST)
    text = "已提交带教评价，等科主任填写科室评价"
    done = _carry_out(
        request,
        form,
        lambda: actions.appraise_summary(rotation, by=request.user, **form.cleaned_data),
        text,
    )
    return done or _appraisal(request, rotation, form=form)


@require_POST
def return_summary(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give 个人小结 back to the trainee."""
    rotation, form = handled(request.user, pk), ReasonForm(request.POST, prefix="return")
    done = _carry_out(
        request,
        form,
        lambda: actions.return_summary(rotation, by=request.user, reason=form.cleaned_data["reason"]),
        f"已退回{rotation.enrolment.user}修改",
    )
    return done or _appraisal(request, rotation, reason=form)


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The teacher's part of the 出科考核表: kept as a draft, or handed on to 科主任."""
    rotation = handled(request.user, pk)
    if request.method != "POST":
        return _filling(request, rotation)
    hand_on = request.POST.get("do") == "hand_on"
    form = _assessment_form(rotation, request.POST, hand_on=hand_on)

    def keep() -> object:
        given = {"ratings": form.ratings, **form.values}
        if not hand_on:
            return actions.draft_assessment(rotation, by=request.user, **given)
        return actions.fill_assessment(rotation, by=request.user, sign=form.cleaned_data["sign"], **given)

    done = _carry_out(
        request,
        form,
        keep,
        f"已提交，等科主任确认：{rotation.enrolment.user}" if hand_on else "草稿已保存",
        leads_to="" if hand_on else request.path,
    )
    return done or _filling(request, rotation, form)


def _carry_out(
    request: SignedInRequest, form: forms.Form, act: Callable[[], object], text: str, leads_to: str = ""
) -> HttpResponse | None:
    """One deed; None when the form or the rule says no, with the words in ``form``."""

    def deed() -> str:
        act()
        messages.success(request, text)
        return leads_to or reverse("exits:queue")

    if not form.is_valid():
        return None
    try:
        return once(request, deed)
    except Refused as refusal:
        refuse(form, refusal)
        return None


def _appraisal(
    request: SignedInRequest,
    rotation: Rotation,
    *,
    form: AppraisalForm | None = None,
    reason: ReasonForm | None = None,
) -> HttpResponse:
    found, stored = waiting.summary_of(rotation), signature_of(request.user)
    initial = {"text": found.teacher_text if found else "", "sign": stored is not None}
    context = frame(rotation, timezone.localdate()) | {
        "form": form or AppraisalForm(initial=initial),
        "stored": stored,
        "reason": reason or ReasonForm(prefix="return"),
        "sheet": exit_paper.summary_sheet(rotation),
        "facts": exit_form.of(rotation),
        "summary": found,
        "is_on_behalf": request.user.pk != rotation.teacher_id,
        "may_appraise": rules.may_appraise_summary(request.user, rotation),
    }
    return render(request, "training/exits/appraise.html", context, status=status_of(form, reason))


def _filling(
    request: SignedInRequest, rotation: Rotation, form: AssessmentForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    stored = signature_of(request.user)
    form_shown = form or _assessment_form(rotation, initial={"sign": stored is not None})
    groups = exit_paper.grouped(form_shown.items.values(), {})
    by_label = {item.label: form_shown[name] for name, item in form_shown.items.items()}
    context = frame(rotation, today) | {
        "form": form_shown,
        "stored": stored,
        "groups": [(group.label, [by_label[item.label] for item in group.items]) for group in groups],
        "facts": exit_form.of(rotation),
        "assessment": waiting.assessment_of(rotation),
        "template": template_of(rotation),
        "is_on_behalf": request.user.pk != rotation.teacher_id,
        "may_fill": rules.may_fill_assessment(request.user, rotation, today),
    }
    return render(request, "training/exits/fill.html", context, status=status_of(form))


def _assessment_form(
    rotation: Rotation, data: Any = None, *, hand_on: bool = False, initial: dict[str, Any] | None = None
) -> AssessmentForm:
    template = template_of(rotation)
    if template is None:
        template = actions.template_in_force(rotation.enrolment.base)
    return AssessmentForm(
        data,
        template=template,
        assessment=waiting.assessment_of(rotation),
        hand_on=hand_on,
        initial=initial,
    )


# --- 科主任 --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """科室评价 and 同意出科, and in the same go the confirmation of the 出科考核表."""
    rotation = handled(request.user, pk)
    if request.method != "POST":
        return _concluding(request, rotation)
    form = ConclusionForm(request.POST)
    if form.is_valid():
        try:
            return once(request, lambda: _concluded(request, rotation, form.cleaned_data))
        except Refused as refusal:
            refuse(form, refusal)
    return _concluding(request, rotation, form=form)


@require_POST
def return_assessment(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give the 出科考核表 back to the teacher."""
    rotation, form = handled(request.user, pk), ReasonForm(request.POST, prefix="return")
    done = _carry_out(
        request,
        form,
        lambda: actions.return_assessment(rotation, by=request.user, reason=form.cleaned_data["reason"]),
        "出科考核表已退回带教老师",
    )
    return done or _concluding(request, rotation, reason=form)


def _concluded(request: SignedInRequest, rotation: Rotation, given: dict[str, Any]) -> str:
    """Where to go next: to the next that waits."""
    only_summary, today = request.POST.get("do") == "conclude", timezone.localdate()
    if not only_summary:
        rules.may_close(request.user, rotation, today).or_raise()
    words = {"text": given["text"], "agrees": given["agrees"], "sign": given["sign"]}
    actions.conclude_summary(rotation, by=request.user, **words)
    text = f"科室评价已保存：{rotation.enrolment.user}"
    if not only_summary:
        seen, sign = given["seen_revision"], given["sign"]
        actions.confirm_assessment(rotation, by=request.user, seen_revision=seen, sign=sign)
        text = f"已确认：{rotation.enrolment.user} · {rotation}"
    messages.success(request, text)
    following = Rotation.objects.awaiting_head(request.user, today).exclude(pk=rotation.pk).first()
    return reverse("exits:conclude", args=[following.pk]) if following else reverse("exits:queue")


def _concluding(
    request: SignedInRequest,
    rotation: Rotation,
    *,
    form: ConclusionForm | None = None,
    reason: ReasonForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    may_close = rules.may_close(request.user, rotation, today)
    found, assessment = waiting.summary_of(rotation), waiting.assessment_of(rotation)
    stored = signature_of(request.user)
    kept: dict[str, object] = {"agrees": found.agrees, "text": found.head_text} if found else {}
    kept |= {"seen_revision": assessment.revision if assessment else 1, "sign": stored is not None}
    others = Rotation.objects.awaiting_head(request.user, today).exclude(pk=rotation.pk)
    context = frame(rotation, today) | {
        "form": form or ConclusionForm(initial=kept),
        "stored": stored,
        "reason": reason or ReasonForm(prefix="return"),
        "sheet": exit_paper.assessment_sheet(rotation),
        "own_words": exit_paper.summary_sheet(rotation),
        "summary": found,
        "others": others.with_people()[:10],
        "may_close": may_close,
        "may_conclude": may_close or rules.may_conclude_summary(request.user, rotation),
        "may_return": may_close or rules.may_return_assessment(request.user, rotation),
    }
    return render(request, "training/exits/conclude.html", context, status=status_of(form, reason))
