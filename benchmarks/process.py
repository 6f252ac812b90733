"""The process system: a trainee's rotations, the ledger, the teacher's queue, approving, printing.

Two small demos; into one of them 500,000 entries of other people are written (rows only, as
``bulk_create`` makes them), so that what is flat can be seen to be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from zhupei.accounts.models import User
from zhupei.training import actions, exit_paper, ledger, papers
from zhupei.training.choices import Diagnosis, EntryStage, Indicator, PaperKind
from zhupei.training.models import LogEntry, Rotation

from .folders import Folder, lived_in
from .measure import Task, best
from .pages import Page, measured_pages
from .people import user_of, visitor_of
from .rows import PAGE, QUEUE_GROWTH, Row

ENTRIES = 500_000  # rows of other people
OF_ONE = 850  # entries of the trainee whose ledger is measured
AT_ONCE = 200  # entries approved in one go
FORMS = 1000
CHUNK = 5000
# Limits in milliseconds of CPU.
LEDGER, APPROVING, PRINTING, PRINTING_ALL = 20.0, 2000.0, 40.0, 30_000.0


def process(few: Folder, many: Folder) -> Iterator[Row]:
    """``many`` is another small demo, with the entries of others."""
    with lived_in(few):
        before = _lists(few)
    with lived_in(many):
        _add_others(many)
        after = _lists(many)
        rotations, waiting = after
        yield Row("过程轮转", rotations.floor, rotations.measured, PAGE, rotations.queries, rotations.size)
        yield Row(
            f"待审登记 beside {ENTRIES:,} of others", before[1].measured, waiting.measured, QUEUE_GROWTH
        )
        yield _ledger(many)
        yield _approving(user_of(many.phone("teacher")))
        yield from _printing()


def _lists(folder: Folder) -> list[Row]:
    """The trainee's rotations and the teacher's queue."""
    asked = (("trainee", "rotating", "training:rotations"), ("teacher", None, "teaching:queue"))
    pages = (Page(name, visitor_of(folder.phone(role, state)), reverse(name)) for role, state, name in asked)
    return list(measured_pages(*pages))


def _ledger(folder: Folder) -> Row:
    """From rows that are fetched; the fetching is the database's."""
    trainee = user_of(folder.phone("trainee", "rotating"))
    rotation = Rotation.objects.filter(enrolment__user=trainee).in_order()[0]
    _write(rotation, OF_ONE - LogEntry.objects.filter(trainee=trainee).count(), EntryStage.APPROVED)
    rotations = list(ledger.loaded(Rotation.objects.filter(enrolment__user=trainee)))
    today = timezone.localdate()
    (measured,) = best(Task(lambda: rotations, lambda rows: ledger.of_training(rows, today=today)))
    return Row(f"ledger of a trainee with {OF_ONE} entries, beside its limit", LEDGER, measured, 1.0)


def _approving(teacher: User) -> Row:
    """The same entries again and again; in the end they are gone, and the queue is as it was."""
    written = _write(Rotation.objects.filter(teacher=teacher)[0], AT_ONCE, EntryStage.PENDING)
    rows = LogEntry.objects.filter(pk__in=[entry.pk for entry in written])

    def waiting() -> list[LogEntry]:
        rows.update(stage=EntryStage.PENDING, decided_at=None, decided_by=None)
        return list(rows.all())

    task = Task(waiting, lambda rows: actions.approve_entries(rows, by=teacher))
    (measured,) = best(task, batches=2, repeats=3)
    rows.delete()
    return Row(f"approving {AT_ONCE} entries, beside its limit", APPROVING, measured, 1.0)


def _printing() -> Iterator[Row]:
    closed = Rotation.objects.filter(assessment__head_at__isnull=False)
    rotation = exit_paper.loaded(closed)[0]
    for kind in PaperKind:
        (measured,) = best(Task(lambda: rotation, lambda it, kind=kind: papers.paper(kind, it)), repeats=5)
        yield Row(f"{kind.label} as a PDF, beside its limit", PRINTING, measured, 1.0)
    begin = time.process_time()
    papers.papers_of([rotation] * (FORMS // len(PaperKind)))
    spent = (time.process_time() - begin) * 1000
    yield Row(f"{FORMS} forms in one PDF, beside their limit", PRINTING_ALL, spent, 1.0)


def _add_others(folder: Folder) -> None:
    """Entries of trainees and teachers who are not measured, until there are ENTRIES."""
    measured, trainee = user_of(folder.phone("teacher")), user_of(folder.phone("trainee", "rotating"))
    others = Rotation.objects.filter(teacher=None).exclude(enrolment__user=trainee)
    rotations = list(others.select_related("enrolment__user"))
    teachers = list(User.objects.exclude(pk=measured.pk))
    there = LogEntry.objects.count()
    for begin in tqdm(range(there, ENTRIES, CHUNK), desc="登记", unit=f"{CHUNK} 条"):
        rows = []
        for number in range(begin, begin + CHUNK):
            row = _row(rotations[number % len(rotations)], number, EntryStage.PENDING)
            row.teacher = teachers[number % len(teachers)]
            rows.append(row)
        with transaction.atomic():
            LogEntry.objects.bulk_create(rows)


def _write(rotation: Rotation, count: int, stage: EntryStage) -> list[LogEntry]:
    return LogEntry.objects.bulk_create([_row(rotation, number, stage) for number in range(count)])


def _row(rotation: Rotation, number: int, stage: EntryStage) -> LogEntry:
    now, trainee = timezone.now(), rotation.enrolment.user
    decided = {"decided_at": now, "decided_by": rotation.teacher} if stage == EntryStage.APPROVED else {}
    return LogEntry(
        rotation=rotation,
        trainee=trainee,
        teacher=rotation.teacher,
        kind=Indicator.CASE,
        item="股骨颈骨折",
        happened_date=rotation.start_date + timedelta(days=number % 28),
        diagnosis=Diagnosis.PRIMARY,
        stage=stage,
        written_at=now,
        changed_at=now,
        submitted_at=now - timedelta(seconds=number % 86400),
        **decided,
    )
