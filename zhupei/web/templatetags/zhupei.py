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
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhupei.lib import id_number
from zhupei.lib.verdicts import ALLOWED, Verdict

from .. import kept
from ..looks import MESSAGE_TONES, STAGE_ICONS, STATES, TONE_ICONS
from ..once import FIELD

KIB = 1024  # bytes; the notices' "K"
MIB = 1024 * KIB
CSRF_INPUTS = "zhupei.csrf_inputs"  # in request.META

UPLOAD = (
    '<form class="upload" method="post" action="{url}" enctype="multipart/form-data" data-upload>'
    '{csrf}<input type="hidden" name="mode" value="{mode}">{back}'
    '<label class="button uploadarrow filebutton" data-size="small">{icon}{text}'
    '<span class="vh">{name}</span>'
    '<input class="vh" type="file" name="pictures" accept="{accept}"{several} required></label>'
    '<button class="button" data-size="small">提交选好的文件<span class="vh">：{name}</span></button></form>'
)

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


@register.simple_tag(name="must")
@cache
def must_mark() -> SafeString:
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


@register.simple_tag
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
) -> SafeString:
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
    must = bound.field.required if must is None else must
    aside = mark("missing") if missing and not aside else aside
    kind, control = _kind(bound, scale=scale), bound.as_widget(attrs=attrs)
    if kind in ("box", "password"):  # nine in ten; 个人中心 has forty
        words, boxed = (
            field_words(bound, doubts),
            _revealing(bound, control) if kind == "password" else control,
        )
        return _labelled(bound, words, boxed, must=must, aside=aside, span=span)
    parts = {
        "field": bound,
        "kind": kind,
        "control": control,
        "must": must,
        "aside": aside,
        "span": span,
        "doubts": doubts,
    }
    return SafeString(render_to_string("web/parts/field.html", parts))


def _labelled(
    field: BoundField, words: SafeString, control: SafeString, *, must: bool, aside: str, span: str
) -> SafeString:
    """A control with its label above and the words between them."""
    label = format_html(
        '<label for="{}">{}{}</label>', field.id_for_label, field.label, must_mark() if must else ""
    )
    return format_html(
        '<div class="field"{}>{}{}{}</div>',
        format_html(' data-span="{}"', span) if span else "",
        format_html('<div class="labelrow">{}{}</div>', label, aside) if aside else label,
        words,
        control,
    )


def _revealing(field: BoundField, control: SafeString) -> SafeString:
    """A password that may be looked at while it is typed (js/reveal.js shows the button)."""
    return format_html(
        '<div class="reveal">{}<button class="button" type="button" aria-pressed="false"'
        ' aria-controls="{}" hidden>显示</button></div>',
        control,
        field.id_for_label,
    )


@register.simple_tag
def field_words(field: BoundField, doubts: Sequence[str] = ()) -> SafeString:
    """What stands between the label of a field and its control: the hint, the errors, the doubts."""
    name, hint = field.auto_id, field.help_text
    said = (
        format_html('<p class="hint" id="{}_helptext">{}</p>', name, hint) if hint else "",
        _sentences(f"{name}_error", "error", "bad", field.errors),
        _sentences(f"{name}_doubt", "doubt", "warn", doubts),
    )
    return format_html("{}{}{}", *said)


def _sentences(name: str, kind: str, symbol: str, texts: Sequence[object]) -> SafeString:
    if not texts:
        return SafeString("")
    rows = format_html_join("", '<p class="{}">{}{}</p>', ((kind, icon(symbol), text) for text in texts))
    return format_html('<div id="{}">{}</div>', name, rows)


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
def upload(context: Context, slot: Any, mode: str, text: str) -> SafeString:
    """One upload form of a slot: ``{% upload slot "replace" "重新上传" %}``; ``mode`` is add or replace.

    Its plain submit shows once a file is chosen (site.css), scripts or not. Drawn here: a page of
    materials has fifty.
    """
    back = format_html('<input type="hidden" name="next" value="{}">', slot.next_url) if slot.next_url else ""
    return format_html(
        UPLOAD,
        url=slot.upload_url,
        csrf=csrf_token(context),
        mode=mode,
        back=back,
        icon=icon("up"),
        text=text,
        name=slot.name,
        accept=slot.accept,
        several="" if slot.single else SafeString(" multiple"),
    )


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
