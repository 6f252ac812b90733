"""What the database holds of a person, and how one is found."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from tests.factories import OneTimeCodeFactory, UserFactory, resident_number
from zhupei.accounts import actions
from zhupei.accounts.models import User
from zhupei.completion.models import Submission
from zhupei.lib.sealing import Unsealable
from zhupei.training.models import Licence, Profile

SECRETS = {"id_number": "420106199308084515", "phone": "13800000121", "email": "shen@example.cn"}


def raw_row(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return " ".join(map(str, cursor.fetchone()))


def test_the_database_holds_no_number_in_clear():
    UserFactory(**SECRETS)

    row = raw_row("accounts_user")

    assert row.count("v1.k1.") == len(SECRETS)
    for secret in (*SECRETS.values(), "4515", "19930808"):
        assert secret not in row


@pytest.mark.parametrize(
    ("model", "name"),
    (
        (User, "id_number"),
        (User, "phone"),
        (User, "email"),
        (Profile, "emergency_phone"),
        (Licence, "certificate_code"),
        (Submission, "content"),
    ),
)
def test_what_must_be_sealed_is_sealed(model, name):
    assert model._meta.get_field(name).description == "Text, encrypted"


def test_a_sealed_value_copied_into_another_column_does_not_open():
    user = UserFactory(**SECRETS)

    User.objects.filter(pk=user.pk).update(email=models.F("phone"))

    with pytest.raises(Unsealable):
        User.objects.get(pk=user.pk)


def test_the_same_number_is_sealed_differently_each_time():
    one, other = UserFactory(email=""), UserFactory(email="")
    for user in (one, other):
        user.email = "shen@example.cn"

    field = User._meta.get_field("email")

    assert field.get_prep_value(one.email) != field.get_prep_value(other.email)
    assert User._meta.get_field("email_index").blind("shen@example.cn") == User._meta.get_field(
        "email_index"
    ).blind("shen@example.cn")


def test_the_same_text_has_another_index_in_another_column():
    user = UserFactory(id_number="", phone="", email="")
    blind = [User._meta.get_field(f"{name}_index").blind("13800000121") for name in SECRETS]

    assert len(set(blind)) == len(blind)
    assert user.phone_index == ""


def test_an_index_follows_its_value():
    user = UserFactory(phone="13800000121")
    user.phone = "13900000122"
    user.save()

    assert not User.objects.identified_by("13800000121").exists()
    assert User.objects.identified_by("13900000122").get() == user


@pytest.mark.parametrize(
    "typed",
    ("沈知", "沈知远", "szy", "SZ", "shenzhi", "Shen Zhi", "420106199308084515", "4515", "４５１５", "451 5"),
)
def test_a_desk_finds_a_person_by_name_pinyin_whole_number_or_last_four(typed):
    wanted = UserFactory(full_name="沈知远", id_number="420106199308084515")
    UserFactory(full_name="陈一", id_number=resident_number(1))

    assert list(User.objects.matching(typed)) == [wanted]


def test_a_lower_case_x_is_found_as_well():
    wanted = UserFactory(full_name="沈知远", id_number="42010619930808451X")

    assert User.objects.matching("451x").get() == wanted


@pytest.mark.parametrize("typed", ("知远", "515", "94515", "00421", "13800004515"))
def test_a_desk_does_not_find_by_fragments(typed):
    UserFactory(full_name="沈知远", id_number="420106199308084515")

    assert not User.objects.matching(typed).exists()


def test_a_whole_number_finds_its_holder_and_nobody_who_shares_the_last_four():
    UserFactory(id_number="420106199308084515")
    wanted = UserFactory(id_number="420102199201014515")

    assert User.objects.matching("420102199201014515").get() == wanted


def test_the_number_is_masked_when_shown():
    assert UserFactory.build(id_number="420106199308084515").masked_id_number == "4201**********4515"


@pytest.mark.parametrize(
    ("field", "sentence"),
    (
        ("id_number", "该证件号码已在平台登记"),
        ("phone", "该手机号已被使用"),
        ("email", "该邮箱已被使用"),
    ),
)
def test_a_number_that_is_taken_is_refused_with_a_sentence(field, sentence):
    UserFactory(**SECRETS)
    typed = {**SECRETS, "id_number": SECRETS["id_number"] + " ", "email": "SHEN@example.cn"}[field]

    with pytest.raises(ValidationError, match=sentence):
        actions.create_user(by=None, full_name="另一人", **{field: typed})


@pytest.mark.parametrize(
    "duplicate",
    (
        lambda: UserFactory(id_number=SECRETS["id_number"]),
        lambda: UserFactory(phone=SECRETS["phone"]),
        lambda: UserFactory(email=SECRETS["email"]),
        lambda: OneTimeCodeFactory(user=User.objects.get()),
        lambda: UserFactory(id_kind="library"),
    ),
    ids=("ID number", "phone", "e-mail", "open code", "kind of document"),
)
def test_the_database_itself_refuses(duplicate):
    OneTimeCodeFactory(user=UserFactory(**SECRETS))

    with pytest.raises(IntegrityError), transaction.atomic():
        duplicate()


def test_people_without_phone_and_email_do_not_stand_in_each_others_way():
    UserFactory(phone="", email="", id_number="")
    UserFactory(phone="", email="", id_number="")

    assert User.objects.count() == 2
