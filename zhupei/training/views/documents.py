"""证照 and 电子照片: pictures arrive, are looked at, go."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhupei.files.downloads import picture_response
from zhupei.files.intake import hand_over, read
from zhupei.files.mending import take_portrait
from zhupei.files.models import Page
from zhupei.imaging.intake import Rejected
from zhupei.imaging.looking import inspector
from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest

from .. import actions, rules
from ..choices import DocumentKind
from ..documents import image_rule
from ..models import Document
from .person import Person, trainee


@require_POST
def lay(request: SignedInRequest, kind: str) -> HttpResponse:
    """Pictures for one kind of document. The good ones are kept even if others were refused."""
    person = trainee(request.user)
    asked = person.asked_for(kind)
    files = request.FILES.getlist("pictures")
    if asked.kind == DocumentKind.PORTRAIT:
        return _lay_portrait(request, person, files[-1:])
    problems = _lay(person, asked.kind, files, replace=request.POST.get("mode") == "replace")
    return _answer(request, asked.kind, problems, done=f"{asked.kind.label}已上传")


@require_POST
def remove_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One page goes; the history keeps it."""
    person = trainee(request.user)
    page = own_page(request, pk)
    problems = []
    try:
        actions.remove_document_page(person.profile, page, by=request.user)
    except Refused as refusal:
        problems = [str(refusal)]
    kind = DocumentKind(page.slot.document.kind)
    return _answer(request, kind, problems, done=f"{kind.label}：这一页已移走")


@require_safe
def picture(request: SignedInRequest, pk: UUID, *, small: bool = False) -> FileResponse:
    return picture_response(own_page(request, pk), small=small)


@require_safe
def view_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """预览: the whole picture, with zoom and rotation, its neighbours and its history."""
    person = trainee(request.user)
    page = own_page(request, pk)
    kind = DocumentKind(page.slot.document.kind)
    shown = [asked for asked in person.asked if person.pages.get(asked.kind)]
    neighbours = [other for asked in shown for other in person.pages[asked.kind]]
    at = next((number for number, other in enumerate(neighbours) if other.pk == page.pk), None)
    context = {
        "page": page,
        "kind": kind,
        "slot": next((person.slot(asked) for asked in shown if asked.kind == kind), None),
        "previous": neighbours[at - 1] if at else None,
        "next": neighbours[at + 1] if at is not None and at + 1 < len(neighbours) else None,
        "number": at + 1 if at is not None else None,
        "count": len(neighbours),
        "history": page.slot.pages.select_related("picture").order_by("-added_at", "number"),
        "rule": image_rule(kind),
        "back": place_of(kind),
        "may_change": rules.may_change_documents(request.user, person.profile, kind),
    }
    return render(request, "training/trainee/picture.html", context)


def _lay(person: Person, kind: DocumentKind, files: Sequence[File[bytes]], *, replace: bool) -> list[str]:
    """Lay the good files; what was wrong comes back as sentences."""
    user = person.profile.user
    return hand_over(
        files,
        image_rule(kind),
        rules.may_change_documents(user, person.profile, kind),
        lambda fitted: actions.lay_document(person.profile, kind, fitted, by=user, replace=replace),
        inspector("document"),
    )


def _lay_portrait(request: SignedInRequest, person: Person, files: Sequence[File[bytes]]) -> HttpResponse:
    """The portrait, if it may stand; otherwise it is kept aside for 一键修正, and what stands stays."""
    kind, user = DocumentKind.PORTRAIT, request.user
    verdict = rules.may_change_documents(user, person.profile, kind)
    if not verdict or not files:
        return _answer(request, kind, [str(verdict) or "请先选择图片，再点上传"], done="")
    try:
        fitted, problems = take_portrait(read(files[0]), name=files[0].name or "")
        if problems:
            aside = actions.set_portrait_aside(person.profile, fitted, by=user)
            return _answer(request, kind, problems, done="", aside=aside)
        actions.lay_document(person.profile, kind, [fitted], by=user, replace=True)
    except Rejected as rejected:
        return _answer(request, kind, rejected.sentences, done="")
    except Refused as refusal:
        return _answer(request, kind, [str(refusal)], done="")
    return _answer(request, kind, [], done=f"{kind.label}已上传")


def _answer(
    request: SignedInRequest,
    kind: DocumentKind,
    problems: Sequence[str],
    *,
    done: str,
    aside: Page | None = None,
) -> HttpResponse:
    """The slot as it is now for our script (422 with what was wrong), or back to it with a message.

    ``aside`` is a portrait that may be mended: without our script one is led there at once.
    """
    back = reverse("training:mend", args=[aside.pk]) if aside else _next(request) or place_of(kind)
    if request.htmx:
        person = trainee(request.user)
        slot = person.slot(person.asked_for(kind), errors=problems, next_url=_next(request))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        return render(request, _template_of(kind), {"slot": slot, "aside": aside}, status=status)
    for problem in problems:
        messages.error(request, f"{kind.label}：{problem}")
    if not problems:
        messages.success(request, done)
    return redirect(back)


def own_page(request: SignedInRequest, pk: UUID) -> Page:
    """A page of one's own documents, standing or in the history; others' look like none (404)."""
    own = Document.objects.visible_to(request.user)
    pages = Page.objects.filter(slot__document__in=own).select_related("picture", "slot__document")
    return get_object_or_404(pages, pk=pk)


def _template_of(kind: DocumentKind) -> str:
    is_portrait = kind == DocumentKind.PORTRAIT
    return "training/trainee/parts/portrait.html" if is_portrait else "web/parts/slot.html"


def place_of(kind: DocumentKind) -> str:
    anchor = "photo" if kind == DocumentKind.PORTRAIT else kind.value
    return f"{reverse('training:profile')}#{anchor}"


def _next(request: SignedInRequest) -> str:
    """Where the form was, if that is a page of ours."""
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours else ""
