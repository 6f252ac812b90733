import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError

from tests.factories import UserFactory
from zhupei.accounts import actions
from zhupei.audit.models import Event


@pytest.mark.parametrize(
    "password",
    (
        "short-1",
        "qwertyuiop",
        "shenzhiyuan2026",
        "ShenZhiYuan!",
        "x420106199308084515",
        "my19930808birthday",
        "call13800000121now",
        "zhiyuan.shen-2026",
    ),
    ids=("short", "common", "pinyin", "pinyin in capitals", "ID number", "birthday", "phone", "e-mail"),
)
def test_a_password_that_everybody_would_try_first_is_refused(password):
    user = UserFactory(
        full_name="沈知远",
        id_number="420106199308084515",
        phone="13800000121",
        email="zhiyuan.shen@example.cn",
    )

    with pytest.raises(ValidationError):
        actions.set_password(user, password=password, by=user)

    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_few_words_make_a_password_and_choosing_it_is_on_record():
    user = UserFactory()

    actions.set_password(user, password="春天的湖边有三只鸭子", by=user)

    user.refresh_from_db()
    assert user.check_password("春天的湖边有三只鸭子")
    assert Event.objects.get(verb="accounts.password.set").actor_id == user.pk


def test_passwords_are_kept_as_argon2id(real_passwords):
    user = actions.set_password(UserFactory(), password="春天的湖边有三只鸭子", by=None)

    assert identify_hasher(user.password).algorithm == "argon2"
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in user.password


def test_a_new_person_can_not_sign_in_before_a_code_was_handed_over():
    user = actions.create_user(by=None, full_name="沈知远", phone="13800000121")

    assert not user.has_usable_password()
    assert not user.codes.exists()
