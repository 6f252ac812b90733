from typing import Protocol

from django.http import FileResponse, Http404

from . import storage
from .models import Picture


class Pictured(Protocol):
    """A page, or whatever else has a picture."""

    @property
    def picture(self) -> Picture: ...


def picture_response(page: Pictured, *, small: bool = False) -> FileResponse:
    """The page's picture (or its thumbnail) as a JPG; the caller has checked the permission."""
    address = page.picture.thumbnail if small else page.picture.address
    try:
        file = storage.path_of(address).open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return response
