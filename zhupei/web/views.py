"""What belongs to no app: what was kept of an ended session, answers to what was not understood, a probe."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhupei.lib import disk_space

from . import kept
from .actions import POSTS_KEPT
from .http import SignedInRequest

TOO_MUCH = {
    RequestDataTooBig: "填写的文字太长，超过了一次能收下的 1 MB",
    TooManyFieldsSent: "这次提交的项目太多",
    TooManyFilesSent: f"一次选的文件太多，每次请不超过 {settings.DATA_UPLOAD_MAX_NUMBER_FILES} 个",
}


@require_http_methods(["GET", "HEAD", "POST"])
def kept_post(request: SignedInRequest) -> HttpResponse:
    """What was typed when the session had ended, to be sent again; by POST: it is not wanted."""
    post = kept.of(request, timezone.now())
    if post is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        response = redirect(post.page)
        kept.forget(request, response, str(post.pk))
        messages.success(request, "已丢弃登录过期前填写的内容")
        return response
    typed = kept.contents(post)
    context = {
        "post": post,
        "kept_until": post.kept_at + POSTS_KEPT,
        "typed": typed,
        "legible": kept.legible(typed),
    }
    return render(request, "web/kept.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page that is too old: never carried out, but offered again to the same person."""
    is_own = request.user.is_authenticated and kept.owner_of(request) == request.user.pk
    if not request.user.is_authenticated and kept.owner_of(request):
        return kept.ask_to_sign_in(request)
    if "HX-Request" in request.headers:
        return _sentence_for_scripts(request, is_own=is_own)
    typed = kept.typed_in(request) if is_own else []
    context = {"path": request.get_full_path(), "typed": typed, "legible": kept.legible(typed)}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and what was too much if that was it."""
    sentence = next((words for kind, words in TOO_MUCH.items() if isinstance(exception, kind)), "")
    return render(request, "400.html", {"sentence": sentence}, status=HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; a full disk is said in a sentence (507): nothing was stored, and it is not the person's fault."""
    if disk_space.is_used_up(sys.exception()):
        return render_alone("507.html", HTTPStatus.INSUFFICIENT_STORAGE)
    return render_alone("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def render_alone(template: str, status: HTTPStatus) -> HttpResponse:
    """A page that asks nobody for anything: what would answer may be what is broken."""
    return HttpResponse(loader.get_template(template).render(), status=status)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Is the process there and does its database answer? Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _sentence_for_scripts(request: HttpRequest, *, is_own: bool) -> HttpResponse:
    """What our scripts show; with the new token if the page still is that of the person signed in."""
    words = "页面已过期，请再试一次" if is_own else "这个窗口已换人登录，请刷新页面"
    response = HttpResponse(words, status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8")
    if is_own:
        response.headers["X-CSRFToken"] = get_token(request)
    return response
