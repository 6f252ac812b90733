"""个人中心 saves field by field: nothing that is not sent is touched, nothing wrong stops the rest."""

import re
from datetime import date

import pytest

from tests.browsing import signed_in
from tests.factories import EducationFactory, trainee
from zhupei.audit.models import Event
from zhupei.training.models import Education, Licence, Profile

from .pages import PROFILE, text_of

ROW = "019d0000-0000-7000-8000-000000000001"


@pytest.fixture
def enrolment():
    return trainee(rotations=1)


@pytest.fixture
def save(enrolment):
    """``save("basic", phone="…")``: what js/autosave.js sends when one field was changed."""
    client = signed_in(enrolment.user)

    def send(section, **typed):
        return client.post(f"{PROFILE}{section}/", typed, headers={"HX-Request": "true"})

    return send


def said_at(response, name):
    """The field ``name`` of the answer, as text."""
    fields = text_of(response).split('<div class="field"')
    return next(text for text in fields if f'name="{name}"' in text)


def test_one_field_is_saved_and_says_when(save, enrolment):
    response = save("basic", emergency_name=" 沈岳 ")

    assert response.status_code == 200
    assert re.search(r"已保存 \d\d:\d\d:\d\d", said_at(response, "emergency_name"))
    assert 'value="沈岳"' in said_at(response, "emergency_name")
    assert Profile.objects.get(user=enrolment.user).emergency_name == "沈岳"


def test_a_field_that_is_not_sent_keeps_its_value(save, enrolment):
    before = Profile.objects.values().get(user=enrolment.user)
    phone = enrolment.user.phone

    save("basic", politics="13")

    after = Profile.objects.values().get(user=enrolment.user)
    assert {name for name in before if before[name] != after[name]} == {"politics", "changed_at"}
    enrolment.user.refresh_from_db()
    assert enrolment.user.phone == phone


def test_two_tabs_each_save_their_own_field(save, enrolment):
    save("licence", practice_place="云梦县")
    save("licence", practice_code="110420100012345")

    licence = Licence.objects.get(user=enrolment.user)
    assert (licence.practice_place, licence.practice_code) == ("云梦县", "110420100012345")


def test_a_wrong_field_does_not_keep_the_others_from_being_saved(save, enrolment):
    response = save("basic", phone="1380000121", emergency_relation="叔侄")

    assert response.status_code == 422
    assert "手机号应为 11 位，现在是 10 位" in said_at(response, "phone")
    assert 'data-save="unsaved"' in said_at(response, "phone")
    assert 'value="1380000121"' in said_at(response, "phone")
    assert 'data-save="saved"' in said_at(response, "emergency_relation")
    assert Profile.objects.get(user=enrolment.user).emergency_relation == "叔侄"


def test_a_number_of_somebody_else_is_refused_alone(save, enrolment):
    other = trainee().user

    response = save("basic", phone=other.phone, politics="13")

    assert response.status_code == 422
    assert "该手机号已被使用" in said_at(response, "phone")
    assert Profile.objects.get(user=enrolment.user).politics == "13"


def test_a_date_is_compared_with_the_one_that_is_stored(save, enrolment):
    Licence.objects.filter(user=enrolment.user).update(
        passed_date=date(2018, 11, 30), qualified_date=date(2018, 12, 20), practice_date=None
    )

    late = save("licence", passed_date="2019-01-01")
    together = save("licence", passed_date="2019-01-01", qualified_date="2019-02-01")

    assert late.status_code == 422
    assert "医师资格取得日期不能早于考试通过时间" in said_at(late, "passed_date")
    assert together.status_code == 200
    assert Licence.objects.get(user=enrolment.user).passed_date == date(2019, 1, 1)


def test_two_dates_in_the_wrong_order_are_both_left_as_they_were(save, enrolment):
    before = Licence.objects.values("passed_date", "qualified_date").get(user=enrolment.user)

    response = save("licence", passed_date="2019-03-01", qualified_date="2019-02-01", practice_place="云梦县")

    assert response.status_code == 422
    assert "医师资格取得日期不能早于考试通过时间" in said_at(response, "qualified_date")
    assert 'data-save="unsaved"' in said_at(response, "passed_date")
    assert Licence.objects.values("passed_date", "qualified_date").get(user=enrolment.user) == before
    assert Licence.objects.get(user=enrolment.user).practice_place == "云梦县"


