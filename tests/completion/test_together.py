"""An action, its record and its notice stand or fall together; and what it costs does not grow."""

import pytest
from django.db import IntegrityError

from tests.factories import claimed, decided, draft, fitted, returned, reviewer, season, submitted, trainee
from zhupei.audit.models import Event
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.actions import season as seasons
from zhupei.completion.choices import Outcome, ReasonCode, RegisterStatus
from zhupei.completion.models import Application, Finding, Material, Review, Season, Submission
from zhupei.files.models import Page
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Level
from zhupei.training.choices import PaperKind
from zhupei.training.models import Profile

TABLES = (Application, Submission, Review, Finding, Material, Season, Page, Profile, Event, Notice)


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def start():
    enrolment, opening = trainee(rotations=0), season()
    return lambda: trainees.start(enrolment, opening, by=enrolment.user)


def register():
    application = draft(rotations=0)
    return lambda: trainees.set_register(application, by=application.trainee, status=RegisterStatus.UNDONE)


def lay():
    application = draft()
    rotation, by = application.enrolment.rotations.get(), application.trainee
    return lambda: trainees.lay_paper(
        application, rotation, PaperKind.SUMMARY, [fitted()], by=by, replace=True
    )


def remove():
    application = draft()
    page = application.materials.first().slot.pages.get()
    return lambda: trainees.remove_paper_page(application, page, by=application.trainee)


def submit():
    application = draft()
    return lambda: trainees.submit(application, by=application.trainee, seen_round=0)


def withdraw():
    application = submitted()
    return lambda: trainees.withdraw(application, by=application.trainee)


def claim():
    application = submitted()
    by = reviewer(application.base)
    return lambda: reviews.claim(application, by=by, seen_round=1)


def decide():
    application = claimed()
    return lambda: reviews.decide(
        application,
        by=application.claimed_by,
        level=Level.BASE,
        seen_round=1,
        outcome=Outcome.FAIL,
        opinion="x",
    )


def revise():
    given = decided(submitted(), Outcome.PASS)
    return lambda: reviews.revise(given, by=given.reviewer, outcome=Outcome.FAIL, opinion="x")


def open_season():
    fields = {field: value for field, value in season().__dict__.items() if field not in ("_state", "id")}
    Season.objects.all().delete()
    return lambda: seasons.open_season(by=None, **fields)


ACTIONS = {
    "completion.application.started": (start, trainees, 0),
    "completion.application.register_set": (register, trainees, 0),
    "completion.material.laid": (lay, trainees, 0),
    "completion.material.removed": (remove, trainees, 0),
    "completion.application.submitted": (submit, trainees, 0),
    "completion.application.withdrawn": (withdraw, trainees, 0),
    "completion.application.claimed": (claim, reviews, 0),
    "completion.application.decided": (decide, reviews, 1),
    "completion.application.revised": (revise, reviews, 1),
    "completion.season.opened": (open_season, seasons, 0),
}


@pytest.mark.parametrize("verb", ACTIONS)
def test_an_action_its_event_and_its_notice_stand_or_fall_together(monkeypatch, verb):
    prepare, module, notices = ACTIONS[verb]
    act = prepare()
    before, count = everything(), (Event.objects.count(), Notice.objects.count())

    def broken(*args, **kwargs):
        raise IntegrityError

    for name in ("record", "notify") if notices else ("record",):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, broken)
            with pytest.raises(IntegrityError):
                act()
        assert everything() == before, name

    act()
    assert Event.objects.order_by("pk").last().verb == verb
    assert (Event.objects.count() - count[0], Notice.objects.count() - count[1]) == (1, notices)


def test_an_event_names_the_actor_and_never_a_number_of_a_person():
    application = claimed()
    events = Event.objects.filter(subject_id=application.pk).order_by("pk")

    assert [(event.verb.rpartition(".")[2], event.actor_id) for event in events] == [
        ("started", application.trainee_id),
        ("register_set", application.trainee_id),
        ("submitted", application.trainee_id),
        ("claimed", application.claimed_by_id),
    ]
    words = " ".join(f"{event.subject} {event.actor} {event.facts}" for event in Event.objects.all())
    assert application.trainee.id_number not in words
    assert application.trainee.phone not in words


@pytest.fixture(params=(1, 4), ids=("1 rotation", "4 rotations"))
def rotations(request):
    return request.param


MOST = 18  # queries of one action, whatever the number of rotations and pages
SUBMIT, DECIDE = 15, 14  # what it is now


def test_a_submission_costs_the_same_however_long_the_training_was(queries, rotations):
    application = draft(rotations=rotations)

    with queries() as counted:
        trainees.submit(application, by=application.trainee, seen_round=0)

    assert len(counted) == SUBMIT <= MOST


def test_a_decision_costs_the_same_however_long_the_training_was(queries, rotations):
    application = claimed(rotations=rotations)

    with queries() as counted:
        reviews.decide(
            application,
            by=application.claimed_by,
            level=Level.BASE,
            seen_round=1,
            outcome=Outcome.FAIL,
            reasons=[ReasonCode.R09, ReasonCode.R05],
        )

    assert len(counted) == DECIDE <= MOST


def test_an_update_after_a_return_asks_only_for_the_findings_besides(queries):
    application = returned(rotations=1)

    with queries() as counted:
        trainees.submit(application, by=application.trainee, seen_round=1)

    assert len(counted) == SUBMIT + 1
