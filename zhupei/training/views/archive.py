"""签字材料存档: the base keeps a signed paper whose signers have left, and attests 与原件一致."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.files.downloads import picture_response
from zhupei.files.intake import hand_over
from zhupei.files.models import Page
from zhupei.files.slots import SlotView, slot_view
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import refuse, status_of

from .. import actions, rules
from ..choices import PaperKind
from ..forms import ReasonForm
from ..models import Rotation, SignedPaper
from .exit_pages import of_base, reading


@require_safe
def archive(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Both places of a rotation, for the base of the trainee alone."""
    return _page(request, of_base(request.user, pk))


@require_POST
def lay(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """Pages of a signed paper arrive; they have to be attested anew."""
    rotation, paper = of_base(request.user, pk), _kind(kind)
    problems = hand_over(
        request.FILES.getlist("pictures"),
        PAPER,
        rules.may_attest(request.user, rotation),
        partial(
            actions.lay_signed_paper,
            rotation,
            paper,
            by=request.user,
            replace=request.POST.get("mode") == "replace",
        ),
    )
    if request.htmx:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        slot = _slot(request, rotation, paper, _kept(rotation).get(paper), problems)
        return render(request, "web/parts/slot.html", {"slot": slot}, status=status)
    for problem in problems:
        messages.error(request, f"{paper.label}：{problem}")
    if not problems:
        messages.success(request, f"{paper.label}已上传，核对后请确认与原件一致")
    return redirect("training:archive", rotation.pk)


@require_POST
def attest(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """与原件一致, with the reason why the signers do not sign again."""
    rotation, paper = of_base(request.user, pk), _kind(kind)
    form = ReasonForm(request.POST, prefix=paper)
    if form.is_valid():
        try:
            return once(request, lambda: _attested(request, rotation, paper, form.cleaned_data["reason"]))
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, rotation, {paper: form})


@require_safe
def picture(request: SignedInRequest, pk: UUID, page: UUID, *, small: bool = False) -> FileResponse:
    """A page that is kept, standing or replaced."""
    rotation = of_base(request.user, pk)
    pages = Page.objects.filter(slot__signed_paper__rotation=rotation)
    return picture_response(get_object_or_404(pages.select_related("picture"), pk=page), small=small)


def _attested(request: SignedInRequest, rotation: Rotation, kind: PaperKind, reason: str) -> str:
    actions.attest_paper(rotation, kind, by=request.user, note=reason)
    messages.success(request, f"{kind.label}已确认与原件一致，计入结业报考材料")
    return reverse("training:archive", args=[rotation.pk])


def _page(
    request: SignedInRequest, rotation: Rotation, sent: dict[PaperKind, ReasonForm] | None = None
) -> HttpResponse:
    kept, sent = _kept(rotation), sent or {}
    places = [
        {
            "kind": kind,
            "slot": _slot(request, rotation, kind, kept.get(kind)),
            "paper": kept.get(kind),
            "form": sent.get(kind) or ReasonForm(prefix=kind),
        }
        for kind in PaperKind
    ]
    context = reading(request.user, rotation, timezone.localdate()) | {
        "places": places,
        "form": next(iter(sent.values()), None),
        "may_attest": rules.may_attest(request.user, rotation),
    }
    return render(request, "training/exits/archive.html", context, status=status_of(*sent.values()))


def _slot(
    request: SignedInRequest,
    rotation: Rotation,
    kind: PaperKind,
    paper: SignedPaper | None,
    problems: list[str] | None = None,
) -> SlotView:
    pages = paper.slot.pages.standing().select_related("picture") if paper else []
    return slot_view(
        kind.value,
        f"{rotation} {kind.label}",
        list(pages),
        pages_url=f"{reverse('training:rotations')}{rotation.pk}/archived/",
        preview="",
        upload_url=reverse("training:lay_archive", args=[rotation.pk, kind]),
        verdict=rules.may_attest(request.user, rotation),
        errors=problems or [],
        label=str(kind.label),
        quiet_name=True,
    )


def _kept(rotation: Rotation) -> dict[str, SignedPaper]:
    papers = rotation.signed_papers.select_related("slot", "attested_by")
    return {paper.kind: paper for paper in papers}


def _kind(kind: str) -> PaperKind:
    if kind not in PaperKind.values:
        raise Http404
    return PaperKind(kind)
