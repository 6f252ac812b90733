"""比例明细: every figure of a rotation and of the training, down to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.web.http import SignedInRequest

from .. import fill_ratio, ledger
from ..choices import LOG_KINDS, EntryStage, NotCounted
from ..ledger import Judged, Ledger, Line
from ..models import Enrolment, Rotation
from . import logged

COUNTED = {"": "全部", "yes": "计入", "no": "没有计入"}


@dataclass(frozen=True, slots=True)
class Explained:
    """One 登记 with whether it counts and why not."""

    row: logged.Row
    look: str  # of data-state
    word: str
    reason: str

    @property
    def counts(self) -> bool:
        return self.look in ("ok", "waiting")


@dataclass(frozen=True, slots=True)
class Standing:
    """A rotation in the ledger of the whole training; ``left_out`` says why it does not enter the mean."""

    rotation: Rotation
    required: int
    filled: int
    approved: int
    ratios: fill_ratio.Ratios
    left_out: str


@require_safe
def overall(request: SignedInRequest) -> HttpResponse:
    """The ratios of one's newest enrolment, rotation by rotation, the lowest first; 404 without one."""
    mine = Enrolment.objects.visible_to(request.user).filter(user=request.user)
    enrolment = mine.for_list().order_by("-grade", "-id").first()
    if enrolment is None:
        raise Http404
    now = timezone.now()
    today = timezone.localdate(now)
    rotations = list(enrolment.rotations.with_tallies().in_order())
    standings = sorted((_standing(rotation, today) for rotation in rotations), key=_lowest_first)
    ratios = fill_ratio.of_training(rotations, today=today)
    context = {
        "enrolment": enrolment,
        "now": now,
        "filled": fill_ratio.shown(ratios.filled),
        "approved": fill_ratio.shown(ratios.approved),
        "rows": [(it, *_shown(it.ratios)) for it in standings],
        "counting": sum(not it.left_out for it in standings),
    }
    return render(request, "training/ledger/overall.html", context)


@require_safe
def ledger_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One rotation, for everybody who may see it; a draft only for whoever wrote it."""
    visible = Rotation.objects.visible_to(request.user)
    rotation = get_object_or_404(logged.with_log(visible.with_exit()), pk=pk)
    is_own = rotation.enrolment.user_id == request.user.pk
    return render(request, "training/ledger/rotation.html", account(rotation, request.GET, is_own=is_own))


def account(rotation: Rotation, asked: QueryDict, *, is_own: bool = False) -> dict[str, object]:
    """What the page shows of a rotation fetched ``with_log``; drafts only to whoever wrote them (``is_own``).

    ``asked``: ``of`` an indicator or an item, ``counted`` yes or no.
    """
    found = ledger.of_rotation(rotation)
    everything = [_explain(row, it) for row, it in _in_order(found, with_drafts=is_own)]
    of, counted = asked.get("of", ""), asked.get("counted", "")
    chosen = [it for it in everything if _speaks_of(it, of)]
    ratios = found.ratios
    return {
        "rotation": rotation,
        "is_own": is_own,
        "filled": fill_ratio.shown(ratios.filled),
        "approved": fill_ratio.shown(ratios.approved),
        "accounts": [(LOG_KINDS[it.indicator], it, list(map(_line, it.lines))) for it in found.accounts],
        "rows": [it for it in chosen if not counted or it.counts == (counted == "yes")],
        "of": of,
        "of_word": _word_of(found, of),
        "counted": counted if counted in COUNTED else "",
        "chips": [
            (value, word, sum(not value or it.counts == (value == "yes") for it in chosen))
            for value, word in COUNTED.items()
        ],
    }


def _standing(rotation: Rotation, today: date) -> Standing:
    tallies = list(rotation.tallies.all())
    required = sum(tally.required for tally in tallies)
    left_out = ""
    if rotation.exempted_at is not None:
        left_out = "减免，不参加平均"
    elif not rotation.has_begun(today):
        left_out = "未开始，不参加平均"
    elif not required:
        left_out = "无要求，不参加平均"
    return Standing(
        rotation,
        required,
        sum(tally.counted_filled for tally in tallies),
        sum(tally.counted_approved for tally in tallies),
        fill_ratio.Ratios(None, None) if left_out else fill_ratio.of_rotation(rotation),
        left_out,
    )


def _lowest_first(standing: Standing) -> tuple[bool, object, date]:
    ratios = standing.ratios
    return bool(standing.left_out), (ratios.filled or 0, ratios.approved or 0), standing.rotation.start_date


def _shown(ratios: fill_ratio.Ratios) -> tuple[str, str]:
    return fill_ratio.shown(ratios.filled), fill_ratio.shown(ratios.approved)


def _line(line: Line) -> tuple[Line, str]:
    """With the address of its rows: its requirement, or all of the indicator."""
    return line, str(line.requirement or line.indicator)


def _in_order(account: Ledger, *, with_drafts: bool) -> Iterable[tuple[logged.Row, Judged]]:
    """The rows of the four kinds, newest first."""
    judged = {it.entry.pk: it for it in account.entries}
    for row in logged.rows_of(account):
        found = judged.get(row.entry.pk)
        if found and (with_drafts or row.entry.stage != EntryStage.DRAFT):
            yield row, found


def _explain(row: logged.Row, judged: Judged) -> Explained:
    if judged.filling is None:
        if judged.approval is None:
            return Explained(row, "ok", "计入填写、审核", "")
        return Explained(row, "waiting", "只计入填写", _reason(row, judged.approval))
    look = {NotCounted.RETURNED: "returned", NotCounted.DRAFT: "todo"}.get(judged.filling, "warning")
    return Explained(row, look, "不计入", _reason(row, judged.filling))


def _reason(row: logged.Row, why: NotCounted) -> str:
    entry = row.entry
    day = f"{timezone.localdate(entry.submitted_at)}" if entry.submitted_at else ""
    return {
        NotCounted.PENDING: f"未审核，{entry.teacher or '科主任'}，自 {day}",
        NotCounted.RETURNED: f"已退回：{entry.return_reason}",
        NotCounted.OUTSIDE: f"日期在轮转期间（{entry.rotation.dates}）之外",
        NotCounted.DUPLICATE: f"与 {entry.happened_date} 的另一条重复（同一病历号、同一项目）",
    }.get(why, why.label)


def _speaks_of(it: Explained, of: str) -> bool:
    entry = it.row.entry
    return not of or of in (entry.kind, str(getattr(entry, "requirement_id", "")))


def _word_of(account: Ledger, of: str) -> str:
    """What ``of`` chose: an indicator or an item; "" for everything."""
    if of in LOG_KINDS:
        return LOG_KINDS[of]
    lines = [line for each in account.accounts for line in each.lines if str(line.requirement) == of]
    return lines[0].item or LOG_KINDS[lines[0].indicator] if lines else ""
