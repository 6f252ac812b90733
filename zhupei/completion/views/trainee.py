"""The trainee's pages: 考核申请 with its tabs, the check before a submission, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training import certificate
from zhupei.training.certificate import Certificate
from zhupei.training.choices import DocumentKind
from zhupei.training.models import Enrolment
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import figures, fixes, papers, progress, rules, snapshot, supplements, windows
from ..actions import application as actions
from ..checklist import Checklist, check
from ..content import Content, describe, value_of
from ..dossier import Dossier, load
from ..figures import Live
from ..fixes import EVERYTHING, FixList
from ..forms import ConfirmForm, RegisterForm, SeenRoundForm
from ..models import Application, Extension, Review, Season, Submission, Supplement
from ..supplements import Later


@dataclass(frozen=True)
class Desk:
    """What the trainee's pages show of an application, loaded once a request."""

    application: Application
    now: datetime

    @cached_property
    def dossier(self) -> Dossier:
        return load(self.application, today=timezone.localdate(self.now))

    @cached_property
    def live(self) -> Content:
        return describe(self.dossier)

    @cached_property
    def checklist(self) -> Checklist:
        return check(self.dossier, self.live)

    @cached_property
    def fixes(self) -> FixList:
        """What a return asks for, and how far it is mended."""
        return fixes.of(self.application, self.live) if self.application.is_editable else EVERYTHING

    @cached_property
    def submissions(self) -> list[Submission]:
        return list(self.application.submissions.order_by("round"))

    @cached_property
    def reviews(self) -> list[Review]:
        """Before the first round there is none to ask for."""
        return list(Review.objects.history(self.application)) if self.application.round else []

    @cached_property
    def supplements(self) -> list[Later]:
        return supplements.of(self.application, today=timezone.localdate(self.now))

    @cached_property
    def later(self) -> dict[UUID, Supplement]:
        """The supplements by rotation."""
        return {later.supplement.rotation_id: later.supplement for later in self.supplements}

    @cached_property
    def extension(self) -> Extension | None:
        """The personal extension that holds, with its reason; asked for only if there is one."""
        if self.application.extended_until is None:
            return None
        return Extension.objects.of(self.application.enrolment, self.application.season).first()

    @cached_property
    def now_live(self) -> Live:
        """The figures of today beside those of the round; while it can be edited they are the same."""
        if self.application.is_editable:
            return Live()
        return figures.now(self.application.enrolment, timezone.localdate(self.now))

    @cached_property
    def content(self) -> Content:
        """What is shown: live while it can be edited, otherwise what was submitted."""
        if self.application.is_editable:
            return self.live
        return snapshot.thaw(self.submissions[-1].content)


