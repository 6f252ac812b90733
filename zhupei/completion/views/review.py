"""The reviewers' pages: the queue, one application with its pictures, the decision."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.files.downloads import picture_response
from zhupei.files.models import Page
from zhupei.lib import typed
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.models import Organisation
from zhupei.training.models import SignedPaper
from zhupei.training.views import logged
from zhupei.training.views.ledgers import account
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import progress, queue, rules
from ..actions import review as actions
from ..actions import supplement as supplement_actions
from ..bench import Bench, seat_of
from ..forms import DecisionForm, MarkForm, SeenRoundForm
from ..models import Application, DraftFinding, Review, SubmissionPage, Supplement


@require_safe
def applications(request: SignedInRequest) -> HttpResponse:
    """The queue of the reviewer's office."""
    offices = list(Organisation.objects.reviewing(request.user).order_by("level", "name"))
    if not offices:
        raise Http404
    office = next((o for o in offices if str(o.pk) == request.GET.get("office")), offices[0])
    filters = queue.Filters.read(request.GET)
    rows = queue.found_by(filters, office, request.user)
    page = queue.page(rows, filters, request.GET.get("after", ""))
    count = queue.count_text(rows.count_up_to(queue.COUNTED)) or "0"
    bases = queue.bases_of(office)
    context = {
        "office": office,
        "offices": offices,
        "filters": filters,
        "views": queue.VIEWS,
        "page": page,
        "count": count,
        "pager_text": f"本页 {len(page.rows)} 份，共 {count} 份",
        "bases": bases,
        "specialties": queue.specialties_of(bases),
        "today": timezone.localdate(),
    }
    return render(request, "completion/review/queue.html", context)


