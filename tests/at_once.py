"""Several people at the same moment: threads with connections of their own, let go together.

A test that uses these must be marked ``django_db(transaction=True)``: other threads see only what
is committed.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

from django.db import connections, transaction

TAKES = 60  # seconds at most
A_MOMENT = 0.3  # seconds: long enough for the other to arrive at the row

Deed = Callable[[], Any]


def at_once(deeds: Sequence[Deed]) -> list[Any]:
    """What each of ``deeds`` returned, or the exception it raised, in their order."""
    start = Barrier(len(deeds))

    def run(deed: Deed) -> Any:
        start.wait(TAKES)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(lambda deed: _told(lambda: run(deed)), deeds, timeout=TAKES))


def overtaken(first: Deed, second: Deed) -> tuple[Any, Any]:
    """``second`` begins when ``first`` is done but not committed yet; what both returned or raised."""
    is_done = Event()

    def held() -> Any:
        with transaction.atomic():
            try:
                result = first()
            finally:
                is_done.set()
            time.sleep(A_MOMENT)
        return result

    def follow() -> Any:
        is_done.wait(TAKES)
        return second()

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(_told, deed) for deed in (held, follow)]
        return answers[0].result(TAKES), answers[1].result(TAKES)


def _told(deed: Deed) -> Any:
    try:
        return deed()
    except Exception as error:
        return error
    finally:
        connections.close_all()
