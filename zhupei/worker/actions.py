"""What happens to a task from its claim to its end, and to those who carry it out.

A task is enqueued by whoever needs it, in the transaction that needs it (``task.enqueue(id)``).
It may run twice: a worker can be killed after the deed and before the note of it. So every task
is written to do nothing the second time.
"""

import logging
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

from zhupei.accounts.models import User
from zhupei.audit.log import record

from . import rules
from .models import Job, Worker

logger = logging.getLogger(__name__)

WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800))  # before each further try
TRIES = len(WAITS) + 1
INTERRUPTED = "interrupted"  # instead of the class of an error: the process was killed
DONE_KEPT = timedelta(days=2)
DEAD_KEPT = timedelta(days=90)
Schedule = Mapping[Task[[], Any], timedelta]


class Lost(Exception):
    """The worker was silent for too long, and its task was given to another."""


def begin(*, host: str, pid: int) -> Worker:
    """A worker starts."""
    return Worker.objects.create(host=host[:100], pid=pid)


def beat(worker: Worker) -> None:
    """The worker is alive. Raises Lost."""
    if not Worker.objects.filter(pk=worker.pk).update(seen_at=timezone.now()):
        raise Lost


@transaction.atomic
def end(worker: Worker) -> None:
    """The worker stops; what it had not finished waits for another, as if it had not been tried."""
    _put_back(_taken_from(list(Worker.objects.select_for_update().filter(pk=worker.pk))))


@transaction.atomic
def claim(worker: Worker) -> DBTaskResult[Any, Any] | None:
    """The next task, now this worker's; None if nothing waits. Raises Lost."""
    if not Worker.objects.select_for_update().filter(pk=worker.pk).exists():
        raise Lost
    task = DBTaskResult.objects.ready().get_locked()
    if task is not None:
        task.claim(str(worker.pk))
        Worker.objects.filter(pk=worker.pk).update(task=task)
    return task


@transaction.atomic
def finish(task: DBTaskResult[Any, Any]) -> None:
    """It is done. Nothing happens if it was given to another meanwhile."""
    _change(task, status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())
    _let_go(task)


@transaction.atomic
def fail(task: DBTaskResult[Any, Any], error: Exception) -> None:
    """It did not work: it is tried again, later each time, and given up after TRIES."""
    _try_again_or_give_up(task, _kind(error), _places(error))
    _let_go(task)


def reap() -> int:
    """Take their tasks from workers that are silent; returns how many workers were gone.

    Somebody who is silent may only be slow: ``finish`` and ``fail`` of a task that another has
    claimed change nothing. Clocks are put back, too: who reports from the future is not believed.
    """
    now = timezone.now()
    silent = Q(seen_at__lt=now - settings.WORKER_LEASE) | Q(seen_at__gt=now + settings.WORKER_LEASE)
    if not Worker.objects.filter(silent).exists():  # as nearly always: nothing is written
        return 0
    with transaction.atomic():
        gone = list(Worker.objects.select_for_update(skip_locked=True).filter(silent))
        for task in _taken_from(gone):
            logger.warning("task %s: its worker is gone", task.pk)
            _try_again_or_give_up(task, INTERRUPTED, "")
    return len(gone)


def keep_schedule(schedule: Schedule) -> int:
    """Enqueue what is due; once, however many workers look. Returns how many."""
    now, enqueued = timezone.now(), 0
    due = {job.name: job.due_at for job in Job.objects.all()}
    for task, every in schedule.items():
        at = due.get(task.module_path)
        if at is None or at <= now or at > now + every:  # ahead of that: the clock was put back
            enqueued += _enqueue_once(task, at, every)
    return enqueued


@transaction.atomic
def requeue(task: DBTaskResult[Any, Any], *, by: User) -> DBTaskResult[Any, Any]:
    """重新排队: a task that was given up gets all its tries again. Raises Refused."""
    task = DBTaskResult.objects.select_for_update().get(pk=task.pk)
    rules.may_requeue(by, task).or_raise()
    _put_back([task])
    record("worker.task.requeued", task, by=by, task=task.task_path)
    return task


def forget_tasks() -> int:
    """Delete what was done days ago, and what nobody cared for in months; returns how many."""
    now = timezone.now()
    done = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - DONE_KEPT)
    dead = Q(status=TaskResultStatus.FAILED, finished_at__lt=now - DEAD_KEPT)
    return DBTaskResult.objects.filter(done | dead).delete()[0]


def _taken_from(workers: list[Worker]) -> list[DBTaskResult[Any, Any]]:
    """The tasks these workers hold; the workers' rows go."""
    held = [worker.task_id for worker in workers if worker.task_id]
    Worker.objects.filter(pk__in=[worker.pk for worker in workers]).delete()
    running = DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING)
    return list(running.filter(pk__in=held))


def _try_again_or_give_up(task: DBTaskResult[Any, Any], kind: str, places: str) -> None:
    now, tried = timezone.now(), len(task.worker_ids)
    why = {"exception_class_path": kind, "traceback": places}
    if tried < TRIES:
        wait = timedelta() if kind == INTERRUPTED else WAITS[tried - 1]  # that was hardly the task's fault
        _change(task, status=TaskResultStatus.READY, run_after=now + wait, **why)
    else:
        _change(task, status=TaskResultStatus.FAILED, finished_at=now, **why)
        logger.error("task %s (%s): given up after %d tries", task.pk, task.task_path, tried)


def _put_back(tasks: list[DBTaskResult[Any, Any]]) -> None:
    DBTaskResult.objects.filter(pk__in=[task.pk for task in tasks]).update(
        status=TaskResultStatus.READY, run_after=get_date_max(), finished_at=None, worker_ids=[]
    )


def _change(task: DBTaskResult[Any, Any], **values: Any) -> None:
    """Of the very claim that ``task`` was read with: ``started_at`` tells one from the next."""
    claimed = DBTaskResult.objects.filter(
        pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at
    )
    claimed.update(**values)


@transaction.atomic
def _enqueue_once(task: Task[[], Any], due_at: Any, every: timedelta) -> bool:
    next_time = timezone.now() + every
    if due_at is None:
        is_mine = Job.objects.get_or_create(name=task.module_path, defaults={"due_at": next_time})[1]
    else:
        due = Job.objects.filter(name=task.module_path, due_at=due_at)
        is_mine = bool(due.update(due_at=next_time))
    if is_mine:
        task.enqueue()
    return is_mine


def _let_go(task: DBTaskResult[Any, Any]) -> None:
    """By the worker that claimed it; another may hold it by now."""
    Worker.objects.filter(pk=task.worker_ids[-1], task=task).update(task=None)


def _kind(error: Exception) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _places(error: Exception) -> str:
    """Where it happened. Not the message: it may hold what somebody typed."""
    return "".join(traceback.format_tb(error.__traceback__)[-8:])
