"""A file of rows: tried, kept, confirmed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tests.factories import ImportFactory, NoticeFactory, UserFactory
from zhupei.files import actions
from zhupei.files.importing import Deed, Line, Mode, Outcome
from zhupei.files.models import Import
from zhupei.lib.columns import Fault, Row
from zhupei.lib.verdicts import Refused
from zhupei.notifications.models import Notice

pytestmark = pytest.mark.django_db
ROWS = [Row(2, {"text": "甲"}), Row(3, {"text": ""}), Row(4, {"text": "丙"})]


@pytest.fixture
def write():
    """Leaves a notice; refuses an empty one after having written it."""
    recipient = UserFactory()

    def act(row: Row) -> Line:
        NoticeFactory(recipient=recipient, text=row["text"])
        if not row["text"]:
            raise Refused("没有内容")
        return Line(row.number, row["text"])

    return act


@pytest.mark.parametrize(("mode", "written"), ((Mode.TRIAL, 0), (Mode.ALL, 0), (Mode.REST, 2)))
def test_a_refused_row_is_a_fault_and_the_others_are_kept_as_asked(write, mode, written):
    outcome = actions.carry_out(ROWS, write, mode)

    assert outcome.faults == (Fault(3, "", "没有内容"),)
    assert [line.row for line in outcome.lines] == [2, 4]
    assert Notice.objects.count() == written


def test_all_rows_are_written_if_none_is_refused(write):
    actions.carry_out([ROWS[0], ROWS[2]], write, Mode.ALL)

    assert Notice.objects.count() == 2


def test_what_the_database_would_not_have_is_said_in_its_words():
    def act(row: Row) -> Line:
        raise ValidationError({"months": ["应大于 0"], "name": ["太长", "应大于 0"]})

    outcome = actions.carry_out(ROWS[:1], act, Mode.TRIAL)

    assert [fault.reason for fault in outcome.faults] == ["应大于 0", "太长"]


def test_an_outcome_survives_being_kept():
    outcome = Outcome((Line(2, "甲", Deed.SAME),), (Fault(3, "科室", "没有填写"),), ("请核对",))

    assert Outcome.loaded(outcome.dumped()) == outcome


def test_the_rows_lie_sealed():
    ImportFactory(content='{"texts": {"2": ["420106199308084515"]}, "faults": [], "given": {}}')

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM files_import")
        assert "4201" not in cursor.fetchone()[0]


def test_a_file_is_carried_out_once(write):
    kept = ImportFactory()
    for _ in range(2):
        kept = actions.confirm_import(
            kept, mode=Mode.ALL, act=lambda mode: actions.carry_out(ROWS[:1], write, mode)
        )

    assert kept.done_at is not None
    assert Notice.objects.count() == 1


def test_a_row_that_fails_by_now_leaves_all_as_it_was_and_the_file_open(write):
    kept = actions.confirm_import(
        ImportFactory(), mode=Mode.ALL, act=lambda mode: actions.carry_out(ROWS, write, mode)
    )

    assert kept.done_at is None
    assert Outcome.loaded(kept.outcome).faulty_rows == [3]
    assert Notice.objects.count() == 0


def test_an_old_preview_is_not_carried_out(write):
    kept = ImportFactory(made_at=timezone.now() - timedelta(hours=3))

    with pytest.raises(Refused, match="已过期"):
        actions.confirm_import(kept, mode=Mode.ALL, act=lambda mode: actions.carry_out(ROWS, write, mode))


def test_old_files_go_and_only_the_latest_of_one_person_stay():
    ImportFactory(made_at=timezone.now() - timedelta(hours=3))
    assert actions.forget_imports() == 1

    owner, other = UserFactory(), ImportFactory()
    for number in range(actions.IMPORTS_OF_ONE + 2):
        actions.keep_import(by=owner, kind="x", name=str(number), content={}, outcome=Outcome())

    kept = Import.objects.filter(owner=owner).values_list("name", flat=True)
    assert sorted(kept) == ["2", "3", "4", "5", "6"]
    assert Import.objects.filter(pk=other.pk).exists()
