"""check-invariants: each truth broken by a hand in the database, and named."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories as made
from tests.factories import PageFactory, ReviewFactory, SubmissionFactory, SubmissionPageFactory, decided
from zhupei.audit.models import Event
from zhupei.completion import invariants, snapshot
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, Stage
from zhupei.completion.models import Application, Review, Submission, SubmissionPage, Supplement
from zhupei.organisations.choices import Level
from zhupei.training.models import Profile


def named() -> set[str]:
    return {one.invariant for one in invariants.broken()}


def altered(application, **values):
    Application.objects.filter(pk=application.pk).update(**values)


def events(application, deed):
    return Event.objects.filter(subject_id=application.pk, verb=f"completion.application.{deed}")


def round_two():
    """Returned by the city, handed in again, passed by the base and revised to a pass."""
    application = made.hand_in(made.returned(Level.CITY))
    given = decided(application, Outcome.FAIL, opinion="误判")
    reviews.revise(given, by=given.reviewer, outcome=Outcome.PASS)
    return made.again(application)


def test_nothing_is_broken_in_a_site_that_was_used_as_it_should_be():
    made.draft()
    made.approved(rotations=1, unfinished=1)
    made.approved(base=made.BaseFactory(review_city=None))
    made.returned(Level.PROVINCE)
    made.claimed()
    round_two()
    withdrawn = made.submitted()
    trainees.withdraw(withdrawn, by=withdrawn.trainee)
    made.hand_in(made.again(withdrawn))

    assert list(invariants.broken()) == []


def skip_a_round():
    application = made.returned()
    altered(application, round=3)


def lose_a_round():
    application = round_two()
    first = application.submissions.get(round=1)
    SubmissionPage.objects.filter(submission=first).delete()
    Review.objects.filter(submission=first).delete()
    first.delete()


def backdate():
    altered(made.submitted(), submitted_at=timezone.now() - timedelta(days=1))


def supersede_the_only_review():
    made.at_city()
    Review.objects.update(superseded_at=timezone.now())


def skip_the_base():
    application = made.submitted()
    ReviewFactory(submission=application.submissions.get(), level=Level.CITY, organisation=application.city)


def review_after_a_fail():
    application = made.returned()
    ReviewFactory(submission=application.submissions.get(), level=Level.CITY, organisation=application.city)


def review_for_another_base():
    made.at_city()
    Review.objects.update(organisation=made.BaseFactory())


def review_oneself():
    application = made.at_city()
    Review.objects.update(reviewer=application.trainee)


def decide_at_two_levels():
    made.at_province()
    Review.objects.update(reviewer=made.UserFactory())


def approve_by_hand():
    altered(made.submitted(), stage=Stage.APPROVED)


def return_by_hand():
    altered(made.submitted(), stage=Stage.RETURNED, correction_due_at=timezone.now())


def withdraw_by_hand():
    altered(made.submitted(), stage=Stage.RETURNED, withdrawn_at=timezone.now())


def forget_a_decision():
    events(made.at_city(), "decided").delete()


def forget_a_withdrawal():
    application = made.submitted()
    trainees.withdraw(application, by=application.trainee)
    events(application, "withdrawn").delete()


def log_twice():
    event = events(made.submitted(), "submitted").get()
    event.pk = None
    event.save()


def miscount():
    altered(made.submitted(rotations=1, unfinished=1), pending=0)


def confirm_without_counting():
    made.approved(rotations=1, unfinished=1)
    Supplement.objects.update(confirmed_at=timezone.now(), confirmed_by=made.UserFactory())


def change_a_word():
    submission = made.submitted().submissions.get()
    submission.content = submission.content.replace("江城", "武汉")
    submission.save()


def change_a_seal():
    made.submitted()
    other = SubmissionFactory()
    Submission.objects.filter(pk=other.pk).update(content="x")
    Submission.objects.exclude(pk=other.pk).update(digest="0" * 64)


def lose_a_page():
    made.submitted()
    SubmissionPage.objects.last().delete()


def add_a_page():
    SubmissionPageFactory(submission=made.submitted().submissions.get(), page=PageFactory())


def swap_a_picture():
    page = made.submitted().submissions.get().pages.last().page
    page.picture = made.PictureFactory()
    page.save()


def freeze_nonsense():
    submission = made.submitted().submissions.get()
    submission.content = "[]"
    submission.digest = snapshot.digest("[]")
    submission.save()


def unlock():
    Profile.objects.filter(user=made.submitted().trainee).update(locked_at=None)


def unlock_the_approved():
    Profile.objects.filter(user=made.approved().trainee).update(locked_at=None)


def lock():
    Profile.objects.filter(user=made.returned().trainee).update(locked_at=timezone.now())


def apply_twice():
    first = made.draft()
    other = made.ApplicationFactory(season=first.season)
    altered(other, trainee=first.trainee)


BY_HAND = {
    "rounds-have-no-gaps": [skip_a_round, lose_a_round, backdate],
    "one-standing-review-per-level-and-round": [supersede_the_only_review],
    "reviews-follow-the-route": [skip_the_base, review_after_a_fail],
    "offices-review-what-is-theirs": [review_for_another_base, review_oneself, decide_at_two_levels],
    "the-stage-follows-rounds-and-reviews": [approve_by_hand, return_by_hand, withdraw_by_hand],
    "the-stage-follows-the-log": [approve_by_hand, forget_a_decision, forget_a_withdrawal],
    "one-event-per-change": [forget_a_decision, log_twice, skip_the_base],
    "pending-counts-open-supplements": [miscount, confirm_without_counting],
    "the-content-is-what-was-hashed": [change_a_word, change_a_seal],
    "the-content-has-the-frozen-pages": [lose_a_page, add_a_page, swap_a_picture, freeze_nonsense],
    "locks-agree-with-stages": [unlock, unlock_the_approved, lock],
    "one-application-per-person-and-season": [apply_twice],
}


@pytest.mark.parametrize(
    ("invariant", "by_hand"),
    [(name, deed) for name, deeds in BY_HAND.items() for deed in deeds],
    ids=lambda thing: getattr(thing, "__name__", ""),
)
def test_what_a_hand_in_the_database_breaks_is_named(invariant, by_hand):
    by_hand()

    assert invariant in named()


def test_every_invariant_of_an_application_was_broken():
    assert BY_HAND.keys() >= invariants.OF_A_HISTORY.keys()


def test_only_ids_are_named():
    application = made.submitted()
    altered(application, stage=Stage.APPROVED)

    found = list(invariants.of_applications(Application.objects.all()))

    assert {one.id for one in found} == {application.pk}
    assert all(isinstance(one.id, UUID) for one in found)
    assert application.trainee.full_name not in "".join(map(str, found))
    assert str(found[0]) == (
        "the-stage-follows-rounds-and-reviews completion.application "
        f"{application.pk}：approved instead of base"
    )


@pytest.mark.parametrize("count", (1, 3))
def test_the_number_of_queries_does_not_grow_with_the_applications(queries, count):
    for _ in range(count):
        made.at_city()

    with queries() as counted:
        list(invariants.of_applications(Application.objects.all()))

    assert len(counted) == 5


def test_the_command_names_what_is_wrong_and_exits_with_1(capsys):
    application = made.submitted()
    call_command("check_invariants")
    assert "✓ 全部相符" in capsys.readouterr().out

    altered(application, stage=Stage.APPROVED)
    with pytest.raises(SystemExit):
        call_command("check_invariants", json=True, quick=True)

    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert report["checked"]["completion.application"] == 1
    assert report["counts"] == {"the-stage-follows-rounds-and-reviews": 1, "the-stage-follows-the-log": 1}
    assert {row["id"] for row in report["broken"]} == {str(application.pk)}


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_one_moment_and_keeps_nobody_from_writing(capsys):
    application = made.submitted()

    call_command("check_invariants")

    trainees.withdraw(application, by=application.trainee)
    assert "✓ 全部相符" in capsys.readouterr().out
