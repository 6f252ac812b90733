from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connections, models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.lib import email, id_number, phone, pinyin, typed
from zhupei.lib.constraints import known

from .choices import IdKind
from .fields import BlindIndexField, SealedTextField

LAST_LETTER = "\U0010ffff"  # of Unicode; no text that begins like another comes behind it
TAIL = 4  # characters of an ID number that a desk may search by


class UserQuerySet(models.QuerySet["User"]):
    def identified_by(self, text: str) -> Self:
        """Whoever signs in with ``text``: 身份证号, 手机号 or 注册邮箱, however it was typed."""
        return self.filter(
            Q(id_number_index=self.blind("id_number_index", id_number.normalise(text)))
            | Q(phone_index=self.blind("phone_index", phone.normalise(text)))
            | Q(email_index=self.blind("email_index", email.normalise(text)))
        )

    def matching(self, text: str) -> Self:
        """Search of a desk: the beginning of a name, pinyin or initials, a whole ID number, its last four."""
        text = typed.half_width(typed.clean(text)).strip()
        if not text:
            return self
        number = id_number.normalise(text)
        return self.filter(
            self._is_named(text)
            | Q(id_number_index=self.blind("id_number_index", number))
            | Q(id_number_tail=self.blind("id_number_tail", number if len(number) == TAIL else ""))
        )

    def named_like(self, text: str) -> Self:
        """The same for who may not know ID numbers: the beginning of a name, pinyin or initials."""
        return self.filter(self._is_named(text))

    def _is_named(self, text: str) -> Q:
        return (
            self._begins("full_name", text)
            | self._begins("initials", text.lower())
            | self._begins("pinyin", text.lower().replace(" ", ""))
        )

    def _begins(self, column: str, text: str) -> Q:
        """A beginning as an index finds it: SQLite's LIKE reads every row, PostgreSQL's does not."""
        if connections[self.db].vendor == "sqlite":
            return Q(**{f"{column}__gte": text, f"{column}__lt": text + LAST_LETTER})
        return Q(**{f"{column}__startswith": text})

    def blind(self, index: str, value: str) -> str:
        """The blind index of ``value``; of nothing, a value that no row has."""
        field = self.model._meta.get_field(index)
        assert isinstance(field, BlindIndexField)  # noqa: S101 - a mistake of ours, not of a visitor
        return field.blind(value) or "-"


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    pass


class User(AbstractBaseUser):
    """A person who signs in: trainee, teacher or reviewer. What one may do are memberships.

    There is no user name: ID number, phone and e-mail each identify the person (第二步).
    All three are sealed; the ``…_index`` columns find them again. A person without a
    usable password (new, or reset by the base) signs in with a one-time code and is
    asked for a password before anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    full_name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=100, editable=False)
    initials = models.CharField("拼音首字母", max_length=50, editable=False)

    id_kind = models.CharField("证件类型", max_length=10, choices=IdKind, default=IdKind.RESIDENT)
    id_number = SealedTextField("证件号码", blank=True)
    id_number_index = BlindIndexField(source="id_number")
    id_number_tail = BlindIndexField(source="id_number", last=TAIL, db_index=True)
    phone = SealedTextField("手机", blank=True)
    phone_index = BlindIndexField(source="phone")
    email = SealedTextField("邮箱", blank=True)
    email_index = BlindIndexField(source="email")

    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    disabled_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = [
            known("id_kind", IdKind),
            models.UniqueConstraint(
                fields=["id_kind", "id_number_index"],
                condition=~Q(id_number_index=""),
                name="one_person_per_id_number",
                violation_error_message="该证件号码已在平台登记",
            ),
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=~Q(phone_index=""),
                name="one_person_per_phone",
                violation_error_message="该手机号已被使用",
            ),
            models.UniqueConstraint(
                fields=["email_index"],
                condition=~Q(email_index=""),
                name="one_person_per_email",
                violation_error_message="该邮箱已被使用",
            ),
        ]
        indexes = [
            # PostgreSQL finds a beginning (LIKE 'x%') only by an index of this class; SQLite takes no notice
            models.Index(fields=["full_name"], name="user_by_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["initials"], name="user_by_initials", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["pinyin"], name="user_by_pinyin", opclasses=["varchar_pattern_ops"]),
            # beside the unique constraints: a partial index is of no use to SQLite for a sign-in
            models.Index(fields=["id_number_index"], name="user_by_id_number"),
            models.Index(fields=["phone_index"], name="user_by_phone"),
            models.Index(fields=["email_index"], name="user_by_email"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pinyin, self.initials = pinyin.full(self.full_name), pinyin.initials(self.full_name)[:50]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Bring the blind indexes up to date: the constraints are checked on what is to be stored."""
        self.full_name = typed.name(self.full_name)
        self.id_number = id_number.normalise(self.id_number)
        self.phone, self.email = phone.normalise(self.phone), email.normalise(self.email)
        for field in self._meta.fields:
            if isinstance(field, BlindIndexField):
                field.pre_save(self, False)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.disabled_at is None

    @property
    def masked_id_number(self) -> str:
        return id_number.mask(self.id_number)


class OneTimeCode(models.Model):
    """A code that stands in for a password once: a first sign-in, or 重置密码.

    Only its hash is kept; whoever issued it has seen it once, on the screen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="codes", verbose_name="用户")
    hashed = models.CharField("散列", max_length=128)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="签发人")
    issued_at = models.DateTimeField("签发时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一次性代码"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None), name="one_open_code_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} 的一次性代码"


class Throttle(models.Model):
    """Failed sign-ins of one person from one address; slows that address, locks nobody out.

    ``key`` is the person (or, when nobody is meant, what was typed) × address, as an
    HMAC: the table tells nobody who was tried.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField("键", max_length=64, unique=True)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    failed_at = models.DateTimeField("最近失败时间")

    class Meta:
        verbose_name = verbose_name_plural = "登录限速"

    def __str__(self) -> str:
        return f"{self.failures} 次失败"
