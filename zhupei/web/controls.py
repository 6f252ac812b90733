"""The HTML of the plain controls, drawn in Python.

The same text as Django's own widget templates give; those cost more than half of the time of a
page with many selects (two templates for every option).
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """`` name="value"`` of each; a bare name for True, nothing for False."""
    shown = ((name, value) for name, value in attrs.items() if value is not False)
    return mark_safe(  # noqa: S308 - every part is escaped
        "".join(
            f" {conditional_escape(name)}"
            if value is True
            else f' {conditional_escape(name)}="{conditional_escape(value)}"'
            for name, value in shown
        )
    )


def box(widget: Mapping[str, Any]) -> SafeString:
    """``<input>`` of any type."""
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes(widget["attrs"])
    )


def select(widget: Mapping[str, Any]) -> SafeString:
    """``<select>`` with its options, grouped or not."""
    groups = mark_safe("".join(_group(name, options) for name, options, _ in widget["optgroups"]))  # noqa: S308
    return format_html('<select name="{}"{}>{}</select>', widget["name"], attributes(widget["attrs"]), groups)


def _group(name: str | None, options: list[Mapping[str, Any]]) -> str:
    shown = "".join(_option(option) for option in options)
    return f'<optgroup label="{conditional_escape(name)}">{shown}</optgroup>' if name else shown


def _option(option: Mapping[str, Any]) -> str:
    attrs = attributes(option["attrs"]) if option["attrs"] else ""
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{attrs}>{label}</option>'


DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    "django/forms/widgets/select.html": select,
    **{
        f"django/forms/widgets/{name}.html": box
        for name in ("input", "text", "email", "number", "date", "hidden", "checkbox")
    },
}
