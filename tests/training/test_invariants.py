"""check-invariants of rotations: each truth broken by a hand in the database, and named."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests import factories as made
from tests.factories import process_stories as stories
from zhupei.training import actions, invariants
from zhupei.training.choices import Indicator


@pytest.fixture
def rotation():
    leaving = stories.leaving()
    stories.approved_entry(leaving)
    stories.pending(leaving, Indicator.SURGERY, "骨折内固定")
    return stories.closed(leaving)


def sql(statement: str, *values: object) -> None:
    """By hand, past every rule of ours but those of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_unknown_value(value) for value in values])


def key(row):
    """As the database keeps it."""
    return row.pk.hex if connection.vendor == "sqlite" else row.pk


def named() -> list[str]:
    return sorted({one.invariant for one in invariants.broken()})


def test_nothing_is_broken_where_everything_went_its_way(rotation):
    stories.assessed()
    again = stories.closed()
    actions.reopen(again, by=stories.base_admin(again.enrolment.base), reason="成绩录入有误")
    made.trainee(rotations=2, unfinished=1)

    assert list(invariants.broken()) == []


@pytest.mark.parametrize(
    ("wrong", "note"),
    (
        ("filled = 9", "disease.filled 9≠1"),
        ("required = 9", "disease.required 9≠3"),
        ("counted_approved = 0, approved = 0", "disease.approved 0≠1 disease.counted_approved 0≠1"),
        (
            "counted_filled = 0, counted_approved = 0",
            "disease.counted_filled 0≠1 disease.counted_approved 0≠1",
        ),
    ),
)
def test_a_tally_that_is_not_the_ledgers(rotation, wrong, note):
    of = "WHERE rotation_id = %s AND indicator = 'disease'"
    sql(f"UPDATE training_tally SET {wrong} {of}", key(rotation))

    (found,) = invariants.broken()

    assert (found.invariant, found.id, found.note) == ("tallies-are-the-ledger's", rotation.pk, note)


def test_an_entry_that_went_past_the_ledger(rotation):
    sql("DELETE FROM training_logentry WHERE kind = 'surgery'")

    assert named() == ["tallies-are-the-ledger's"]


def test_a_closed_rotation_whose_summary_is_not_signed(rotation):
    sql(
        "UPDATE training_exitsummary SET head_id = NULL, head_at = NULL WHERE rotation_id = %s", key(rotation)
    )

    assert named() == ["what-is-closed-is-signed"]


def test_a_rotation_closed_without_any_form():
    rotation = stories.leaving()
    sql(
        "UPDATE training_rotation SET closed_at = %s, result = 'pass' WHERE id = %s",
        timezone.now(),
        key(rotation),
    )

    assert named() == ["what-is-closed-is-signed"]


@pytest.mark.parametrize("frozen", ("x", "{}"))
def test_a_closed_rotation_of_which_nothing_was_frozen(rotation, frozen):
    sql("UPDATE training_exitassessment SET frozen = %s WHERE rotation_id = %s", frozen, key(rotation))

    assert named() == ["what-is-closed-is-frozen"]


def test_a_result_that_is_not_that_of_the_form(rotation):
    sql("UPDATE training_rotation SET result = 'fail' WHERE id = %s", key(rotation))

    assert named() == ["the-result-is-that-of-the-form"]


def test_a_confirmed_form_of_an_open_rotation(rotation):
    sql("UPDATE training_rotation SET closed_at = NULL, result = '' WHERE id = %s", key(rotation))

    assert named() == ["what-is-confirmed-is-closed"]


@pytest.mark.parametrize("who", ("teacher_id", "on_behalf_by_id"))
def test_somebody_who_signed_one_form_as_teacher_and_the_other_as_head(rotation, who):
    head = rotation.assessment.head
    sql(
        "UPDATE training_exitsummary SET head_id = %s WHERE rotation_id = %s",
        key(made.UserFactory()),
        key(rotation),
    )
    sql(f"UPDATE training_exitsummary SET {who} = %s WHERE rotation_id = %s", key(head), key(rotation))

    assert named() == ["nobody-signs-both-parts"]


def test_a_trainee_who_signed_the_own_form(rotation):
    own = key(rotation.enrolment.user)
    sql("UPDATE training_exitassessment SET head_id = %s WHERE rotation_id = %s", own, key(rotation))

    assert named() == ["nobody-signs-the-own-forms"]


def test_the_command_counts_the_rotations_and_names_what_is_broken(rotation, capsys):
    sql("UPDATE training_rotation SET result = 'fail' WHERE id = %s", key(rotation))

    with pytest.raises(SystemExit):
        call_command("check_invariants", "--json")

    report = json.loads(capsys.readouterr().out)
    assert report["checked"]["training.rotation"] == 1
    assert report["counts"] == {"the-result-is-that-of-the-form": 1}
