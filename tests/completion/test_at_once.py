"""At the same moment, with real transactions: what rows are taken for. PostgreSQL shows it best."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import factories as made
from tests.at_once import at_once, overtaken
from tests.browsing import signed_in
from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.completion import invariants, snapshot
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, Stage
from zhupei.completion.models import Application, Review, Submission
from zhupei.files.models import Page
from zhupei.imaging.rules import PORTRAIT
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.organisations.choices import Level
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Profile

NEW_PASSWORD = "秋天的山上有五匹白马在跑"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_is_broken_afterwards():
    yield
    assert list(invariants.broken()) == []


def decide(application, by, outcome, opinion="数据不全"):
    return reviews.decide(
        application, by=by, level=Level.BASE, seen_round=1, outcome=outcome, opinion=opinion
    )


# --- Reviewers ------------------------------------------------------------------------------------------


def test_two_tabs_of_one_reviewer_give_exactly_one_decision():
    application = made.claimed()
    by = application.claimed_by

    answers = at_once([partial(decide, application, by, outcome) for outcome in Outcome] * 2)

    (given,) = [answer for answer in answers if isinstance(answer, Review)]
    assert [type(answer) for answer in answers].count(Conflict) == 3
    assert Review.objects.get() == given


def test_two_reviewers_at_once_give_exactly_one_decision():
    """The lease of the first has run out; the second takes the file over."""
    application = made.claimed()
    first, second = application.claimed_by, made.reviewer(application.base)
    long_ago = timezone.now() - timedelta(hours=1)
    Application.objects.filter(pk=application.pk).update(claimed_at=long_ago)

    def take_over():
        reviews.claim(application, by=second, seen_round=1)
        return decide(application, second, Outcome.FAIL)

    answers = at_once([partial(decide, application, first, Outcome.PASS), take_over])

    (given,) = [answer for answer in answers if isinstance(answer, Review)]
    assert Review.objects.get() == given
    assert len([answer for answer in answers if isinstance(answer, Refused)]) == 1


def test_only_one_of_several_reviewers_gets_the_file_and_the_others_hear_who_has_it():
    application = made.submitted()
    colleagues = [made.reviewer(application.base) for _ in range(4)]

    answers = at_once([partial(reviews.claim, application, by=by, seen_round=1) for by in colleagues])

    (winner,) = [answer.claimed_by for answer in answers if isinstance(answer, Application)]
    refusals = [str(answer) for answer in answers if isinstance(answer, Refused)]
    assert len(refusals) == 3
    assert all(refusal.startswith(f"{winner}正在审核") for refusal in refusals)


def test_who_waited_for_a_colleague_hears_the_colleagues_name():
    application = made.submitted()
    first, second = made.reviewer(application.base), made.reviewer(application.base)

    _, answer = overtaken(
        partial(reviews.claim, application, by=first, seen_round=1),
        partial(reviews.claim, application, by=second, seen_round=1),
    )

    assert isinstance(answer, Refused)
    assert str(answer).startswith(f"{first}正在审核")


def test_a_withdrawal_and_a_claim_exclude_each_other():
    application = made.submitted()
    colleague = made.reviewer(application.base)

    answers = at_once(
        [
            partial(trainees.withdraw, application, by=application.trainee),
            partial(reviews.claim, application, by=colleague, seen_round=1),
        ]
    )

    assert [isinstance(answer, Refused) for answer in answers].count(True) == 1


def test_a_claim_that_waited_for_a_new_round_of_another_specialty_is_a_conflict():
    """The base has corrected the specialty: what was joined to the row before is not what it says now."""
    application = made.returned()
    colleague = made.reviewer(application.base)
    application.enrolment.specialty = made.SpecialtyFactory()
    application.enrolment.save()

    handed_in, answer = overtaken(
        partial(trainees.submit, application, by=application.trainee, seen_round=1),
        partial(reviews.claim, application, by=colleague, seen_round=1),
    )

    assert isinstance(handed_in, Submission)
    assert isinstance(answer, Conflict)


# --- The trainee ------------------------------------------------------------------------------------------


def test_starting_twice_at_once_gives_one_draft():
    enrolment = made.trainee()
    season = made.season(province=enrolment.base.province)

    answers = at_once([partial(trainees.start, enrolment, season, by=enrolment.user)] * 4)

    assert {answer.pk for answer in answers} == {Application.objects.get().pk}


def test_submitting_twice_at_once_gives_one_round():
    application = made.draft()

    answers = at_once([partial(trainees.submit, application, by=application.trainee, seen_round=0)] * 4)

    assert [isinstance(answer, Submission) for answer in answers].count(True) == 1
    assert [type(answer) for answer in answers].count(Conflict) == 3
    assert made.again(application).round == 1


def test_a_double_click_on_the_form_gives_one_round_and_leads_both_to_its_receipt():
    application = made.draft()
    clients = [signed_in(application.trainee)] * 2
    address = reverse("completion:submit", args=[application.pk])
    form = {"seen_round": 0, "confirmed": "on", "consented": "on", "attempt": "one-form"}

    answers = at_once([partial(client.post, address, form) for client in clients])

    receipt = reverse("completion:receipt", args=[application.pk, 1])
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, receipt)] * 2
    assert Submission.objects.count() == 1


def test_two_tabs_that_submit_at_once_give_one_round_and_one_conflict():
    application = made.draft()
    client = signed_in(application.trainee)
    address = reverse("completion:submit", args=[application.pk])
    form = {"seen_round": 0, "confirmed": "on", "consented": "on"}
    forms = [{**form, "attempt": f"tab-{number}"} for number in range(2)]

    answers = at_once([partial(client.post, address, form) for form in forms])

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert Submission.objects.count() == 1


def test_ten_uploads_to_one_place_at_once_become_ten_pages():
    application = made.draft()
    rotation = made.rotation(application.enrolment, days_ago=60)
    client = signed_in(application.trainee)
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, PaperKind.SUMMARY])

    def upload(number):
        picture = SimpleUploadedFile(f"{number}.jpg", made.jpeg((10 * number, 100, 100)))
        return client.post(address, {"mode": "add", "pictures": picture}, headers={"HX-Request": "true"})

    answers = at_once([partial(upload, number) for number in range(10)])

    assert [answer.status_code for answer in answers] == [200] * 10
    pages = Page.objects.standing().filter(slot__material__rotation=rotation)
    assert [page.number for page in pages] == list(range(1, 11))
    assert len({page.picture.address for page in pages}) == 10


def test_ten_replacements_at_once_leave_one_page_and_the_others_in_the_history():
    application = made.draft()
    rotation = made.rotation(application.enrolment, days_ago=60)
    lay = partial(
        trainees.lay_paper, application, rotation, PaperKind.ASSESSMENT, [made.fitted()],
        by=application.trainee, replace=True,
    )  # fmt: skip

    at_once([lay] * 10)

    pages = Page.objects.filter(slot__material__rotation=rotation)
    assert (pages.filter(removed_at=None).count(), pages.count()) == (1, 10)


def test_a_portrait_that_is_being_replaced_is_the_one_that_is_handed_in():
    """Otherwise it would lie there, locked, and the reviewers would see another."""
    application = made.draft()
    profile, user = application.trainee.profile, application.trainee
    newer = made.fitted(PORTRAIT, (90, 140, 200))

    _, submission = overtaken(
        partial(training.lay_document, profile, DocumentKind.PORTRAIT, [newer], by=user, replace=True),
        partial(trainees.submit, application, by=user, seen_round=0),
    )

    frozen = {paper["key"]: paper["images"] for paper in snapshot.thaw(submission.content)["documents"]}
    assert [image["address"] for image in frozen[DocumentKind.PORTRAIT]] == [newer.address]
    assert Profile.objects.get(user=user).locked_at is not None


def test_a_certificate_does_not_slip_in_behind_a_submission():
    application = made.draft()
    profile, user = application.trainee.profile, application.trainee
    newer = made.fitted(PORTRAIT, (90, 140, 200))

    _, answer = overtaken(
        partial(trainees.submit, application, by=user, seen_round=0),
        partial(training.lay_document, profile, DocumentKind.PORTRAIT, [newer], by=user, replace=True),
    )

    assert isinstance(answer, Refused)
    assert made.again(application).stage == Stage.BASE


# --- Two tabs in 个人中心 ---------------------------------------------------------------------------------


def test_two_fields_of_a_person_that_are_saved_at_once_are_both_kept():
    user = made.draft().trainee
    save = partial(training.update_record, user.profile, by=user)

    overtaken(partial(save, phone="13700000001"), partial(save, email="wang@example.cn"))

    user = User.objects.get(pk=user.pk)
    assert (user.phone, user.email) == ("13700000001", "wang@example.cn")


def test_two_fields_of_the_licence_that_are_saved_at_once_are_both_kept():
    user = made.draft().trainee
    save = partial(training.update_licence, user.profile, by=user)

    overtaken(partial(save, practice_place="江城"), partial(save, practice_scope="外科专业"))

    licence = User.objects.get(pk=user.pk).licence
    assert (licence.practice_place, licence.practice_scope) == ("江城", "外科专业")


def test_a_new_password_outlives_a_field_that_is_saved_at_the_same_moment():
    user = made.draft().trainee

    overtaken(
        partial(accounts.set_password, user, password=NEW_PASSWORD, by=user),
        partial(training.update_record, user.profile, by=user, phone="13700000001"),
    )

    user = User.objects.get(pk=user.pk)
    assert check_password(NEW_PASSWORD, user.password)
    assert user.phone == "13700000001"


def test_what_the_base_corrects_and_what_the_trainee_saves_are_both_kept():
    application = made.draft()
    user, admin = application.trainee, made.reviewer(application.base)

    overtaken(
        partial(training.correct, application.enrolment, by=admin, full_name="新名字"),
        partial(training.update_record, user.profile, by=user, phone="13700000001"),
    )

    user = User.objects.get(pk=user.pk)
    assert (user.full_name, user.phone) == ("新名字", "13700000001")
