"""Double clicks, two tabs and lost answers are normal: a form is carried out once."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from zhupei.lib.verdicts import Refused

from .http import SignedInRequest
from .models import Attempt

FIELD = "attempt"  # the hidden input that {% attempt %} writes


def once(request: SignedInRequest, act: Callable[[], str]) -> HttpResponseRedirect:
    """Carry out ``act`` and go where it says; a repeated form only goes there again.

    ``act`` runs in one transaction with the row that remembers the answer. Whatever it
    raises passes through, unless the same form was answered meanwhile.
    """
    key = request.POST.get(FIELD, "").replace("\0", "")[:64]
    if answered := _answer(request, key):
        return redirect(answered)
    try:
        with transaction.atomic():
            location = act()
            if key:
                Attempt.objects.create(user=request.user, key=key, location=location)
    except (Refused, IntegrityError):
        if answered := _answer(request, key):
            return redirect(answered)
        raise
    return redirect(location)


def _answer(request: SignedInRequest, key: str) -> str | None:
    if not key:
        return None
    return Attempt.objects.filter(user=request.user, key=key).values_list("location", flat=True).first()
