"""One's own notices."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhupei.web.http import SignedInRequest

from .. import actions
from ..models import Notice

SHOWN = 100  # the newest; older ones stay in the log


@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    found = Notice.objects.visible_to(request.user).newest_first()[:SHOWN]
    return render(request, "notifications/person/notices.html", {"notices": found})


@require_POST
def mark_read(request: SignedInRequest) -> HttpResponse:
    actions.mark_read(request.user)
    return redirect("notifications:notices")
