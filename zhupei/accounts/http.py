from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import User


class SignedInRequest(HttpRequest):
    """What every view behind the login receives. For type checkers only."""

    user: User
    htmx: HtmxDetails


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; from X-Forwarded-For only behind our own proxies."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES and hops[-settings.TRUSTED_PROXIES]:
            return hops[-settings.TRUSTED_PROXIES]
    address: str = request.META.get("REMOTE_ADDR", "")
    return address
