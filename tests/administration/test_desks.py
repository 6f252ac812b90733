"""重置密码 and 修改结业考核年份, at the base and at 客服."""

from datetime import date
from html import unescape

import pytest

from tests.browsing import signed_in
from tests.factories import (
    BaseFactory,
    CityFactory,
    EnrolmentFactory,
    MembershipFactory,
    ProfileFactory,
    ProvinceFactory,
    UserFactory,
    approved,
    at_city,
    at_province,
    draft,
    submitted,
    trainee,
)
from zhupei.accounts import actions as accounts
from zhupei.accounts.actions import SignInRefused
from zhupei.accounts.models import User
from zhupei.administration import actions, rules
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Role
from zhupei.training.models import Enrolment


@pytest.fixture
def base():
    return BaseFactory()


@pytest.fixture
def ours(base):
    return enrolled(base)


def enrolled(base, **fields) -> Enrolment:
    return EnrolmentFactory(user=ProfileFactory().user, base=base, **fields)


def holder(role: Role, organisation) -> User:
    return MembershipFactory(role=role, organisation=organisation).user


def text_of(response) -> str:
    return unescape(response.content.decode())


def desks(ours: Enrolment) -> dict[str, tuple[User, str]]:
    """Who has a page about ``ours``, and where."""
    return {
        "base": (holder(Role.BASE, ours.base), f"/base/trainees/{ours.pk}/"),
        "support": (holder(Role.SUPPORT, ours.base.province), f"/support/trainees/{ours.pk}/"),
        "province": (holder(Role.PROVINCE, ours.base.province), f"/support/trainees/{ours.pk}/"),
    }


# --- 重置密码 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("desk", ("base", "support"))
def test_a_reset_shows_the_code_once_and_ends_every_session(ours, desk):
    user, page = desks(ours)[desk]
    at_work, at_home = signed_in(ours.user), signed_in(ours.user)
    client = signed_in(user)
    form = {"note": "来电登记 7", "attempt": "one"}

    shown = client.post(f"{page}reset/", form)

    assert shown.status_code == 200
    assert shown["Cache-Control"] == "no-store"
    code = shown.context["code"]
    assert text_of(shown).count(code) == 1
    assert ours.user.masked_id_number in text_of(shown)
    for theirs in (at_work, at_home):
        assert theirs.get("/home/").url.startswith("/login/")
    assert accounts.sign_in(ours.user.id_number, code, address="10.0.0.1") == ours.user


def test_the_same_form_again_shows_no_code_and_ends_none(ours):
    user, page = desks(ours)["base"]
    client = signed_in(user)
    code = client.post(f"{page}reset/", {"attempt": "one"}).context["code"]

    again = client.post(f"{page}reset/", {"attempt": "one"}, follow=True)

    assert "代码只显示一次" in text_of(again)
    assert code not in text_of(again)
    assert accounts.sign_in(ours.user.id_number, code, address="10.0.0.1") == ours.user


def test_after_a_reset_the_new_password_is_asked_for_before_anything_else(ours, client):
    user, _ = desks(ours)["base"]
    code = actions.reset_password(ours, by=user)

    client.post("/login/", {"username": ours.user.id_number, "password": code})
    assert client.get("/completion/").url == "/password/"
    client.post("/password/", {"new": "秋天的湖边有五只鸭子", "again": "秋天的湖边有五只鸭子"})

    assert client.get("/home/").status_code == 200
    with pytest.raises(SignInRefused):
        accounts.sign_in(ours.user.id_number, code, address="10.0.0.1")


def test_the_trainee_is_told_who_did_it_and_the_log_why(ours):
    for desk, office, note in (("base", str(ours.base), ""), ("support", "平台客服", "来电登记 7")):
        user, _ = desks(ours)[desk]
        code = actions.reset_password(ours, by=user, note=note)

        notice = ours.user.notices.order_by("-created_at", "-id").first()
        assert notice.text.startswith(f"您的登录密码已由{office}重置")
        event = Event.objects.filter(verb="accounts.code.issued").latest("id")
        assert (event.actor_id, event.facts) == (user.pk, {"note": note} if note else {})
        assert code not in f"{notice.text}{event.facts}"


def test_support_says_on_whose_call(ours):
    user, page = desks(ours)["support"]

    refused = signed_in(user).post(f"{page}reset/", {"note": " \x00 "})

    assert refused.status_code == 422
    assert text_of(refused).count("请填写工单号或说明") == 2
    assert not Event.objects.filter(verb="accounts.code.issued").exists()


