from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from uuid_utils.compat import uuid7

from zhupei.organisations.models import Organisation


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self, now: datetime) -> Self:
        """What everybody may read: its time has come."""
        return self.filter(published_at__lte=now)

    def newest_first(self) -> Self:
        """In the order of the portal."""
        return self.order_by("-published_at", "-id")


class Announcement(models.Model):
    """公告: what an office tells everybody. ``body`` is plain text; an empty line parts paragraphs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="发布单位")
    title = models.CharField("标题", max_length=100)
    body = models.TextField("正文", max_length=20_000)
    published_at = models.DateTimeField("发布时间")

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        constraints = [
            models.CheckConstraint(
                name="an_announcement_says_something",
                condition=~Q(title="") & ~Q(body=""),
                violation_error_message="公告应有标题和正文",
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="announcements_newest_first")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("support:announcement", args=[self.pk])
