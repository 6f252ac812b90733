"""What every form of ours has in common: how its controls look, and that the page does the talking.

Takes effect through ``FORM_RENDERER = "zhupei.web.forms.Renderer"``.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Input
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .controls import DRAWN

UNBOXED = {"checkbox", "radio", "hidden"}  # input types that are not drawn as a box
DJANGOS_ROWS = "10"  # of a textarea nobody gave a height
ROWS = "4"  # ours


class LookedField(BoundField):
    """A field whose control wears our look wherever it is printed, be it ``{{ form.name }}`` in a table.

    It never carries ``required``: what is missing is said by the error summary, in our words,
    and not by a bubble of the browser. Where a form has no words of its own, those name the field.
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            verb = "未上传" if isinstance(field, forms.FileField) else "未填写"
            field.error_messages["required"] = f"{self.label}{verb}"

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if _is_boxed(widget):
            attrs.setdefault("class", widget.attrs.get("class", "input"))
        if isinstance(widget, DayInput):
            attrs.setdefault("data-size", "date")
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == DJANGOS_ROWS:
            attrs.setdefault("rows", ROWS)
        return attrs


class Renderer(DjangoTemplates):
    """Django's own renderer, with our fields; what is in ``controls`` needs no template."""

    bound_field_class = LookedField

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


class Tick(forms.CheckboxInput):
    """A checkbox that is sent when it is not ticked, too: a form may then be sent in parts."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        return format_html('<input type="hidden" name="{}" value="">{}', name, box)


class DayInput(forms.DateInput):
    """The browser's calendar. It wants ISO dates, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's calendar with a clock, to the second. It wants ISO, whatever the language of the page."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


def _is_boxed(widget: forms.Widget) -> bool:
    if isinstance(widget, Input):
        return widget.input_type not in UNBOXED
    return isinstance(widget, forms.Textarea | forms.Select)
