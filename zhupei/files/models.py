from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.fields import SealedTextField
from zhupei.accounts.models import User


class Picture(models.Model):
    """A stored picture: upright JPG without metadata, and what arrived. Never changed.

    ``address`` and ``thumbnail`` are SHA-256 of stored bytes (see ``storage``);
    ``size`` and ``original_size`` are bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.CharField("内容地址", max_length=64, db_index=True)
    thumbnail = models.CharField("缩略图地址", max_length=64, db_index=True)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    size = models.PositiveIntegerField("大小")
    original_sha256 = models.CharField("原文件散列", max_length=64)
    original_size = models.PositiveIntegerField("原文件大小")
    original_name = models.CharField("原文件名", max_length=255, blank=True)
    notes = models.JSONField("处理说明", default=list)  # what was done to it, as sentences
    flaws = models.JSONField("机检提醒", default=list, blank=True)  # imaging.flaws.FlawData, the worst first
    checks = models.PositiveSmallIntegerField("机检版本", default=0)  # imaging.flaws.CHECKS; 0: not looked at
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    stored_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "图片"

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


class Slot(models.Model):
    """A place for the pages of one paper; whoever owns the slot says what it is for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    changed_at = models.DateTimeField("最近改动", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "上传位"

    def __str__(self) -> str:
        return str(self.pk)


class PageQuerySet(models.QuerySet["Page"]):
    def standing(self) -> Self:
        """The pages that lie in their slots now, in reading order."""
        return self.filter(removed_at=None).select_related("picture").order_by("slot_id", "number")


class Page(models.Model):
    """A picture in a slot. Replacing or removing one keeps the row: that is the slot's history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="pages", verbose_name="上传位")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="pages", verbose_name="图片")
    number = models.PositiveSmallIntegerField("页码")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("换下时间", null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "页"
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "number"],
                condition=Q(removed_at=None),
                name="one_page_per_number",
                violation_error_message="这一页刚刚被另一次上传占用，请重试",
            )
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 页"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(owner=user)


class Import(models.Model):
    """A file that was looked through and waits for its owner's word; afterwards what became of it.

    ``kind`` is the importer's; ``subject`` what it is for, where the address names something.
    ``content`` are the rows as typed, ``outcome`` what they would do, or did (see ``importing``);
    both are sealed, for they may hold ID numbers. Gone after ``expires_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户")
    kind = models.CharField("种类", max_length=30)
    subject = models.UUIDField("对象", null=True, blank=True)
    name = models.CharField("文件名", max_length=255, blank=True)
    content = SealedTextField("内容")
    outcome = SealedTextField("结果")
    made_at = models.DateTimeField("上传时间")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    done_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入"

    def __str__(self) -> str:
        return self.name
