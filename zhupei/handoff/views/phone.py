"""On the phone: no sign-in, no other page, nothing to see but what was just sent."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhupei.files.intake import hand_over
from zhupei.imaging.looking import inspector
from zhupei.imaging.rules import PAPER
from zhupei.lib.verdicts import Refused

from .. import actions, places, received, rules, tokens
from ..models import HandOff


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The camera, and how each picture was. A token nobody made looks like no page (404)."""
    hand_off = _found(token)
    if request.method != "POST":
        return _answer(request, token, hand_off, [])
    problems = _lay(request, hand_off)
    if problems or _is_our_script(request):
        return _answer(request, token, _found(token), problems)
    return redirect("handoff:phone", token)


@login_not_required
@never_cache
@require_POST
def done(request: HttpRequest, token: str) -> HttpResponse:
    """完成: the code ends."""
    actions.end(_found(token), by=None)
    return redirect("handoff:phone", token)


def _lay(request: HttpRequest, hand_off: HandOff) -> list[str]:
    """Lay the good files; what was wrong comes back as sentences."""
    try:
        actions.try_once(hand_off)
    except Refused as refusal:
        return [str(refusal)]
    return hand_over(
        request.FILES.getlist("pictures"),
        PAPER,
        places.of(hand_off).verdict(timezone.now()),
        lambda fitted: actions.lay(hand_off, fitted, replace=request.POST.get("mode") == "replace"),
        inspector("document"),
    )


def _answer(request: HttpRequest, token: str, hand_off: HandOff, problems: list[str]) -> HttpResponse:
    """The whole page, or for our script the place alone."""
    place, verdict = places.of(hand_off), rules.may_use(hand_off, timezone.now())
    context = {
        "token": token,
        "hand_off": hand_off,
        "place": place,
        "standing": place.standing(),
        "verdict": verdict and place.verdict(timezone.now()),
        "sent": received.pages_of(hand_off),
        "problems": problems,
        "owner": _hinted(hand_off.owner.full_name),
    }
    template = "handoff/phone/parts/place.html" if _is_our_script(request) else "handoff/phone/page.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, template, context, status=status)


def _found(token: str) -> HandOff:
    return get_object_or_404(HandOff.objects.with_place(), digest=tokens.digest(token))


def _is_our_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _hinted(name: str) -> str:
    """沈**: enough for the owner to see that it is the own page."""
    return name[:1] + "*" * (len(name) - 1)
