"""What holds for every signed-in request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]
TOUCH_EVERY = 5 * 60  # seconds; a coarse touch, so that reading pages hardly ever writes


def end_idle_sessions(get_response: Handler) -> Handler:
    """End a session after ``SESSION_IDLE`` seconds without a request: hospital PCs are shared."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            idle = now - request.session.get("seen_at", now)
            if idle > settings.SESSION_IDLE:
                logout(request)
            elif (
                abs(idle) > TOUCH_EVERY and "X-Polling" not in request.headers
            ) or "seen_at" not in request.session:
                request.session["seen_at"] = now
        return get_response(request)

    return middleware


def ask_for_a_password_first(get_response: Handler) -> Handler:
    """Whoever came in with a one-time code chooses a password before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not user.has_usable_password():
            allowed = (reverse("accounts:password"), reverse("accounts:logout"))
            if request.path not in allowed and not request.path.startswith(settings.STATIC_URL):
                return redirect("accounts:password")
        return get_response(request)

    return middleware
