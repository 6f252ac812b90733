from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.files.models import Picture
from zhupei.lib.constraints import known

from ..choices import PaperKind, Party
from .rotation import Rotation

SIGNERS = {Party.TEACHER: Party.TEACHER.label, Party.HEAD: Party.HEAD.label}


class StoredSignatureQuerySet(models.QuerySet["StoredSignature"]):
    def of(self, user: User) -> Self:
        """The one that ``user`` signs with now, if there is one."""
        return self.filter(user=user, replaced_at=None).select_related("picture")


class StoredSignature(models.Model):
    """存储签名: a signature drawn or uploaded once by 带教老师 or 科主任, used with their own sign-in.

    A new one replaces it; what was signed keeps the one it was signed with.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stored_signatures", verbose_name="签名人"
    )
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="+", verbose_name="签名")
    made_at = models.DateTimeField("存入时间")
    replaced_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = StoredSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "存储签名"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(replaced_at=None),
                name="one_signature_in_use",
                violation_error_message="签名刚刚在另一个窗口换过，请刷新",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}的签名"


class Signing(models.Model):
    """A part of an exit form was signed with a stored signature.

    It stands while the part does: ``signed_at`` is the very time at which the part was handed on.
    Handed on anew, given back or opened again, the part has another time, or none. ``code`` is
    printed beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="signings", verbose_name="轮转")
    kind = models.CharField("种类", max_length=10, choices=PaperKind)
    office = models.CharField("签名处", max_length=10, choices=Party)
    signature = models.ForeignKey(
        StoredSignature, models.PROTECT, related_name="signings", verbose_name="签名"
    )
    signed_at = models.DateTimeField("签名时间")
    code = models.CharField("签名码", max_length=12, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "电子签名"
        constraints = [
            known("kind", PaperKind),
            known("office", Party),
            models.CheckConstraint(
                name="teachers_and_heads_sign",
                condition=Q(office__in=list(SIGNERS)),
                violation_error_message="只有带教老师和科主任在表上签名",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}签名 {self.code}"
