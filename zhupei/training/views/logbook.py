"""登记: a trainee writes what was done in a rotation, hands it in, and sees what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from zhupei.lib.verdicts import Refused, Verdict
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import status_of

from .. import actions, ledger, rules
from ..choices import ACTIVITY, LOG_KINDS, EntryStage, Indicator
from ..forms.logbook import ActivityForm, EntryForm
from ..ledger import Ledger
from ..models import Activity, LogEntry, Rotation
from . import logged

Form = EntryForm | ActivityForm
RECENT = 20  # rows shown unless all are asked for
SHOWN = {
    "": "全部",
    EntryStage.DRAFT: "草稿",
    EntryStage.PENDING: "待审核",
    EntryStage.RETURNED: "已退回",
    EntryStage.APPROVED: "已通过",
}
# What is taken over by 重复上一条: not the day, not the patient.
REPEATED = (
    *("requirement", "item", "diagnosis", "treatment", "setting", "was_in_charge", "was_rescue"),
    *("role", "succeeded", "anaesthesia", "kind", "topic", "hours", "speaker"),
)


@dataclass(frozen=True, slots=True)
class Book:
    """The log of one rotation, with its ledger and its rows."""

    rotation: Rotation
    ledger: Ledger
    rows: list[logged.Row]
    today: date

    def of(self, stage: EntryStage) -> list[logged.Row]:
        return [row for row in self.rows if row.entry.stage == stage]

    @property
    def ready(self) -> list[logged.Row]:
        """Drafts that can be handed in as they are."""
        return [row for row in self.of(EntryStage.DRAFT) if not row.lacking]

    def last(self, kind: str) -> LogEntry | Activity | None:
        """What was written last of ``kind`` ("" for any)."""
        name = LOG_KINDS.get(kind)
        found = [row.entry for row in self.rows if name in (None, row.kind)]
        return max(found, key=lambda entry: entry.written_at, default=None)


@require_http_methods(["GET", "HEAD", "POST"])
def logbook(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The quick form of one kind, what is still lacking, and the list."""
    book = book_of(request, pk)
    if request.method != "POST":
        return _page(request, book, _form(request, book))
    form = _form(request, book, data=request.POST)
    if form.is_valid():
        try:
            return once(request, lambda: _write(request, book.rotation, form))
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, book, form)


@require_POST
def submit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """提交: the drafts that were on the page, or the one whose button was pressed."""
    book = book_of(request, pk)
    asked = set(request.POST.getlist("only") or request.POST.getlist("entry"))
    entries = [row.entry for row in book.rows if str(row.entry.pk) in asked]

    def hand_in() -> str:
        count = actions.submit_entries(entries, by=request.user)
        messages.success(request, f"已提交 {count} 条登记，{_whose_turn(book.rotation)}")
        return address(book.rotation)

    try:
        return once(request, hand_in)
    except Refused as refusal:
        return _page(request, book, _form(request, book), refusal=refusal)


@require_POST
def nudge(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """催一下."""
    book = book_of(request, pk)

    def tell() -> str:
        people = actions.nudge(book.rotation, by=request.user)
        messages.success(request, f"已提醒{'、'.join(str(person) for person in people)}")
        return address(book.rotation)

    try:
        return once(request, tell)
    except Refused as refusal:
        return _page(request, book, _form(request, book), refusal=refusal)


def book_of(request: SignedInRequest, pk: UUID) -> Book:
    """Of one's own rotation; others' look like none (404)."""
    mine = Rotation.objects.visible_to(request.user).filter(enrolment__user=request.user)
    rotation = get_object_or_404(logged.with_log(mine.with_exit()), pk=pk)
    account = ledger.of_rotation(rotation)
    return Book(rotation, account, logged.rows_of(account), timezone.localdate())


def _form(request: SignedInRequest, book: Book, data: Any = None) -> Form:
    """That of the tab; with ``repeat`` it says again what was written last."""
    kind = _kind(request, book)
    again = book.last(kind) if request.GET.get("repeat") else None
    initial = {name: getattr(again, name) for name in REPEATED if hasattr(again, name)}
    if isinstance(again, LogEntry):
        initial["requirement"] = str(again.requirement_id or "")
    return make_form(book, kind, data=data, initial=initial)


def make_form(book: Book, kind: str, *, row: Any = None, **given: Any) -> Form:
    """The form for a new 登记 of ``kind``, or for ``row``."""
    if kind == ACTIVITY:
        return ActivityForm(rotation=book.rotation, row=row, today=book.today, **given)
    account = book.ledger.account(Indicator(kind))
    return EntryForm(
        rotation=book.rotation, row=row, today=book.today, kind=Indicator(kind), account=account, **given
    )


def _kind(request: SignedInRequest, book: Book) -> str:
    """The tab that was asked for, otherwise that of the last 登记, otherwise what is lacking."""
    if (asked := request.GET.get("kind", "")) in LOG_KINDS:
        return asked
    if last := book.last(""):
        return last.kind if isinstance(last, LogEntry) else ACTIVITY
    accounts = book.ledger.accounts
    lacking = [it.indicator for it in accounts if it.counted_filled < it.required]
    return lacking[0] if lacking else Indicator.CASE


def _write(request: SignedInRequest, rotation: Rotation, form: Form) -> str:
    data = form.cleaned_data
    kind: str = ACTIVITY
    written: LogEntry | Activity
    if isinstance(form, EntryForm):
        kind = form.kind
        written = actions.write_entry(rotation, by=request.user, kind=form.kind, **data)
    else:
        written = actions.write_activity(rotation, by=request.user, **data)
    deed = "已存为草稿"
    if form.hands_in:
        actions.submit_entries([written], by=request.user)
        deed = "已登记并提交"
    messages.success(request, f"{deed}：{logged.name_of(written)}，{written.happened_date}")
    return address(rotation, kind)


def _page(
    request: SignedInRequest, book: Book, form: Form, *, refusal: Refused | None = None
) -> HttpResponse:
    rotation, today = book.rotation, book.today
    kind = form.kind.value if isinstance(form, EntryForm) else ACTIVITY
    shown = request.GET.get("show")
    rows = book.of(EntryStage(shown)) if shown and shown in EntryStage else book.rows
    counts = Counter(row.entry.stage for row in book.rows)
    context = {
        "book": book,
        "rotation": rotation,
        "form": form,
        "kind": kind,
        "tabs": LOG_KINDS,
        "kinds": [(LOG_KINDS[account.indicator], account) for account in book.ledger.accounts],
        "passed": max(0, (min(today, rotation.end_date) - rotation.start_date).days + 1),
        "days": (rotation.end_date - rotation.start_date).days + 1,
        "rows": rows if shown is not None else rows[:RECENT],
        "shown": shown,
        "chips": [(value, word, counts[value] if value else len(book.rows)) for value, word in SHOWN.items()],
        "pending": counts[EntryStage.PENDING],
        "may_write": rules.may_write(request.user, rotation, today),
        "may_repeat": book.last(kind) is not None,
        "may_nudge": rules.may_nudge(request.user, rotation, today),
        "refusal": refusal.verdict if refusal else Verdict(),
    }
    return render(request, "training/trainee/logbook.html", context, status=status_of(form, refusal=refusal))


def _whose_turn(rotation: Rotation) -> str:
    return f"等待{rotation.teacher}审核" if rotation.teacher else "等待科主任审核（还没有指定带教老师）"


def address(rotation: Rotation, kind: str = "") -> str:
    page = reverse("training:logbook", args=[rotation.pk])
    return f"{page}?kind={kind}" if kind else page
