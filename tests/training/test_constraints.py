"""Whoever writes, an import script or a hand in the database shell: the database refuses what cannot be."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import (
    ActivityFactory,
    AssessmentTemplateFactory,
    BaseFactory,
    DocumentFactory,
    EnrolmentFactory,
    ExitAssessmentFactory,
    ExitSummaryFactory,
    LeaveFactory,
    LicenceFactory,
    LogEntryFactory,
    ProfileFactory,
    RatingFactory,
    ReopeningFactory,
    RequirementFactory,
    RotationFactory,
    RotationRequirementFactory,
    SchemeDepartmentFactory,
    SchemeFactory,
    SignedPaperFactory,
    SigningFactory,
    StoredSignatureFactory,
    TallyFactory,
    TemplateItemFactory,
    UserFactory,
    constraints,
)
from zhupei.lib.constraints import write
from zhupei.training.models import Rotation


def twice(make, *names, **fields):
    first = make(**fields)
    make(**{name: getattr(first, name) for name in names})


def both_at_once(make):
    person = UserFactory()
    make(teacher=person, head=person)


def approved_by_oneself(make):
    rotation, now = RotationFactory(), timezone.now()
    trainee = rotation.enrolment.user
    make(rotation=rotation, stage="approved", submitted_at=now, decided_at=now, decided_by=trainee)


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
    "what_counts_is_part_of_what_was_filled": lambda: TallyFactory(required=1, filled=2, counted_filled=2),
    "what_counts_is_part_of_what_was_approved": lambda: TallyFactory(
        required=2, filled=2, approved=1, counted_filled=1, counted_approved=2
    ),
    "what_was_imported_is_part_of_the_whole": lambda: TallyFactory(filled=1, imported_filled=2),
    "teacher_and_head_are_two_people": lambda: both_at_once(RotationFactory),
    "a_closed_rotation_has_a_result": lambda: RotationFactory(closed_at=timezone.now()),
    "an_exempted_rotation_is_not_closed": lambda: RotationFactory(
        closed_at=timezone.now(), result="pass", exempted_at=timezone.now()
    ),
    "one_scheme_per_version": lambda: twice(SchemeFactory, "specialty"),
    "a_scheme_takes_one_to_three_years": lambda: SchemeFactory(years=4),
    "a_scheme_takes_some_months": lambda: SchemeFactory(total_months=0),
    "one_department_per_place_of_a_scheme": lambda: twice(SchemeDepartmentFactory, "scheme", "number"),
    "one_department_per_name_of_a_scheme": lambda: twice(SchemeDepartmentFactory, "scheme", "name"),
    "a_department_takes_some_months": lambda: SchemeDepartmentFactory(months=0),
    "one_requirement_per_item": lambda: twice(RequirementFactory, "scheme_department"),
    "one_requirement_per_item_of_a_rotation": lambda: twice(RotationRequirementFactory, "rotation"),
    "leave_ends_after_it_begins": lambda: LeaveFactory(last_date=date(2020, 1, 1)),
    "leave_takes_some_days": lambda: LeaveFactory(days=0),
    "an_entry_has_an_item": lambda: LogEntryFactory(item=""),
    "an_entry_that_was_handed_in_is_complete": lambda: LogEntryFactory(
        stage="pending", submitted_at=timezone.now(), diagnosis=""
    ),
    "an_entry_is_decided_coherently": lambda: LogEntryFactory(stage="approved"),
    "nobody_approves_the_own_entry": lambda: approved_by_oneself(LogEntryFactory),
    "an_activity_takes_a_part_of_a_day": lambda: ActivityFactory(hours=25),
    "an_activity_has_a_speaker": lambda: ActivityFactory(speaker=""),
    "an_activity_is_decided_coherently": lambda: ActivityFactory(stage="pending"),
    "nobody_approves_the_own_activity": lambda: approved_by_oneself(ActivityFactory),
    "a_summary_handed_in_has_a_text": lambda: ExitSummaryFactory(submitted_at=timezone.now()),
    "a_summary_is_appraised_after_it_was_handed_in": lambda: ExitSummaryFactory(teacher_at=timezone.now()),
    "a_summary_is_concluded_after_the_teacher": lambda: ExitSummaryFactory(head_at=timezone.now()),
    "nobody_signs_a_summary_twice": lambda: both_at_once(ExitSummaryFactory),
    "one_template_per_base_and_version": lambda: twice(
        AssessmentTemplateFactory, "base", "version", base=BaseFactory()
    ),
    "one_general_template_per_version": lambda: twice(AssessmentTemplateFactory, "version"),
    "one_item_per_place_of_a_template": lambda: twice(TemplateItemFactory, "template", "number"),
    "one_item_per_label_of_a_template": lambda: twice(TemplateItemFactory, "template", "label"),
    "scores_are_0_to_100": lambda: ExitAssessmentFactory(theory_score=101),
    "an_assessment_handed_on_is_complete": lambda: ExitAssessmentFactory(teacher_at=timezone.now()),
    "an_assessment_is_confirmed_after_the_teacher": lambda: ExitAssessmentFactory(frozen="{}"),
    "nobody_signs_an_assessment_twice": lambda: both_at_once(ExitAssessmentFactory),
    "one_rating_per_item": lambda: twice(RatingFactory, "assessment", "item"),
    "a_revision_is_reopened_once": lambda: twice(ReopeningFactory, "rotation"),
    "a_reopening_has_a_reason": lambda: ReopeningFactory(reason=""),
    "one_signature_in_use": lambda: twice(StoredSignatureFactory, "user"),
    "teachers_and_heads_sign": lambda: SigningFactory(office="trainee"),
    "one_signed_paper_per_kind": lambda: twice(SignedPaperFactory, "rotation"),
    "a_paper_is_attested_by_somebody": lambda: SignedPaperFactory(attested_at=timezone.now()),
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


def test_a_row_that_the_database_refuses_is_refused_in_words_and_the_story_goes_on():
    rotation = RotationFactory()
    twin = Rotation(
        enrolment=rotation.enrolment,
        department=rotation.department,
        department_name=rotation.department_name,
        start_date=rotation.start_date,
        end_date=rotation.end_date,
        required_months=1,
    )

    with pytest.raises(ValidationError, match="同一天已有另一个轮转开始"):
        write(twin)

    assert Rotation.objects.get() == rotation
