"""个人中心 and 过程轮转, as a trainee meets them."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    EducationFactory,
    PageFactory,
    UserFactory,
    draft,
    jpeg,
    submitted,
    trainee,
)
from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.audit.models import Event
from zhupei.completion import places
from zhupei.completion.checklist import check
from zhupei.completion.content import describe
from zhupei.completion.dossier import load
from zhupei.files.models import Page
from zhupei.training import actions, timeline
from zhupei.training.choices import DocumentKind, PersonType
from zhupei.training.models import Education, Licence, Profile

PROFILE = "/training/profile/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def enrolment():
    return trainee(rotations=2, unfinished=1)


@pytest.fixture
def me(client, enrolment):
    """The client, signed in as the trainee."""
    sign_in(client, enrolment.user)
    return client


def sign_in(client, user):
    accounts.set_password(user, password="春天的湖边有三只鸭子", by=user)
    client.force_login(User.objects.get(pk=user.pk))


def text_of(response) -> str:
    return unescape(response.content.decode())


def upload(client, kind, *contents, **fields):
    files = [SimpleUploadedFile(f"{number}.jpg", content) for number, content in enumerate(contents)]
    headers = fields.pop("headers", {})
    return client.post(f"{PROFILE}documents/{kind}/", {"pictures": files, **fields}, headers=headers)


def standing(user, kind):
    return list(Page.objects.standing().filter(slot__document__user=user, slot__document__kind=kind))


# --- The page ------------------------------------------------------------------------------------


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

    assert len(counted) <= 10


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
    assert "未保存" in text
    assert Profile.objects.get(user=enrolment.user).emergency_relation == ""


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
    names = re.findall(r'name="([^"]+)"', text_of(me.get(PROFILE)))
    typed = {name: odd for name in names if name not in ("pictures", "csrfmiddlewaretoken", "attempt")}
    longest = 1_000_000 // len(odd.encode())

    for name in typed:
        response = me.post(f"{PROFILE}{section}/", {name: odd[:longest]})
        assert response.status_code in (302, 422)
        assert "<script>" not in response.content.decode()


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
    for _ in range(2):
        response = me.post(f"{PROFILE}education/", {**as_education("new"), "attempt": "abc"})
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
        ("school", "", "请填写毕业院校"),
        ("level", "", "请选择学历"),
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


# --- Pictures ------------------------------------------------------------------------------------


def test_a_picture_is_laid_and_shown_again(me, enrolment):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add")

    [laid] = standing(enrolment.user, "practice")
    assert response.url == f"{PROFILE}#practice"
    assert "医师执业证书已上传" in text_of(me.get(response.url))
    for address in (f"{PROFILE}pictures/{laid.pk}/", f"{PROFILE}pictures/{laid.pk}/small/"):
        picture = me.get(address)
        assert picture.headers["Content-Type"] == "image/jpeg"
        assert b"".join(picture.streaming_content).startswith(b"\xff\xd8")


def test_our_script_is_answered_with_the_slot(me):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add", headers=HTMX)

    text = text_of(response)
    assert response.status_code == 200
    assert text.lstrip().startswith('<div class="slot"')
    assert "合格 · 413×626" in text
    assert "<html" not in text


def test_the_portrait_is_answered_with_its_own_place_and_always_replaces(me, enrolment):
    response = upload(me, "portrait", jpeg((200, 120, 90)), mode="add", headers=HTMX)

    assert response.status_code == 200
    assert 'id="photo"' in text_of(response)
    assert len(standing(enrolment.user, "portrait")) == 1


def test_pages_are_added_or_replaced_as_asked(me, enrolment):
    upload(me, "practice", jpeg((1, 2, 3)), jpeg((4, 5, 6)), mode="add")
    upload(me, "practice", jpeg((7, 8, 9)), mode="add")
    assert len(standing(enrolment.user, "practice")) == 3

    upload(me, "practice", jpeg((10, 11, 12)), mode="replace")
    assert len(standing(enrolment.user, "practice")) == 1


def test_the_good_pictures_are_kept_even_if_others_are_refused(me, enrolment):
    response = upload(me, "practice", jpeg((1, 2, 3)), b"no picture", mode="add", headers=HTMX)

    assert response.status_code == 422
    assert "第 2 张：" in text_of(response)
    assert len(standing(enrolment.user, "practice")) == 1


def test_why_a_picture_was_refused_is_said_without_scripts_too(me, enrolment):
    response = upload(me, "practice", jpeg(size=(300, 300)), mode="add")

    assert response.status_code == 302
    assert "图片太小：应不小于 413×626 像素，现在是 300×300" in text_of(me.get(response.url))
    assert standing(enrolment.user, "practice") == []


def test_sending_nothing_is_answered(me):
    response = me.post(f"{PROFILE}documents/practice/", headers=HTMX)

    assert response.status_code == 422
    assert "请先选择图片" in text_of(response)


@pytest.mark.parametrize("kind", ("reduction", "nonsense", "summary"))
def test_what_is_not_asked_has_no_place(me, kind):
    assert upload(me, kind, jpeg()).status_code == 404


def test_under_review_the_pictures_are_locked(client):
    application = submitted()
    user = application.trainee
    sign_in(client, user)
    [before] = standing(user, "diploma")

    answered = upload(client, "diploma", jpeg((1, 2, 3)), mode="replace", headers=HTMX)
    removed = client.post(f"{PROFILE}pictures/{before.pk}/remove/", headers=HTMX)

    assert (answered.status_code, removed.status_code) == (422, 422)
    assert "申请审核中，证照与电子照片已锁定" in text_of(answered)
    assert "申请审核中，证照与电子照片已锁定" in text_of(client.get(PROFILE))
    assert standing(user, "diploma") == [before]


def test_a_page_is_taken_away_and_stays_in_the_history(me, enrolment):
    upload(me, "practice", jpeg((1, 2, 3)), jpeg((4, 5, 6)), mode="add")
    first, second = standing(enrolment.user, "practice")

    response = me.post(f"{PROFILE}pictures/{first.pk}/remove/")

    assert response.url == f"{PROFILE}#practice"
    assert standing(enrolment.user, "practice") == [second]
    assert "历史 2" in text_of(me.get(f"{PROFILE}pictures/{second.pk}/view/"))
    assert "换下" in text_of(me.get(f"{PROFILE}pictures/{first.pk}/view/"))


def test_a_preview_leads_to_its_neighbours(me, enrolment):
    [front], [back] = standing(enrolment.user, "id_front"), standing(enrolment.user, "id_back")

    text = text_of(me.get(f"{PROFILE}pictures/{front.pk}/view/"))

    assert "2 / 6" in text
    assert f"{PROFILE}pictures/{back.pk}/view/" in text
    assert 'data-mode="look"' in text


@pytest.mark.parametrize("rest", ("", "small/", "view/"))
def test_anothers_picture_looks_like_none(client, enrolment, rest):
    [theirs] = standing(enrolment.user, "diploma")
    sign_in(client, trainee().user)

    assert client.get(f"{PROFILE}pictures/{theirs.pk}/{rest}").status_code == 404
    assert client.post(f"{PROFILE}pictures/{theirs.pk}/remove/").status_code == 404
    assert standing(enrolment.user, "diploma") == [theirs]


def test_a_picture_of_no_document_looks_like_none(me, enrolment):
    loose = PageFactory(picture__stored_by=enrolment.user)

    assert me.get(f"{PROFILE}pictures/{loose.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    (
        ("/completion/x/materials/#practice", "/completion/x/materials/#practice"),
        ("https://evil.example/", f"{PROFILE}#practice"),
        ("//evil.example/", f"{PROFILE}#practice"),
        ("javascript:alert(1)", f"{PROFILE}#practice"),
    ),
)
def test_an_upload_leads_back_to_a_page_of_ours(me, asked, leads_to):
    response = upload(me, "practice", jpeg((1, 2, 3)), mode="add", next=asked)

    assert response.url == leads_to


def test_every_change_leaves_an_event(me, enrolment):
    Event.objects.all().delete()

    me.post(f"{PROFILE}basic/", BASIC)
    me.post(f"{PROFILE}licence/", licence_of(enrolment))
    upload(me, "practice", jpeg((1, 2, 3)), mode="add")

    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs == ["training.profile.updated", "training.licence.updated", "training.document.laid"]


# --- 过程轮转 -------------------------------------------------------------------------------------


def test_the_rotations_are_drawn_and_listed(me, enrolment):
    text = text_of(me.get(reverse("training:rotations")))

    assert text.count('<tr id="r-') == 3
    assert "7/7" in text
    assert "36/34" in text
    assert "无要求" in text
    assert "已结束" in text
    assert "轮转中" in text
    assert '<progress value="34" max="34"' in text
    assert "style=" not in text


def test_somebody_without_rotations_is_told_whom_to_ask(client):
    enrolled = trainee(rotations=0)
    sign_in(client, enrolled.user)

    assert f"请联系{enrolled.base}录入轮转计划" in text_of(client.get("/training/rotations/"))


@pytest.mark.parametrize("more", (0, 3))
def test_the_rotations_cost_the_same_however_many(client, queries, more):
    sign_in(client, trainee(rotations=1 + more).user)

    with queries() as counted:
        client.get("/training/rotations/")

    assert len(counted) <= 7


def test_an_exempted_rotation_is_listed_and_not_drawn(me, enrolment):
    first = enrolment.rotations.in_order().first()
    enrolment.rotations.filter(pk=first.pk).update(exempted_at=timezone.now())

    text = text_of(me.get("/training/rotations/"))

    assert "减免，" in text
    assert text.count("<rect") == 2 + 3  # two bars, three keys


def test_bars_follow_the_calendar(enrolment):
    today = date(2024, 4, 15)
    rotations = list(enrolment.rotations.select_related("department").in_order())
    for rotation, month in zip(rotations, (3, 4, 5), strict=True):
        rotation.start_date, rotation.end_date = date(2024, month, 1), date(2024, month, 28)

    drawn = timeline.draw(rotations, begin=date(2023, 9, 1), end=date(2026, 8, 31), today=today)

    assert [bar.tone for bar in drawn.bars] == ["good", "brand", "quiet"]
    assert [bar.x for bar in drawn.bars] == [170, 198, 226]  # six, seven, eight months of 28
    assert drawn.marks[:2] == ((1, "2023-09"), (169, "2024-03"))
    assert (drawn.end, drawn.width) == ("2026-08", 36 * 28 + 4)
    assert drawn.bars[1].x < drawn.today < drawn.bars[2].x


def test_removing_a_page_twice_is_answered_not_broken(me, enrolment):
    [laid] = standing(enrolment.user, "diploma")
    actions.remove_document_page(enrolment.user.profile, laid, by=enrolment.user)

    response = me.post(f"{PROFILE}pictures/{laid.pk}/remove/")

    assert "这一页已经不在了" in text_of(me.get(response.url))
