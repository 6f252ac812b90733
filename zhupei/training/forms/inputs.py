"""The fields of our forms: what people type, in its normal form, with a sentence when it cannot be."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zhupei.lib import certificate_codes, email, phone, typed
from zhupei.web.forms import DayInput

PICK = ("", "请选择")
FIRST_YEAR = 1940  # nobody in training was born, graduated or licensed before
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
ABSURD = 2_000  # characters of one line; what is longer is refused unread


class Text(forms.CharField):
    """One line of text, without what cannot be seen or stored.

    Without a word for ``autocomplete`` the attribute is left out: with "off" the browser would
    forget what was typed when one goes back.
    """

    def __init__(self, label: str, *, longest: int, autocomplete: str = "", **kwargs: Any) -> None:
        too_long = f"{label}不超过 {longest} 个字，现在是 %(show_value)d 个"
        errors = {"max_length": too_long, "required": f"请填写{label}"}
        known_as = {"autocomplete": autocomplete} if autocomplete else {}
        widget = forms.TextInput(attrs={**known_as, **kwargs.pop("attrs", {})})
        kwargs = {"required": False, "error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, max_length=longest, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if len(text) > ABSURD:
            sentence = self.error_messages["max_length"] % {"show_value": len(text)}
            raise ValidationError(sentence, code="max_length")
        return " ".join(typed.clean(text).split())


class Number(Text):
    """A certificate's number: half-width, without spaces and dashes, upper case."""

    def to_python(self, value: Any) -> str:
        return certificate_codes.normalise(super().to_python(value))


class Phone(Text):
    def to_python(self, value: Any) -> str:
        return phone.normalise(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (problems := phone.problems(value)):
            raise ValidationError(problems)


class Email(Text):
    def to_python(self, value: Any) -> str:
        return email.normalise(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (problems := email.problems(value)):
            raise ValidationError(problems)


class Day(forms.DateField):
    """A date, however it was typed; ``ahead``: days after today up to which it may lie."""

    def __init__(self, label: str, *, ahead: int = 0, **kwargs: Any) -> None:
        self.ahead = timedelta(days=ahead)
        errors = {"invalid": f"{label}应像 2018-11-30", "required": f"请填写{label}"}
        kwargs = {"required": False, "error_messages": errors, "widget": DayInput, **kwargs}
        super().__init__(label=label, input_formats=DAY_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = "".join(typed.half_width(typed.clean(value)).split())
        return super().to_python(value)

    def problems(self, value: date, today: date) -> Iterator[str]:
        if value.year < FIRST_YEAR:
            yield f"{self.label}的年份是 {value.year}，请核对"
        elif value > today + self.ahead:
            yield f"{self.label}不能晚于今天" if not self.ahead else f"{self.label}太晚了，请核对"


class Choice(forms.ChoiceField):
    """One of a code list, or nothing yet."""

    def __init__(self, label: str, choices: Any, **kwargs: Any) -> None:
        errors = {"required": f"请选择{label}", "invalid_choice": f"请从列表中选择{label}"}
        kwargs = {"required": False, "error_messages": errors, **kwargs}
        super().__init__(label=label, choices=[PICK, *getattr(choices, "choices", choices)], **kwargs)


class YesNo(forms.TypedChoiceField):
    """是, 否, or not answered yet (None)."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs = {"error_messages": {"invalid_choice": "请选择“是”或“否”"}, "required": False, **kwargs}
        choices = [PICK, ("yes", "是"), ("no", "否")]
        super().__init__(
            label=label, choices=choices, coerce=lambda value: value == "yes", empty_value=None, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)
