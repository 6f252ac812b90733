"""重置密码 of people with a role: the office above does it, and it is a code, never a password."""

import pytest

from tests.browsing import PASSWORD, signed_in
from tests.factories import BaseFactory, CityFactory, MembershipFactory, UserFactory
from zhupei.accounts import actions as accounts
from zhupei.accounts.actions import SignInRefused
from zhupei.accounts.models import User
from zhupei.audit.models import Event
from zhupei.lib.verdicts import Refused
from zhupei.organisations import actions, rules
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Organisation


@pytest.fixture
def base():
    return BaseFactory()


def holder(role: Role, organisation: Organisation) -> User:
    return MembershipFactory(role=role, organisation=organisation).user


def test_each_office_resets_for_the_people_below_it(base):
    city, province = base.parent, base.province
    admin = holder(Role.ADMIN, province)
    for role in (Role.TEACHER, Role.HEAD, Role.SECRETARY):
        assert rules.may_reset_password(holder(Role.BASE, base), holder(role, base))
    assert rules.may_reset_password(holder(Role.CITY, city), holder(Role.BASE, base))
    assert rules.may_reset_password(holder(Role.PROVINCE, province), holder(Role.CITY, city))
    for role in (Role.PROVINCE, Role.SUPPORT, Role.ADMIN):
        assert rules.may_reset_password(admin, holder(role, province))
    assert rules.may_reset_password(admin, UserFactory())


def test_a_base_without_a_reviewing_city_is_the_provinces_to_look_after():
    base = BaseFactory(review_city=None)
    admin = holder(Role.BASE, base)

    assert rules.may_reset_password(holder(Role.PROVINCE, base.province), admin)
    assert not rules.may_reset_password(holder(Role.CITY, base.parent), admin)


def test_nobody_resets_sideways_upwards_or_elsewhere(base):
    city, province = base.parent, base.province
    refused = (
        (holder(Role.BASE, base), holder(Role.BASE, base), f"的密码由{city}重置"),
        (holder(Role.BASE, base), holder(Role.CITY, city), f"的密码由{province}重置"),
        (holder(Role.CITY, CityFactory()), holder(Role.BASE, base), f"的密码由{city}重置"),
        (holder(Role.PROVINCE, province), holder(Role.BASE, base), f"的密码由{city}重置"),
        (holder(Role.PROVINCE, province), holder(Role.ADMIN, province), "的密码由系统管理员重置"),
        (holder(Role.SUPPORT, province), holder(Role.PROVINCE, province), "的密码由系统管理员重置"),
        (holder(Role.TEACHER, base), holder(Role.TEACHER, base), f"的密码由{base}重置"),
        (holder(Role.CITY, city), UserFactory(), "学员的密码由所在基地的基地管理员或平台客服重置"),
    )
    for user, person, sentence in refused:
        assert sentence in str(rules.may_reset_password(user, person))


def test_nobody_resets_the_own_password(base):
    admin = holder(Role.ADMIN, base.province)

    assert str(rules.may_reset_password(admin, admin)) == "本人的密码请在“修改密码”里更改"


def test_every_role_of_a_person_counts(base):
    """A teacher of ours who reviews for the city is not ours to reset."""
    teacher = holder(Role.TEACHER, base)
    MembershipFactory(user=teacher, role=Role.CITY, organisation=base.parent)

    with pytest.raises(Refused, match=f"{base.parent}市局的密码由{base.province}重置"):
        actions.issue_code(teacher, by=holder(Role.BASE, base))


def test_a_reset_ends_every_session_and_the_code_leads_to_a_new_password_once(base):
    admin = holder(Role.BASE, base)
    office, home = signed_in(admin), signed_in(admin)

    code = actions.issue_code(admin, by=holder(Role.CITY, base.parent), note="工单 7")

    for client in (office, home):
        assert client.get("/home/").url == "/login/?next=/home/"
    admin = User.objects.get(pk=admin.pk)
    client = office
    answer = client.post("/login/", {"username": admin.id_number, "password": code.lower()})
    assert answer.url == "/home/"
    assert client.get("/home/").url == "/password/"
    client.post("/password/", {"new": PASSWORD, "again": PASSWORD})
    assert client.get("/home/").status_code == 200
    with pytest.raises(SignInRefused):
        accounts.sign_in(admin.id_number, code, address="10.0.0.1")


def test_a_second_reset_ends_the_first_code(base):
    admin, city = holder(Role.BASE, base), holder(Role.CITY, base.parent)
    first = actions.issue_code(admin, by=city)
    second = actions.issue_code(admin, by=city)

    with pytest.raises(SignInRefused):
        accounts.sign_in(admin.id_number, first, address="10.0.0.1")
    assert accounts.sign_in(admin.id_number, second, address="10.0.0.2") == admin


def test_a_reset_is_on_record_and_told_without_the_code(base):
    admin, city = holder(Role.BASE, base), holder(Role.CITY, base.parent)

    code = actions.issue_code(admin, by=city, note="工单 7")

    event = Event.objects.get(verb="accounts.code.issued")
    assert (event.actor_id, event.subject_id, event.facts) == (city.pk, admin.pk, {"note": "工单 7"})
    notice = admin.notices.get()
    assert notice.text.startswith(f"您的登录密码已由{base.parent}重置")
    assert code not in notice.text
