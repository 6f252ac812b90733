"""The answer to 重置密码 at every desk: the code, shown once, as a slip to print."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from zhupei.accounts.actions import CODE_LIFETIME
from zhupei.accounts.models import User
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once


@sensitive_variables()
def hand_out(request: SignedInRequest, person: User, act: Callable[[], str], *, back: str) -> HttpResponse:
    """Reset by ``act`` and show the code; the same form sent again shows none and makes none.

    The code stands in this answer only: in no message, no address, no session.
    """
    codes: list[str] = []

    def deed() -> str:
        codes.append(act())
        return back

    again = once(request, deed)
    if not codes:
        messages.warning(request, f"{person}的密码刚才已重置，代码只显示一次。没有记下的，请再重置一次")
        return again
    context = {
        "person": person,
        "code": codes[0],
        "expires_at": timezone.now() + CODE_LIFETIME,
        "site_url": settings.SITE_URL,
        "back": back,
    }
    return render(request, "administration/parts/slip.html", context)
