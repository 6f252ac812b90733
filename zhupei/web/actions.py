"""What can happen to the shell's own rows."""

from datetime import timedelta

from django.utils import timezone

from zhupei.accounts.models import User

from .models import Attempt, KeptPost

ATTEMPTS_KEPT = timedelta(days=7)
POSTS_KEPT = timedelta(minutes=30)
POSTS_OF_ONE = 5  # of one person at a time


def forget_attempts() -> int:
    """Delete the answers to forms that nobody will send again; returns how many."""
    old = Attempt.objects.filter(made_at__lt=timezone.now() - ATTEMPTS_KEPT)
    return old.delete()[0]


def keep_post(user: User, *, path: str, page: str, typed: str) -> KeptPost:
    """Keep what ``user`` typed when the session had ended; the oldest of too many go."""
    mine = KeptPost.objects.filter(user=user).order_by("-kept_at", "-id")
    KeptPost.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[POSTS_OF_ONE - 1 :])).delete()
    return KeptPost.objects.create(user=user, path=path, page=page, typed=typed)


def forget_kept_posts() -> int:
    """Delete what nobody came back for; returns how many."""
    return KeptPost.objects.filter(kept_at__lt=timezone.now() - POSTS_KEPT).delete()[0]
