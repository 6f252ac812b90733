from __future__ import annotations

from django.db import models
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from uuid_utils.compat import uuid7


class Worker(models.Model):
    """A process that carries out tasks, one at a time.

    ``task`` is its own as long as ``seen_at`` is fresh (``settings.WORKER_LEASE``); afterwards
    the row goes, and the task waits for another. Who is told to stop takes the own row along.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    host = models.CharField("服务器", max_length=100)
    pid = models.PositiveIntegerField("进程号")
    task = models.ForeignKey(
        DBTaskResult, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="正在办理"
    )
    started_at = models.DateTimeField("启动时间", default=timezone.now)
    seen_at = models.DateTimeField("最近报到", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "后台进程"

    def __str__(self) -> str:
        return f"{self.host} · {self.pid}"


class Job(models.Model):
    """Something that is done again and again; ``name`` is the task's path, the period stands in the code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("任务", max_length=200, unique=True)
    due_at = models.DateTimeField("下一次", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"

    def __str__(self) -> str:
        return self.name