def test_only_the_base_and_support_reset_a_trainees_password(ours):
    base, province = ours.base, ours.base.province
    for role, organisation in (
        (Role.TEACHER, base),
        (Role.SECRETARY, base),
        (Role.BASE, BaseFactory()),
        (Role.CITY, base.parent),
        (Role.PROVINCE, province),
        (Role.SUPPORT, ProvinceFactory(code="430000")),
    ):
        with pytest.raises(Refused, match="基地管理员或平台客服重置"):
            actions.reset_password(ours, by=holder(role, organisation), note="x")


def test_nobody_resets_the_own_password_at_a_desk(ours):
    MembershipFactory(user=ours.user, organisation=ours.base, role=Role.BASE)

    assert "本人的密码" in str(rules.may_reset_password(ours.user, ours))


def test_a_trainee_with_an_office_is_not_taken_over_through_the_desk(ours):
    """Whoever resets a password could sign in with the code: not as the city's reviewer."""
    MembershipFactory(user=ours.user, organisation=ours.base.parent, role=Role.CITY)

    for desk in ("base", "support"):
        user, page = desks(ours)[desk]
        assert not rules.may_reset_password(user, ours)
        signed_in(user).post(f"{page}reset/", {"note": "x"})
    assert not Event.objects.filter(verb="accounts.code.issued").exists()


def test_a_trainee_who_teaches_at_the_same_base_is_the_bases(ours):
    MembershipFactory(user=ours.user, organisation=ours.base, role=Role.TEACHER)

    assert rules.may_reset_password(desks(ours)["base"][0], ours)
    assert not rules.may_reset_password(desks(ours)["support"][0], ours)


# --- 修改结业考核年份 ----------------------------------------------------------------------------


@pytest.mark.parametrize("desk", ("base", "support", "province"))
def test_a_changed_year_is_logged_with_old_new_and_reason_and_told(ours, desk):
    user, page = desks(ours)[desk]
    old = ours.completion_year

    answer = signed_in(user).post(f"{page}year/", {"year": old + 1, "reason": "产假延期，见批件"})

    assert answer.url == f"{page}?"
    ours.refresh_from_db()
    assert ours.completion_year == old + 1
    event = Event.objects.get(verb="training.enrolment.year_changed")
    assert event.facts == {"old": old, "new": old + 1, "reason": "产假延期，见批件"}
    notice = ours.user.notices.get()
    assert f"由 {old} 改为 {old + 1}（产假延期，见批件）" in notice.text


def test_a_year_is_changed_once_however_often_the_form_is_sent(ours):
    user, page = desks(ours)["base"]
    form = {"year": ours.completion_year + 1, "reason": "产假", "attempt": "one"}
    client = signed_in(user)

    for _ in range(2):
        assert client.post(f"{page}year/", form).status_code == 302
    assert Event.objects.filter(verb="training.enrolment.year_changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    (
        ({"year": "", "reason": "x"}, "请填写结业考核年份"),
        ({"year": "二〇二七", "reason": "x"}, "结业考核年份应为 2010–2099 之间的年份"),
        ({"year": "9" * 5000, "reason": "x"}, "结业考核年份应为 2010–2099 之间的年份"),
        ({"year": "2012", "reason": "x"}, "结业考核年份不能早于入培年级加培训年限"),
        ({"year": "2090", "reason": ""}, "请填写修改的原因"),
        ({"year": "2090", "reason": " \x00\u202e"}, "请填写修改的原因"),
        ({"year": "2090", "reason": "长" * 201}, "修改的原因不超过 200 个字，现在是 201 个"),
    ),
)
@pytest.mark.parametrize("desk", ("base", "support"))
def test_a_slip_is_said_twice_and_nothing_typed_is_lost(ours, desk, typed, sentence):
    user, page = desks(ours)[desk]

    refused = signed_in(user).post(f"{page}year/", typed)

    assert refused.status_code == 422
    assert text_of(refused).count(sentence) == 2
    for value in typed.values():
        if value.isalnum():
            assert value in text_of(refused)
    ours.refresh_from_db()
    assert ours.completion_year < 2090


def test_the_same_year_is_no_change(ours):
    user, page = desks(ours)["base"]

    refused = signed_in(user).post(f"{page}year/", {"year": ours.completion_year, "reason": "x"})

    assert f"结业考核年份已经是 {ours.completion_year}" in text_of(refused)


@pytest.mark.parametrize(
    ("story", "base_may", "support_may"),
    ((draft, True, True), (submitted, True, True), (at_city, False, True), (at_province, False, True)),
    ids=("draft", "at the base", "at the city", "at the province"),
)
def test_the_base_changes_the_year_until_the_application_is_with_the_city(story, base_may, support_may):
    application = story()
    ours = application.enrolment
    who = desks(ours)

    assert bool(rules.may_change_year(who["base"][0], ours, application)) == base_may
    assert bool(rules.may_change_year(who["support"][0], ours, application)) == support_may
    assert bool(rules.may_change_year(who["province"][0], ours, application)) == support_may
    if not base_may:
        with pytest.raises(Refused, match="结业考核年份请联系省厅或平台客服修改"):
            actions.change_year(ours, by=who["base"][0], year=2090, reason="x")


