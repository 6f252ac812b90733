from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.training.models import Rotation


class HandOffQuerySet(models.QuerySet["HandOff"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(owner=user)

    def with_place(self) -> Self:
        """Load what says where its pictures go."""
        return self.select_related("owner__profile", "application", "rotation__department")


class HandOff(models.Model):
    """A place for pictures that ``owner`` has opened to a phone, for ten minutes.

    Whoever holds the token may lay pictures there and nothing else. Only its ``digest`` is
    kept: the token is made of the key and the site's secret (see ``tokens``). ``kind`` is that
    of a certificate, or of a rotation's paper; ``pages`` are those that came this way;
    ``back`` is the page it was opened from;
    ``tries`` counts what was sent, good or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="学员")
    kind = models.CharField("材料", max_length=20)
    application = models.ForeignKey(
        Application, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="申请"
    )
    rotation = models.ForeignKey(
        Rotation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="轮转"
    )
    back = models.CharField("返回地址", max_length=300)
    digest = models.CharField("令牌散列", max_length=64, unique=True)
    pages = models.JSONField("收到的页", default=list, blank=True)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    opened_at = models.DateTimeField("打开时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = HandOffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "手机拍照上传"
        constraints = [
            models.CheckConstraint(
                name="a_hand_off_is_for_a_certificate_or_a_paper",
                condition=Q(application=None, rotation=None)
                | Q(application__isnull=False, rotation__isnull=False),
                violation_error_message="申请和轮转要么都有，要么都没有",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} 手机拍照上传"
