"""过程轮转: where one has been, where one is, what is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.lib import months
from zhupei.web.http import SignedInRequest

from .. import fill_ratio, timeline, waiting
from ..choices import Indicator
from ..models import Enrolment, Rotation, Tally

# How the four indicators are called where there is little room.
SHORT_LABELS = {
    Indicator.CASE: "病历",
    Indicator.DISEASE: "病种",
    Indicator.SKILL: "操作",
    Indicator.SURGERY: "手术",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A rotation as the table shows it."""

    rotation: Rotation
    state: str
    spent: str
    required: str
    indicators: list[tuple[str, Tally]]
    filled: str
    approved: str
    waits: list[waiting.Wait]


@require_safe
def rotations(request: SignedInRequest) -> HttpResponse:
    """The timeline and the table of one's newest enrolment; 404 without one."""
    mine = Enrolment.objects.visible_to(request.user).filter(user=request.user)
    enrolment = mine.for_list().order_by("-grade", "-id").first()
    if enrolment is None:
        raise Http404
    today = timezone.localdate()
    found = list(enrolment.rotations.with_exit().with_tallies().in_order())
    spent = sum((r.months_until(today) for r in found if r.exempted_at is None), Fraction(0))
    ratios = fill_ratio.of_training(found, today=today)
    context = {
        "enrolment": enrolment,
        "rows": [_row(rotation, today) for rotation in _newest_first(found, today)],
        "timeline": timeline.draw(found, begin=enrolment.start_date, end=enrolment.end_date, today=today),
        "now": [rotation for rotation in found if timeline.state_of(rotation, today) == "now"],
        "has_begun": any(r.has_begun(today) for r in found if r.exempted_at is None),
        "today": today,
        "spent": months.plain(months.two_decimals(spent)),
        "filled": fill_ratio.shown(ratios.filled),
        "approved": fill_ratio.shown(ratios.approved),
    }
    return render(request, "training/trainee/rotations.html", context)


def _newest_first(rotations: list[Rotation], today: date) -> list[Rotation]:
    """Where one is, then where one has been; what is still to come after that, the next first."""
    begun = [rotation for rotation in rotations if rotation.has_begun(today)]
    return [*reversed(begun), *(rotation for rotation in rotations if not rotation.has_begun(today))]


def _row(rotation: Rotation, today: date) -> Row:
    state = timeline.state_of(rotation, today)
    ratios = fill_ratio.of_rotation(rotation) if state in ("done", "now") else fill_ratio.Ratios(None, None)
    tallies = {tally.indicator: tally for tally in rotation.tallies.all()}
    return Row(
        rotation=rotation,
        state=state,
        spent=months.plain(months.two_decimals(rotation.months_until(today))),
        required=months.plain(rotation.required_months),
        indicators=[(label, tallies[kind]) for kind, label in SHORT_LABELS.items() if kind in tallies],
        filled=fill_ratio.shown(ratios.filled),
        approved=fill_ratio.shown(ratios.approved),
        waits=waiting.of(rotation, today),
    )
