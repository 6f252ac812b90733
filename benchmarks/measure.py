"""CPU time, best of many medians, and how many queries a page makes."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

BATCHES, REPEATS = 5, 9
WITHOUT = re.compile(r'(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b|.*"django_session"', re.DOTALL)
ONE_USER = re.compile(r'SELECT .* FROM "accounts_user" WHERE "accounts_user"\."id" = ', re.DOTALL)


def cpu(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begin = time.process_time()
    call()
    return (time.process_time() - begin) * 1000


def best(*calls: Callable[[], object], batches: int = BATCHES, repeats: int = REPEATS) -> list[float]:
    """For each call the smallest of ``batches`` medians; batches take turns, so noise hits all alike."""
    for call in calls:
        call()
    medians: list[list[float]] = [[] for _ in calls]
    for _ in range(batches):
        for call, found in zip(calls, medians, strict=True):
            found.append(statistics.median(cpu(call) for _ in range(repeats)))
    return [min(found) for found in medians]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements inside, without transactions, the session and the fetch of its user."""
    found: list[str] = []
    user_is_due = True

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal user_is_due
        if user_is_due and ONE_USER.match(sql):
            user_is_due = False
        elif not WITHOUT.match(sql):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
