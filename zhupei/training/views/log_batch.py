"""从表格导入: a trainee's own log of one rotation from a spreadsheet."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhupei.files.actions import keep_import
from zhupei.files.importing import Mode, Outcome, content_of, given_of, sheet_of
from zhupei.files.models import Import
from zhupei.files.views import imports
from zhupei.lib.columns import Sheet
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, log_sheet, rules
from ..forms.log_batch import LogSheetForm
from ..log_sheet import IMPORTER
from ..models import Rotation
from .logbook import address, book_of


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose the file; leads to the preview."""
    rotation = _found(request, pk)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LogSheetForm(*typed)
    verdict = rules.may_write(request.user, rotation, timezone.localdate())
    if form.is_valid() and verdict:
        return once(request, lambda: _keep(request, rotation, form))
    for reason in verdict.items if form.is_bound else ():
        form.add_error(None, reason.text)
    context = {"rotation": rotation, "form": form, "may_write": verdict, "most": IMPORTER.most}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "training/trainee/import_log.html", context, status=status)


@require_safe
def template(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The empty sheet, with the items that this rotation asks for beside it."""
    book = book_of(request, pk)
    return imports.template(IMPORTER, more={"应完成项目": log_sheet.wanted(book.ledger)})


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, pk: UUID, kept: UUID) -> HttpResponse:
    """What would be written; by POST it is."""
    rotation = _found(request, pk)
    found = _kept(request, rotation, kept)
    sheet, hands_in = sheet_of(found, IMPORTER), given_of(found)["deed"] == "submit"
    desk = imports.Desk(
        importer=IMPORTER,
        system="住院医师过程管理系统",
        crumbs=[
            ("住院医师过程管理系统", reverse("home:home")),
            ("过程轮转", reverse("training:rotations")),
            (f"{rotation} 登记", address(rotation)),
        ],
        again=reverse("training:import_log", args=[rotation.pk]),
        failed=reverse("training:failed_log_rows", args=[rotation.pk, found.pk]),
        done=("查看登记", f"{address(rotation)}?show="),
        lede=f"{rotation}，{'导入后提交审核' if hands_in else '导入为草稿'}",
    )
    return imports.preview(
        request, found, desk, lambda mode: _write(request, rotation, sheet, mode, hands_in=hands_in)
    )


@require_safe
def failed(request: SignedInRequest, pk: UUID, kept: UUID) -> HttpResponse:
    return imports.failed_rows(_kept(request, _found(request, pk), kept), IMPORTER)


def _keep(request: SignedInRequest, rotation: Rotation, form: LogSheetForm) -> str:
    deed = form.cleaned_data["deed"]
    kept = keep_import(
        by=request.user,
        kind=IMPORTER.kind,
        subject=rotation.pk,
        name=form.file_name,
        content=content_of(form.sheet, deed=deed),
        outcome=_write(request, rotation, form.sheet, Mode.TRIAL, hands_in=deed == "submit"),
    )
    return reverse("training:preview_log", args=[rotation.pk, kept.pk])


def _write(
    request: SignedInRequest, rotation: Rotation, sheet: Sheet, mode: Mode, *, hands_in: bool
) -> Outcome:
    return actions.write_log(rotation, sheet, by=request.user, hands_in=hands_in, mode=mode)


def _found(request: SignedInRequest, pk: UUID) -> Rotation:
    """One's own; others' look like none (404)."""
    mine = Rotation.objects.visible_to(request.user).filter(enrolment__user=request.user)
    return get_object_or_404(mine.with_exit(), pk=pk)


def _kept(request: SignedInRequest, rotation: Rotation, pk: UUID) -> Import:
    kept = imports.found(request, pk, IMPORTER)
    if kept.subject != rotation.pk:
        raise Http404
    return kept
