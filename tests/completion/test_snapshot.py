"""What was decided on is what was looked at: a round is frozen."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import DepartmentFactory, draft, fitted, hand_in, submitted
from tests.factories.files import digest as sha256
from zhupei.completion import snapshot
from zhupei.completion.actions import application as trainees
from zhupei.completion.content import count_papers, describe, value_of
from zhupei.completion.dossier import load
from zhupei.completion.models import Submission
from zhupei.imaging.rules import PAPER
from zhupei.training import actions as training
from zhupei.training.choices import Indicator, PaperKind

CONTENT = {"name": "沈知远", "sections": [], "documents": [], "rotations": []}


def test_the_text_is_canonical_and_the_digest_is_its_sha_256():
    text = snapshot.freeze(CONTENT, warnings=["一"], nonce="00" * 16)

    assert text == (
        '{"documents":[],"name":"沈知远","nonce":"' + "00" * 16 + '","rotations":[],"sections":[],'
        '"version":1,"warnings":["一"]}'
    )
    assert snapshot.digest(text) == "6066f6e8a5d15b3370fb8efcaf7ce6078c01c9c0f44027e4d01f612596e1ce5e"
    assert snapshot.thaw(text)["name"] == "沈知远"
    assert snapshot.warnings_of(text) == ["一"]


def test_equal_content_has_another_digest_with_another_nonce():
    """So that nobody can find out a field by trying values."""
    texts = [snapshot.freeze(CONTENT, warnings=[], nonce=nonce * 16) for nonce in ("00", "01", "00")]
    first, second, third = map(snapshot.digest, texts)

    assert first == third != second


def test_every_round_has_a_nonce_of_its_own():
    application = submitted()
    trainees.withdraw(application, by=application.trainee)
    hand_in(application.__class__.objects.get(pk=application.pk))

    one, other = Submission.objects.order_by("round")
    without_nonce = [{**json.loads(s.content), "nonce": ""} for s in (one, other)]
    assert without_nonce[0] == without_nonce[1]
    assert one.digest != other.digest
    assert len(json.loads(one.content)["nonce"]) == 32
    assert all(s.digest == snapshot.digest(s.content) for s in (one, other))
    assert one.receipt != other.receipt


def test_numbers_that_were_decided_on_are_words():
    def floats(value):
        if isinstance(value, dict | list):
            return [
                x for part in (value.values() if isinstance(value, dict) else value) for x in floats(part)
            ]
        return [value] if isinstance(value, float) else []

    frozen = json.loads(submitted().submissions.get().content)

    assert floats(frozen) == []
    assert value_of(frozen, "filled") == value_of(frozen, "approved") == "100%"


@pytest.fixture
def application():
    return submitted()


def test_what_was_handed_in_stays_as_it_was_when_the_record_changes(application):
    submission = application.submissions.get()
    before, who = submission.content, application.trainee
    rotation = application.enrolment.rotations.get()

    training.update_record(who.profile, by=who, workplace="改了", phone="13100000000")
    education = who.educations.get()
    education.school = "改了"
    training.save_education(who.profile, education, by=who)
    training.update_licence(who.profile, by=who, practice_place="改了")
    training.count(rotation, by=None, done={Indicator.CASE: (0, 0)})
    rotation.department = DepartmentFactory(name="改了")
    rotation.save()
    application.enrolment.specialty.name = "改了"
    application.enrolment.specialty.save()

    submission.refresh_from_db()
    assert submission.content == before
    assert "改了" not in submission.content
    assert submission.digest == snapshot.digest(before)
    live = describe(load(application, today=timezone.localdate()))
    assert value_of(live, "workplace") == value_of(live, "school") == "改了"
    assert value_of(live, "filled") == "91.3%"
    assert value_of(snapshot.thaw(before), "filled") == "100%"


def test_a_page_that_was_replaced_later_is_still_that_of_its_round(application):
    submission = application.submissions.get()
    rotation, who = application.enrolment.rotations.get(), application.trainee
    trainees.withdraw(application, by=who)
    other = fitted(PAPER, (90, 200, 90))

    trainees.lay_paper(application, rotation, PaperKind.SUMMARY, [other], by=who, replace=True)
    hand_in(application.__class__.objects.get(pk=application.pk))

    first, second = Submission.objects.order_by("round")
    assert first == submission
    addresses = [
        {frozen.page.picture.address for frozen in s.pages.select_related("page__picture")}
        for s in (first, second)
    ]
    assert other.address not in addresses[0]
    assert other.address in addresses[1]
    assert other.address not in first.content


def test_every_page_of_the_content_is_held_by_the_submission(application):
    submission = application.submissions.get()
    frozen = snapshot.thaw(submission.content)
    papers = [*frozen["documents"], *(paper for stay in frozen["rotations"] for paper in stay["papers"])]

    named = {image["page"] for paper in papers for image in paper["images"]}

    assert named == {str(page.page_id) for page in submission.pages.all()}
    assert count_papers(frozen) == (8, 8)
    assert all(len(image["address"]) == len(sha256(0)) for paper in papers for image in paper["images"])


def test_nothing_personal_can_be_read_in_the_database(application):
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM completion_submission")
        (raw,) = cursor.fetchone()

    assert raw.startswith("v1.k1.")
    assert application.trainee.full_name not in raw


def test_a_draft_says_what_it_would_freeze():
    application = draft()
    live = describe(load(application, today=timezone.localdate()))

    frozen = snapshot.thaw(hand_in(application).submissions.get().content)

    assert {key: frozen[key] for key in live} == live
