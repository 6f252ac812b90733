from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Write an arriving file to a temporary one, and stop writing at the limit.

    The rest of a file that is too large is read and dropped, so that the browser gets an
    answer with a sentence instead of a broken connection; the file then arrives cut, with
    ``too_large`` set.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.FILE_UPLOAD_MAX_FILE:
            self.too_large = True
        else:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        file = super().file_complete(file_size)
        if file is not None:
            file.too_large = self.too_large  # type: ignore[attr-defined]
        return file


def leave_no_temporary_file(get_response: Handler) -> Handler:
    """Middleware: what was arriving when the connection broke is closed, and with that gone, at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return get_response(request)
        finally:
            for handler in request.upload_handlers:
                handler.upload_interrupted()

    return middleware
