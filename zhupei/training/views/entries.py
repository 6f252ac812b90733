"""One 登记 of one's own: looked at, changed, handed in, taken back, thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from zhupei.lib.verdicts import Refused, Verdict
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import status_of

from .. import actions, rules
from ..choices import ACTIVITY
from ..forms.logbook import EntryForm
from ..models import Activity, LogEntry
from . import logged
from .logbook import Book, Form, address, book_of, make_form

Entry = LogEntry | Activity


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was written and what was said of it; a draft and what was returned can be changed."""
    book, row = _found(request, pk)
    form = _form(book, row.entry, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return once(request, lambda: _change(request, book, row.entry, form))
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            return _page(request, book, row, form, refusal=refusal)
    return _page(request, book, row, form)


@require_POST
def discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """删除 a draft."""
    book, row = _found(request, pk)

    def throw_away() -> str:
        actions.discard(row.entry, by=request.user)
        messages.success(request, f"已删除草稿：{row.name}")
        return address(book.rotation)

    try:
        return once(request, throw_away)
    except Refused as refusal:
        return _page(request, book, row, _form(book, row.entry), refusal=refusal)


@require_POST
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """撤回 while nobody has decided."""
    book, row = _found(request, pk)

    def take_back() -> str:
        actions.withdraw_entry(row.entry, by=request.user)
        messages.success(request, f"已撤回，可以修改：{row.name}")
        return request.path.removesuffix("withdraw/")

    try:
        return once(request, take_back)
    except Refused as refusal:
        return _page(request, book, row, _form(book, row.entry), refusal=refusal)


def _found(request: SignedInRequest, pk: UUID) -> tuple[Book, logged.Row]:
    """One's own, of either kind; others' look like none (404)."""
    for model in (LogEntry, Activity):
        mine = model.objects.visible_to(request.user).filter(trainee=request.user)
        rotation = mine.filter(pk=pk).values_list("rotation", flat=True).first()
        if rotation:
            book = book_of(request, rotation)
            return book, next(row for row in book.rows if row.entry.pk == pk)
    raise Http404


def _form(book: Book, found: Entry, data: Any = None) -> Form:
    kind = found.kind if isinstance(found, LogEntry) else ACTIVITY
    return make_form(book, kind, row=found, data=data)


def _change(request: SignedInRequest, book: Book, found: Entry, form: Form) -> str:
    data = dict(form.cleaned_data)
    if isinstance(found, Activity):
        actions.change_activity(found, by=request.user, **data)
    else:
        if isinstance(form, EntryForm) and not form.has_new_patient:
            data |= {"patient_name": None, "patient_number": None}
        actions.change_entry(found, by=request.user, **data)
    if form.hands_in:
        actions.submit_entries([found], by=request.user)
    messages.success(request, f"{'已提交' if form.hands_in else '已保存'}：{logged.name_of(found)}")
    return address(book.rotation)


def _page(
    request: SignedInRequest, book: Book, row: logged.Row, form: Form, *, refusal: Refused | None = None
) -> HttpResponse:
    context = {
        "book": book,
        "rotation": book.rotation,
        "row": row,
        "entry": row.entry,
        "form": form,
        "facts": logged.facts(row.entry),
        "may_change": rules.may_change(request.user, row.entry, book.today),
        "may_discard": rules.may_discard(request.user, row.entry, book.today),
        "may_withdraw": rules.may_withdraw(request.user, row.entry, book.today),
        "refusal": refusal.verdict if refusal else Verdict(),
    }
    return render(request, "training/trainee/entry.html", context, status=status_of(form, refusal=refusal))
