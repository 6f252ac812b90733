"""Time travel: the actions ask ``timezone.now()``, and nothing else does."""

from datetime import datetime

import pytest
from django.utils import timezone


def at(*when: int) -> datetime:
    """Year, month, day, hour … in Shanghai."""
    return datetime(*when, tzinfo=timezone.get_default_timezone())


def stop(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> datetime:
    """From here on it is ``moment``, until the test ends."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment
