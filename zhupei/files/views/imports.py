"""What every import shows after its file was looked through: the preview, the confirmation, the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from zhupei.lib import workbook_out
from zhupei.lib.verdicts import ALLOWED, Refused, Verdict, no
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions
from ..importing import EXPIRED, SHOWN, Importer, Mode, Outcome, sheet_of
from ..models import Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an import stands: ``crumbs`` to it, ``again`` to choose another file, ``done`` what follows."""

    importer: Importer
    system: str
    crumbs: Sequence[tuple[str, str]]
    again: str
    failed: str
    done: tuple[str, str]
    lede: str = ""


def found(request: SignedInRequest, pk: UUID, *importers: Importer) -> Import:
    """One's own, of one of these kinds; others' look like none (404)."""
    mine = Import.objects.visible_to(request.user).filter(kind__in=[it.kind for it in importers])
    return get_object_or_404(mine, pk=pk)


def preview(
    request: SignedInRequest, kept: Import, desk: Desk, act: Callable[[Mode], Outcome]
) -> HttpResponse:
    """What would happen; by POST it does (``act``), and this page is the report."""
    if kept.expires_at < timezone.now():
        messages.warning(request, EXPIRED)
        return redirect(desk.again)
    refusal = None
    if request.method == "POST":
        try:
            return once(request, lambda: _confirm(request, kept, act))
        except Refused as refused:
            refusal = refused.verdict
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "files/imports/preview.html", _context(kept, desk, refusal), status=status)


def failed_rows(kept: Import, importer: Importer) -> HttpResponse:
    """A workbook of the rows that have faults, with the reasons."""
    outcome = Outcome.loaded(kept.outcome)
    sheet = sheet_of(kept, importer)
    return spreadsheet(
        workbook_out.failed(importer.columns, sheet.texts, outcome.faults), f"{importer.title}-有错误的行"
    )


def template(importer: Importer, **more: Any) -> HttpResponse:
    """The importer's empty sheet."""
    made = workbook_out.template(importer.columns, importer.notes, **more)
    return spreadsheet(made, f"{importer.title}-模板")


def spreadsheet(content: bytes, name: str) -> HttpResponse:
    """A workbook of ours, to be saved as ``name``.xlsx."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer


def _confirm(request: SignedInRequest, kept: Import, act: Callable[[Mode], Outcome]) -> str:
    mode = Mode.REST if request.POST.get("mode") == Mode.REST else Mode.ALL
    kept = actions.confirm_import(kept, mode=mode, act=act)
    if kept.done_at is None:
        messages.error(request, "有的行有错误，没有导入任何一行。请看下面的原因")
    return request.path


def _context(kept: Import, desk: Desk, refusal: Verdict | None) -> dict[str, Any]:
    outcome = Outcome.loaded(kept.outcome)
    active, same, faulty = outcome.active, outcome.same, outcome.faulty_rows
    may_all = no(f"还有 {len(faulty)} 行有错误，改好后重新上传") if faulty else ALLOWED
    if not active:
        may_all = no("没有可以导入的内容")
    return {
        "kept": kept,
        "desk": desk,
        "unit": desk.importer.unit,
        "outcome": outcome,
        "active": active[:SHOWN],
        "active_count": len(active),
        "same": same[:SHOWN],
        "same_count": len(same),
        "faults": outcome.faults[:SHOWN],
        "faulty_count": len(faulty),
        "shown": SHOWN,
        "may_all": may_all,
        "refusal": refusal,
    }
