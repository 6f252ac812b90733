from datetime import date

import pytest

from tests.factories import EducationFactory, EnrolmentFactory, ProfileFactory, UserFactory, fitted
from zhupei.accounts.choices import IdKind
from zhupei.audit.models import Event
from zhupei.imaging.rules import PAPER, PORTRAIT
from zhupei.lib.verdicts import Refused
from zhupei.training import actions, documents
from zhupei.training.choices import Degree, DocumentKind, PersonType
from zhupei.training.models import Document, Profile

ALWAYS = {
    DocumentKind.PORTRAIT: True,
    DocumentKind.ID_FRONT: True,
    DocumentKind.ID_BACK: True,
    DocumentKind.DIPLOMA: True,
    DocumentKind.DEGREE: True,
    DocumentKind.LICENCE: True,
    DocumentKind.PRACTICE: False,
}


def asked(*, highest="degree", profile=None, user=None, **enrolment):
    user = UserFactory.build(**(user or {}))
    of = {
        "degree": EducationFactory.build(degree=Degree.MASTER),
        "none": EducationFactory.build(),
        None: None,
    }
    found = documents.asked_of(
        ProfileFactory.build(user=user, **(profile or {})),
        EnrolmentFactory.build(user=user, completion_year=2026, **enrolment),
        of[highest],
    )
    return {item.kind: item.must for item in found}


def test_everybody_is_asked_for_portrait_card_diplomas_and_licence():
    assert asked() == ALWAYS


@pytest.mark.parametrize(
    ("person", "changes"),
    (
        ({"highest": "none"}, {DocumentKind.DEGREE: False}),
        ({"highest": None}, {}),
        ({"user": {"id_kind": IdKind.PASSPORT, "id_number": "E12345678"},
          "profile": {"sex": "male", "birth_date": date(1993, 8, 8)}}, {DocumentKind.ID_BACK: False}),
        ({"years": 2}, {DocumentKind.REDUCTION: True}),
        ({"profile": {"person_type": PersonType.SENT}}, {DocumentKind.COMMISSION: False}),
        ({"end_date": date(2027, 2, 28)}, {DocumentKind.EXTENSION: False}),
    ),
    ids=("no degree", "education unknown", "passport", "shortened", "sent by an employer", "extended"),
)  # fmt: skip
def test_what_else_is_asked_depends_on_the_person(person, changes):
    assert asked(**person) == ALWAYS | changes


def test_only_the_portrait_has_the_rule_of_the_portrait():
    rules = {kind: documents.image_rule(kind) for kind in DocumentKind}

    assert {kind for kind, rule in rules.items() if rule == PORTRAIT} == {DocumentKind.PORTRAIT}
    assert {rule.noun for kind, rule in rules.items() if kind != DocumentKind.PORTRAIT} == {PAPER.noun}


GREEN = (90, 200, 90)


@pytest.fixture
def profile():
    return ProfileFactory()


def lay(profile, kind=DocumentKind.DIPLOMA, pictures=None, *, by=None, replace=False):
    rule = documents.image_rule(kind)
    return actions.lay_document(
        profile, kind, pictures or [fitted(rule)], by=by or profile.user, replace=replace
    )


def standing(profile, kind):
    return [
        page.picture.address
        for page in Document.objects.get(user=profile.user, kind=kind).slot.pages.standing()
    ]


def test_a_certificate_may_have_several_pages(profile):
    lay(profile)
    lay(profile, pictures=[fitted(PAPER, GREEN)])

    assert standing(profile, DocumentKind.DIPLOMA) == [fitted().address, fitted(PAPER, GREEN).address]
    assert Document.objects.count() == 1


def test_a_portrait_always_replaces_the_one_before(profile):
    lay(profile, DocumentKind.PORTRAIT)
    lay(profile, DocumentKind.PORTRAIT, [fitted(PORTRAIT), fitted(PORTRAIT, GREEN)])

    assert standing(profile, DocumentKind.PORTRAIT) == [fitted(PORTRAIT, GREEN).address]


def test_a_portrait_is_not_replaced_by_nothing(profile):
    lay(profile, DocumentKind.PORTRAIT)

    actions.lay_document(profile, DocumentKind.PORTRAIT, [], by=profile.user, replace=True)

    assert standing(profile, DocumentKind.PORTRAIT) == [fitted(PORTRAIT).address]


def test_a_change_of_a_picture_is_a_change_of_the_record_and_on_record(profile):
    before = profile.changed_at

    document = lay(profile)

    profile.refresh_from_db()
    (page,) = document.slot.pages.all()
    (event,) = Event.objects.all()
    assert profile.changed_at > before
    assert (event.verb, event.facts) == (
        "training.document.laid",
        {"kind": "diploma", "pages": [str(page.picture_id)]},
    )


def test_a_page_can_be_removed_and_stays_in_the_history(profile):
    document = lay(profile)
    (page,) = document.slot.pages.all()

    actions.remove_document_page(profile, page, by=profile.user)

    assert standing(profile, DocumentKind.DIPLOMA) == []
    assert document.slot.pages.count() == 1
    assert Event.objects.filter(verb="training.document.removed", subject_id=document.pk).exists()


def test_documents_under_review_are_locked_until_they_come_back(profile):
    document = lay(profile)
    (page,) = document.slot.pages.all()
    actions.lock_documents(profile.user)

    for change in (
        lambda: lay(profile),
        lambda: lay(profile, DocumentKind.PORTRAIT),
        lambda: actions.remove_document_page(profile, page, by=profile.user),
    ):
        with pytest.raises(Refused, match="申请审核中，证照与电子照片已锁定；退回修改或撤回后可以更换"):
            change()

    actions.unlock_documents(profile.user)
    lay(profile)
    assert len(standing(profile, DocumentKind.DIPLOMA)) == 2


def test_a_lock_is_of_one_person_only(profile):
    other = ProfileFactory()

    actions.lock_documents(profile.user)

    assert Profile.objects.get(pk=other.pk).locked_at is None
    lay(other)


def test_nobody_uploads_or_removes_for_another(profile):
    stranger = ProfileFactory()
    document = lay(profile)
    (page,) = document.slot.pages.all()

    with pytest.raises(Refused, match="只有学员本人可以上传"):
        lay(profile, by=stranger.user)
    with pytest.raises(Refused, match="只有学员本人可以上传"):
        actions.remove_document_page(profile, page, by=stranger.user)
    with pytest.raises(Refused, match="只有学员本人"):
        actions.remove_document_page(stranger, page, by=stranger.user)

    assert len(standing(profile, DocumentKind.DIPLOMA)) == 1


def test_a_document_is_seen_by_its_owner_only(profile):
    document = lay(profile)

    assert Document.objects.visible_to(profile.user).get() == document
    assert not Document.objects.visible_to(UserFactory()).exists()
