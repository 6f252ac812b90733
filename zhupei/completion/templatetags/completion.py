import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from zhupei.training.choices import DocumentKind
from zhupei.web.templatetags.zhupei import icon

from .. import places
from ..fixes import Fix, FixList
from ..items import PAPER
from ..models import Application, Pointed
from ..queue import Filters

register = template.Library()

LONG = 3  # days


@register.simple_tag
def place(application: Application, key: str) -> str:
    """The address where the field ``key`` is filled in."""
    return places.of_field(application, key)


@register.simple_tag
def view_address(filters: Filters, view: str) -> str:
    """The address of the queue with the same filters and another view."""
    return filters.address(view=view)


@register.filter
def waiting(since: datetime, today: date) -> str:
    """How long somebody has been waiting, in days; today (or later: the clock was put back) in words."""
    days = (today - timezone.localdate(since)).days
    return f"{days} 天" if days > 0 else "今天"


@register.filter
def is_long(since: datetime | None, today: date) -> bool:
    """Whether somebody has been waiting for days enough to be seen."""
    return since is not None and (today - timezone.localdate(since)).days >= LONG


@register.simple_tag
def now_is(changed: dict[str, str], key: str) -> str:
    """The live value of a frozen figure, small and quiet; nothing where it is still the same."""
    return (
        format_html(' <span class="small quiet">现为 {}</span>', changed[key])
        if key in (changed or {})
        else ""
    )


ITEM_ICONS = {
    "done": "file",
    "changed": "delta",
    "finding": "flag",
    "missing": "missing",
    "later": "clock",
    "na": "none",
}


@register.simple_tag
def item_icon(state: str) -> str:
    """The icon before an item of the reviewer's list."""
    return icon(ITEM_ICONS[state])


@register.filter
def clock(value: datetime) -> str:
    """Hours and minutes in Shanghai."""
    return f"{timezone.localtime(value):%H:%M}"


@register.simple_tag
def fixes_at(fixes: FixList, kind: str, key: str) -> list[Fix]:
    """What is to be mended at the field ("field:") or the upload place ("paper:") called ``key``."""
    if kind == PAPER:
        key = DocumentKind.PORTRAIT if key == "photo" else SLOT_OF_A_PAPER.sub(r"\1:\2", key)
    return fixes.at(f"{kind}{key}")


SLOT_OF_A_PAPER = re.compile(r"^([0-9a-f-]{36})-(\w+)$")  # as the page of the materials names it

WIDE = 1000  # units of the drawing over a picture, across


@register.simple_tag
def marked(finding: Pointed) -> str:
    """The box of one finding over its picture."""
    if finding.page is None:
        return ""
    picture = finding.page.picture
    size = {"page": str(finding.page_id), "width": picture.width, "height": picture.height}
    return boxes(size, [finding])


@register.simple_tag
def boxes(image: Mapping[str, Any], findings: Sequence[Pointed]) -> str:
    """The boxes of those ``findings`` that lie in this picture, numbered as in their list."""
    tall = round(WIDE * image["height"] / image["width"])
    here = [
        (number, finding.box)
        for number, finding in enumerate(findings, start=1)
        if finding.box and str(finding.page_id) == image["page"]
    ]
    if not here:
        return ""
    shapes = format_html_join("", BOX, (_edges(number, box, tall) for number, box in here))
    return format_html('<svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', WIDE, tall, shapes)


BOX = (
    '<rect x="{0}" y="{1}" width="{2}" height="{3}"/>'
    '<rect class="flag" x="{0}" y="{4}" width="40" height="34"/><text x="{5}" y="{6}">{7}</text>'
)


def _edges(number: int, box: tuple[float, float, float, float], tall: int) -> tuple[int, ...]:
    left, top, right, bottom = (round(edge * size) for edge, size in zip(box, (WIDE, tall) * 2, strict=True))
    above = max(top - 34, 0)
    return left, top, right - left, bottom - top, above, left + 12, above + 26, number
