"""我的签名: written on the screen or photographed once; the signatures under a form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhupei.files import intake
from zhupei.files.downloads import picture_response
from zhupei.files.intake import Fitted
from zhupei.imaging import signature as ink
from zhupei.imaging.rules import Rejected
from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once
from zhupei.web.sent import refuse, status_of

from .. import actions, rules
from ..forms import SignatureForm
from ..models import Signing
from .exit_pages import seen, signature_of


@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: SignedInRequest) -> HttpResponse:
    """One's own, and another one instead; 404 for whoever signs nothing."""
    if not rules.may_keep_signature(request.user):
        raise Http404
    form = SignatureForm(request.POST, request.FILES) if request.method == "POST" else SignatureForm()
    if form.is_valid():
        try:
            fitted = _written(form)
            return once(request, lambda: _kept(request, fitted))
        except Rejected as rejected:
            for sentence in rejected.sentences:
                form.add_error("picture", sentence)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"stored": signature_of(request.user), "form": form}
    return render(request, "training/exits/signature.html", context, status=status_of(form))


@require_POST
def drop(request: SignedInRequest) -> HttpResponse:
    """Sign on paper again."""

    def dropped() -> str:
        try:
            actions.drop_signature(by=request.user)
            messages.success(request, "已停用存储签名，已经签过的表不受影响")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return reverse("exits:signature")

    if not rules.may_keep_signature(request.user):
        raise Http404
    return once(request, dropped)


@require_safe
def picture(request: SignedInRequest) -> FileResponse:
    """One's own."""
    stored = signature_of(request.user)
    if stored is None:
        raise Http404
    return picture_response(stored, small=False)


@require_safe
def signed(request: SignedInRequest, pk: UUID, signing: UUID) -> FileResponse:
    """The signature under a form, for whoever may read the form."""
    signings = Signing.objects.filter(rotation=seen(request.user, pk))
    found = get_object_or_404(signings.select_related("signature__picture"), pk=signing)
    return picture_response(found.signature, small=False)


def _written(form: SignatureForm) -> Fitted:
    """The ink of what was sent, stored. Raises ``Rejected``."""
    sent = intake.read(form.cleaned_data["picture"])
    return intake.keep(ink.cut_out(sent), ink.SIGNATURE, name="签名.png")


def _kept(request: SignedInRequest, fitted: Fitted) -> str:
    actions.keep_signature(fitted, by=request.user)
    messages.success(request, "签名已存入，填表时勾选“用我的存储签名”即可")
    return reverse("exits:signature")
