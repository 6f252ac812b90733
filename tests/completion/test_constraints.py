"""Whoever writes, an import script or a hand in the database shell: the database refuses what cannot be."""

from datetime import timedelta

import factory
import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    CityWindowFactory,
    DraftFindingFactory,
    ExtensionFactory,
    FindingFactory,
    MaterialFactory,
    PageFactory,
    ReviewFactory,
    SeasonFactory,
    SubmissionFactory,
    SubmissionPageFactory,
    SupplementFactory,
    UnlockingFactory,
    UserFactory,
    constraints,
)
from zhupei.completion.choices import Outcome, Stage
from zhupei.completion.models import Application, Season

UNDER_REVIEW = {"stage": Stage.BASE, "round": 1, "submitted_at": timezone.now()}
RETURNED = {**UNDER_REVIEW, "stage": Stage.RETURNED}


def twice(make, *names):
    first = make()
    make(**{name: getattr(first, name) for name in names})


def changed(fields, **values):
    """An application with ``fields``, then changed as a hand in the shell would."""
    Application.objects.filter(pk=ApplicationFactory(**fields).pk).update(**values)


def moved(**values):
    SeasonFactory()
    Season.objects.update(**values)


BOX = {"box_left": 0.1, "box_top": 0.2, "box_right": 0.5, "box_bottom": 0.4}


def outside(make):
    """A box beside the picture, upside down, with one edge only, or in no picture."""
    wrong = ({"box_left": -0.1}, {"box_right": 1.1}, {"box_top": 0.4}, {"box_bottom": None})
    boxes = [{**BOX, **edge} for edge in wrong]
    tried = [lambda box=box: make(item="paper:diploma", page=PageFactory(), **box) for box in boxes]
    return [*tried, lambda: make(item="paper:diploma", **BOX)]


REFUSED = {
    "one_season_a_year": [lambda: SeasonFactory.build(province=SeasonFactory().province).save()],
    "season_windows_end_after_they_begin": [
        lambda: moved(trainee_closes_at=F("trainee_opens_at")),
        lambda: moved(base_closes_at=F("base_opens_at")),
        lambda: moved(city_closes_at=F("city_opens_at")),
        lambda: moved(province_opens_at=F("province_closes_at")),
    ],
    "the_province_closes_last": [
        lambda: moved(trainee_closes_at=F("province_closes_at") + timedelta(seconds=1)),
        lambda: moved(base_closes_at=F("province_closes_at") + timedelta(seconds=1)),
        lambda: moved(city_closes_at=F("province_closes_at") + timedelta(seconds=1)),
    ],
    "one_window_per_city_and_season": [lambda: twice(CityWindowFactory, "season", "city")],
    "a_citys_window_ends_after_it_begins": [
        lambda: CityWindowFactory(closes_at=factory.SelfAttribute("opens_at"))
    ],
    "an_extension_has_a_reason": [lambda: ExtensionFactory(reason="")],
    "an_extension_ends_after_it_is_granted": [
        lambda: ExtensionFactory(closes_at=factory.SelfAttribute("granted_at"))
    ],
    "one_application_per_season": [lambda: twice(ApplicationFactory, "enrolment", "season")],
    "application_submitted_iff_not_draft": [
        lambda: changed({}, stage=Stage.APPROVED),
        lambda: changed({}, round=1),
        lambda: changed({}, submitted_at=timezone.now()),
        lambda: changed(UNDER_REVIEW, stage=Stage.DRAFT),
        lambda: changed(UNDER_REVIEW, round=0),
        lambda: changed(UNDER_REVIEW, submitted_at=None),
    ],
    "application_waits_only_for_a_city_it_has": [lambda: changed(UNDER_REVIEW, stage=Stage.CITY, city=None)],
    "application_is_claimed_only_under_review": [
        lambda: changed({}, claimed_by=UserFactory(), claimed_at=timezone.now()),
        lambda: changed(UNDER_REVIEW, claimed_by=UserFactory()),
        lambda: changed(UNDER_REVIEW, claimed_at=timezone.now()),
        lambda: changed(
            {**UNDER_REVIEW, "claimed_by": UserFactory(), "claimed_at": timezone.now()}, stage=Stage.APPROVED
        ),
    ],
    "a_return_is_a_correction_or_a_withdrawal": [
        lambda: changed(UNDER_REVIEW, stage=Stage.RETURNED),
        lambda: changed(UNDER_REVIEW, correction_due_at=timezone.now()),
        lambda: changed(UNDER_REVIEW, withdrawn_at=timezone.now()),
        lambda: changed({**RETURNED, "correction_due_at": timezone.now()}, correction_due_at=None),
    ],
    "one_material_per_rotation_and_kind": [lambda: twice(MaterialFactory, "application", "rotation", "kind")],
    "one_submission_per_round": [lambda: twice(SubmissionFactory, "application", "round")],
    "a_page_is_frozen_once": [lambda: twice(SubmissionPageFactory, "submission", "page")],
    "one_supplement_per_round_and_rotation": [lambda: twice(SupplementFactory, "submission", "rotation")],
    "a_supplement_is_confirmed_by_somebody": [
        lambda: SupplementFactory(confirmed_at=timezone.now()),
        lambda: SupplementFactory(confirmed_by=UserFactory()),
    ],
    "one_standing_review_per_level_and_round": [lambda: twice(ReviewFactory, "submission", "level")],
    "a_failing_review_says_why": [lambda: ReviewFactory(outcome=Outcome.FAIL, opinion="")],
    "finding_box_is_inside_the_picture": outside(FindingFactory),
    "draftfinding_box_is_inside_the_picture": outside(DraftFindingFactory),
    "finding_of_a_page_names_its_item": [lambda: FindingFactory(page=PageFactory())],
    "draftfinding_of_a_page_names_its_item": [lambda: DraftFindingFactory(item="", page=PageFactory())],
    "an_answer_is_a_change_or_an_explanation": [lambda: AnswerFactory(explanation="")],
    "a_change_is_stated_by_a_round": [lambda: AnswerFactory(changed=True)],
    "an_item_is_unlocked_once_a_round": [lambda: twice(UnlockingFactory, "submission", "item")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "write"), [(name, write) for name, writes in REFUSED.items() for write in writes]
)
def test_the_database_itself_refuses(name, write):
    with pytest.raises(IntegrityError, match=constraints.of("completion")[name]), transaction.atomic():
        write()


def test_every_constraint_was_tried():
    assert REFUSED.keys() == constraints.of("completion").keys()


def test_the_states_of_the_diagram_are_all_possible():
    now = timezone.now()
    for fields in (
        {},
        UNDER_REVIEW,
        {**UNDER_REVIEW, "claimed_by": UserFactory(), "claimed_at": now},
        {**UNDER_REVIEW, "stage": Stage.CITY},
        {**UNDER_REVIEW, "stage": Stage.PROVINCE},
        {**UNDER_REVIEW, "stage": Stage.APPROVED},
        {**RETURNED, "correction_due_at": now},
        {**RETURNED, "withdrawn_at": now},
    ):
        assert ApplicationFactory(**fields).pk


def test_a_superseded_review_makes_room_for_another():
    first = ReviewFactory(superseded_at=timezone.now())

    assert ReviewFactory(submission=first.submission, level=first.level).superseded_at is None
