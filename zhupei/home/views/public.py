"""The portal and the guide: open to everybody (第一步)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
from zhupei.support.models import Announcement
from zhupei.support.sheets import SHEETS
from zhupei.training.models import Enrolment

from .. import calendar, guide, phones

NEWS = 5  # as many as fit beside 下载中心
TRACK_NAMES = {"西医": "西医住培平台", "中医": "中医住培平台", "助理全科": "助理全科住培平台"}


@login_not_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    season = calendar.season_to_show(now)
    context = {
        "tracks": _tracks(),
        "standing": calendar.standing(season, now),
        "steps": calendar.steps(season, now),
        "news": Announcement.objects.published(now).newest_first()[:NEWS],
        "files": _files(),
        "bases": Organisation.objects.filter(level=Level.BASE)
        .select_related("parent")
        .order_by("parent__code", "code"),
    }
    return render(request, "home/public/portal.html", context)


@login_not_required
@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """下载中心: 全部文件."""
    return render(request, "home/public/downloads.html", {"files": _files()})


@login_not_required
@require_safe
def show_guide(request: HttpRequest) -> HttpResponse:
    """操作指南, in the frame of whoever reads it."""
    context = {
        "frame": "web/base.html" if request.user.is_authenticated else "web/public.html",
        "title": guide.TITLE,
        "way": guide.WAY,
        "steps": guide.told(phones.service_phones()),
        "questions": guide.asked(),
        "changes": guide.CHANGES,
        "is_trainee": request.user.is_authenticated and Enrolment.objects.filter(user=request.user).exists(),
    }
    return render(request, "home/public/guide.html", context)


@login_not_required
@require_safe
def guide_pdf(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'inline; filename="guide.pdf"'}
    return HttpResponse(_guide_pdf(), content_type="application/pdf", headers=headers)


def _tracks() -> list[dict[str, object]]:
    """The doors: those of the setting are open, the first of them is the widest."""
    lead = settings.TRACKS[0]
    return [
        {"name": name, "is_open": track in settings.TRACKS, "is_lead": track == lead}
        for track, name in TRACK_NAMES.items()
    ]


def _guide_pdf() -> bytes:
    return guide.pdf(tuple((phone["label"], phone["number"]) for phone in phones.service_phones()))


def _files() -> list[dict[str, object]]:
    """下载中心, the guide first; sizes in bytes."""
    ours = {
        "title": "线上结业审核流程（操作指南）",
        "url": reverse("home:guide_pdf"),
        "size": len(_guide_pdf()),
    }
    return [ours, *({"title": sheet.title, "url": sheet.url, "size": sheet.size} for sheet in SHEETS)]
