"""待审登记: what trainees handed in, for their 带教老师 (and the 科主任 of the department)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, log_queue, rules
from ..choices import EntryStage
from ..forms.approval import APPROVE, RETURN, ApprovalForm
from ..log_queue import Entry, Filters, Waiting
from ..models import Activity, LogEntry
from . import logged


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """One page of what waits, with the filters; nothing is decided here."""
    filters, seats = Filters.read(request.GET), _seats(request)
    waiting = log_queue.waiting_for(request.user, seats, filters.view)
    after = request.GET.get("after", "")
    page = log_queue.page(waiting, filters, after)
    summary = log_queue.summary(waiting)
    rows = _rows(page.rows)
    context = {
        "filters": filters,
        "summary": summary,
        "views": _views(seats, filters),
        "trainees": [(pk, name, n, filters.address(trainee=pk)) for pk, name, n in summary.trainees],
        "kinds": [(kind, word, n, filters.address(kind=kind)) for kind, word, n in summary.kinds],
        "everything": filters.address(trainee="", kind=""),
        "rows": rows,
        "clear": sum(not doubts for _, doubts in rows),
        "page": page,
        "first_url": filters.address() if after else "",
        "pager_text": f"本页 {len(rows)} 条，共 {summary.total} 条待审",
        "seen_at": timezone.now().isoformat(),
    }
    return render(request, "training/teaching/queue.html", context)


@require_safe
def entry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One of them, whole, with 通过 and 退回; also one that was decided already."""
    found = _visible(request, pk)
    return render(request, "training/teaching/entry.html", _one(request, found))


@require_POST
def decide(request: SignedInRequest) -> HttpResponse:
    """通过 or 退回 what was chosen: first the list of what is in it, then, ``confirmed``, the deed."""
    filters, seats = Filters.read(request.GET), _seats(request)
    waiting = log_queue.waiting_for(request.user, seats, filters.view)
    keys = request.POST.getlist("only") or request.POST.getlist("entry")
    entries = log_queue.named(waiting, keys)
    form = ApprovalForm(request.POST)
    if not entries and not keys:
        form = ApprovalForm({**_typed(request), "reason": "—"})
        form.add_error(None, "请先选择登记")
        return _preview(request, filters, entries, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not request.POST.get("confirmed") and entries:
        form = ApprovalForm(initial=_typed(request))
        return _preview(request, filters, entries, form, gone=len(set(keys)) - len(entries))
    if form.is_valid():
        try:
            return once(request, lambda: _carry_out(request, waiting, entries, keys, form, filters))
        except Conflict as conflict:
            form.add_error(None, str(conflict))
            return _preview(request, filters, entries, form, status=HTTPStatus.CONFLICT)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _preview(request, filters, entries, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _carry_out(
    request: SignedInRequest,
    waiting: Waiting,
    entries: Sequence[Entry],
    keys: Sequence[str],
    form: ApprovalForm,
    filters: Filters,
) -> str:
    """All of them or none. Raises Refused."""
    if len(entries) < len(set(keys)):
        raise Conflict("有登记已由学员撤回或已审核，下面是仍在等待的，请核对后再操作")
    seen_at, reason = form.cleaned_data["seen_at"], form.cleaned_data["reason"]
    if form.cleaned_data["deed"] == APPROVE:
        count = actions.approve_entries(entries, by=request.user, seen_at=seen_at)
        messages.success(request, f"已通过 {count} 条登记，已通知学员")
    elif not entries:
        raise Refused("请先选择登记")
    else:
        for each in entries:
            actions.return_entry(each, by=request.user, reason=reason, seen_at=seen_at)
        messages.success(request, f"已退回 {len(entries)} 条登记，已通知学员")
    return reverse("teaching:queue") + filters.address()


def _preview(
    request: SignedInRequest,
    filters: Filters,
    entries: Sequence[Entry],
    form: ApprovalForm,
    *,
    gone: int = 0,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """What is in it: by trainee and kind, then row by row."""
    parts = Counter((str(each.trainee), logged.kind_of(each)) for each in entries)
    context = {
        "filters": filters,
        "form": form,
        "is_return": form["deed"].value() == RETURN,
        "rows": _rows(entries),
        "parts": [(trainee, kind, number) for (trainee, kind), number in sorted(parts.items())],
        "gone": gone,
    }
    return render(request, "training/teaching/decide.html", context, status=status)


def _one(request: SignedInRequest, found: Entry) -> dict[str, object]:
    (row, doubts), *_ = _rows([found])
    seen = {"seen_at": timezone.now().isoformat()}
    return {
        "row": row,
        "doubts": doubts,
        "entry": found,
        "facts": logged.facts(found),
        "form": ApprovalForm(initial=seen),
        "again": ApprovalForm(initial=seen, auto_id="id_return_%s"),
        "is_pending": found.stage == EntryStage.PENDING,
        "may_approve": rules.may_approve(request.user, found.rotation),
        "may_return": rules.may_return(request.user, found.rotation),
        "view": "" if found.teacher_id == request.user.pk else log_queue.DEPARTMENT,
    }


def _rows(entries: Sequence[Entry]) -> list[tuple[logged.Row, list[str]]]:
    """Each with what a person should look at before it is approved; nothing there: it is chosen at once."""
    repeated = logged.repeated_among(entries)
    found = []
    for each in entries:
        row = logged.row(each, {})
        doubts = ["与另一条重复"] if each.pk in repeated else []
        if row.days_late:
            doubts.append(f"补填，晚 {row.days_late} 天")
        if not each.rotation.holds(each.happened_date):
            doubts.append("轮转日期之外")
        found.append((row, doubts))
    return found


def _visible(request: SignedInRequest, pk: UUID) -> Entry:
    """One that the staff of its rotation may see; others look like none (404)."""
    for model in (LogEntry, Activity):
        rows = model.objects.visible_to(request.user).exclude(trainee=request.user)
        found: Entry | None = (
            rows.filter(pk=pk)
            .with_names()
            .select_related("rotation__enrolment__user", "rotation__teacher")
            .first()
        )
        if found is not None:
            return found
    raise Http404


def _seats(request: SignedInRequest) -> list[Membership]:
    """Those who neither teach nor head a department have no such desk (404)."""
    if seats := log_queue.seats_of(request.user):
        return seats
    raise Http404


def _views(seats: Sequence[Membership], filters: Filters) -> list[tuple[str, str, bool]]:
    """我带教的 and, for a 科主任, 本科室."""
    if not any(seat.role == Role.HEAD and seat.department_id for seat in seats):
        return []
    found = ((log_queue.OWN, "我带教的"), (log_queue.DEPARTMENT, "本科室"))
    return [(Filters(view=view).address(), word, view == filters.view) for view, word in found]


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("deed", "seen_at", "reason")}
