"""What can happen to the shell's own rows: they are forgotten."""

from datetime import timedelta

from django.utils import timezone

from .models import Attempt

ATTEMPTS_KEPT = timedelta(days=7)


def forget_attempts() -> int:
    """Delete the answers to forms that nobody will send again; returns how many."""
    old = Attempt.objects.filter(made_at__lt=timezone.now() - ATTEMPTS_KEPT)
    return old.delete()[0]
