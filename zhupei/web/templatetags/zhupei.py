"""The words of our templates. Loaded everywhere (TEMPLATES → builtins)."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhupei.lib import id_number
from zhupei.lib.verdicts import ALLOWED, Verdict

from .. import kept
from ..looks import MESSAGE_TONES, STAGE_ICONS, STATES, TONE_ICONS
from ..once import FIELD

KIB = 1024  # bytes; the notices' "K"
MIB = 1024 * KIB
CSRF_INPUTS = "zhupei.csrf_inputs"  # in request.META

register = template.Library()


# --- Icons and states --------------------------------------------------------------------


@register.simple_tag
@cache  # a page has up to a hundred, of two dozen kinds
def icon(name: str) -> SafeString:
    """A picture beside a word; it says nothing by itself."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("web/icons.svg"), name
    )


@register.simple_tag
def stage(value: str, text: str, *, tag: bool = False) -> SafeString:
    """Where an application stands: ``{% stage it.stage it.get_stage_display tag=True %}``."""
    return _status("stage", value, STAGE_ICONS[value], text, tag=tag)


@register.simple_tag
def state(value: str, text: str = "", *, tag: bool = False) -> SafeString:
    """Any other state: ``{% state "missing" %}``, ``{% state "ok" "合格 · 2 页" %}``."""
    symbol, word = STATES[value]
    return _status("state", value, symbol, text or word, tag=tag)


@register.simple_tag
def state_icon(value: str) -> SafeString:
    """Only the icon of a state, where the word stands elsewhere."""
    return icon(STATES[value][0])


@register.simple_tag
@lru_cache(maxsize=500)
def mark(value: str, text: str = "") -> SafeString:
    """A state at the right of a field's label: ``{% mark "warning" "低于 80%" as low %}``."""
    symbol, word = STATES[value]
    return format_html('<span class="mark" data-state="{}">{}{}</span>', value, icon(symbol), text or word)


@register.simple_tag
@cache
def must() -> SafeString:
    """The mark of what must be there before an application is handed in."""
    return format_html(
        '<span class="must"><span aria-hidden="true">{}</span><span class="vh">{}</span></span>', "●", "必填"
    )


@register.simple_block_tag
def note(content: str, tone: str = "brand", role: str = "") -> SafeString:
    """A framed remark: ``{% note "wait" %}<p>…</p>{% endnote %}``."""
    return format_html(
        '<div class="note" data-tone="{}"{}>{}<div>{}</div></div>',
        tone,
        format_html(' role="{}"', role) if role else "",
        icon(TONE_ICONS[tone]),
        content,
    )


@register.simple_tag
def message_note(message: Message) -> SafeString:
    """A message of django.contrib.messages as a note that is read out."""
    tone = MESSAGE_TONES[message.level_tag]
    role = "alert" if tone in ("bad", "wait") else "status"
    return note(format_html("<p>{}</p>", message), tone, role)


@lru_cache(maxsize=500)  # a list says the same few things in every row
def _status(kind: str, value: str, symbol: str, text: str, *, tag: bool) -> SafeString:
    return format_html(
        '<span class="status" data-{}="{}"{}>{}{}</span>',
        kind,
        value,
        SafeString(' data-kind="tag"') if tag else "",
        icon(symbol),
        text,
    )


# --- Forms -----------------------------------------------------------------------------------


@register.inclusion_tag("web/parts/field.html")
def field(
    bound: BoundField,
    *,
    must: bool | None = None,
    size: str = "",
    missing: bool = False,
    aside: str = "",
    scale: bool = False,
    span: str = "",
    doubts: Sequence[str] = (),
) -> dict[str, object]:
    """A field with its label, hint and errors: ``{% field form.phone must=True size="id" %}``.

    ``must`` defaults to the field's ``required``. ``missing`` says 未填写 beside the label;
    ``aside`` is any HTML there (a ``mark``, a link). ``scale`` joins radio buttons to a 等级.
    ``size`` is one of id, date, code, count. ``doubts`` are sentences that do not refuse.
    """
    attrs: dict[str, Any] = {}
    if size:
        attrs["data-size"] = size
    if missing:
        attrs["data-state"] = "missing"
    described_by = [bound.aria_describedby, f"{bound.auto_id}_doubt" if doubts else ""]
    if any(described_by):
        attrs["aria-describedby"] = " ".join(filter(None, described_by))
    return {
        "field": bound,
        "kind": _kind(bound, scale=scale),
        "control": bound.as_widget(attrs=attrs),
        "must": bound.field.required if must is None else must,
        "aside": mark("missing") if missing and not aside else aside,
        "span": span,
        "doubts": doubts,
    }


@register.inclusion_tag("web/parts/error_summary.html")
def error_summary(*forms: forms.BaseForm, title: str = "") -> dict[str, object]:
    """What is wrong, on top of the page, with the very words that stand at the fields."""
    errors = [error for form in forms for error in _errors(form)]
    return {"errors": errors, "title": title or f"有 {len(errors)} 处需要更正"}


@register.inclusion_tag("web/parts/act.html")
def act(
    label: str,
    verdict: Verdict = ALLOWED,
    *,
    kind: str = "",
    size: str = "",
    name: str = "",
    value: str = "",
    symbol: str = "",
    id: str = "",  # noqa: A002 - the HTML attribute
    hidden: str = "",
) -> dict[str, object]:
    """A submit button that stays when it may not be pressed, with the reasons under it.

    ``{% act "提交申请" may_submit kind="primary" %}``. ``symbol`` is an icon, ``hidden`` what
    only a screen reader needs ("领取" + "沈知远"). Give ``id`` where a page has several.
    """
    return {
        "label": label,
        "verdict": verdict,
        "kind": kind,
        "size": size,
        "name": name,
        "value": value,
        "symbol": symbol,
        "hidden": hidden,
        "why": f"why-{id or name or 'not'}",
    }


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's token, and whose page this is (see ``web.kept``)."""
    request = context.get("request")
    if request is None:
        return SafeString(CsrfTokenNode().render(context))
    if CSRF_INPUTS not in request.META:  # beside Django's own secret: a page has up to seventy forms
        request.META[CSRF_INPUTS] = _csrf_inputs(context, getattr(request, "user", None))
    inputs: SafeString = request.META[CSRF_INPUTS]
    return inputs


def _csrf_inputs(context: Context, user: Any) -> SafeString:
    token = SafeString(CsrfTokenNode().render(context))
    if user is None or not user.is_authenticated:
        return token
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, kept.WHOSE, kept.mark_of(user))


@register.simple_tag(takes_context=True)
def kept_note(context: Context) -> SafeString | str:
    """What was typed when the session ended still waits, and this is not its page."""
    request = context.get("request")
    if request is None or request.path == reverse("kept") or not kept.waits_for(request):
        return ""
    link = format_html('<p>登录过期前填写的内容还在：<a href="{}">查看并继续提交</a></p>', reverse("kept"))
    return note(link, "wait", "status")


@register.simple_tag
def attempt() -> SafeString:
    """The number of this form, so that sending it twice does its deed once (see ``web.once``)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(18))


def _kind(bound: BoundField, *, scale: bool) -> str:
    """Which of the shapes of web/parts/field.html a field has."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect):  # and, by inheritance, CheckboxSelectMultiple
        return "scale" if scale else "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    return "password" if isinstance(widget, forms.PasswordInput) else "box"


def _errors(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    for text in form.non_field_errors():
        yield {"text": str(text), "target": ""}
    for bound in form:
        target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label
        for text in bound.errors:
            yield {"text": str(text), "target": "" if bound.is_hidden else target}


# --- Times, sizes, numbers -----------------------------------------------------------------------


@register.filter
def moment(value: datetime | None) -> str:
    """2026-03-18 14:05, in the site's time zone."""
    return _time(value, "%Y-%m-%d %H:%M")


@register.filter
def moment_seconds(value: datetime | None) -> str:
    """2026-03-18 14:05:12, for deadlines and receipts."""
    return _time(value, "%Y-%m-%d %H:%M:%S")


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-03-18; of a moment, the day it has in the site's time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


@register.filter
def countdown(deadline: datetime, now: datetime) -> str:
    """What is left: 9 天 9 小时 54 分; js/countdown.js ticks on with the same words."""
    minutes = (deadline - now).total_seconds() // 60
    if deadline < now:
        return "已截止"
    days, hours, minutes = int(minutes // 1440), int(minutes // 60 % 24), int(minutes % 60)
    if days:
        return f"{days} 天 {hours} 小时 {minutes} 分"
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分" if minutes else "不到 1 分"


@register.filter
def kib(size: int) -> str:
    """598 KB from bytes, rounded up: what is over a limit must not read as if it kept it."""
    return f"{size / MIB:.1f} MB" if size >= MIB else f"{-(-size // KIB)} KB"


@register.filter
def mask_id(number: str) -> str:
    """4201**********4515."""
    return id_number.mask(number)


def _time(value: datetime | None, layout: str) -> str:
    if value is None:
        return ""
    local = timezone.localtime(value)
    return SafeString(  # digits: nothing to escape
        f'<time datetime="{local.isoformat()}" class="nowrap">{local.strftime(layout)}</time>'
    )
