"""历史数据 of a base: past rotations from a spreadsheet, scanned papers by the names of their files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.files.actions import keep_import
from zhupei.files.forms import SheetForm
from zhupei.files.importing import Importer, Mode, Outcome, content_of, sheet_of
from zhupei.files.models import Import
from zhupei.files.views import imports
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, scans
from ..forms.history import PapersForm
from ..history_sheet import IMPORTER, PAPERS


@require_http_methods(["GET", "HEAD", "POST"])
def history(request: SignedInRequest) -> HttpResponse:
    """Both uploads; by POST that of the spreadsheet."""
    bases = _bases(request)
    if request.method != "POST":
        return _page(request, bases)
    form = SheetForm(request.POST, request.FILES, importer=IMPORTER)
    if form.is_valid():
        outcome = actions.import_history(form.sheet, by=request.user, mode=Mode.TRIAL)
        content = content_of(form.sheet)
        return once(request, lambda: _keep(request, IMPORTER, form.file_name, content, outcome))
    return _page(request, bases, sheet_form=form)


@require_POST
def papers(request: SignedInRequest) -> HttpResponse:
    """The scanned papers: stored, then shown where each would go."""
    bases = _bases(request)
    form = PapersForm(request.POST, request.FILES)
    if form.is_valid():
        sheet, pictures = scans.taken_in(form.scans)
        outcome = actions.import_papers(sheet, pictures, by=request.user, mode=Mode.TRIAL)
        content = scans.kept_content(sheet, pictures)
        return once(request, lambda: _keep(request, PAPERS, form.file_name, content, outcome))
    return _page(request, bases, papers_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What would be taken over; by POST it is, and this is the report."""
    bases = _bases(request)
    kept = imports.found(request, pk, IMPORTER, PAPERS)
    again = reverse("administration:history")
    desk = imports.Desk(
        importer=_importer(kept),
        system="基地管理",
        crumbs=[("、".join(map(str, bases)), reverse("home:home")), ("历史数据", again)],
        again=again,
        failed=reverse("administration:failed_history_rows", args=[kept.pk]),
        done=("查看学员名单", reverse("administration:trainees")),
    )
    return imports.preview(request, kept, desk, lambda mode: _carry_out(request, kept, mode))


@require_safe
def failed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    _bases(request)
    kept = imports.found(request, pk, IMPORTER, PAPERS)
    return imports.failed_rows(kept, _importer(kept))


@require_safe
def template(request: SignedInRequest) -> HttpResponse:
    _bases(request)
    return imports.template(IMPORTER)


def _carry_out(request: SignedInRequest, kept: Import, mode: Mode) -> Outcome:
    importer = _importer(kept)
    sheet = sheet_of(kept, importer)
    if importer is IMPORTER:
        return actions.import_history(sheet, by=request.user, mode=mode)
    return actions.import_papers(sheet, scans.pictures_of(kept), by=request.user, mode=mode)


def _importer(kept: Import) -> Importer:
    return PAPERS if kept.kind == PAPERS.kind else IMPORTER


def _keep(
    request: SignedInRequest, importer: Importer, name: str, content: dict[str, Any], outcome: Outcome
) -> str:
    kept = keep_import(by=request.user, kind=importer.kind, name=name, content=content, outcome=outcome)
    return reverse("administration:preview_history", args=[kept.pk])


def _page(request: SignedInRequest, bases: list[Organisation], **typed: Any) -> HttpResponse:
    """The page; ``typed`` is the form that was refused, if one was."""
    context = {
        "bases": bases,
        "sheet_form": SheetForm(importer=IMPORTER),
        "papers_form": PapersForm(),
        "most": IMPORTER.most,
        **typed,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
    return render(request, "administration/base/history.html", context, status=status)


def _bases(request: SignedInRequest) -> list[Organisation]:
    """Those that the person administers today; 404 for everybody else."""
    mine = Membership.objects.where(request.user, Role.BASE)
    bases = list(Organisation.objects.filter(pk__in=mine).order_by("code"))
    if not bases:
        raise Http404
    return bases
