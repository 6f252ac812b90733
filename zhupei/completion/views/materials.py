"""【结业报考材料】: the certificates, and the two signed papers of every rotation."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.files.downloads import picture_response
from zhupei.files.intake import hand_over
from zhupei.files.models import Page
from zhupei.files.slots import Addresses, SlotView, slot_view
from zhupei.imaging.looking import inspector
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Refused
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Rotation
from zhupei.training.views.person import certificate_slot
from zhupei.web.http import SignedInRequest

from .. import rules
from ..actions import application as actions
from ..models import Application, Supplement
from .trainee import Desk, _page, own


@require_safe
def materials(request: SignedInRequest, pk: UUID) -> HttpResponse:
    desk = Desk(own(request, pk), timezone.now())
    certificates = _certificates(desk)
    rows = [
        (r, [_paper_slot(request, desk, r, kind, []) for kind in PaperKind]) for r in desk.dossier.rotations
    ]
    slots = [*certificates, *(slot for _, papers in rows for slot in papers)]
    context = {
        **_page(request, desk, "materials"),
        "certificates": certificates,
        "rows": rows,
        "total": sum(slot.must for slot in slots),
        "fine": sum(slot.must and bool(slot.pages) for slot in slots),
    }
    return render(request, "completion/trainee/materials.html", context)


@require_POST
def lay_paper(request: SignedInRequest, pk: UUID, rotation: UUID, kind: str) -> HttpResponse:
    """第六步: the photographed pages of a signed paper arrive, one or several."""
    found = own(request, pk)
    place = get_object_or_404(found.enrolment.rotations.select_related("department"), pk=rotation)
    if kind not in PaperKind.values:
        raise Http404
    paper = PaperKind(kind)
    problems, status = _lay(request, found, place, paper), HTTPStatus.OK
    if problems:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.htmx:
        slot = _paper_slot(request, Desk(own(request, pk), timezone.now()), place, paper, problems)
        return render(request, "web/parts/slot.html", {"slot": slot}, status=status)
    for problem in problems:
        messages.error(request, f"{place} {paper.label}：{problem}")
    if not problems:
        messages.success(request, f"{place} {paper.label}已上传")
    return redirect(f"{reverse('completion:materials', args=[pk])}#r-{place.pk}")


@require_POST
def remove_page(request: SignedInRequest, pk: UUID, page: UUID) -> HttpResponse:
    found, laid = own(request, pk), _paper_page(request, pk, page)
    try:
        actions.remove_paper_page(found, laid, by=request.user)
        messages.success(request, "已移走这一页，历史里仍可查看")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('completion:materials', args=[pk])}#r-{laid.slot.material.rotation_id}")


@require_safe
def picture(request: SignedInRequest, pk: UUID, page: UUID, *, small: bool = False) -> HttpResponseBase:
    return picture_response(_paper_page(request, pk, page), small=small)


@require_safe
def view_page(request: SignedInRequest, pk: UUID, page: UUID) -> HttpResponse:
    """预览: the whole picture with zoom and rotation, and its history."""
    found, shown = own(request, pk), _paper_page(request, pk, page)
    material = shown.slot.material
    pages = list(shown.slot.pages.select_related("picture").order_by("-added_at", "number"))
    keys = [str(other.pk) for other in pages if other.removed_at is None]
    context = {
        "title": f"{material.rotation} · {material.get_kind_display()}",
        "page": shown,
        "pages": pages,
        "standing": len(keys),
        "picture_url": reverse("completion:picture", args=[pk, shown.pk]),
        "remove_url": reverse("completion:remove_page", args=[pk, shown.pk]),
        "back_url": f"{reverse('completion:materials', args=[pk])}#r-{material.rotation_id}",
        "view_name": "completion:view_page",
        "application": found,
        "may_change": rules.may_edit(request.user, found),
    }
    return render(request, "completion/trainee/preview.html", context)


def _lay(request: SignedInRequest, found: Application, rotation: Rotation, kind: PaperKind) -> list[str]:
    """Lay the good files; what was wrong comes back as sentences."""
    user, replace = request.user, request.POST.get("mode") == "replace"
    supplement = Supplement.objects.of_round(found).filter(rotation=rotation).first()
    return hand_over(
        request.FILES.getlist("pictures"),
        PAPER,
        rules.may_lay_paper(user, found, rotation, supplement, timezone.now()),
        lambda fitted: actions.lay_paper(found, rotation, kind, fitted, by=user, replace=replace),
        inspector("document"),
    )


def _paper_page(request: SignedInRequest, pk: UUID, page: UUID) -> Page:
    """A page, standing or replaced, of one of the application's own papers."""
    pages = Page.objects.filter(
        slot__material__application=pk, slot__material__application__trainee=request.user
    )
    return get_object_or_404(pages.select_related("picture", "slot__material__rotation__department"), pk=page)


def _certificates(desk: Desk) -> list[SlotView]:
    """The person's 证照, shared with 个人中心; the portrait is changed only there."""
    back = reverse("completion:materials", args=[desk.application.pk])
    return [
        certificate_slot(
            desk.dossier.profile,
            asked,
            desk.dossier.documents.get(asked.kind, []),
            next_url=f"{back}#{asked.kind.value}",
        )
        for asked in desk.dossier.asked
        if asked.kind != DocumentKind.PORTRAIT
    ]


def _paper_slot(
    request: SignedInRequest, desk: Desk, rotation: Rotation, kind: PaperKind, problems: list[str]
) -> SlotView:
    application, dossier = desk.application, desk.dossier
    absent = "na" if rotation.exempted_at else "empty" if dossier.is_due(rotation) else "later"
    later = desk.later.get(rotation.pk)
    verdict = rules.may_lay_paper(request.user, application, rotation, later, desk.now)
    in_application = partial(_url, first=application.pk)
    return slot_view(
        f"{rotation.pk}-{kind}",
        f"{rotation} {kind.label}",
        dossier.papers_of(rotation, kind),
        Addresses(
            small=partial(in_application, "completion:small"),
            view=partial(in_application, "completion:view_page"),
        ),
        upload_url=reverse("completion:lay_paper", args=[application.pk, rotation.pk, kind]),
        verdict=verdict,
        absent=absent,
        must=absent == "empty",
        errors=problems,
        label=kind.label,
        quiet_name=True,
    )


def _url(name: str, page: UUID, *, first: UUID | None = None) -> str:
    return reverse(name, args=[first, page] if first else [page])
