"""【结业报考材料】: the certificates, and the two signed papers of every rotation."""

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
from zhupei.files.intake import hand_over
from zhupei.files.models import Page
from zhupei.files.slots import SlotView, slot_view
from zhupei.imaging.looking import inspector
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Refused, Verdict, no
from zhupei.training import waiting
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Enrolment, Rotation
from zhupei.training.views.person import certificate_slot
from zhupei.web.http import SignedInRequest

from .. import fixes, rules
from ..actions import application as actions
from ..content import archive, archive_words
from ..models import Application, Supplement
from .trainee import Desk, _page, own

OF_THE_BASE = "由基地存档，如需更换请重新上传或联系基地"


@require_safe
def materials(request: SignedInRequest, pk: UUID) -> HttpResponse:
    desk = Desk(own(request, pk), timezone.now())
    certificates = _certificates(desk)
    rows = [
        (r, [_paper_slot(request, desk, r, kind, []) for kind in PaperKind]) for r in desk.dossier.rotations
    ]
    waits = _waits(desk)
    slots = [*certificates, *(slot for _, papers in rows for slot in papers)]
    context = {
        **_page(request, desk, "materials"),
        "certificates": certificates,
        "rows": [(r, papers, _told(waits[r.pk], papers)) for r, papers in rows],
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
    return picture_response(_any_page(request, pk, page), small=small)


@require_safe
def view_page(request: SignedInRequest, pk: UUID, page: UUID) -> HttpResponse:
    """预览: the whole picture with zoom and rotation, and its history."""
    found, shown = own(request, pk), _any_page(request, pk, page)
    material = getattr(shown.slot, "material", None)
    paper = material or shown.slot.signed_paper
    pages = list(shown.slot.pages.select_related("picture").order_by("-added_at", "number"))
    keys = [str(other.pk) for other in pages if other.removed_at is None]
    context = {
        "title": f"{paper.rotation} · {paper.get_kind_display()}",
        "page": shown,
        "pages": pages,
        "standing": len(keys),
        "picture_url": reverse("completion:picture", args=[pk, shown.pk]),
        "remove_url": reverse("completion:remove_page", args=[pk, shown.pk]),
        "back_url": f"{reverse('completion:materials', args=[pk])}#r-{paper.rotation_id}",
        "view_name": "completion:view_page",
        "application": found,
        "may_change": _may_remove(request, found, shown) if material else no(OF_THE_BASE),
    }
    return render(request, "completion/trainee/preview.html", context)


def _may_remove(request: SignedInRequest, found: Application, page: Page) -> Verdict:
    return rules.may_remove_page(request.user, found, page, fixes.of(found))


def _lay(request: SignedInRequest, found: Application, rotation: Rotation, kind: PaperKind) -> list[str]:
    """Lay the good files; what was wrong comes back as sentences."""
    user, replace = request.user, request.POST.get("mode") == "replace"
    supplement = Supplement.objects.of_round(found).filter(rotation=rotation).first()
    return hand_over(
        request.FILES.getlist("pictures"),
        PAPER,
        rules.may_lay_paper(user, found, rotation, kind, supplement, timezone.now(), fixes.of(found)),
        lambda fitted: actions.lay_paper(found, rotation, kind, fitted, by=user, replace=replace),
        inspector("document"),
    )


def _paper_page(request: SignedInRequest, pk: UUID, page: UUID) -> Page:
    """A page, standing or replaced, of one of the application's own papers."""
    pages = Page.objects.filter(
        slot__material__application=pk, slot__material__application__trainee=request.user
    )
    return get_object_or_404(pages.select_related("picture", "slot__material__rotation"), pk=page)


def _any_page(request: SignedInRequest, pk: UUID, page: UUID) -> Page:
    """The same, or one that the base keeps with a rotation of the application."""
    handed_in = Q(slot__material__application=pk, slot__material__application__trainee=request.user)
    mine = Enrolment.objects.filter(applications=pk, user=request.user)
    pages = Page.objects.filter(handed_in | Q(slot__signed_paper__rotation__enrolment__in=mine))
    found = ("picture", "slot__material__rotation", "slot__signed_paper__rotation")
    return get_object_or_404(pages.select_related(*found), pk=page)


def _waits(desk: Desk) -> dict[UUID, list[waiting.Wait]]:
    """Whom 出科 of each rotation waits for."""
    rotations = desk.application.enrolment.rotations.with_exit()
    return {rotation.pk: waiting.of(rotation, desk.dossier.today) for rotation in rotations}


def _told(waits: list[waiting.Wait], papers: list[SlotView]) -> list[waiting.Wait]:
    """While a paper is lacking; it never stops the upload, and once both are there it is no matter."""
    return waits if any(not paper.pages for paper in papers) else []


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
    later, kept = desk.later.get(rotation.pk), dossier.archive_of(rotation, kind)
    verdict = rules.may_lay_paper(request.user, application, rotation, kind, later, desk.now, desk.fixes)
    here = f"{application.get_absolute_url()}materials/"
    return slot_view(
        f"{rotation.pk}-{kind}",
        f"{rotation} {kind.label}",
        dossier.papers_of(rotation, kind),
        pages_url=f"{here}pictures/",
        upload_url=f"{here}{rotation.pk}/{kind}/",
        verdict=verdict,
        absent=absent,
        must=absent == "empty",
        errors=problems,
        label=kind.label,
        quiet_name=True,
        can_add=kept is None,
        phone_url=reverse("handoff:paper", args=[application.pk, rotation.pk, kind.value]),
        note=archive_words(archive(kept, dossier.enrolment.base.name)) if kept else "",
    )
