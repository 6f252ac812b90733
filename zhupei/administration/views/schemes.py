"""轮转方案: the province's list, one scheme, a new version from a spreadsheet."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.files.actions import keep_import
from zhupei.files.importing import Mode, Outcome, content_of, given_of, sheet_of
from zhupei.files.models import Import
from zhupei.files.views import imports
from zhupei.lib import workbook_out
from zhupei.lib.columns import Sheet
from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Specialty
from zhupei.training import actions as training
from zhupei.training import rules
from zhupei.training.models import Scheme
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions
from ..forms.scheme import SchemeForm
from ..scheme_sheet import COLUMNS, IMPORTER, rows_of


@require_safe
def schemes(request: SignedInRequest) -> HttpResponse:
    """All of them by specialty, the latest version first."""
    _only_keepers(request)
    found = Scheme.objects.newest_first().select_related("specialty")
    found = found.annotate(department_count=Count("departments"))
    return render(request, "administration/province/schemes.html", {"schemes": found})


@require_safe
def scheme(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Departments, months and what is required."""
    return _page(request, _found(request, pk))


@require_POST
def drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """删除 one that nobody is trained by."""
    found = _found(request, pk)

    def throw_away() -> str:
        training.drop_scheme(found, by=request.user)
        messages.success(request, f"已删除 {found}")
        return reverse("administration:schemes")

    try:
        return once(request, throw_away)
    except Refused as refusal:
        return _page(request, found, refusal=refusal)


@require_safe
def as_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The scheme as the spreadsheet that would make it again, to be changed for the next version."""
    found = _found(request, pk)
    made = workbook_out.template(COLUMNS, IMPORTER.notes, rows=rows_of(found))
    return imports.spreadsheet(made, f"轮转方案-{found.specialty}-{found.grade_from}级-第{found.version}版")


@require_safe
def template(request: SignedInRequest) -> HttpResponse:
    _only_keepers(request)
    return imports.template(IMPORTER)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """Choose specialty, 年级 and file; leads to the preview."""
    _only_keepers(request)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SchemeForm(*typed, initial=_of_earlier(request))
    if form.is_valid():
        return once(request, lambda: _keep(request, form))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "administration/province/import_scheme.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the new version would say; by POST it is made."""
    _only_keepers(request)
    kept = imports.found(request, pk, IMPORTER)
    given, sheet = given_of(kept), sheet_of(kept, IMPORTER)
    specialty = get_object_or_404(Specialty, pk=given["specialty"])
    schemes = reverse("administration:schemes")
    desk = imports.Desk(
        importer=IMPORTER,
        system="省厅管理",
        crumbs=[("首页", reverse("home:home")), ("轮转方案", schemes)],
        again=reverse("administration:import_scheme"),
        failed=reverse("administration:failed_scheme_rows", args=[kept.pk]),
        done=("查看轮转方案", schemes),
        lede=f"{specialty} {given['grade_from']} 级起 {given['name']}",
    )
    return imports.preview(request, kept, desk, lambda mode: _carry_out(request, sheet, given, mode))


@require_safe
def failed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    _only_keepers(request)
    return imports.failed_rows(imports.found(request, pk, IMPORTER), IMPORTER)


def _keep(request: SignedInRequest, form: SchemeForm) -> str:
    given = form.given()
    kept: Import = keep_import(
        by=request.user,
        kind=IMPORTER.kind,
        name=form.file_name,
        content=content_of(form.sheet, **given),
        outcome=_carry_out(request, form.sheet, given, Mode.TRIAL),
    )
    return reverse("administration:preview_scheme", args=[kept.pk])


def _carry_out(request: SignedInRequest, sheet: Sheet, given: Any, mode: Mode) -> Outcome:
    return actions.import_scheme(
        sheet,
        by=request.user,
        mode=mode,
        specialty=Specialty.objects.get(pk=given["specialty"]),
        name=given["name"],
        grade_from=int(given["grade_from"]),
        years=int(given["years"]),
        is_sample=given["is_sample"] == "yes",
    )


def _of_earlier(request: SignedInRequest) -> dict[str, Any]:
    """A new version of the one whose page led here begins with its name and 年级."""
    try:
        found = Scheme.objects.filter(pk=UUID(request.GET.get("of", ""))).first()
    except ValueError:
        found = None
    if found is None:
        return {}
    return {
        "specialty": str(found.specialty_id),
        "grade_from": found.grade_from,
        "name": found.name,
        "years": str(found.years),
        "is_sample": "yes" if found.is_sample else "no",
    }


def _page(request: SignedInRequest, found: Scheme, *, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "scheme": found,
        "departments": found.departments.all(),
        "may_drop": rules.may_change_scheme(request.user, found),
        "refusal": refusal.verdict if refusal else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "administration/province/scheme.html", context, status=status)


def _found(request: SignedInRequest, pk: UUID) -> Scheme:
    _only_keepers(request)
    return get_object_or_404(Scheme.objects.with_items(), pk=pk)


def _only_keepers(request: SignedInRequest) -> None:
    """The catalogue is one for all; whoever does not keep it finds nothing here."""
    if not rules.may_keep_schemes(request.user):
        raise Http404