def test_of_an_approved_application_nobody_changes_the_year():
    ours = approved().enrolment
    for user, _ in desks(ours).values():
        with pytest.raises(Refused, match="申请已审核通过，结业考核年份不能再修改"):
            actions.change_year(ours, by=user, year=2090, reason="x")


def test_nobody_else_changes_a_year(ours):
    base, province = ours.base, ours.base.province
    for role, organisation in (
        (Role.TEACHER, base),
        (Role.BASE, BaseFactory()),
        (Role.CITY, base.parent),
        (Role.ADMIN, province),
        (Role.SUPPORT, ProvinceFactory(code="430000")),
    ):
        with pytest.raises(Refused, match="的基地管理员或平台客服修改"):
            actions.change_year(ours, by=holder(role, organisation), year=2090, reason="x")
    MembershipFactory(user=ours.user, organisation=base, role=Role.BASE)
    with pytest.raises(Refused, match="不能修改本人的结业考核年份"):
        actions.change_year(ours, by=ours.user, year=2090, reason="x")


# --- Scope ---------------------------------------------------------------------------------------


def test_what_is_out_of_scope_does_not_exist(ours):
    base, province = ours.base, ours.base.province
    strangers = {
        "/base/trainees/": [
            holder(Role.BASE, BaseFactory()),
            holder(Role.CITY, base.parent),
            holder(Role.SUPPORT, province),
            ours.user,
        ],
        "/support/trainees/": [
            holder(Role.SUPPORT, ProvinceFactory(code="430000")),
            holder(Role.BASE, base),
            holder(Role.CITY, base.parent),
            holder(Role.ADMIN, province),
            MembershipFactory(role=Role.SUPPORT, organisation=province, end_date=date(2021, 1, 1)).user,
            ours.user,
        ],
    }
    for where, users in strangers.items():
        for user in users:
            client, page = signed_in(user), f"{where}{ours.pk}/"
            assert client.get(page).status_code == 404
            assert client.post(f"{page}reset/", {"note": "x"}).status_code == 404
            assert client.post(f"{page}year/", {"year": 2090, "reason": "x"}).status_code == 404


def test_support_searches_the_province_and_sees_nobody_before(base):
    ours = enrolled(base)
    theirs = enrolled(BaseFactory(parent=CityFactory(parent=ProvinceFactory(code="430000"))))
    User.objects.filter(pk__in=(ours.user_id, theirs.user_id)).update(full_name="沈知远")
    client = signed_in(holder(Role.SUPPORT, base.province))

    assert "沈知远" not in text_of(client.get("/support/trainees/"))
    found = client.get("/support/trainees/?q=沈")
    assert [row.enrolment for row in found.context["page"].rows] == [ours]
    assert ours.user.masked_id_number in text_of(found)
    assert ours.user.id_number not in text_of(found)
    by_number = client.get("/support/trainees/", {"q": ours.user.id_number})
    assert by_number.context["count"] == 1
    assert "没有找到" in text_of(client.get("/support/trainees/?q=无此人"))


@pytest.mark.parametrize("role", (Role.BASE, Role.CITY, Role.ADMIN, Role.TEACHER))
def test_the_search_is_for_support_and_the_province_only(base, role):
    level = {Role.CITY: base.parent, Role.ADMIN: base.province}.get(role, base)

    assert signed_in(holder(role, level)).get("/support/trainees/").status_code == 404


def test_support_reads_where_the_application_is_and_not_what_is_in_it():
    application = submitted()
    user, page = desks(application.enrolment)["support"]

    text = text_of(signed_in(user).get(page))

    assert "待基地审核" in text
    assert "基地意见" in text
    assert application.trainee.id_number not in text
    assert f"/review/{application.pk}/" not in text


@pytest.mark.parametrize("rows", (1, 3))
def test_the_search_costs_the_same_however_many_are_found(base, queries, rows):
    for _ in range(rows):
        application = submitted(base=base)
        User.objects.filter(pk=application.trainee_id).update(full_name="沈知远")
    client = signed_in(holder(Role.SUPPORT, base.province))

    with queries() as counted:
        assert len(client.get("/support/trainees/?q=沈").context["page"].rows) == rows

    assert len(counted) == 7


# --- 账号 ----------------------------------------------------------------------------------------


