"""A worker process: one task after the other, a pulse beside it, and a look at the others now and then."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django_tasks_db.models import DBTaskResult

from . import actions
from .models import Worker

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks into an empty queue
TEND_EVERY = 10.0  # seconds between two looks at the schedule and at silent workers
LONGEST_TASK = 10 * 60  # seconds; a task that hangs takes its process along, and is tried again
NO_DATABASE = (DatabaseError, InterfaceError)


class Pulse(threading.Thread):
    """Says that the worker is alive, several times within a lease; stops it when there is a reason to."""

    def __init__(self, worker: Worker, stop: threading.Event, parent: int | None) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker, self.stop, self.parent = worker, stop, parent
        self.ended = threading.Event()
        self.busy_since: float | None = None  # monotonic

    def run(self) -> None:
        every = settings.WORKER_LEASE.total_seconds() / 6
        next_beat = 0.0
        while not self.ended.wait(min(every, LOOK_EVERY)):
            self._look_around()
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + every
                self._beat()
        connections.close_all()

    def _look_around(self) -> None:
        if self.parent is not None and os.getppid() != self.parent:
            self.stop.set()
        if self.busy_since is not None and time.monotonic() - self.busy_since > LONGEST_TASK:
            logger.error("a task took more than %d s: the process ends", LONGEST_TASK)
            os._exit(1)

    def _beat(self) -> None:
        try:
            actions.beat(self.worker)
        except actions.Lost:
            logger.warning("worker %s was silent for too long and stops", self.worker.pk)
            self.stop.set()
        except NO_DATABASE:
            logger.warning("the database does not answer", exc_info=True)
            connections.close_all()


def work(schedule: actions.Schedule, stop: threading.Event, parent: int | None = None) -> None:
    """Carry out tasks until ``stop`` is set or the process ``parent`` is gone; never stop inside one."""
    worker = actions.begin(host=socket.gethostname(), pid=os.getpid())
    pulse = Pulse(worker, stop, parent)
    pulse.start()
    try:
        _go_on(worker, pulse, schedule, stop)
    finally:
        pulse.ended.set()
        actions.end(worker)
        connections.close_all()


def _go_on(worker: Worker, pulse: Pulse, schedule: actions.Schedule, stop: threading.Event) -> None:
    tended = -TEND_EVERY
    while not stop.is_set():
        try:
            close_old_connections()
            if time.monotonic() - tended >= TEND_EVERY:
                actions.reap()
                actions.keep_schedule(schedule)
                tended = time.monotonic()
            if not _do_one(worker, pulse):
                stop.wait(LOOK_EVERY)
        except actions.Lost:
            stop.set()
        except NO_DATABASE:
            logger.warning("the database does not answer", exc_info=True)
            connections.close_all()
            stop.wait(LOOK_EVERY)


def _do_one(worker: Worker, pulse: Pulse) -> bool:
    """Whether there was something to do. An idle worker only reads."""
    if not DBTaskResult.objects.ready().exists():
        return False
    task = actions.claim(worker)
    if task is None:
        return False
    pulse.busy_since = time.monotonic()
    try:
        carry_out(task)
    finally:
        pulse.busy_since = None
    return True


def carry_out(task: DBTaskResult[Any, Any]) -> None:
    """Do what was claimed, and note how it went."""
    try:
        arguments = task.args_kwargs
        task.task.call(*arguments["args"], **arguments["kwargs"])
    except Exception as error:
        logger.exception("task %s (%s) failed", task.pk, task.task_path)
        actions.fail(task, error)
    else:
        actions.finish(task)
