"""The address a phone opens. It is made anew whenever the code is shown; nothing stored gives it away."""

import base64
import hashlib
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac


def token_of(key: UUID) -> str:
    """43 letters that only this site can make of ``key``."""
    made = salted_hmac("zhupei.handoff", key.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(token: str) -> str:
    """What is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(key: UUID) -> str:
    """The whole address, as the QR code carries it."""
    return settings.SITE_URL + reverse("handoff:phone", args=[token_of(key)])
