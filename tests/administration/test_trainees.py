"""学员名单 and the form of what the base keeps."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests.factories import (
    BaseFactory,
    EnrolmentFactory,
    MembershipFactory,
    ProfileFactory,
    SpecialtyBaseFactory,
    SpecialtyFactory,
    UserFactory,
    approved,
    at_city,
    draft,
    resident_number,
    returned,
    season,
    submitted,
    trainee,
)
from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.administration import roster
from zhupei.audit.models import Event
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import Role
from zhupei.training.models import Enrolment

TRAINEES = "/base/trainees/"
THIS_YEAR = timezone.localdate().year


@pytest.fixture
def base():
    return BaseFactory()


@pytest.fixture
def admin(client, base):
    """The client, signed in as an administrator of ``base``."""
    user = MembershipFactory(organisation=base, role=Role.BASE).user
    sign_in(client, user)
    return client


def sign_in(client, user):
    accounts.set_password(user, password="春天的湖边有三只鸭子", by=user)
    client.force_login(User.objects.get(pk=user.pk))


def text_of(response) -> str:
    return unescape(response.content.decode())


def enrolled(base, **fields):
    """A bare trainee of ``base``."""
    name = {"user__full_name": fields.pop("full_name")} if "full_name" in fields else {}
    return EnrolmentFactory(user=ProfileFactory(**name).user, base=base, **fields)


# --- The list ------------------------------------------------------------------------------------


def test_the_list_shows_the_bases_trainees_and_no_others(admin, base):
    ours = enrolled(base, full_name="沈知远")
    enrolled(BaseFactory(), full_name="别家人")

    text = text_of(admin.get(TRAINEES))

    assert "沈知远" in text
    assert ours.user.masked_id_number in text
    assert ours.user.id_number not in text
    assert "未申请" in text
    assert "从未登录" in text
    assert "别家人" not in text


@pytest.mark.parametrize("role", (Role.TEACHER, Role.HEAD, Role.SECRETARY))
def test_the_list_is_for_administrators_of_a_base_only(client, base, role):
    sign_in(client, MembershipFactory(organisation=base, role=role).user)

    assert client.get(TRAINEES).status_code == 404


@pytest.mark.parametrize("days", (-1, 0))
def test_a_role_ends_with_its_last_day(client, base, days):
    last = timezone.localdate() + timedelta(days=days)
    sign_in(client, MembershipFactory(organisation=base, role=Role.BASE, end_date=last).user)

    assert client.get(TRAINEES).status_code == (200 if days == 0 else 404)


def test_a_trainee_has_no_list(client, base):
    ours = trainee(base=base)
    sign_in(client, ours.user)

    assert client.get(TRAINEES).status_code == 404
    assert client.get(f"{TRAINEES}{ours.pk}/").status_code == 404


def test_a_trainee_of_another_base_looks_like_none(admin):
    theirs = enrolled(BaseFactory())

    assert admin.get(f"{TRAINEES}{theirs.pk}/").status_code == 404
    assert admin.post(f"{TRAINEES}{theirs.pk}/", typed(theirs)).status_code == 404


def test_the_list_finds_and_filters(admin, base):
    internal = SpecialtyFactory(name="内科学")
    enrolled(base, full_name="沈知远", specialty=internal)
    enrolled(base, full_name="顾云舟", completion_year=timezone.localdate().year + 1)
    year = timezone.localdate().year

    def names(query):
        page = admin.get(TRAINEES + query).context["page"]
        return [row.enrolment.user.full_name for row in page.rows]

    assert names("") == ["顾云舟", "沈知远"]
    assert names("?q=szy") == ["沈知远"]
    assert names("?q=沈") == ["沈知远"]
    assert names(f"?year={year + 1}") == ["顾云舟"]
    assert names(f"?specialty={internal.pk}") == ["沈知远"]
    assert names("?stage=none") == ["顾云舟", "沈知远"]
    assert names("?stage=approved") == []
    assert names("?year=x&stage=y&specialty=z&after=w") == ["顾云舟", "沈知远"]


def test_the_list_shows_and_filters_the_stage_of_the_newest_application(admin, base):
    this_year = season(province=base.province)
    for story in (draft, submitted, at_city, returned, approved):
        story(base=base, in_season=this_year)

    text = text_of(admin.get(TRAINEES))
    for stage in ("draft", "base", "city", "returned", "approved"):
        assert f'data-stage="{stage}"' in text
        [row] = admin.get(f"{TRAINEES}?stage={stage}").context["page"].rows
        assert row.application.stage == stage


def test_pages_follow_each_other_without_gap_or_repeat(admin, base, monkeypatch):
    monkeypatch.setattr(roster, "PAGE", 2)
    year = timezone.localdate().year
    for number in range(5):
        enrolled(base, full_name="同名人" if number < 3 else f"张{'甲乙'[number - 3]}", completion_year=year)

    seen, address = [], ""
    while True:
        page = admin.get(TRAINEES + address).context["page"]
        seen += [row.enrolment.pk for row in page.rows]
        if not page.next_address:
            break
        address = page.next_address

    assert len(seen) == 5
    assert set(seen) == set(Enrolment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_however_long_it_is(admin, base, queries, rows):
    this_year = season(province=base.province)
    for _ in range(rows):
        submitted(base=base, in_season=this_year)

    with queries() as counted:
        response = admin.get(TRAINEES)

    assert len(response.context["page"].rows) == rows
    assert len(counted) == 10


# --- The form ------------------------------------------------------------------------------------


def typed(enrolment, **changes):
    """The form as the page shows it, with ``changes``."""
    user, profile = enrolment.user, enrolment.user.profile
    shown = {
        "full_name": user.full_name,
        "id_kind": user.id_kind,
        "id_number": user.id_number,
        "sex": profile.sex,
        "birth_date": profile.birth_date,
        "person_type": profile.person_type,
        "workplace": profile.workplace,
        "category": enrolment.category,
        "specialty": enrolment.specialty_id,
        "partner_base": enrolment.partner_base,
        "grade": enrolment.grade,
        "years": enrolment.years,
        "start_date": enrolment.start_date,
        "end_date": enrolment.end_date,
    }
    return {**shown, **changes}


def test_the_form_shows_what_the_base_keeps(admin, base):
    ours = trainee(base=base)

    text = text_of(admin.get(f"{TRAINEES}{ours.pk}/"))

    assert f'value="{ours.user.id_number}"' in text
    assert f"现为 <b>{ours.completion_year}</b>" in text
    assert "还没有开始申请" in text


def test_saving_without_a_change_changes_nothing(admin, base):
    ours = trainee(base=base)

    response = admin.post(f"{TRAINEES}{ours.pk}/", typed(ours))

    assert response.status_code == 302
    assert Event.objects.get(verb="training.enrolment.corrected").facts["fields"] == []
    assert not Notice.objects.filter(recipient=ours.user).exists()


def test_what_the_base_keeps_is_corrected(admin, base):
    ours = trainee(base=base)
    specialty = SpecialtyBaseFactory(base=base).specialty

    number = resident_number(777_002)
    changes = {
        "full_name": "阿依·古丽",
        "id_number": f" {number[:6]} {number[6:]}",
        "person_type": "sent",
        "workplace": "江城市第二医院",
        "specialty": specialty.pk,
        "partner_base": "江城市第三医院",
    }
    response = admin.post(f"{TRAINEES}{ours.pk}/?q=a", typed(ours, **changes))

    ours = Enrolment.objects.select_related("user__profile").get(pk=ours.pk)
    assert response.url == f"{TRAINEES}{ours.pk}/?q=a"
    assert (ours.user.full_name, ours.user.id_number) == ("阿依·古丽", number)
    assert (ours.user.profile.person_type, ours.user.profile.workplace) == ("sent", "江城市第二医院")
    assert (ours.specialty, ours.partner_base) == (specialty, "江城市第三医院")


def test_sex_and_birth_date_follow_the_number(admin, base):
    ours = trainee(base=base)
    number = resident_number(1_234_560)  # of a woman

    admin.post(
        f"{TRAINEES}{ours.pk}/",
        typed(ours, id_number=number, sex="male", birth_date="2001-01-01"),
    )

    ours.user.profile.refresh_from_db()
    assert ours.user.profile.sex == "female"
    assert f"{ours.user.profile.birth_date:%Y%m%d}" == number[6:14]


def test_a_number_that_states_neither_leaves_them_to_be_typed(admin, base):
    ours = trainee(base=base)
    passport = typed(ours, id_kind="passport", id_number="e 1234-5678", sex="", birth_date="")

    refused = text_of(admin.post(f"{TRAINEES}{ours.pk}/", passport))
    assert '<a href="#id_sex">请选择性别</a>' in refused
    assert '<a href="#id_birth_date">请填写出生日期</a>' in refused

    admin.post(f"{TRAINEES}{ours.pk}/", {**passport, "sex": "female", "birth_date": "1993-08-08"})
    ours = Enrolment.objects.select_related("user__profile").get(pk=ours.pk)
    assert (ours.user.id_number, ours.user.profile.sex) == ("E12345678", "female")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    (
        ("full_name", "沈", "姓名应为 2–50 个字，现在是 1 个"),
        ("id_number", "420106199308084516", "证件号码校验不通过，请逐位核对"),
        ("id_number", "", "请填写证件号码"),
        ("id_kind", "nonsense", "请从列表中选择证件类型"),
        ("person_type", "", "请选择人员类型"),
        ("specialty", "nonsense", "请从列表中选择培训专业"),
        ("grade", "二三", "入培年级应为 2010–2099 之间的年份"),
        ("grade", "9" * 5000, "入培年级应为 2010–2099 之间的年份"),
        ("years", "4", "培训年限应为 1、2 或 3 年"),
        ("end_date", "2020-01-01", "培训结束日期应晚于开始日期"),
        ("start_date", "", "请填写培训开始日期"),
        (
            "grade",
            "2090",
            f"结业考核年份（{THIS_YEAR}）不能早于入培年级加培训年限（2093），请先修改结业考核年份",
        ),
        ("partner_base", "长" * 101, "协同基地不超过 100 个字，现在是 101 个"),
    ),
)
def test_a_slip_is_said_twice_and_nothing_typed_is_lost(admin, base, field, value, sentence):
    ours = trainee(base=base)

    response = admin.post(f"{TRAINEES}{ours.pk}/", typed(ours, workplace="云梦泽", **{field: value}))

    text = text_of(response)
    assert response.status_code == 422
    assert text.count(sentence) == 2
    assert f'<a href="#id_{field}">{sentence}' in text
    assert "云梦泽" in text


def test_a_number_of_somebody_else_is_refused_at_its_field(admin, base):
    ours, other = trainee(base=base), UserFactory()

    response = admin.post(f"{TRAINEES}{ours.pk}/", typed(ours, id_number=other.id_number))

    assert response.status_code == 422
    assert '<a href="#id_id_number">该证件号码已在平台登记</a>' in text_of(response)


def test_two_enrolments_of_one_kind_are_refused(admin, base):
    ours = trainee(base=base)
    other = EnrolmentFactory(user=ours.user, base=base, completion_year=ours.completion_year - 1)
    SpecialtyBaseFactory(base=base, specialty=other.specialty)

    changes = {"specialty": other.specialty_id, "grade": other.grade}
    response = admin.post(f"{TRAINEES}{ours.pk}/", typed(ours, **changes))

    assert '<a href="#id_grade">该学员已有同专业、同年级的培训记录</a>' in text_of(response)


@pytest.mark.parametrize("odd", ("\x00", "👩‍⚕️", "\u202e", "'\"<script>", "字" * 300_000))
def test_nothing_that_can_be_typed_breaks_the_page(admin, base, odd):
    ours = trainee(base=base)

    for name in typed(ours):
        response = admin.post(f"{TRAINEES}{ours.pk}/", typed(ours, **{name: odd}))
        assert response.status_code in (302, 422)
        assert "<script>" not in response.content.decode()


def test_nobody_corrects_the_own_record(client, base):
    ours = trainee(base=base)
    MembershipFactory(user=ours.user, organisation=base, role=Role.BASE)
    sign_in(client, ours.user)

    page = text_of(client.get(f"{TRAINEES}{ours.pk}/"))
    response = client.post(f"{TRAINEES}{ours.pk}/", typed(ours, full_name="另一人"))

    assert 'aria-disabled="true"' in page
    assert response.status_code == 422
    assert "不能修改本人的培训记录" in text_of(response)
    assert User.objects.get(pk=ours.user_id).full_name == ours.user.full_name


def test_a_submitted_application_is_one_press_away(admin, base):
    application = submitted(base=base)

    text = text_of(admin.get(f"{TRAINEES}{application.enrolment_id}/"))

    assert "待基地审核" in text
    assert f'href="/review/{application.pk}/"' in text


def test_a_draft_is_nobody_elses_to_open(admin, base):
    application = draft(base=base)

    text = text_of(admin.get(f"{TRAINEES}{application.enrolment_id}/"))

    assert "填写中" in text
    assert f"/review/{application.pk}/" not in text


def test_the_year_is_out_of_the_bases_hands_once_the_city_has_the_application(admin, base):
    application = at_city(base=base)
    ours = Enrolment.objects.select_related("user__profile").get(pk=application.enrolment_id)
    address = f"{TRAINEES}{ours.pk}/"

    assert "结业考核年份请联系省厅或平台客服修改" in text_of(admin.get(address))
    refused = admin.post(f"{address}year/", {"year": ours.completion_year + 1, "reason": "x"})
    assert refused.status_code == 422
    assert "结业考核年份请联系省厅或平台客服修改" in text_of(refused)
    admin.post(address, typed(ours, partner_base="某院", completion_year=ours.completion_year + 1))

    ours.refresh_from_db()
    assert (ours.completion_year, ours.partner_base) == (application.season.year, "某院")
