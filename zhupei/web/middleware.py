from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import kept

Handler = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Handler) -> Handler:
    """No address of ours holds a NUL, and no database takes one: such a request is not understood."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
        return get_response(request)

    return middleware


def keep_what_was_typed(get_response: Handler) -> Handler:
    """A form sent after the session ended is kept, and forgotten once it was sent again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return get_response(request)
        was_signed_in = request.user.is_authenticated
        response = get_response(request)
        if not was_signed_in and _leads_to_sign_in(response):
            return kept.ask_to_sign_in(request)
        if was_signed_in and kept.KEPT in request.POST and _was_answered(response):
            kept.forget(request, response, request.POST[kept.KEPT])
        return response

    return middleware


def keep_pages_private(get_response: Handler) -> Handler:
    """No copy of a signed-in page or file in any cache: hospital PCs are shared."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def explain_wrong_method(get_response: Handler) -> Handler:
    """The address of a form, opened as a page, answers with a page: what to do, and that nothing was done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            allow = response.headers["Allow"]
            response = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = allow
        return response

    return middleware


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == HTTPStatus.FOUND and urlsplit(response.url).path == settings.LOGIN_URL  # type: ignore[attr-defined]


def _was_answered(response: HttpResponse) -> bool:
    """By the form's own view: carried out, or shown again with what is wrong (409, 422)."""
    shown_again = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    return response.status_code < HTTPStatus.BAD_REQUEST or response.status_code in shown_again
