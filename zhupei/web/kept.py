"""Nothing typed is lost when a session has ended.

Every form says whose page it was (``whose``, signed, written by ``{% csrf_token %}``). What was sent
with it after the session ended is kept sealed, and offered again to the same person: never carried
out by itself, never files, never passwords. A cookie says where it lies; both last half an hour.
"""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zhupei.accounts.models import User

from . import actions, once
from .models import KeptPost

WHOSE = "whose"  # the hidden input that {% csrf_token %} writes
KEPT = "kept"  # the hidden input of a form that is offered again
LARGEST = 256 * 1024  # bytes of typed text
LONGEST_PATH = 500  # characters
CSRF = "csrfmiddlewaretoken"
SECRET = {"password", "old", "new", "again"}  # a form with one of these is not kept
PLUMBING = {CSRF, WHOSE, KEPT}  # written anew when the form is offered again
DECIDED = {"pass": "通过", "fail": "不通过"}  # values of the buttons of a decision
EXPIRED = "登录已过期，请在新窗口重新登录，再回到这里继续"
Typed = list[tuple[str, str]]

_page_of = signing.Signer(salt="zhupei.web.kept.whose")


def mark_of(user: User) -> str:
    """What a form of ``user``'s pages carries in ``whose``; nobody else can make it."""
    return _page_of.sign(user.pk.hex)


def owner_of(request: HttpRequest) -> UUID | None:
    """Whose page the form that was sent stood on; None: no page of ours, or it broke off on its way."""
    try:
        return UUID(_page_of.unsign(request.POST.get(WHOSE, "")))
    except (signing.BadSignature, ValueError, UnreadablePostError):
        return None


def typed_in(request: HttpRequest) -> Typed:
    """What can be offered again; nothing if it is secret, a file, too long, or only a button."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [(name, value) for name, value in sent if name not in PLUMBING]
    if request.FILES or SECRET & request.POST.keys() or not request.POST.keys() - PLUMBING - {once.FIELD}:
        return []
    return typed if len(urlencode(typed)) <= LARGEST else []


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer to a form that came without a session: sign in first, with what was typed kept.

    Our own scripts keep the page, and get a sentence (401) for it.
    """
    if "HX-Request" in request.headers and "HX-Current-URL" not in request.headers:
        return HttpResponse(EXPIRED, status=401, content_type="text/plain; charset=utf-8")
    post = _keep(request)
    query = QueryDict(mutable=True)
    query["next"] = reverse("kept") if post else _page(request)
    response: HttpResponse = redirect(f"{resolve_url(settings.LOGIN_URL)}?{query.urlencode(safe='/')}")
    if "HX-Request" in request.headers:
        response = HttpResponse(EXPIRED, status=401, headers={"HX-Redirect": response["Location"]})
    if post:
        _remember(response, post)
    return response


def of(request: HttpRequest, now: datetime) -> KeptPost | None:
    """What lies there for the person who is signed in."""
    key = _remembered(request)
    fresh = KeptPost.objects.filter(user=request.user.pk, kept_at__gt=now - actions.POSTS_KEPT)
    return fresh.filter(pk=key).first() if key else None


def waits_for(request: HttpRequest) -> bool:
    """Whether the cookie speaks of something of the person who is signed in; asks no table."""
    return _remembered(request) is not None


def forget(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """It was used, or is not wanted."""
    try:
        KeptPost.objects.filter(user=request.user.pk, pk=UUID(key)).delete()
    except ValueError:
        return
    response.delete_cookie(settings.KEPT_COOKIE_NAME, samesite="Lax")


def contents(post: KeptPost) -> Typed:
    """Names and values, in the order of the form."""
    return parse_qsl(post.typed, keep_blank_values=True)


def legible(typed: Typed) -> list[str]:
    """Those values that say something to the person who wrote them: words, and what was decided; no ids.

    A form that says little by itself carries a hidden ``deed``: what sending it does.
    """
    words = [DECIDED.get(value, value) for _, value in typed]
    return [word for word in words if any("\u4e00" <= letter <= "\u9fff" for letter in word)]


def _keep(request: HttpRequest) -> KeptPost | None:
    owner, typed, path = owner_of(request), typed_in(request), request.get_full_path()
    if owner is None or not typed or len(path) > LONGEST_PATH:
        return None
    user = User.objects.filter(pk=owner, disabled_at=None).first()
    return user and actions.keep_post(user, path=path, page=_page(request), typed=urlencode(typed))


def _page(request: HttpRequest) -> str:
    """The page the form stood on, or the home page."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return settings.LOGIN_REDIRECT_URL
    parts = urlsplit(referrer)
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    return page if page and len(page) <= LONGEST_PATH else settings.LOGIN_REDIRECT_URL


def _remember(response: HttpResponse, post: KeptPost) -> None:
    response.set_signed_cookie(
        settings.KEPT_COOKIE_NAME,
        f"{post.user_id.hex}{post.pk.hex}",
        salt=KEPT,
        max_age=int(actions.POSTS_KEPT.total_seconds()),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _remembered(request: HttpRequest) -> UUID | None:
    """The id in the cookie, if it is for the person who is signed in."""
    if settings.KEPT_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    limit = int(actions.POSTS_KEPT.total_seconds())
    try:
        value = str(request.get_signed_cookie(settings.KEPT_COOKIE_NAME, salt=KEPT, max_age=limit))
        user, key = UUID(value[:32]), UUID(value[32:])
    except (signing.BadSignature, ValueError):
        return None
    return key if user == request.user.pk else None