@require_safe
def application(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One application on one screen: items, picture, data, decision."""
    bench = _bench(request, pk)
    return render(request, "completion/review/application.html", _context(request, bench, _decision(bench)))


@require_POST
def claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """开始审核."""
    found = _found(request, pk)
    form = SeenRoundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "页面已过期，请重新查看后再开始审核")
        return redirect(_address(request, found))
    try:
        seen = form.cleaned_data["seen_round"]
        return once(
            request, lambda: _address(request, actions.claim(found, by=request.user, seen_round=seen))
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(request, found))


@require_POST
def release(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """放回, to the queue with its filters."""
    found = _found(request, pk)
    try:
        return once(request, lambda: _release(request, found))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(request, found))


@require_POST
def decide(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """通过 / 不通过, on what was on the screen."""
    found = _found(request, pk)
    form = DecisionForm(request.POST, noted=_noted(request, found))
    if form.is_valid():
        try:
            return once(request, lambda: _give(request, found, form))
        except Conflict as conflict:
            return _conflict(request, found, form, conflict)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = _context(request, _bench(request, pk), form)
    return render(
        request, "completion/review/application.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


@require_POST
def revise(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """改判 of one's own office's standing opinion."""
    bench = _bench(request, pk)
    form = DecisionForm(request.POST, noted=len(bench.drafts))
    if form.is_valid() and bench.own_review is not None:
        review = bench.own_review
        try:
            return once(request, lambda: _replace(request, review, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = _context(request, _bench(request, pk), form)
    return render(
        request, "completion/review/application.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


@require_safe
def picture(request: SignedInRequest, pk: UUID, page: UUID, *, small: bool = False) -> HttpResponseBase:
    """A page of any of the application's rounds."""
    found = _found(request, pk)
    shown = Q(pk__in=SubmissionPage.objects.filter(submission__application=found).values("page"))
    supplied = Supplement.objects.filter(submission__application=found).values("rotation")
    shown |= Q(slot__material__application=found, slot__material__rotation__in=supplied)
    kept = SignedPaper.objects.standing_in(signed=found.season.accepts_stored_signatures)
    shown |= Q(slot__signed_paper__in=kept.filter(rotation__in=supplied))
    pages = Page.objects.filter(shown).select_related("picture")
    return picture_response(get_object_or_404(pages, pk=page), small=small)


@require_safe
def ledger(request: SignedInRequest, pk: UUID, rotation: UUID) -> HttpResponse:
    """比例明细 of one rotation of an application that is reviewed here, to be read."""
    found = _found(request, pk)
    rotations = logged.with_log(found.enrolment.rotations.with_exit())
    context = account(get_object_or_404(rotations, pk=rotation), request.GET)
    back = {"back_url": _address(request, found), "back_text": f"审核：{found.trainee}"}
    return render(request, "training/ledger/rotation.html", context | back)


@require_POST
def confirm_supplement(request: SignedInRequest, pk: UUID, supplement: UUID) -> HttpResponse:
    """补交: 确认, or 退回重交 with a note."""
    found = _found(request, pk)
    row = get_object_or_404(Supplement.objects.of_round(found).select_related("submission"), pk=supplement)
    note = typed.clean(request.POST.get("note", "")).strip()[:200]
    try:
        return once(request, lambda: _answer_supplement(request, found, row, note))
    except Refused as refusal:
        messages.error(request, f"{row.rotation}：{refusal}" + (f"（您写的：{note}）" if note else ""))
    return redirect(_address(request, found))


def _answer_supplement(request: SignedInRequest, found: Application, row: Supplement, note: str) -> str:
    if request.POST.get("outcome") == "fail":
        supplement_actions.send_back(row, by=request.user, note=note)
        messages.success(request, f"{row.rotation}：已请学员重交")
    else:
        supplement_actions.confirm(row, by=request.user, seen=request.POST.get("seen", ""))
        messages.success(request, f"{row.rotation}：补交已确认")
    return _address(request, found)


def _found(request: SignedInRequest, pk: UUID) -> Application:
    return get_object_or_404(Application.objects.visible_to_reviewer(request.user).for_page(), pk=pk)


def _noted(request: SignedInRequest, found: Application) -> int:
    """How many findings on items the person has noted of the round."""
    rounds = found.submissions.filter(round=found.round).only("pk")
    return DraftFinding.objects.filter(submission__in=rounds, reviewer=request.user).count()


def _bench(request: SignedInRequest, pk: UUID) -> Bench:
    found = _found(request, pk)
    asked = request.GET.get("item", request.POST.get("item", ""))
    seat, today = seat_of(request.user, found), timezone.localdate()
    only_changed = request.GET.get("changed") == "1"
    return Bench.load(found, user=request.user, seat=seat, item=asked, today=today, only_changed=only_changed)


def _decision(bench: Bench) -> DecisionForm:
    seat = bench.seat
    return DecisionForm(initial={"seen_round": bench.application.round, "level": seat})


def _context(
    request: SignedInRequest, bench: Bench, form: DecisionForm, mark: MarkForm | None = None
) -> dict[str, object]:
    now, application = timezone.now(), bench.application
    filters = _filters(request)
    may_claim = rules.may_claim(request.user, application, now)
    return {
        "bench": bench,
        "application": application,
        "form": form,
        "mark": mark or MarkForm(),
        "may_claim": may_claim,
        "may_decide": rules.once_claimed(may_claim, request.user, application),
        "may_revise": bench.own_review and rules.may_revise(request.user, bench.own_review, application, now),
        "opinions": progress.opinions(application, bench.reviews),
        "filters": filters,
        "back": reverse("review:queue") + filters,
        "here": _address(request, application),
        "everything": reverse("review:application", args=[application.pk]) + filters,
        "now": now,
    }


def _release(request: SignedInRequest, found: Application) -> str:
    actions.release(found, by=request.user)
    messages.success(request, f"{found.trainee}：已放回，同事可以领取；您记下的问题还在")
    return reverse("review:queue") + _filters(request)


def _give(request: SignedInRequest, found: Application, form: DecisionForm) -> str:
    data = form.cleaned_data
    review = actions.decide(
        found,
        by=request.user,
        level=data["level"],
        seen_round=data["seen_round"],
        outcome=data["outcome"],
        opinion=data["opinion"],
        reasons=data["reasons"],
    )
    messages.success(request, f"{found.trainee}：{review}")
    filters = queue.Filters.read(request.GET)
    following = queue.next_after(found, filters, review.organisation, request.user)
    if following is not None:
        return reverse("review:application", args=[following]) + filters.address()
    return reverse("review:queue") + filters.address()


def _replace(request: SignedInRequest, review: Review, form: DecisionForm) -> str:
    data = form.cleaned_data
    revised = actions.revise(
        review, by=request.user, outcome=data["outcome"], opinion=data["opinion"], reasons=data["reasons"]
    )
    messages.success(request, f"已改判，{revised}")
    return _address(request, revised.submission.application)


def _conflict(
    request: SignedInRequest, found: Application, form: DecisionForm, conflict: Conflict
) -> HttpResponse:
    """409: what the other decided, beside what was written here."""
    bench = _bench(request, found.pk)
    context = {"bench": bench, "application": bench.application, "form": form, "conflict": str(conflict)}
    context["opinions"] = progress.opinions(bench.application, bench.reviews)
    return render(request, "completion/review/conflict.html", context, status=HTTPStatus.CONFLICT)


def _filters(request: SignedInRequest) -> str:
    """Those of the queue one came from, as a query string."""
    return queue.Filters.read(request.GET).address()


def _address(request: SignedInRequest, application: Application) -> str:
    """The workbench, with the filters of the queue one came from."""
    only = "&changed=1" if request.GET.get("changed") == "1" else ""
    return reverse("review:application", args=[application.pk]) + _filters(request) + only
