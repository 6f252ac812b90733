from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from zhupei.web.templatetags.zhupei import icon

from .. import places
from ..models import Application
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


ITEM_ICONS = {"done": "file", "changed": "delta", "missing": "missing", "later": "clock", "na": "none"}


@register.simple_tag
def item_icon(state: str) -> str:
    """The icon before an item of the reviewer's list."""
    return icon(ITEM_ICONS[state])


@register.filter
def clock(value: datetime) -> str:
    """Hours and minutes in Shanghai."""
    return f"{timezone.localtime(value):%H:%M}"
