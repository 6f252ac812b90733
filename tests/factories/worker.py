from datetime import timedelta

import factory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from factory.django import DjangoModelFactory

from zhupei.training.tasks import look_again
from zhupei.worker import actions
from zhupei.worker.models import Job, Worker


class WorkerFactory(DjangoModelFactory[Worker]):
    class Meta:
        model = Worker

    host = "web1"
    pid = factory.Sequence(lambda n: 1000 + n)


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    name = factory.Sequence("zhupei.some.tasks.job_{}".format)


def enqueued(picture: object) -> DBTaskResult:
    """A task that looks at ``picture`` (an id) again."""
    return DBTaskResult.objects.get(pk=look_again.enqueue(str(picture)).id)


def make_ready(task: DBTaskResult) -> None:
    """The wait before its next try is over."""
    DBTaskResult.objects.filter(pk=task.pk).update(run_after=timezone.now() - timedelta(seconds=1))


def given_up(task: DBTaskResult, error: Exception | None = None) -> DBTaskResult:
    """``task`` after as many tries as it gets."""
    worker = WorkerFactory()
    for _ in range(actions.TRIES):
        make_ready(task)
        actions.fail(actions.claim(worker), error or ValueError("x"))
    task.refresh_from_db()
    return task
