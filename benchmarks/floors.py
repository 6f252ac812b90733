"""The floors: the least that a page, a write and an upload of this site could cost."""

import io
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from zhupei.audit.log import record
from zhupei.completion.models import Application
from zhupei.files import storage
from zhupei.imaging.encoding import BEST
from zhupei.notifications.models import Notice
from zhupei.web.http import SignedInRequest

READS, ROWS = 12, 60


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Signed in, in the full frame: 12 rows by primary key, a loop of 60 rows."""
    found = [Application.objects.get(pk=key) for key in request.GET.getlist("key")[:READS]]
    rows: list[dict[str, Any]] = [
        {"number": number, "application": found[number % READS]} for number in range(ROWS)
    ]
    return render(request, "benchmarks/floor.html", {"rows": rows})


@require_POST
def write(request: SignedInRequest) -> HttpResponse:
    """One row and one event in a transaction."""
    with transaction.atomic():
        notice = Notice.objects.create(recipient=request.user, text="floor", url="/")
        record("benchmarks.floor.written", notice, by=request.user)
    return redirect("/")


def upload(jpeg: bytes) -> str:
    """Decode, encode as the site does, and write durably."""
    image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    image.load()
    file = io.BytesIO()
    image.save(file, "JPEG", quality=BEST, optimize=True)
    return storage.put(file.getvalue())
