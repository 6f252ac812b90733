"""个人中心, as a trainee meets it."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import EducationFactory, UserFactory, draft, jpeg, trainee
from zhupei.audit.models import Event
from zhupei.completion import places
from zhupei.completion.checklist import check
from zhupei.completion.content import describe
from zhupei.completion.dossier import load
from zhupei.training.choices import DocumentKind, PersonType
from zhupei.training.models import Education, Licence, Profile

from .pages import PROFILE, sign_in, text_of, upload


@pytest.fixture
def enrolment():
    return trainee(rotations=2, unfinished=1)


@pytest.fixture
def me(client, enrolment):
    """The client, signed in as the trainee."""
    sign_in(client, enrolment.user)
    return client


def test_the_trainee_sees_the_whole_record(me, enrolment):
    response = me.get(PROFILE)

    text = text_of(response)
    assert response.status_code == 200
    for words in ("基本信息", "教育经历", "医师资格 / 执业", "证照", "培训信息", "由证件号得出", "基地维护"):
        assert words in text
    assert "2寸白底彩色免冠照片，JPG格式，分辨率不小于413*626，大小不超过300K，人像正立" in text
    assert enrolment.user.id_number in text
    assert "用于报考" in text


def test_only_somebody_with_an_enrolment_has_a_record(client):
    sign_in(client, UserFactory())

    assert client.get(PROFILE).status_code == 404
    assert client.get("/training/rotations/").status_code == 404


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get(PROFILE).headers["Location"].startswith("/login/")


def test_every_place_that_a_missing_field_links_to_is_on_the_page(client):
    application = draft(years=2, grade=timezone.localdate().year - 2)
    sign_in(client, application.trainee)
    text = text_of(client.get(PROFILE))
    dossier = load(application, today=timezone.localdate())

    content = describe(dossier)
    keys = [field["key"] for section in content["sections"] for field in section["fields"]]
    links = [places.of_field(application, key) for key in keys]
    links += [places.of_document(application, DocumentKind.PORTRAIT)]
    links += [item.link for item in check(dossier, content).items]
    anchors = {link.partition("#")[2] for link in links if link.startswith(PROFILE)}

    assert len(anchors) > 30
    assert {anchor for anchor in anchors if f'id="{anchor}"' not in text} == set()


def test_ids_are_not_used_twice(me, enrolment):
    EducationFactory(user=enrolment.user)

    ids = re.findall(r'\bid="([^"]+)"', text_of(me.get(PROFILE)))

    assert len(ids) == len(set(ids))


def test_a_way_back_to_the_application_is_offered_only_for_an_id(me):
    application = "019d0000-0000-7000-8000-000000000000"

    assert f'href="/completion/{application}/"' in text_of(me.get(f"{PROFILE}?from={application}"))
    assert "返回个人基本信息" not in text_of(me.get(f"{PROFILE}?from=//evil.example"))


@pytest.mark.parametrize("more", (0, 2))
def test_the_page_costs_the_same_however_much_is_on_it(me, enrolment, queries, more):
    for number in range(more):
        EducationFactory(user=enrolment.user, graduated_date=date(2010 + number, 6, 30))
        upload(me, "practice", jpeg((10 * number, 90, 90)), mode="add")

    with queries() as counted:
        me.get(PROFILE)

    assert len(counted) == 6


# --- Saving --------------------------------------------------------------------------------------


BASIC = {
    "ethnic_group": "15",
    "phone": "＋86 138-0000 9999",
    "email": "Shen.ZY@Example.cn ",
    "politics": "13",
    "emergency_name": " 沈岳 ",
    "emergency_phone": "13800000155",
    "emergency_relation": "父子",
    "is_fresh_graduate": "no",
    "is_oriented": "yes",
    "is_military": "",
}


def test_basic_fields_are_saved_in_their_normal_form(me, enrolment):
    response = me.post(f"{PROFILE}basic/", BASIC)

    profile = Profile.objects.select_related("user").get(user=enrolment.user)
    assert response.status_code == 302
    assert (profile.user.phone, profile.user.email) == ("13800009999", "shen.zy@example.cn")
    assert (profile.ethnic_group, profile.politics) == ("15", "13")
    assert (profile.emergency_name, profile.emergency_phone) == ("沈岳", "13800000155")
    assert (profile.is_fresh_graduate, profile.is_oriented, profile.is_military) == (False, True, None)
    assert "已保存" in text_of(me.get(response.url))


def test_saving_keeps_the_way_back(me):
    application = "019d0000-0000-7000-8000-000000000000"

    response = me.post(f"{PROFILE}basic/", {**BASIC, "from": application})

    assert response.url == f"{PROFILE}?from={application}#basic"


def test_the_workplace_is_typed_by_whoever_is_sent_by_another_unit(me, enrolment):
    Profile.objects.filter(user=enrolment.user).update(person_type=PersonType.SENT, workplace="")

    assert "委培单位" in text_of(me.get(PROFILE))
    me.post(f"{PROFILE}basic/", {**BASIC, "workplace": "江城市第二医院"})

    assert Profile.objects.get(user=enrolment.user).workplace == "江城市第二医院"


def test_the_workplace_of_own_staff_is_the_bases(me, enrolment):
    me.post(f"{PROFILE}basic/", {**BASIC, "workplace": "别处", "sex": "female", "full_name": "别人"})

    profile = Profile.objects.select_related("user").get(user=enrolment.user)
    assert profile.workplace == enrolment.base.name
    assert (profile.sex, profile.user.full_name) == (enrolment.user.profile.sex, enrolment.user.full_name)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    (
        ("phone", "1380000121", "手机号应为 11 位，现在是 10 位"),
        ("phone", "12800001210", "手机号应以 13–19 开头，请核对"),
        ("email", "shen@", "邮箱格式不对，应像 name@example.cn"),
        ("emergency_phone", "abc", "手机号只能是数字"),
        ("emergency_name", "长" * 51, "紧急联系人姓名不超过 50 个字，现在是 51 个"),
        ("ethnic_group", "99", "请从列表中选择民族"),
        ("is_oriented", "maybe", "请选择“是”或“否”"),
    ),
)
def test_a_slip_is_said_twice_and_nothing_typed_is_lost(me, enrolment, field, typed, sentence):
    response = me.post(f"{PROFILE}basic/", {**BASIC, "emergency_relation": "叔侄", field: typed})

    text = text_of(response)
    assert response.status_code == 422
    assert text.count(sentence) == 2
    assert f'<a href="#id_{field}">{sentence}</a>' in text
    assert "叔侄" in text
    assert text.count('data-save="unsaved"') == 1
    assert Profile.objects.get(user=enrolment.user).emergency_relation == "叔侄"


@pytest.mark.parametrize(("field", "sentence"), (("phone", "该手机号已被使用"), ("email", "该邮箱已被使用")))
def test_what_another_person_signs_in_with_is_refused_at_its_field(me, enrolment, field, sentence):
    other = UserFactory(email="taken@example.cn")

    response = me.post(f"{PROFILE}basic/", {**BASIC, field: getattr(other, field)})

    assert response.status_code == 422
    assert f'<a href="#id_{field}">{sentence}</a>' in text_of(response)
    enrolment.user.refresh_from_db()
    assert getattr(enrolment.user, field) != getattr(other, field)


@pytest.mark.parametrize("odd", ("\x00", "👩‍⚕️", "\u202e", "'\"<script>", "字" * 300_000))
@pytest.mark.parametrize("section", ("basic", "education", "licence"))
def test_nothing_that_can_be_typed_breaks_the_page(me, section, odd):
    form = next(text for text in text_of(me.get(PROFILE)).split("<form") if f"{PROFILE}{section}/" in text)
    names = set(re.findall(r'name="([^"]+)"', form)) - {"csrfmiddlewaretoken"}
    assert len(names) > 8

    for name in names:
        response = me.post(f"{PROFILE}{section}/", {name: odd[:300_000]}, headers={"HX-Request": "true"})
        assert response.status_code in (200, 422)
        assert "<script>" not in response.content.decode()
    together = dict.fromkeys(names, odd[: 300_000 // len(names)])
    assert me.post(f"{PROFILE}{section}/", together).status_code in (302, 422)


EDUCATION = {
    "level": "bachelor",
    "degree": "bachelor",
    "degree_type": "",
    "school": "江城大学医学院",
    "major": "临床医学",
    "graduated_date": "２０１７．６．３０",
    "diploma_number": "1048 6120 1705 001234",
    "degree_number": "",
}


def as_education(key, **changes):
    return {f"education-{key}-{name}": value for name, value in {**EDUCATION, **changes}.items()}


def test_another_education_is_added_once_however_often_it_is_sent(me, enrolment):
    row = "019d0000-0000-7000-8000-000000000001"
    for _ in range(2):
        response = me.post(f"{PROFILE}education/", {**as_education("new"), "row": row})
        assert response.status_code == 302

    added = Education.objects.get(user=enrolment.user, level="bachelor")
    assert (added.graduated_date, added.diploma_number) == (date(2017, 6, 30), "104861201705001234")
    assert Education.objects.filter(user=enrolment.user).count() == 2


def test_an_education_is_changed_and_removed(me, enrolment):
    found = enrolment.user.educations.get()

    me.post(f"{PROFILE}education/{found.pk}/", as_education(found.pk, school="别的大学"))
    found.refresh_from_db()
    assert found.school == "别的大学"

    me.post(f"{PROFILE}education/{found.pk}/remove/")
    assert not enrolment.user.educations.exists()


def test_anothers_education_looks_like_none(me):
    theirs = EducationFactory()

    changed = me.post(f"{PROFILE}education/{theirs.pk}/", as_education(theirs.pk))
    removed = me.post(f"{PROFILE}education/{theirs.pk}/remove/")

    assert (changed.status_code, removed.status_code) == (404, 404)
    assert Education.objects.filter(pk=theirs.pk, school=theirs.school).exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    (
        ("graduated_date", "2017-02-30", "毕业时间应像 2018-11-30"),
        ("graduated_date", "0207-06-30", "毕业时间的年份是 207，请核对"),
        ("graduated_date", "2999-06-30", "毕业时间太晚了，请核对"),
        ("diploma_number", "123", "毕业证书编号应为 6–40 位，现在是 3 位"),
        ("degree_number", "证书一", "学位证书编号只能是数字和字母"),
    ),
)
def test_a_slip_in_an_education_is_said_at_its_field(me, field, typed, sentence):
    response = me.post(f"{PROFILE}education/", as_education("new", major="麻醉学", **{field: typed}))

    text = text_of(response)
    assert response.status_code == 422
    assert f'<a href="#id_education-new-{field}">{sentence}</a>' in text
    assert text.count(sentence) == 2
    assert "麻醉学" in text


def test_a_number_that_looks_odd_is_kept_with_a_warning(me):
    response = me.post(
        f"{PROFILE}education/", as_education("new", degree_number="Z10486", degree_type="scientific")
    )

    assert "Z 开头的是专业学位证书编号，请核对学位类型" in text_of(me.get(response.url))


def licence_of(enrolment, **changes):
    return {
        "passed_exam": "yes",
        "passed_date": "2018-11-30",
        "qualified_date": "2018-12-20",
        "licence_level": "physician",
        "licence_category": "clinical",
        "certificate_code": f"2018 42110 {enrolment.user.id_number.lower()}",
        "practice_code": "110420100012345",
        "practice_category": "clinical",
        "practice_date": "2019-03-05",
        "practice_scope": "外科专业",
        "practice_place": "江城大学附属第一医院",
        **changes,
    }


def test_the_licence_is_saved(me, enrolment):
    response = me.post(f"{PROFILE}licence/", licence_of(enrolment))

    licence = Licence.objects.get(user=enrolment.user)
    assert response.status_code == 302
    assert licence.certificate_code == f"201842110{enrolment.user.id_number}"
    assert (licence.level, licence.category) == ("physician", "clinical")
    assert (licence.passed_date, licence.practice_date) == (date(2018, 11, 30), date(2019, 3, 5))
    assert licence.passed_exam is True


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    (
        ("certificate_code", "201842110420106199308084515", "医师资格证书编码后 18 位与本人证件号不一致"),
        ("qualified_date", "2018-11-01", "医师资格取得日期不能早于考试通过时间"),
        ("practice_date", "2018-12-01", "执业取得日期不能早于医师资格取得日期"),
        ("passed_exam", "no", "没有通过医师资格考试时不填通过时间"),
        ("certificate_pending", "on", "已填写医师资格证书编码，请取消勾选“证书暂无”"),
        ("practice_scope", "长" * 51, "执业范围不超过 50 个字，现在是 51 个"),
    ),
)
def test_a_slip_in_the_licence_is_said(me, enrolment, field, typed, sentence):
    response = me.post(
        f"{PROFILE}licence/", licence_of(enrolment, **{field: typed, "practice_place": "云梦泽"})
    )

    text = text_of(response)
    assert response.status_code == 422
    assert text.count(sentence) == 2
    assert "云梦泽" in text


def test_no_date_lies_in_the_future(me, enrolment):
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = me.post(f"{PROFILE}licence/", licence_of(enrolment, practice_date=tomorrow.isoformat()))

    assert "执业取得日期不能晚于今天" in text_of(response)


def test_every_change_leaves_an_event(me, enrolment):
    Event.objects.all().delete()

    me.post(f"{PROFILE}basic/", BASIC)
    me.post(f"{PROFILE}licence/", licence_of(enrolment))
    upload(me, "practice", jpeg((1, 2, 3)), mode="add")

    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs == ["training.profile.updated", "training.licence.updated", "training.document.laid"]
