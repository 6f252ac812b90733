"""公告 and the files of 下载中心: open to everybody."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import sheets
from ..models import Announcement

PAGE_SIZE = 20


@login_not_required
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """全部公告, the newest first."""
    published = Announcement.objects.published(timezone.now()).newest_first()
    page = Paginator(published, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "support/public/news.html", {"page": page})


@login_not_required
@require_safe
def announcement(request: HttpRequest, pk: UUID) -> HttpResponse:
    published = Announcement.objects.published(timezone.now()).select_related("issuer")
    context = {"announcement": get_object_or_404(published, pk=pk)}
    return render(request, "support/public/announcement.html", context)


@login_not_required
@require_safe
def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """A file of 下载中心, shown by the browser."""
    if name not in sheets.BY_NAME:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(sheets.pdf(name), content_type="application/pdf", headers=headers)
