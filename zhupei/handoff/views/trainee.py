"""On the PC: 用手机拍 shows a code, and what comes by it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, places, received, rules, tokens
from ..models import HandOff
from ..places import Place

LONGEST_PATH = 300  # characters


@require_POST
def open_document(request: SignedInRequest, kind: str) -> HttpResponse:
    """For a certificate."""
    return _open(request, places.of_document(request.user, kind))


@require_POST
def open_paper(request: SignedInRequest, pk: UUID, rotation: UUID, kind: str) -> HttpResponse:
    """For a signed paper of a rotation."""
    return _open(request, places.of_paper(request.user, pk, rotation, kind))


@require_safe
def code(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The code and what has come; by itself every few seconds, as long as something may come."""
    hand_off = get_object_or_404(HandOff.objects.visible_to(request.user).with_place(), pk=pk)
    place, address = places.of(hand_off), tokens.address_of(hand_off.pk)
    verdict = rules.may_use(hand_off, timezone.now())
    context = {
        "hand_off": hand_off,
        "place": place,
        "verdict": verdict,
        "again_url": _address_to_open(place, hand_off.back),
        "pages": received.views_of(received.pages_of(hand_off), place),
    }
    if request.htmx:
        return render(request, "handoff/trainee/parts/received.html", context)
    if verdict:
        context |= {"address": address, "drawn": _drawn(address)}
    return render(request, "handoff/trainee/code.html", context)


@require_POST
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """停用."""
    hand_off = get_object_or_404(HandOff.objects.visible_to(request.user).with_place(), pk=pk)
    return once(request, lambda: _end(request, hand_off))


def _end(request: SignedInRequest, hand_off: HandOff) -> str:
    actions.end(hand_off, by=request.user)
    messages.success(request, "二维码已停用")
    return hand_off.back


def _open(request: SignedInRequest, place: Place) -> HttpResponse:
    try:
        hand_off = actions.open_to_phone(place, back=_back(request, place))
    except Refused as refusal:
        messages.error(request, f"{place.name}：{refusal}")
        return redirect(_back(request, place))
    return redirect("handoff:code", hand_off.pk)


def _back(request: SignedInRequest, place: Place) -> str:
    """Where one came from, if that is a page of ours: certificates stand on two."""
    target = request.GET.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours and len(target) <= LONGEST_PATH else place.back_url


def _address_to_open(place: Place, back: str) -> str:
    if place.application is None or place.rotation is None:
        address = reverse("handoff:document", args=[place.kind])
    else:
        address = reverse("handoff:paper", args=[place.application.pk, place.rotation.pk, place.kind])
    return f"{address}?{urlencode({'next': back})}"


def _drawn(address: str) -> SafeString:
    """The QR code as SVG; drawn by us of an address of ours."""
    made = segno.make(address, error="m", micro=False)
    return SafeString(made.svg_inline(omitsize=True, border=4, dark="#000", light="#fff"))
