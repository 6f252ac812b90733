"""What a page does with a form that was sent: carry it out once, or show it again with the reasons."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from ..forms import TypedForm
from .exits import refuse


def carried_out(
    request: SignedInRequest, form: TypedForm, act: Callable[[], str]
) -> HttpResponseRedirect | None:
    """Do ``act`` if ``form`` is right, and go where it says; None: the form now says why not."""
    if form.is_valid():
        try:
            return once(request, act)
        except ValidationError as error:
            form.take(error)
        except Refused as refusal:
            refuse(form, refusal)
    return None
