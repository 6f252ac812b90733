from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known

from ..choices import ActivityKind, EntryStage
from .logbook import WAITING, decided_coherently
from .rotation import Rotation


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        """One's own; to others, of the rotations they may see, what was handed in."""
        seen = Q(rotation__in=Rotation.objects.visible_to(user)) & ~Q(stage=EntryStage.DRAFT)
        return self.filter(Q(trainee=user) | seen)

    def awaiting(self, teacher: User) -> Self:
        """What waits for ``teacher``, the longest waiting first."""
        return self.filter(WAITING, teacher=teacher).order_by("submitted_at", "id")

    def after(self, last: Activity) -> Self:
        """Those that follow ``last`` in the order of ``awaiting``."""
        later = Q(submitted_at__gt=last.submitted_at) | Q(submitted_at=last.submitted_at, id__gt=last.pk)
        return self.filter(Q(submitted_at__gte=last.submitted_at) & later)

    def newest_first(self) -> Self:
        """As a logbook is read."""
        return self.order_by("-happened_date", "-written_at", "-id")

    def with_names(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("rotation", "trainee", "teacher", "decided_by")


class Activity(models.Model):
    """教学活动 that a trainee took part in; approved as a 登记 is. ``hours`` are 学时."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="activities", verbose_name="轮转")
    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities", verbose_name="学员"
    )
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="带教老师",
    )
    kind = models.CharField("形式", max_length=10, choices=ActivityKind)
    topic = models.CharField("主题", max_length=100, blank=True)
    happened_date = models.DateField("日期")
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    speaker = models.CharField("主讲人", max_length=50)
    stage = models.CharField("状态", max_length=10, choices=EntryStage, default=EntryStage.DRAFT)
    written_at = models.DateTimeField("填写时间")
    changed_at = models.DateTimeField("最近改动")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    return_reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "教学活动"
        constraints = [
            known("kind", ActivityKind),
            known("stage", EntryStage),
            models.CheckConstraint(
                name="an_activity_takes_a_part_of_a_day",
                condition=Q(hours__gt=0, hours__lte=24),
                violation_error_message="学时应大于 0，不超过 24",
            ),
            models.CheckConstraint(
                name="an_activity_has_a_speaker",
                condition=~Q(speaker=""),
                violation_error_message="请填写主讲人",
            ),
            decided_coherently("an_activity_is_decided_coherently"),
            models.CheckConstraint(
                name="nobody_approves_the_own_activity",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("trainee")),
                violation_error_message="不能审核本人的登记",
            ),
        ]
        indexes = [
            models.Index(
                fields=["teacher", "submitted_at", "id"],
                condition=WAITING,
                name="activities_awaiting_a_teacher",
            ),
            models.Index(fields=["rotation", "-happened_date"], name="activities_of_a_rotation"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_date}"

    @property
    def is_editable(self) -> bool:
        """The trainee may change it: not handed in, or returned."""
        return self.stage in (EntryStage.DRAFT, EntryStage.RETURNED)

    @property
    def is_late(self) -> bool:
        """补填: written after the rotation had ended. Needs the rotation loaded."""
        return timezone.localdate(self.written_at) > self.rotation.end_date
