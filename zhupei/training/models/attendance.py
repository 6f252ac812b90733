from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.lib.constraints import known

from ..choices import LeaveKind
from .rotation import Rotation


class LeaveQuerySet(models.QuerySet["Leave"]):
    def in_order(self) -> Self:
        """As they follow each other."""
        return self.order_by("first_date", "id")


class Leave(models.Model):
    """An absence in a rotation, both dates included: what enters the 考勤 of the 出科考核表.

    ``days`` are those missed (halves are possible, free days do not count); ``extends_days``
    says by how many the rotation ends later because of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="leaves", verbose_name="轮转")
    kind = models.CharField("种类", max_length=10, choices=LeaveKind)
    first_date = models.DateField("开始日期")
    last_date = models.DateField("结束日期")
    days = models.DecimalField("天数", max_digits=4, decimal_places=1)
    extends_days = models.PositiveSmallIntegerField("顺延天数", default=0)
    reason = models.CharField("原因", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        constraints = [
            known("kind", LeaveKind),
            models.CheckConstraint(
                name="leave_ends_after_it_begins",
                condition=Q(last_date__gte=F("first_date")),
                violation_error_message="请假结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                name="leave_takes_some_days",
                condition=Q(days__gt=0),
                violation_error_message="请假天数应大于 0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_date} 至 {self.last_date}"
