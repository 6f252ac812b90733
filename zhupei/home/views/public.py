"""The portal: open to everybody (第一步)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.completion.models import Season
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation


@login_not_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    bases = (
        Organisation.objects.filter(level=Level.BASE)
        .select_related("parent")
        .order_by("parent__code", "code")
    )
    context = {"season": Season.objects.running(now).first(), "bases": bases, "now": now}
    return render(request, "home/public/portal.html", context)
