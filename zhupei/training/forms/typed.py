"""What our forms have in common."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from zhupei.accounts.models import User

from .inputs import Day

FIELD_OF_CONSTRAINT = {
    "one_person_per_phone": "phone",
    "one_person_per_email": "email",
    "one_person_per_id_number": "id_number",
}


class TypedForm(forms.Form):
    """A form of ours: dates are sensible as of ``today``, an action's refusal lands at its field."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, Day) and data.get(name):
                for problem in field.problems(data[name], self.today):
                    self.add_error(name, problem)
        return self.cleaned_data

    def take(self, error: ValidationError) -> None:
        """Show what the database would not have, each sentence at its field."""
        for key, errors in error.update_error_dict({}).items():
            for message in ValidationError(errors).messages:
                self.add_error(self.place_of(key, message), message)

    def place_of(self, key: str, message: str) -> str | None:
        """The field that ``message`` speaks of; None: the form as a whole."""
        if key in self.fields:
            return key
        for constraint in User._meta.constraints:
            if constraint.violation_error_message == message:
                return FIELD_OF_CONSTRAINT.get(constraint.name)
        return None


class PartForm(TypedForm):
    """A form that may be sent in parts, and stores what is right even if something else is wrong.

    ``sent`` are the names of the fields that came; the others count as they are stored (``initial``).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: set[str] = set()  # sent, without an error, but at odds with one that has
        self.sent: list[str] = []

    def settle(self) -> None:
        """Note what came, and complete it from what is stored; called last in ``__init__``."""
        if self.is_bound:
            keys = {name: self.add_prefix(name) for name in self.fields}
            self.sent = [name for name, key in keys.items() if key in self.data]
            stored = {key: _as_typed(self.fields[name], self._stored(name)) for name, key in keys.items()}
            self.data = {**stored, **{key: self.data[key] for key in self.data}}

    def full_clean(self) -> None:
        """Only what was sent can be wrong: what is stored was accepted before."""
        super().full_clean()
        if self.is_bound:
            for name in self.errors.keys() - {*self.sent, NON_FIELD_ERRORS}:
                del self.errors[name]

    @property
    def unsaved(self) -> set[str]:
        """What was sent and could not be stored."""
        return set(self.sent) if self.non_field_errors() else self.held | self.errors.keys()

    def values(self) -> dict[str, Any]:
        """What was sent and is right."""
        unsaved = self.unsaved
        right = [name for name in self.sent if name in self.cleaned_data and name not in unsaved]
        return {name: self.cleaned_data[name] for name in right}

    def store(self, save: Callable[..., object]) -> bool:
        """``save`` what is right, without what the database would not have; whether all was saved."""
        while values := self.values():
            try:
                save(**values)
            except ValidationError as error:
                self.take(error)  # fewer values remain
            else:
                self._show(values)
                break
        return not self.unsaved

    def place_of(self, key: str, message: str) -> str | None:
        """Only a field that was sent: elsewhere nobody would look."""
        name = super().place_of(key, message)
        return name if name in self.sent else None

    def disagree(self, sentence: str, *names: str) -> None:
        """The fields ``names`` contradict each other: said at the first that was sent, none is saved."""
        sent = [name for name in names if name in self.sent]
        if sent:
            self.add_error(sent[0], sentence)
            self.held.update(sent)

    def in_order(self, earlier: str, later: str, sentence: str) -> None:
        """``sentence`` at the later of two dates if it lies before the earlier."""
        first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
        if first and second and second < first:
            self.disagree(sentence, later, earlier)

    def now(self, name: str) -> Any:
        """The value of a field as typed, or as stored where nothing came or it is wrong."""
        return self.cleaned_data.get(name, self._stored(name)) if self.is_bound else self._stored(name)

    def doubts(self) -> dict[str, list[str]]:
        """What is kept, but should be looked at again: sentences by field."""
        return {}

    def _show(self, values: dict[str, Any]) -> None:
        """From now on the form shows what was stored, in its normal form."""
        stored = {self.add_prefix(name): _as_typed(self.fields[name], values[name]) for name in values}
        self.data = {**self.data, **stored}

    def _stored(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)


def _as_typed(field: forms.Field, value: Any) -> str:
    """A stored value as the browser would send it."""
    value = field.prepare_value(value)
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
