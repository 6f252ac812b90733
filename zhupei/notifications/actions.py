"""What can happen to a notice after it was left: its reader has read it."""

from django.utils import timezone

from zhupei.accounts.models import User

from .models import Notice


def mark_read(user: User) -> int:
    """The person has read what there is; returns how many were new."""
    return Notice.objects.visible_to(user).unread().update(read_at=timezone.now())
