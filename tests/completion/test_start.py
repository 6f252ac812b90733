"""Opening a draft, the register, and the signed papers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import (
    ApplicationFactory,
    BaseFactory,
    EnrolmentFactory,
    PageFactory,
    RotationFactory,
    UserFactory,
    fitted,
    season,
    submitted,
)
from tests.factories.clock import at
from zhupei.completion.actions import application as trainees
from zhupei.completion.choices import RegisterStatus, Stage
from zhupei.completion.models import Application, Material
from zhupei.lib.verdicts import Refused
from zhupei.training.choices import PaperKind


@pytest.fixture
def draft():
    """Empty, with one finished rotation."""
    application = ApplicationFactory()
    RotationFactory(enrolment=application.enrolment)
    return application


def lay(application, *, rotation=None, pictures=1, by=None, replace=False, kind=PaperKind.SUMMARY):
    rotation = rotation or application.enrolment.rotations.get()
    return trainees.lay_paper(
        application, rotation, kind, [fitted()] * pictures, by=by or application.trainee, replace=replace
    )


def test_a_draft_takes_its_route_from_the_base():
    enrolment = EnrolmentFactory()

    application = trainees.start(enrolment, season(), by=enrolment.user)

    base = enrolment.base
    assert (application.base, application.city, application.province) == (
        base,
        base.review_city,
        base.province,
    )
    assert (application.trainee, application.specialty) == (enrolment.user, enrolment.specialty)
    assert (application.stage, application.round, application.submitted_at) == (Stage.DRAFT, 0, None)


def test_starting_twice_gives_the_same_draft():
    enrolment = EnrolmentFactory()

    first, second = (trainees.start(enrolment, season(), by=enrolment.user) for _ in range(2))

    assert first == second
    assert Application.objects.count() == 1


def test_nobody_starts_for_another():
    with pytest.raises(Refused, match="只有学员本人可以申请"):
        trainees.start(EnrolmentFactory(), season(), by=UserFactory())


def test_nobody_starts_before_the_season_opens_to_the_second(it_is):
    opens = at(2026, 3, 16, 8, 0)
    it_is(opens)
    enrolment, opening = EnrolmentFactory(), season(trainee_opens_at=opens)

    it_is(opens - timedelta(seconds=1))
    with pytest.raises(Refused, match="2026 年住院医师结业考核将于 2026-03-16 08:00:00 开放申请"):
        trainees.start(enrolment, opening, by=enrolment.user)

    it_is(opens)
    assert trainees.start(enrolment, opening, by=enrolment.user).stage == Stage.DRAFT


def test_the_register_may_be_stored_as_not_done_but_not_as_anything_else(draft):
    by = draft.trainee

    assert trainees.set_register(draft, by=by, status=RegisterStatus.UNDONE).register_status == "undone"
    with pytest.raises(ValidationError):
        trainees.set_register(draft, by=by, status="half")
    with pytest.raises(Refused, match="只有学员本人可以修改"):
        trainees.set_register(draft, by=UserFactory(), status=RegisterStatus.DONE)


def test_a_paper_is_laid_page_by_page_and_replaced_as_a_whole(draft):
    lay(draft)
    material = lay(draft, pictures=2)
    assert material.slot.pages.standing().count() == 3

    assert lay(draft, replace=True) == material
    assert material.slot.pages.standing().count() == 1
    assert material.slot.pages.count() == 4
    assert Material.objects.visible_to(draft.trainee).get() == material
    assert not Material.objects.visible_to(UserFactory()).exists()


def test_the_two_papers_of_a_rotation_lie_apart(draft):
    assert lay(draft).slot != lay(draft, kind=PaperKind.ASSESSMENT).slot


def test_too_many_pages_are_refused_and_leave_no_empty_place(draft):
    with pytest.raises(Refused, match="一份材料最多 12 页"):
        lay(draft, pictures=13)

    assert not Material.objects.exists()


def test_a_paper_may_be_laid_before_the_rotation_has_ended(draft):
    """Nothing is closed because a teacher or head has not acted yet; handing in early is welcome."""
    rotation = RotationFactory(enrolment=draft.enrolment, start_date=timezone.localdate())

    assert lay(draft, rotation=rotation).slot.pages.standing().exists()


def test_an_exempted_rotation_needs_no_paper(draft):
    rotation = RotationFactory(
        enrolment=draft.enrolment, start_date=timezone.localdate(), exempted_at=timezone.now()
    )

    with pytest.raises(Refused, match="该轮转已减免，不需要上传"):
        lay(draft, rotation=rotation)


def test_a_paper_of_somebody_elses_rotation_is_refused(draft):
    with pytest.raises(Refused, match="该轮转不属于这份申请"):
        lay(draft, rotation=RotationFactory())


def test_nobody_lays_or_removes_a_paper_for_another(draft):
    (page,) = lay(draft).slot.pages.all()

    with pytest.raises(Refused, match="只有学员本人可以修改"):
        lay(draft, by=UserFactory())
    with pytest.raises(Refused, match="只有学员本人可以修改"):
        trainees.remove_paper_page(draft, page, by=UserFactory())


def test_a_page_of_another_application_is_not_removed(draft):
    other = ApplicationFactory()
    RotationFactory(enrolment=other.enrolment)
    (page,) = lay(other).slot.pages.all()

    for found in (page, PageFactory()):
        with pytest.raises(Refused, match="这一页不在这份申请里"):
            trainees.remove_paper_page(draft, found, by=draft.trainee)
        found.refresh_from_db()
        assert found.removed_at is None


def test_a_removed_page_stays_in_the_history(draft):
    material = lay(draft)
    (page,) = material.slot.pages.all()

    trainees.remove_paper_page(draft, page, by=draft.trainee)

    assert not material.slot.pages.standing().exists()
    assert material.slot.pages.count() == 1


def test_under_review_nothing_can_be_changed():
    application = submitted()
    page = application.materials.first().slot.pages.get()
    by = application.trainee

    for change in (
        lambda: trainees.set_register(application, by=by, status=RegisterStatus.UNDONE),
        lambda: lay(application),
        lambda: trainees.remove_paper_page(application, page, by=by),
    ):
        with pytest.raises(Refused, match="申请待基地审核，材料已锁定；退回修改或撤回后可以更改"):
            change()


def test_the_base_of_the_day_is_the_route():
    base = BaseFactory(review_city=None)
    enrolment = EnrolmentFactory(base=base)

    application = trainees.start(enrolment, season(), by=enrolment.user)

    assert (application.city, application.route) == (None, (Stage.BASE, Stage.PROVINCE))
