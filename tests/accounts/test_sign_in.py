from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import UserFactory
from zhupei.accounts import actions, throttling
from zhupei.accounts.actions import SignInRefused
from zhupei.accounts.models import Throttle, User
from zhupei.audit.models import Event

PASSWORD = "correct horse battery"
HOSPITAL, HOME = "198.51.100.7", "203.0.113.9"


def person(**fields):
    user = UserFactory(**fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(typed, password=PASSWORD, *, address=HOSPITAL):
    return actions.sign_in(typed, password, address=address)


def fail(typed, times, *, address=HOSPITAL):
    for _ in range(times):
        with pytest.raises(SignInRefused):
            signed_in(typed, "wrong", address=address)


@pytest.mark.parametrize(
    "typed",
    (
        "42010619930808451X",
        "42010619930808451x",
        " 420106 19930808 451X ",
        "４２０１０６１９９３０８０８４５１Ｘ",
        "13800000121",
        "+86 138 0000 0121",
        "+8613800000121",
        "138-0000-0121",
        "１３８００００　０１２１",
        "shen@example.cn",
        "Shen@Example.CN",
        "ｓｈｅｎ＠example。cn ",
    ),
)
def test_a_number_or_an_address_signs_in_however_it_is_typed(typed):
    user = person(id_number="42010619930808451X", phone="13800000121", email="shen@example.cn")

    assert signed_in(typed) == user


def test_numbers_are_kept_in_one_form_however_they_were_registered():
    user = actions.create_user(
        by=None,
        full_name=" 沈　知远 ",
        id_number="４２０１０６ 19930808451x",
        phone="+86 138-0000-0121",
        email="Shen@Example.CN",
    )
    stored = User.objects.get(pk=user.pk)

    assert (stored.full_name, stored.id_number, stored.phone, stored.email) == (
        "沈知远",
        "42010619930808451X",
        "13800000121",
        "shen@example.cn",
    )
    assert User.objects.identified_by("42010619930808451X").get() == user


@pytest.mark.parametrize("typed", ("", " ", "-", "13800000122", "nobody@example.cn"))
def test_nobody_is_found_by_what_nobody_has(typed):
    UserFactory(email="")

    assert not User.objects.identified_by(typed).exists()


def test_a_known_and_an_unknown_name_are_refused_in_the_same_words():
    known, unknown, disabled = person().phone, "13700000000", person(disabled_at=timezone.now()).phone
    words = set()

    for typed in (known, unknown, disabled):
        with pytest.raises(SignInRefused) as refusal:
            signed_in(typed, "wrong")
        words.add(str(refusal.value))

    assert words == {"用户名或密码不正确"}


def test_a_disabled_account_is_refused_even_with_the_right_password():
    user = person(disabled_at=timezone.now())

    with pytest.raises(SignInRefused, match="用户名或密码不正确"):
        signed_in(user.phone)


def test_five_typing_errors_are_free_and_then_one_waits_longer_and_longer(it_is):
    now = it_is(timezone.now())
    user = person()
    fail(user.phone, throttling.FREE_FAILURES)

    with pytest.raises(SignInRefused, match="请 30 秒后再试。账户没有被锁定，换一台电脑可以照常登录"):
        signed_in(user.phone)

    now = it_is(now + timedelta(seconds=30))
    fail(user.phone, 1)
    it_is(now + timedelta(seconds=59))
    with pytest.raises(SignInRefused, match="尝试次数过多"):
        signed_in(user.phone)

    it_is(now + timedelta(seconds=60))
    assert signed_in(user.phone) == user


def test_a_wait_is_told_in_minutes_and_never_longer_than_a_quarter_of_an_hour(it_is):
    now = it_is(timezone.now())
    user = person()
    fail(user.phone, throttling.FREE_FAILURES)
    Throttle.objects.update(failures=30)

    with pytest.raises(SignInRefused, match="请 15 分钟后再试"):
        signed_in(user.phone)

    it_is(now + timedelta(minutes=15))
    assert signed_in(user.phone) == user


def test_whoever_tries_out_one_person_slows_nobody_else_behind_that_address_nor_the_person_elsewhere():
    victim, colleague = person(), person()
    fail(victim.phone, throttling.FREE_FAILURES)

    assert signed_in(colleague.phone, address=HOSPITAL) == colleague
    assert signed_in(victim.phone, address=HOME) == victim
    with pytest.raises(SignInRefused, match="尝试次数过多"):
        signed_in(victim.phone, address=HOSPITAL)


def test_trying_the_same_person_by_phone_and_by_number_counts_together():
    user = person()
    fail(user.phone, 3)
    fail(user.id_number, 2)

    with pytest.raises(SignInRefused, match="尝试次数过多"):
        signed_in(user.phone)


def test_somebody_who_does_not_exist_is_slowed_as_well():
    fail("13700000000", throttling.FREE_FAILURES)

    with pytest.raises(SignInRefused, match="尝试次数过多"):
        signed_in("13700000000")


def test_an_address_that_tries_many_people_waits_as_a_whole():
    user, key = person(), throttling.key("", HOSPITAL)
    Throttle.objects.create(
        key=key, failures=throttling.FREE_FAILURES_OF_ADDRESS - 1, failed_at=timezone.now()
    )

    fail("13700000000", 1)

    with pytest.raises(SignInRefused, match="尝试次数过多"):
        signed_in(user.phone, address=HOSPITAL)
    assert signed_in(user.phone, address=HOME) == user


def test_failures_are_forgotten_after_half_a_day(it_is):
    now = it_is(timezone.now())
    user = person()
    fail(user.phone, throttling.FREE_FAILURES)

    it_is(now + throttling.FORGOTTEN_AFTER + timedelta(seconds=1))
    fail(user.phone, 1)

    assert set(Throttle.objects.values_list("failures", flat=True)) == {1}


def test_a_success_ends_the_counting():
    user = person()
    fail(user.phone, throttling.FREE_FAILURES - 1)

    signed_in(user.phone)
    fail(user.phone, throttling.FREE_FAILURES - 1)

    assert signed_in(user.phone) == user


def test_the_throttle_tells_nobody_who_was_tried():
    user = person()
    fail(user.phone, 1)

    assert all(str(user.pk) not in row.key and HOSPITAL not in row.key for row in Throttle.objects.all())


def test_opening_and_refusing_a_session_is_on_record():
    user = person()
    fail(user.phone, 1)
    signed_in(user.phone)

    events = Event.objects.filter(subject_id=user.pk).order_by("pk")
    assert [(event.verb, event.actor_id) for event in events] == [
        ("accounts.session.refused", None),
        ("accounts.session.opened", user.pk),
    ]
    user.refresh_from_db()
    assert user.last_login is not None


# --- One-time codes -------------------------------------------------------------------------


def test_a_one_time_code_signs_in_however_it_is_copied():
    user = UserFactory()
    code = actions.issue_code(user, by=None)

    for typed in (code, code.replace("-", ""), code.lower(), f" {code} "):
        assert signed_in(user.phone, typed) == user


def test_a_one_time_code_ends_with_the_password_it_led_to():
    user = UserFactory()
    code = actions.issue_code(user, by=None)

    actions.set_password(user, password=PASSWORD, by=user)

    with pytest.raises(SignInRefused):
        signed_in(user.phone, code)
    assert signed_in(user.phone) == user


def test_a_wrong_or_expired_or_replaced_code_is_refused_in_the_same_words(it_is):
    now = it_is(timezone.now())
    user = UserFactory()
    replaced = actions.issue_code(user, by=None)
    code = actions.issue_code(user, by=None)

    for typed in (replaced, "AAAAA-AAAAA", ""):
        with pytest.raises(SignInRefused, match="用户名或密码不正确"):
            signed_in(user.phone, typed)
    assert signed_in(user.phone, code) == user

    it_is(now + actions.CODE_LIFETIME - timedelta(seconds=1))
    assert signed_in(user.phone, code) == user

    it_is(now + actions.CODE_LIFETIME)
    with pytest.raises(SignInRefused, match="用户名或密码不正确"):
        signed_in(user.phone, code)


def test_a_reset_ends_the_old_password_at_once_and_the_code_is_seen_only_once():
    user, admin = person(), UserFactory()

    code = actions.issue_code(user, by=admin)

    with pytest.raises(SignInRefused):
        signed_in(user.phone)
    row = user.codes.get(used_at=None)
    assert code.replace("-", "") not in row.hashed
    assert row.issued_by == admin
    assert code not in str(Event.objects.values_list("facts", flat=True))


def test_a_person_with_neither_password_nor_code_cannot_sign_in():
    user = UserFactory()

    for typed in ("", "!", user.password):
        with pytest.raises(SignInRefused):
            signed_in(user.phone, typed)
