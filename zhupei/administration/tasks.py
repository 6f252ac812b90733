"""What is done again and again, whoever owns it: each task calls one action of its app."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django_tasks import task

from zhupei.accounts.actions import forget_throttles
from zhupei.files.actions import forget_imports, sweep_orphans
from zhupei.handoff.tasks import clear_hand_offs
from zhupei.web.actions import forget_attempts, forget_kept_posts
from zhupei.worker.actions import Schedule, forget_tasks


@task
def sweep_pictures() -> None:
    """Stored pictures that no row speaks of."""
    sweep_orphans()


@task
def clear_attempts() -> None:
    """The answers to forms that nobody will send again."""
    forget_attempts()


@task
def clear_kept_posts() -> None:
    """What was typed when a session had ended, and nobody came back for."""
    forget_kept_posts()


@task
def clear_imports() -> None:
    """Sheets that nobody confirmed, and old reports."""
    forget_imports()


@task
def clear_sessions() -> None:
    """Sessions that have ended."""
    SessionStore.clear_expired()


@task
def clear_throttles() -> None:
    """Wrong passwords of yesterday."""
    forget_throttles()


@task
def clear_tasks() -> None:
    """Tasks that were done days ago."""
    forget_tasks()


SCHEDULE: Schedule = {
    clear_kept_posts: timedelta(minutes=5),
    clear_imports: timedelta(minutes=30),
    clear_sessions: timedelta(hours=1),
    clear_throttles: timedelta(hours=1),
    clear_tasks: timedelta(hours=1),
    clear_hand_offs: timedelta(hours=1),
    sweep_pictures: timedelta(hours=6),
    clear_attempts: timedelta(hours=6),
}
