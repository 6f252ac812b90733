import logging
import os
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from zhupei.accounts.actions import forget_throttles
from zhupei.files.actions import forget_imports, sweep
from zhupei.web.actions import forget_attempts, forget_kept_posts

logger = logging.getLogger(__name__)

EVERY = 5 * 60  # seconds between two rounds
LOOK_UP_EVERY = 2  # seconds between two looks at whether the server is still there
ORPHANS_KEPT = timedelta(days=1)  # an upload under way gets its row long before


class Command(BaseCommand):
    help = "后台整理：清除无人引用的图片、过期的会话和表单记录；收到 SIGTERM 后停止"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="启动它的进程；它结束后也结束")

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        stop = _stopped_by_a_signal()
        while not stop.is_set():
            tidy()
            _rest(stop, parent)


def tidy() -> dict[str, int]:
    """One round; how many of each kind went. What fails is logged and tried again the next time."""
    counts = {name: _carefully(name, duty) for name, duty in DUTIES.items()}
    if any(counts.values()):
        logger.info("tidied: %s", ", ".join(f"{name} {count}" for name, count in counts.items()))
    connection.close()
    return counts


def _carefully(name: str, duty: Callable[[], int]) -> int:
    try:
        return duty()
    except Exception:
        logger.exception("%s: failed", name)
        return 0


def _sweep_orphans() -> int:
    return sweep(older_than=(timezone.now() - ORPHANS_KEPT).timestamp())


def _clear_sessions() -> int:
    expired = Session.objects.filter(expire_date__lt=timezone.now()).count()
    SessionStore.clear_expired()
    return expired


DUTIES = {
    "orphans": _sweep_orphans,
    "attempts": forget_attempts,
    "kept posts": forget_kept_posts,
    "imports": forget_imports,
    "sessions": _clear_sessions,
    "throttles": forget_throttles,
}


def _stopped_by_a_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _rest(stop: threading.Event, parent: int | None) -> None:
    """Wait for the next round; end early when told to, or when ``parent`` is gone."""
    for _ in range(EVERY // LOOK_UP_EVERY):
        if stop.wait(LOOK_UP_EVERY):
            return
        if parent is not None and os.getppid() != parent:
            stop.set()