def own(request: SignedInRequest, pk: UUID) -> Application:
    """The person's own application; anything else looks like nothing at all (404)."""
    return get_object_or_404(Application.objects.visible_to_trainee(request.user).for_page(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: SignedInRequest) -> HttpResponse:
    """【考核申请】: on to one's application of the running season, or its beginning."""
    now = timezone.now()
    enrolment = get_object_or_404(
        Enrolment.objects.filter(user=request.user)
        .select_related("base__parent__parent", "specialty")
        .order_by("-grade")[:1]
    )
    season = Season.objects.for_enrolment(enrolment).running(now).first()
    latest = Application.objects.visible_to_trainee(request.user).order_by("-season__year").first()
    if latest is not None and season in (None, latest.season):
        return redirect(latest)
    if request.method == "POST" and season is not None:
        return once(request, lambda: actions.start(enrolment, season, by=request.user).get_absolute_url())
    context = {
        "enrolment": enrolment,
        "season": season,
        "window": season and windows.of_trainees(season),
        "now": now,
    }
    return render(request, "completion/trainee/entry.html", context)


@require_safe
def application(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """【个人基本信息】 with 报考信息, the opinions and the buttons at its end."""
    desk = Desk(own(request, pk), timezone.now())
    return render(request, "completion/trainee/application.html", _info(request, desk))


@require_POST
def register(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """培训登记手册完成情况, saved as soon as it is chosen."""
    found = own(request, pk)
    form = RegisterForm(request.POST)
    try:
        if form.is_valid():
            actions.set_register(found, by=request.user, status=form.cleaned_data["status"])
            messages.success(request, "培训登记手册完成情况已保存")
            return redirect(f"{found.get_absolute_url()}#register")
        problem = form.errors["status"][0]
    except Refused as refusal:
        problem = str(refusal)
    desk = Desk(own(request, pk), timezone.now())
    context = {**_info(request, desk), "register_problem": problem}
    return render(
        request, "completion/trainee/application.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


@require_safe
def status(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """审核状态: whose turn, what was said, what happened."""
    desk = Desk(own(request, pk), timezone.now())
    context = {
        **_page(request, desk, "status"),
        "steps": progress.steps(desk.application, desk.reviews),
        "timeline": progress.timeline(desk.application, desk.submissions, desk.reviews),
        "returned": next((r for r in reversed(desk.reviews) if r.superseded_at is None), None),
    }
    return render(request, "completion/trainee/status.html", context)


@require_safe
def check_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交前核对: what will be frozen, and the warnings; what was handed in has a status instead."""
    found = own(request, pk)
    if not found.is_editable:
        return _handed_in_already(request, found)
    form = ConfirmForm(initial={"seen_round": found.round})
    return _check_page(request, found, form, HTTPStatus.OK)


@require_POST
def submit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交申请 and 更新提交数据信息."""
    found = own(request, pk)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            return once(request, lambda: _hand_in(request, found, form.cleaned_data["seen_round"]))
        except Conflict as conflict:
            return _handed_in_elsewhere(request, own(request, pk), conflict)
        except Refused:  # the page says why, beneath the button
            found = own(request, pk)
    if not found.is_editable:
        return _handed_in_already(request, found)
    return _check_page(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤回修改."""
    found = own(request, pk)
    try:
        return once(request, lambda: _take_back(request, found))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_safe
def receipt(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    found = own(request, pk)
    submission = get_object_or_404(found.submissions, round=number)
    desk = Desk(found, timezone.now())
    context = {
        **_page(request, desk, "status"),
        "submission": submission,
        "frozen": snapshot.thaw(submission.content),
        "steps": progress.steps(found, desk.reviews),
    }
    return render(request, "completion/trainee/receipt.html", context)


@require_safe
def receipt_pdf(request: SignedInRequest, pk: UUID, number: int) -> HttpResponse:
    found = own(request, pk)
    submission = get_object_or_404(found.submissions, round=number)
    return _pdf(papers.receipt(found, submission), f"receipt-{submission.receipt}.pdf")


@require_safe
def form_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """打印: 资格审核情况表, for the trainee and for the offices that review it."""
    found = get_object_or_404(Application.objects.visible_to(request.user).for_page(), pk=pk)
    desk = Desk(found, timezone.now())
    is_own = found.trainee_id == request.user.pk
    content = desk.content if is_own or not found.is_editable else snapshot.thaw(desk.submissions[-1].content)
    submission = desk.submissions[-1] if desk.submissions else None
    pdf = papers.form(found, content, submission, desk.reviews, printed_at=desk.now)
    return _pdf(pdf, f"form-{found.season.year}.pdf")


def _page(request: SignedInRequest, desk: Desk, tab: str) -> dict[str, object]:
    """What every tab shows around its own content."""
    application = desk.application
    checklist = desk.checklist if application.is_editable else Checklist(())
    return {
        "application": application,
        "content": desk.content,
        "live": desk.live if application.is_editable else None,
        "checklist": checklist,
        "missing_info": checklist.missing_in("info"),
        "missing_materials": checklist.missing_in("materials"),
        "opinions": progress.opinions(application, desk.reviews),
        "supplements": desk.supplements,
        "may_edit": rules.may_edit(request.user, application),
        "may_set_register": rules.may_edit(request.user, application, fixes.REGISTER, desk.fixes),
        "fixes": desk.fixes,
        "may_submit": rules.may_submit(request.user, application, checklist, desk.now, desk.fixes),
        "may_withdraw": rules.may_withdraw(request.user, application, desk.now),
        "barred": rules.barred(application, desk.now),
        "extension": desk.extension,
        "certificate": _certificate(desk.content),
        "window": windows.to_submit(application),
        "window_text": _window_text(application),
        "now": desk.now,
        "tab": tab,
    }


def _info(request: SignedInRequest, desk: Desk) -> dict[str, object]:
    """【个人基本信息】, with the figures as shown and as they are now."""
    return _page(request, desk, "info") | {
        "figures": figures.rows(
            desk.content, desk.now_live, lambda key: reverse("training:ledger", args=[key])
        ),
        "figures_now": figures.changed(desk.content, desk.now_live),
    }


def _check_page(
    request: SignedInRequest, found: Application, form: SeenRoundForm, status: HTTPStatus
) -> HttpResponse:
    desk = Desk(found, timezone.now())
    done = [stay for stay in desk.content["rotations"] if any(paper["images"] for paper in stay["papers"])]
    context = {
        **_page(request, desk, "info"),
        "form": form,
        "number": found.round + 1,
        "certificates": sum(bool(paper["images"]) for paper in desk.content["documents"]),
        "rotations_done": len(done),
        "rotation_pages": sum(len(paper["images"]) for stay in done for paper in stay["papers"]),
        "later": [stay for stay in desk.content["rotations"] if stay["state"] == "later"],
    }
    return render(request, "completion/trainee/check.html", context, status=status)


def _handed_in_already(request: SignedInRequest, found: Application) -> HttpResponse:
    """Back button, second tab: there is nothing to check any more."""
    messages.info(request, f"第 {found.round} 次提交{found.get_stage_display()}，不能重复提交")
    return redirect("completion:status", found.pk)


def _handed_in_elsewhere(request: SignedInRequest, found: Application, conflict: Conflict) -> HttpResponse:
    """409, with the way to what stands now."""
    context = {"refusal": str(conflict), "again_url": reverse("completion:status", args=[found.pk])}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)


def _certificate(content: Content) -> Certificate:
    """How name and portrait, as shown or as submitted, will look on the 合格证书."""
    portrait = next((paper for paper in content["documents"] if paper["key"] == DocumentKind.PORTRAIT), None)
    image = portrait["images"][0] if portrait and portrait["images"] else None
    return certificate.sketch(
        name=content["name"],
        sex=value_of(content, "sex"),
        born=value_of(content, "birth_date"),
        base=value_of(content, "base"),
        specialty=value_of(content, "specialty"),
        category=value_of(content, "category"),
        portrait_url=reverse("training:picture", args=[image["page"]]) if image else "",
    )


def _window_text(application: Application) -> str:
    if windows.is_extended(application):
        return "已为您个人延期，距截止"
    if application.correction_due_at:
        return "补正期限，轮到您"
    return f"{application.season.year} 年申请，距截止"


def _hand_in(request: SignedInRequest, found: Application, seen_round: int) -> str:
    submission = actions.submit(found, by=request.user, seen_round=seen_round)
    return f"{found.get_absolute_url()}receipts/{submission.round}/"


def _take_back(request: SignedInRequest, found: Application) -> str:
    actions.withdraw(found, by=request.user)
    messages.success(request, "已撤回，您可以修改后重新提交")
    return found.get_absolute_url()


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