def test_each_office_sees_the_accounts_it_looks_after_and_an_administrator_all(base):
    city, province = base.parent, base.province
    teacher, admin, reviewer = (
        holder(Role.TEACHER, base),
        holder(Role.BASE, base),
        holder(Role.CITY, city),
    )
    for role, organisation in ((Role.TEACHER, BaseFactory()), (Role.CITY, CityFactory())):
        holder(role, organisation)
    student = enrolled(base).user
    sysadmin = holder(Role.ADMIN, province)

    def seen(user: User) -> set[User]:
        return {person for person, *_ in signed_in(user).get("/people/").context["rows"]}

    assert seen(admin) == {teacher}
    assert seen(reviewer) == {admin}
    assert reviewer in seen(holder(Role.PROVINCE, province))
    assert admin not in seen(holder(Role.PROVINCE, province))
    assert {teacher, admin, reviewer, student} < seen(sysadmin)
    assert sysadmin not in seen(sysadmin)


def test_the_accounts_are_searched(base):
    teacher = holder(Role.TEACHER, base)
    User.objects.filter(pk=teacher.pk).update(full_name="罗文澜")
    client = signed_in(holder(Role.BASE, base))

    assert "罗文澜" in text_of(client.get("/people/?q=罗"))
    assert "没有找到账号" in text_of(client.get("/people/?q=无此人"))


def test_an_account_is_reset_with_a_note(base):
    teacher = holder(Role.TEACHER, base)
    client = signed_in(holder(Role.BASE, base))
    page = f"/people/{teacher.pk}/"

    assert "登录密码" in text_of(client.get(page))
    assert client.post(f"{page}reset/", {}).status_code == 422
    code = client.post(f"{page}reset/", {"note": "当面核对"}).context["code"]

    assert accounts.sign_in(teacher.id_number, code, address="10.0.0.1") == teacher


def test_an_administrator_resets_a_trainee_too(ours):
    client = signed_in(holder(Role.ADMIN, ours.base.province))

    assert client.post(f"/people/{ours.user_id}/reset/", {"note": "工单 9"}).context["code"]


def test_an_account_that_is_listed_for_one_role_and_out_of_reach_by_another_is_refused(base):
    teacher = holder(Role.TEACHER, base)
    MembershipFactory(user=teacher, role=Role.PROVINCE, organisation=base.province)
    client = signed_in(holder(Role.BASE, base))

    assert 'aria-disabled="true"' in text_of(client.get(f"/people/{teacher.pk}/"))
    refused = client.post(f"/people/{teacher.pk}/reset/", {"note": "x"})

    assert refused.status_code == 422
    assert "的密码由系统管理员重置" in text_of(refused)


def test_accounts_out_of_scope_do_not_exist(base):
    admin = holder(Role.BASE, base)
    for user, person in (
        (holder(Role.BASE, BaseFactory()), holder(Role.TEACHER, base)),
        (holder(Role.CITY, CityFactory()), admin),
        (holder(Role.SUPPORT, base.province), admin),
        (holder(Role.ADMIN, ProvinceFactory(code="430000")), admin),
        (admin, admin),
        (UserFactory(), admin),
    ):
        client = signed_in(user)
        assert client.get(f"/people/{person.pk}/").status_code == 404
        assert client.post(f"/people/{person.pk}/reset/", {"note": "x"}).status_code == 404
    for user in (holder(Role.SUPPORT, base.province), holder(Role.TEACHER, base), trainee(base=base).user):
        assert signed_in(user).get("/people/").status_code == 404


# --- The way there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "words"),
    (
        (Role.BASE, ["学员名单", "科室", "历史数据", "账号"]),
        (Role.CITY, ["账号"]),
        (Role.PROVINCE, ["考核年度", "轮转方案", "学员查询", "账号"]),
        (Role.SUPPORT, ["学员查询"]),
        (Role.ADMIN, ["轮转方案", "账号", "后台任务"]),
        (Role.TEACHER, []),
    ),
)
def test_the_menu_leads_to_the_desks(base, role, words):
    places = {Role.BASE: base, Role.TEACHER: base, Role.CITY: base.parent}
    client = signed_in(holder(role, places.get(role, base.province)))

    home = client.get("/home/")

    entries = [e for group in home.context["menu"] if group["title"] == "管理" for e in group["entries"]]
    assert [entry["text"] for entry in entries] == words
    for entry in entries:
        assert client.get(entry["url"]).status_code == 200


@pytest.mark.parametrize(
    ("role", "address"), ((Role.SUPPORT, "/support/trainees/"), (Role.ADMIN, "/people/"))
)
def test_who_works_by_searching_begins_with_the_search(base, role, address):
    text = text_of(signed_in(holder(role, base.province)).get("/home/"))

    assert f'action="{address}"' in text
    assert "现在没有" not in text
