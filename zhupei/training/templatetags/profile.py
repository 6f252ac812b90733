"""The rows of 个人中心, drawn in Python: the page has sixty."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhupei.web.templatetags.zhupei import field, icon, mark, must_mark

from ..views.rows import Kept, Row, Typed

register = template.Library()

KEPT = (
    '<div class="field"><div class="labelrow"><b>{label}{must}</b>{who}</div>'
    '<div class="kept" id="id_{key}"><span>{value}</span>{asked}</div></div>'
)


@register.simple_tag
def profile_row(row: Row) -> SafeString:
    """A field of a form, or the text that somebody else keeps: ``{% profile_row row %}``."""
    return _typed(row) if isinstance(row, Typed) else _kept(row)


def _typed(row: Typed) -> SafeString:
    return field(
        row.field, must=row.must, missing=row.missing, aside=row.aside, size=row.size, doubts=row.doubts
    )


def _kept(row: Kept) -> SafeString:
    who = format_html('<span class="mark">{}{}</span>', icon("lock"), row.by)
    asked = format_html('<a href="#change">申请修改<span class="vh">：{}</span></a>', row.label)
    return format_html(
        KEPT,
        label=row.label,
        must=must_mark() if row.must else "",
        who=who if row.value else mark("missing"),
        key=row.key,
        value=row.value or "未填写，由基地填写",
        asked=asked if row.can_be_asked_for else "",
    )
