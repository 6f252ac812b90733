"""Time travel: the actions ask ``timezone.now()``, and nothing else does."""

from datetime import datetime

import pytest
from django.utils import timezone


def stop(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> datetime:
    """From here on it is ``moment`` (in local time if it names no zone), until the test ends."""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment
