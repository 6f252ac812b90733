"""A task from its enqueuing to its end; nobody is killed here (see tests/faults/test_worker_kills.py)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests import factories
from tests.browsing import signed_in
from tests.factories.worker import WorkerFactory, enqueued, given_up, make_ready
from zhupei.administration.tasks import SCHEDULE, clear_sessions
from zhupei.audit.models import Event
from zhupei.files.models import Picture
from zhupei.imaging.flaws import CHECKS
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind
from zhupei.training.tasks import look_again
from zhupei.worker import actions, queue
from zhupei.worker.loop import carry_out
from zhupei.worker.models import Job, Worker


@pytest.fixture
def worker() -> Worker:
    return actions.begin(host="web1", pid=1)


@pytest.fixture
def picture() -> Picture:
    """One that arrived before there were checks: a diploma that is one grey surface."""
    user = factories.draft().trainee
    training.lay_document(
        user.profile, DocumentKind.DIPLOMA, [factories.fitted()], by=user, replace=True
    )  # fmt: skip
    return user.documents.get(kind="diploma").slot.pages.get(removed_at=None).picture


@pytest.fixture
def administrator():
    return factories.MembershipFactory(role=Role.ADMIN, organisation=factories.ProvinceFactory()).user


def status_of(task: DBTaskResult) -> str:
    task.refresh_from_db()
    return task.status


# --- Enqueued, claimed, done ----------------------------------------------------------------------


def test_a_task_comes_and_goes_with_the_transaction_that_needs_it(picture):
    with transaction.atomic():
        look_again.enqueue(str(picture.pk))
        assert DBTaskResult.objects.exists()
        transaction.set_rollback(True)

    assert not DBTaskResult.objects.exists()


def test_a_claimed_task_is_nobody_elses(worker, picture):
    enqueued(picture.pk)

    claimed = actions.claim(worker)

    assert claimed is not None
    assert actions.claim(WorkerFactory()) is None
    worker.refresh_from_db()
    assert worker.task == claimed


def test_a_picture_is_looked_at_again_and_that_is_noted_once(worker, picture):
    for _ in range(2):
        enqueued(picture.pk)
        carry_out(actions.claim(worker))

    picture.refresh_from_db()
    assert picture.checks == CHECKS
    assert [flaw["code"] for flaw in picture.flaws] == ["blank"]
    events = Event.objects.filter(verb="files.picture.looked_at_again", subject_id=picture.pk)
    assert [event.facts for event in events] == [{"before": 0, "checks": CHECKS}]
    assert DBTaskResult.objects.successful().count() == 2
    worker.refresh_from_db()
    assert worker.task is None


def test_the_command_enqueues_only_what_older_checks_have_seen(picture, capsys):
    call_command("recheck_pictures")
    count = DBTaskResult.objects.count()
    Picture.objects.update(checks=CHECKS)
    call_command("recheck_pictures")

    assert count == Picture.objects.count()
    assert capsys.readouterr().out.split("\n")[:2] == [f"已排队 {count} 张", "已排队 0 张"]
    assert DBTaskResult.objects.count() == count


# --- What goes wrong ------------------------------------------------------------------------------


def test_what_fails_is_tried_again_later_each_time_and_then_given_up(worker):
    task = enqueued("01970000-0000-7000-8000-000000000000")  # no such picture
    waits = []
    while status_of(task) == TaskResultStatus.READY:
        make_ready(task)
        carry_out(actions.claim(worker))
        waits.append(task)
        task.refresh_from_db()
        if task.status == TaskResultStatus.READY:
            assert actions.claim(worker) is None  # not before its time
            waits[-1] = round((task.run_after - timezone.now()).total_seconds(), -1)

    assert waits[:-1] == [wait.total_seconds() for wait in actions.WAITS]
    assert task.status == TaskResultStatus.FAILED
    assert task.exception_class_path.endswith("Picture.DoesNotExist")
    assert len(task.worker_ids) == actions.TRIES


def test_what_somebody_typed_is_not_kept_with_the_error(worker, picture):
    task = enqueued(picture.pk)
    claimed = actions.claim(worker)
    with pytest.raises(ValueError, match="沈岳") as raised:
        int("420106199001011234 沈岳")
    actions.fail(claimed, raised.value)

    task.refresh_from_db()
    assert task.exception_class_path == "builtins.ValueError"
    assert "test_tasks.py" in task.traceback
    assert "invalid literal" not in task.traceback


def test_the_task_of_a_silent_worker_is_given_to_another(worker, picture):
    task = enqueued(picture.pk)
    actions.claim(worker)
    assert actions.reap() == 0

    silent_since(worker, settings.WORKER_LEASE)
    assert actions.reap() == 1

    assert status_of(task) == TaskResultStatus.READY
    make_ready(task)
    carry_out(actions.claim(WorkerFactory()))
    assert status_of(task) == TaskResultStatus.SUCCESSFUL


def test_who_was_given_up_learns_it_and_changes_nothing_any_more(worker, picture):
    task, other = enqueued(picture.pk), WorkerFactory()
    slow = actions.claim(worker)
    silent_since(worker, settings.WORKER_LEASE)
    actions.reap()
    make_ready(task)
    assert actions.claim(other) == task

    actions.fail(slow, ValueError())

    other.refresh_from_db()
    assert (status_of(task), other.task) == (TaskResultStatus.RUNNING, task)
    with pytest.raises(actions.Lost):
        actions.beat(worker)
    with pytest.raises(actions.Lost):
        actions.claim(worker)


def test_a_task_that_kills_its_workers_is_given_up(picture):
    task = enqueued(picture.pk)
    for _ in range(actions.TRIES):
        worker = WorkerFactory()
        make_ready(task)
        actions.claim(worker)
        silent_since(worker, settings.WORKER_LEASE)
        actions.reap()

    assert status_of(task) == TaskResultStatus.FAILED
    assert task.exception_class_path == actions.INTERRUPTED


def test_who_reports_from_the_future_is_not_believed(worker):
    """The clock was put back: such a worker would never look silent."""
    silent_since(worker, -2 * settings.WORKER_LEASE)

    assert actions.reap() == 1


def test_a_worker_that_stops_leaves_its_task_to_others(worker, picture):
    task = enqueued(picture.pk)
    actions.claim(worker)

    actions.end(worker)

    assert not Worker.objects.exists()
    assert actions.claim(WorkerFactory()) == task


def silent_since(worker: Worker, ago: timedelta) -> None:
    Worker.objects.filter(pk=worker.pk).update(seen_at=timezone.now() - ago - timedelta(seconds=1))


# --- The schedule ---------------------------------------------------------------------------------


def test_what_is_due_is_enqueued_once_and_again_after_its_time():
    assert actions.keep_schedule(SCHEDULE) == len(SCHEDULE)
    assert actions.keep_schedule(SCHEDULE) == 0

    Job.objects.filter(name=clear_sessions.module_path).update(due_at=timezone.now())
    assert actions.keep_schedule(SCHEDULE) == 1
    assert DBTaskResult.objects.filter(task_path=clear_sessions.module_path).count() == 2


def test_a_schedule_does_not_wait_for_a_clock_that_was_put_back():
    actions.keep_schedule(SCHEDULE)
    Job.objects.update(due_at=timezone.now() + timedelta(days=400))

    assert actions.keep_schedule(SCHEDULE) == len(SCHEDULE)


def test_every_scheduled_task_can_be_done(worker):
    actions.keep_schedule(SCHEDULE)
    while task := actions.claim(worker):
        carry_out(task)

    assert DBTaskResult.objects.successful().count() == len(SCHEDULE)


def test_what_was_done_is_forgotten_after_days_and_what_was_given_up_after_months(picture):
    dead, done = given_up(enqueued(picture.pk)), enqueued(picture.pk)
    carry_out(actions.claim(WorkerFactory()))
    for ago, kept in (
        (timedelta(days=1), {dead, done}),
        (actions.DONE_KEPT, {dead}),
        (actions.DEAD_KEPT, set()),
    ):
        DBTaskResult.objects.update(finished_at=timezone.now() - ago - timedelta(minutes=1))
        actions.forget_tasks()
        assert set(DBTaskResult.objects.all()) == kept


# --- The administrator's page ---------------------------------------------------------------------


def test_the_page_says_that_nobody_works(administrator):
    client = signed_in(administrator)

    page = client.get(reverse("worker:tasks")).content.decode()

    assert "没有后台进程在工作" in page


@pytest.mark.parametrize("count", (1, 3))
def test_the_page_costs_the_same_however_many_were_given_up(administrator, queries, worker, count):
    for number in range(count):
        given_up(enqueued(f"01970000-0000-7000-8000-00000000000{number}"))
    client = signed_in(administrator)

    with queries() as counted:
        page = client.get(reverse("worker:tasks")).content.decode()

    assert page.count("重新排队<") == count
    assert "web1 · 1" in page
    assert len(counted) <= 9


def test_who_looks_after_the_tasks_lets_one_be_tried_again(administrator, picture):
    task = given_up(enqueued(picture.pk))
    client = signed_in(administrator)

    form = {"attempt": "1"}
    first = client.post(reverse("worker:requeue", args=[task.pk]), form, follow=True)
    again = client.post(reverse("worker:requeue", args=[task.pk]), form)

    assert "已重新排队：重新机检图片" in first.content.decode()
    assert again.headers["Location"] == reverse("worker:tasks")
    assert (status_of(task), task.worker_ids) == (TaskResultStatus.READY, [])
    assert Event.objects.filter(verb="worker.task.requeued", subject_id=task.pk).count() == 1
    with pytest.raises(Refused, match="已经重新排队"):
        actions.requeue(task, by=administrator)


def test_nobody_else_may(picture):
    task, base = given_up(enqueued(picture.pk)), factories.MembershipFactory(role=Role.BASE).user

    with pytest.raises(Refused, match="系统管理员"):
        actions.requeue(task, by=base)
    assert not queue.visible_to(base).exists()
