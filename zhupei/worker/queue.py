"""The tasks as people look at them. The table is that of ``django_tasks_db``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhupei.accounts.models import User
from zhupei.organisations.rules import is_administrator

from .models import Worker

Task = DBTaskResult[Any, Any]
Tasks = QuerySet[Task]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether anybody works, and how much there is to do."""

    workers: list[Worker]
    waiting: int
    dead: int

    @property
    def is_well(self) -> bool:
        return bool(self.workers) and not self.dead


def visible_to(user: User) -> Tasks:
    """A 系统管理员 sees all of them, nobody else any."""
    everything: Tasks = DBTaskResult.objects.order_by()
    return everything if is_administrator(user) else everything.none()


def dead(tasks: Tasks) -> Tasks:
    """Those that were given up, the latest first."""
    return tasks.filter(status=TaskResultStatus.FAILED).order_by("-finished_at", "-pk")


def alive(now: datetime) -> QuerySet[Worker]:
    """Those who have reported lately."""
    return Worker.objects.filter(seen_at__gt=now - settings.WORKER_LEASE).order_by("started_at", "pk")


def health(now: datetime) -> Health:
    """In two queries."""
    counted = DBTaskResult.objects.order_by().exclude(status=TaskResultStatus.SUCCESSFUL)
    by_status = dict(counted.values_list("status").annotate(count=Count("pk")))
    return Health(
        workers=list(alive(now).select_related("task")),
        waiting=by_status.get(TaskResultStatus.READY, 0),
        dead=by_status.get(TaskResultStatus.FAILED, 0),
    )
