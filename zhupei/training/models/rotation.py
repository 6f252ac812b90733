from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Self

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.lib import months
from zhupei.lib.constraints import known
from zhupei.organisations.models import Department

from ..choices import Indicator
from .enrolment import Enrolment


class RotationQuerySet(models.QuerySet["Rotation"]):
    def in_order(self) -> Self:
        """As they follow each other."""
        return self.order_by("start_date", "id")

    def with_tallies(self) -> Self:
        """With their four indicators, in one more query."""
        return self.prefetch_related("tallies")


class Rotation(models.Model):
    """轮转: a trainee's time in one department, both dates included."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="rotations", verbose_name="培训记录"
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="轮转科室")
    start_date = models.DateField("开始日期")
    end_date = models.DateField("结束日期")
    required_months = models.DecimalField("方案月数", max_digits=4, decimal_places=1)
    exempted_at = models.DateTimeField("免轮时间", null=True, blank=True)  # 减免 by the base

    objects = RotationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮转"
        constraints = [
            models.CheckConstraint(
                name="rotation_ends_after_it_begins",
                condition=Q(end_date__gte=F("start_date")),
                violation_error_message="轮转结束日期不能早于开始日期",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "start_date"],
                name="one_rotation_begins_a_day",
                violation_error_message="同一天已有另一个轮转开始",
            ),
        ]

    def __str__(self) -> str:
        return self.department.name

    def has_begun(self, today: date) -> bool:
        return self.start_date <= today

    def has_ended(self, today: date) -> bool:
        """Otherwise its papers are 未到出科: not required, to be handed in later (补交)."""
        return self.end_date < today

    def months_until(self, today: date) -> Fraction:
        """Months spent there up to and including ``today``."""
        return months.months_between(self.start_date, min(self.end_date, today))

    @property
    def dates(self) -> str:
        return f"{self.start_date} 至 {self.end_date}"


class Tally(models.Model):
    """One of the four indicators of a rotation, in cases (例): 应完成, 已完成, 已审核."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="tallies", verbose_name="轮转")
    indicator = models.CharField("指标", max_length=10, choices=Indicator)
    required = models.PositiveIntegerField("应完成")
    filled = models.PositiveIntegerField("已完成", default=0)
    approved = models.PositiveIntegerField("已审核", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        constraints = [
            known("indicator", Indicator),
            models.UniqueConstraint(fields=["rotation", "indicator"], name="one_tally_per_indicator"),
            models.CheckConstraint(
                name="approved_is_part_of_filled",
                condition=Q(approved__lte=F("filled")),
                violation_error_message="已审核数不能多于已完成数",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.filled}/{self.required}"
