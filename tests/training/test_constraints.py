"""Whoever writes, an import script or a hand in the database shell: the database refuses what cannot be."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories import (
    DocumentFactory,
    EnrolmentFactory,
    LicenceFactory,
    ProfileFactory,
    RotationFactory,
    TallyFactory,
    constraints,
)


def twice(make, *names, **fields):
    first = make(**fields)
    make(**{name: getattr(first, name) for name in names})


REFUSED = {
    "qualified_after_the_exam": lambda: LicenceFactory(
        passed_date=date(2022, 12, 1), qualified_date=date(2022, 11, 30)
    ),
    "practises_after_qualifying": lambda: LicenceFactory(
        qualified_date=date(2022, 12, 1), practice_date=date(2022, 11, 30)
    ),
    "one_document_per_kind": lambda: twice(DocumentFactory, "user", "kind"),
    "one_enrolment_per_specialty_and_grade": lambda: twice(EnrolmentFactory, "user", "specialty", "grade"),
    "training_takes_one_to_three_years": lambda: EnrolmentFactory(years=4),
    "completes_after_the_training": lambda: EnrolmentFactory(grade=2024, completion_year=2026),
    "training_ends_after_it_begins": lambda: EnrolmentFactory(
        start_date=date(2023, 9, 1), end_date=date(2023, 9, 1)
    ),
    "rotation_ends_after_it_begins": lambda: RotationFactory(
        start_date=date(2026, 3, 2), end_date=date(2026, 3, 1)
    ),
    "one_rotation_begins_a_day": lambda: twice(RotationFactory, "enrolment", "start_date"),
    "one_tally_per_indicator": lambda: twice(TallyFactory, "rotation", "indicator"),
    "approved_is_part_of_filled": lambda: TallyFactory(filled=1, approved=2),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_itself_refuses(name):
    with pytest.raises(IntegrityError, match=constraints.of("training")[name]), transaction.atomic():
        REFUSED[name]()


def test_every_constraint_was_tried():
    assert REFUSED.keys() == constraints.of("training").keys()


@pytest.mark.parametrize("values", ({"sex": "x"}, {"ethnic_group": "99"}, {"person_type": ""}))
def test_the_database_knows_the_code_lists(values):
    with (
        pytest.raises(IntegrityError, match=f"training_profile_{next(iter(values))}_known"),
        transaction.atomic(),
    ):
        ProfileFactory(**values)