def test_a_tick_is_taken_away_only_when_it_was_sent(save, enrolment):
    Licence.objects.filter(user=enrolment.user).update(certificate_pending=True, certificate_code="")

    save("licence", practice_place="云梦县")
    assert Licence.objects.get(user=enrolment.user).certificate_pending

    response = save("licence", certificate_pending="")
    assert not Licence.objects.get(user=enrolment.user).certificate_pending
    assert "未填写" in said_at(response, "certificate_code")


def test_without_a_degree_its_number_is_not_asked_for(save, enrolment):
    found = EducationFactory(user=enrolment.user, degree="bachelor")
    key = f"education-{found.pk}"

    asked = save(f"education/{found.pk}", **{f"{key}-degree": "master"})
    not_asked = save(f"education/{found.pk}", **{f"{key}-degree": "none"})

    assert "未填写" in said_at(asked, f"{key}-degree_number")
    assert "必填" in said_at(asked, f"{key}-degree_number")
    assert "必填" not in said_at(not_asked, f"{key}-degree_number")


def test_a_new_education_grows_field_by_field_and_is_one(save, enrolment):
    before = Education.objects.filter(user=enrolment.user).count()

    save("education", row=ROW, **{"education-new-school": "江城大学"})
    save("education", row=ROW, **{"education-new-school": "江城大学"})
    save("education", row=ROW, **{"education-new-graduated_date": "2017.6.30"})

    grown = Education.objects.get(pk=ROW)
    assert (grown.school, grown.level, grown.graduated_date) == ("江城大学", "", date(2017, 6, 30))
    assert Education.objects.filter(user=enrolment.user).count() == before + 1


def test_an_unfinished_education_is_never_the_highest(save, enrolment):
    save("education", row=ROW, **{"education-new-school": "江城大学"})

    text = text_of(signed_in(enrolment.user).get(PROFILE))

    assert text.index("用于报考") < text.index('value="江城大学"')


def test_the_id_of_somebody_elses_education_leads_nowhere(save):
    theirs = EducationFactory()

    response = save("education", row=theirs.pk, **{"education-new-school": "江城大学"})

    assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.school != "江城大学"


def test_a_doubt_is_said_and_nothing_is_refused(save, enrolment):
    response = save("licence", certificate_code="2018421104201", practice_scope="口腔专业")

    assert response.status_code == 200
    assert "医师资格证书编码一般为 27 位，现在是 13 位，请核对" in said_at(response, "certificate_code")
    assert f"与培训专业“{enrolment.specialty}”不同" in said_at(response, "practice_scope")
    assert "医师资格证书编码一般为 27 位" in text_of(signed_in(enrolment.user).get(PROFILE))


def test_saving_what_is_there_already_leaves_no_trace(save):
    save("basic", politics="13")
    Event.objects.all().delete()

    response = save("basic", politics="13")

    assert 'data-save="saved"' in said_at(response, "politics")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("section", "typed"),
    (
        ("basic", {"phone": "13800009999"}),
        ("basic", {"emergency_name": "沈岳"}),
        ("licence", {"passed_date": "2018-11-30"}),
        ("education", {"education-new-school": "江城大学", "row": ROW}),
    ),
)
def test_a_save_costs_fewer_than_ten_queries(save, queries, section, typed):
    save(section, **{**typed, "emergency_relation": "父子"})

    with queries() as counted:
        save(section, **{name: value.replace("9999", "8888") for name, value in typed.items()})

    assert len(counted) < 10, counted


@pytest.mark.parametrize(
    "field", ("stage", "full_name", "id_number", "sex", "person_type", "locked_at", "user")
)
def test_a_field_that_is_not_the_trainees_is_ignored(save, enrolment, field):
    before = (Profile.objects.values().get(user=enrolment.user), Event.objects.count())

    response = save("basic", **{field: "x"})

    assert response.status_code == 200
    assert (Profile.objects.values().get(user=enrolment.user), Event.objects.count()) == before
