"""CPU time, best of many medians, and how many queries a request makes."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

BATCHES, REPEATS = 7, 9
NOT_COUNTED = re.compile(r'(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b|.*"django_session"', re.DOTALL)
FETCHES_THE_SESSION = re.compile(r'SELECT .* FROM "django_session"', re.DOTALL)
FETCHES_ONE_USER = re.compile(r'SELECT .* FROM "accounts_user" WHERE .*"accounts_user"\."id" = ', re.DOTALL)


@dataclass(frozen=True)
class Task:
    """``act`` is timed; what it needs is made by ``prepare``, which is not."""

    prepare: Callable[[], Any]
    act: Callable[[Any], object]

    def cpu(self) -> float:
        """Milliseconds of this process, all threads, for one ``act``."""
        prepared = self.prepare()
        begin = time.process_time()
        self.act(prepared)
        return (time.process_time() - begin) * 1000


def best(*tasks: Task, batches: int = BATCHES, repeats: int = REPEATS) -> list[float]:
    """For each task the smallest of ``batches`` medians; batches take turns, so noise hits all alike."""
    for task in tasks:
        task.cpu()
        task.cpu()
    medians: list[list[float]] = [[] for _ in tasks]
    for _ in range(batches):
        for task, found in zip(tasks, medians, strict=True):
            found.append(statistics.median(task.cpu() for _ in range(repeats)))
    return [min(found) for found in medians]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements inside, without transactions, the session and the fetch of its user."""
    found: list[str] = []
    user_is_due = False

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal user_is_due
        if user_is_due and FETCHES_ONE_USER.match(sql):
            user_is_due = False
        elif NOT_COUNTED.match(sql):
            user_is_due = user_is_due or FETCHES_THE_SESSION.match(sql) is not None
        else:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
