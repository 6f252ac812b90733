"""What became of a form that was sent: carried out once, or shown again with the reasons."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect

from zhupei.lib.verdicts import Conflict, Refused

from .http import SignedInRequest
from .once import once


class Typed(Protocol):
    """A form that can show what the database would not have."""

    def is_valid(self) -> bool: ...
    def add_error(self, field: str | None, error: ValidationError | str) -> None: ...
    def take(self, error: ValidationError) -> None: ...


def carried_out(request: SignedInRequest, form: Typed, act: Callable[[], str]) -> HttpResponseRedirect | None:
    """Do ``act`` if ``form`` is right, and go where it says; None: the form now says why not."""
    if form.is_valid():
        try:
            return once(request, act)
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            refuse(form, refusal)
    return None


def refuse(form: forms.Form | Typed, refusal: Refused) -> None:
    """Every reason in words of its own; a conflict is told by its code (409)."""
    code = "conflict" if isinstance(refusal, Conflict) else "refused"
    for reason in refusal.verdict.items:
        form.add_error(None, ValidationError(reason.text, code=code))


def status_of(*sent: forms.Form | None, refusal: Refused | None = None) -> HTTPStatus:
    """200, 422 with what is wrong, 409 when somebody was faster. ``refusal``: one told outside a form."""
    wrong = [form for form in sent if form is not None and form.is_bound and form.errors]
    if isinstance(refusal, Conflict) or any(form.has_error("__all__", code="conflict") for form in wrong):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if wrong or refusal else HTTPStatus.OK
