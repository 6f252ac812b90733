"""Everything that can happen to a person's account."""

import math
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from zhupei.audit.log import record
from zhupei.lib.typed import digits_and_letters
from zhupei.lib.verdicts import Refused

from . import throttling
from .models import OneTimeCode, Throttle, User

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is misread on paper
CODE_LENGTH = 10  # 31^10: not to be guessed at the pace the throttle allows
CODE_LIFETIME = timedelta(days=7)


class SignInRefused(Refused):
    """Wrong user name or password, or too many tries; never says which."""


@transaction.atomic
def create_user(*, by: User | None, **fields: str) -> User:
    """Make a person who can not sign in yet (see ``issue_code``).

    ``fields`` are those of ``User``. Raises ValidationError for a number already taken.
    """
    user = User(**fields)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    record("accounts.user.created", user, by=by)
    return user


@transaction.atomic
def issue_code(user: User, *, by: User | None, **facts: str) -> str:
    """End the person's password and sessions and return a code, once, to be handed over (重置密码).

    Nobody ever sees or chooses another's password; the code leads to choosing one.
    ``facts`` go into the event. Who may do it is for the desks above: this asks no rule.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    now = timezone.now()
    user.codes.filter(used_at=None).update(used_at=now)
    OneTimeCode.objects.create(
        user=user, hashed=make_password(code), issued_by=by, issued_at=now, expires_at=now + CODE_LIFETIME
    )
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record("accounts.code.issued", user, by=by, **facts)
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def set_password(user: User, *, password: str, by: User | None) -> User:
    """Set the person's own choice; open codes end. Raises ValidationError for a weak one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    user.codes.filter(used_at=None).update(used_at=timezone.now())
    record("accounts.password.set", user, by=by)
    return user


def sign_in(typed: str, password: str, *, address: str) -> User:
    """The person who ``typed`` this user name with this password or one-time code.

    Raises SignInRefused, in the same words and about the same time for a wrong name, a
    wrong password and a disabled account. Slows tries per person and address, and much
    later per address, so nobody can lock a colleague out.
    """
    now = timezone.now()
    user: User | None = User.objects.identified_by(typed).filter(disabled_at=None).first()
    person = throttling.key(str(user.pk) if user else typed, address)
    keys = {
        person: throttling.FREE_FAILURES,
        throttling.key("", address): throttling.FREE_FAILURES_OF_ADDRESS,
    }
    _refuse_if_too_fast(keys, now)
    if user is None or not _proves(user, password, now):
        _note_failure(user, keys, now)
        raise SignInRefused("用户名或密码不正确")
    with transaction.atomic():
        Throttle.objects.filter(key=person).delete()
        user.last_login = now
        user.save(update_fields=["last_login"])
        record("accounts.session.opened", user, by=user, address=address)
    return user


def forget_throttles() -> int:
    """Delete what nobody waits for any more; returns how many."""
    return Throttle.objects.filter(failed_at__lt=timezone.now() - throttling.FORGOTTEN_AFTER).delete()[0]


def _proves(user: User, password: str, now: datetime) -> bool:
    if user.has_usable_password():
        return check_password(password, user.password)
    code = user.codes.filter(used_at=None, expires_at__gt=now).first()
    return check_password(digits_and_letters(password), code.hashed if code else "")  # "": the same work


def _refuse_if_too_fast(keys: dict[str, int], now: datetime) -> None:
    recent = (
        now - throttling.FORGOTTEN_AFTER,
        now,
    )  # what lies ahead was noted before the clock was put back
    for row in Throttle.objects.filter(key__in=keys, failed_at__range=recent):
        until = throttling.waits_until(row.failures, row.failed_at, free=keys[row.key])
        if until > now:
            seconds = math.ceil((until - now).total_seconds())
            wait = f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
            raise SignInRefused(f"尝试次数过多，请 {wait}后再试。账户没有被锁定，换一台电脑可以照常登录")


@transaction.atomic
def _note_failure(user: User | None, keys: dict[str, int], now: datetime) -> None:
    make_password("the same work as for a real person") if user is None else None
    for key in keys:
        row, _ = Throttle.objects.select_for_update().get_or_create(key=key, defaults={"failed_at": now})
        forgotten = row.failed_at < now - throttling.FORGOTTEN_AFTER
        row.failures, row.failed_at = (1 if forgotten else row.failures + 1), now
        row.save(update_fields=["failures", "failed_at"])
    if user is not None:
        record("accounts.session.refused", user, by=None)
