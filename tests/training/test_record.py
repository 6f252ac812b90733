"""The trainee's own record: enrolled by the base, filled in by the trainee, corrected by the base."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.factories import (
    BaseFactory,
    EducationFactory,
    EnrolmentFactory,
    LicenceFactory,
    MembershipFactory,
    ProfileFactory,
    SpecialtyFactory,
    UserFactory,
    reviewer,
)
from tests.factories.training import said_by_the_number
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training import actions, documents
from zhupei.training.choices import Degree, PersonType, SchoolLevel
from zhupei.training.models import Education, Enrolment, Profile


@pytest.fixture
def profile():
    found = ProfileFactory()
    LicenceFactory(user=found.user)
    return found


def enrolled(user, **fields):
    return actions.enrol(
        user,
        by=None,
        profile={**said_by_the_number(user), "person_type": PersonType.OWN_STAFF},
        enrolment={
            "base": BaseFactory(),
            "specialty": SpecialtyFactory(),
            "grade": 2023,
            "completion_year": 2026,
            "start_date": date(2023, 9, 1),
            "end_date": date(2026, 8, 31),
            **fields,
        },
    )


def events():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_enrolling_makes_a_record_with_an_empty_licence():
    user = UserFactory()

    enrolment = enrolled(user)

    assert (user.profile.person_type, user.licence.certificate_code) == (PersonType.OWN_STAFF, "")
    assert (enrolment.years, enrolment.category, enrolment.is_resit) == (3, "resident", False)
    assert events() == ["training.enrolment.begun"]


def test_a_second_training_keeps_the_record_of_the_first():
    user = UserFactory()
    enrolled(user)
    first = user.profile

    enrolled(user)

    assert Profile.objects.get() == first
    assert user.enrolments.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    (
        ({"completion_year": 2025}, "结业考核年份不能早于入培年级加培训年限"),
        ({"years": 4}, "培训年限应为 1、2 或 3 年"),
        ({"end_date": date(2023, 9, 1)}, "培训结束日期应晚于开始日期"),
    ),
)
def test_an_enrolment_that_cannot_be_is_refused_and_nothing_is_kept(fields, sentence):
    user = UserFactory()

    with pytest.raises(ValidationError, match=sentence):
        enrolled(user, **fields)

    assert not Profile.objects.exists()
    assert events() == []


def test_a_later_completion_year_is_fine():
    assert enrolled(UserFactory(), completion_year=2027).completion_year == 2027


# --- What the trainee fills in -------------------------------------------------------------


def test_the_trainee_updates_the_record_and_the_contact(profile):
    before = profile.changed_at

    actions.update_record(
        profile,
        by=profile.user,
        workplace="江城市第一医院",
        phone="13800000121",
        emergency_phone="13900000122",
    )

    found = Profile.objects.select_related("user").get()
    assert (found.workplace, found.user.phone, found.emergency_phone) == (
        "江城市第一医院",
        "13800000121",
        "13900000122",
    )
    assert found.changed_at > before
    (event,) = Event.objects.all()
    assert sorted(event.facts["fields"]) == ["emergency_phone", "phone", "workplace"]
    assert "138" not in str(event.facts)


def test_what_did_not_change_is_not_logged_as_changed(profile):
    actions.update_record(profile, by=profile.user, workplace=profile.workplace, politics="01")

    assert Event.objects.get().facts == {"fields": ["politics"]}


def test_nobody_else_fills_in_a_record_not_even_the_base(profile):
    admin = reviewer(EnrolmentFactory(user=profile.user).base)
    education = EducationFactory(user=profile.user)

    for change in (
        lambda: actions.update_record(profile, by=admin, workplace="x"),
        lambda: actions.update_licence(profile, by=admin, passed_exam=True),
        lambda: actions.save_education(profile, education, by=admin),
        lambda: actions.remove_education(profile, education, by=admin),
    ):
        with pytest.raises(Refused, match="只有学员本人可以填写个人中心"):
            change()

    assert events() == []


def test_one_cannot_take_over_or_remove_somebody_elses_education(profile):
    others = EducationFactory()

    for change in (actions.save_education, actions.remove_education):
        with pytest.raises(Refused, match="只有学员本人可以填写个人中心"):
            change(profile, others, by=profile.user)

    assert Education.objects.get().user == others.user


def test_an_unknown_value_is_refused(profile):
    with pytest.raises(ValidationError):
        actions.update_record(profile, by=profile.user, politics="99")


def test_a_licence_must_follow_the_exam_and_the_practice_the_licence(profile):
    by = profile.user

    with pytest.raises(ValidationError, match="医师资格取得日期不能早于考试通过时间"):
        actions.update_licence(
            profile, by=by, passed_date=date(2022, 12, 1), qualified_date=date(2022, 11, 30)
        )
    with pytest.raises(ValidationError, match="执业取得日期不能早于医师资格取得日期"):
        actions.update_licence(
            profile, by=by, qualified_date=date(2022, 12, 1), practice_date=date(2022, 11, 30)
        )

    licence = actions.update_licence(
        profile,
        by=by,
        passed_date=date(2022, 12, 1),
        qualified_date=date(2022, 12, 1),
        practice_date=date(2022, 12, 1),
    )
    assert licence.practice_date == date(2022, 12, 1)
    assert events() == ["training.licence.updated"]


def test_educations_come_and_go_and_each_is_on_record(profile):
    by = profile.user
    fields = {"school": "江城医科大学", "major": "临床医学", "graduated_date": date(2019, 6, 30)}
    education = Education(level=SchoolLevel.BACHELOR, degree=Degree.BACHELOR, **fields)

    saved = actions.save_education(profile, education, by=by)
    saved.major = "外科学"
    actions.save_education(profile, saved, by=by)
    assert by.educations.get().major == "外科学"

    actions.remove_education(profile, saved, by=by)
    assert not by.educations.exists()
    assert events() == [
        "training.education.saved",
        "training.education.saved",
        "training.education.removed",
    ]


def test_the_highest_education_counts_and_of_equals_the_latest():
    bachelor = EducationFactory.build(level=SchoolLevel.BACHELOR, graduated_date=date(2024, 6, 30))
    master = EducationFactory.build(level=SchoolLevel.MASTER, graduated_date=date(2022, 6, 30))
    earlier = EducationFactory.build(level=SchoolLevel.MASTER, graduated_date=date(2018, 6, 30))

    assert documents.highest_of([bachelor, master, earlier]) == master
    assert documents.highest_of([bachelor]) == bachelor
    assert documents.highest_of([]) is None


# --- What the base corrects ----------------------------------------------------------------


@pytest.fixture
def enrolment(profile):
    return EnrolmentFactory(user=profile.user, grade=2022, completion_year=2026, years=3)


def test_a_changed_completion_year_is_told_and_on_record(enrolment):
    admin, office = reviewer(enrolment.base), str(enrolment.base)

    actions.change_year(enrolment, by=admin, office=office, year=2027, reason="延期半年")

    enrolment.refresh_from_db()
    assert enrolment.completion_year == 2027
    (notice,) = enrolment.user.notices.all()
    assert notice.text == f"{enrolment.base}已将您的结业考核年份由 2026 改为 2027（延期半年）"
    assert Event.objects.get(verb="training.enrolment.year_changed").facts == {
        "old": 2026,
        "new": 2027,
        "reason": "延期半年",
    }


def test_the_same_year_again_is_no_change(enrolment):
    actions.change_year(enrolment, by=reviewer(enrolment.base), office="", year=2026, reason="x")

    assert not enrolment.user.notices.exists()
    assert events() == []


def test_a_year_before_the_training_ends_is_refused(enrolment):
    with pytest.raises(ValidationError, match="结业考核年份不能早于"):
        actions.change_year(enrolment, by=reviewer(enrolment.base), office="", year=2024, reason="x")

    assert events() == []


def test_a_correction_leaves_the_completion_year_alone(enrolment):
    """It has an action of its own, which asks where the application is."""
    with pytest.raises(ValueError, match="completion_year"):
        actions.correct(enrolment, by=reviewer(enrolment.base), completion_year=2027)


def test_the_base_corrects_name_and_number_of_a_person(enrolment):
    number = "42010619930808451X"

    actions.correct(
        enrolment, by=reviewer(enrolment.base), full_name="沈知远", id_number=number.lower(), workplace="一院"
    )

    found = Enrolment.objects.select_related("user__profile").get()
    assert (found.user.full_name, found.user.id_number, found.user.profile.workplace) == (
        "沈知远",
        number,
        "一院",
    )
    assert found.user == type(found.user).objects.identified_by(number).get()
    assert not found.user.notices.exists()


def test_a_correction_that_cannot_be_changes_nothing(enrolment):
    with pytest.raises(ValidationError, match="结业考核年份不能早于"):
        actions.correct(enrolment, by=reviewer(enrolment.base), full_name="改名", grade=2025)

    assert Enrolment.objects.select_related("user").get().user.full_name == enrolment.user.full_name
    assert events() == []


def test_only_an_admin_of_that_base_corrects_a_record_and_never_the_own(enrolment):
    other_base, city = reviewer(BaseFactory()), reviewer(enrolment.base.review_city)
    teacher = MembershipFactory(organisation=enrolment.base, role=Role.TEACHER).user
    for stranger in (other_base, city, teacher):
        with pytest.raises(Refused, match=f"由{enrolment.base}的基地管理员维护"):
            actions.correct(enrolment, by=stranger, partner_base="二院")

    MembershipFactory(user=enrolment.user, organisation=enrolment.base)
    with pytest.raises(Refused, match="不能修改本人的培训记录"):
        actions.correct(enrolment, by=enrolment.user, partner_base="二院")


def test_a_training_is_seen_by_the_trainee_and_the_admins_of_the_base(enrolment):
    seen_by = {
        "trainee": enrolment.user,
        "base": reviewer(enrolment.base),
        "other base": reviewer(BaseFactory()),
        "city": reviewer(enrolment.base.review_city),
        "teacher": MembershipFactory(organisation=enrolment.base, role=Role.TEACHER).user,
        "stranger": UserFactory(),
    }

    seeing = {who for who, user in seen_by.items() if Enrolment.objects.visible_to(user).exists()}

    assert seeing == {"trainee", "base"}
