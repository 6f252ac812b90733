from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """One's own notices."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Those that their reader has not marked."""
        return self.filter(read_at=None)

    def newest_first(self) -> Self:
        """In the order of the page."""
        return self.order_by("-created_at", "-id")


class Notice(models.Model):
    """A message to one person, shown on the site."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    text = models.CharField("内容", max_length=500)
    url = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        indexes = [models.Index(fields=["recipient", "-created_at", "-id"], name="notices_of_a_person")]

    def __str__(self) -> str:
        return self.text
