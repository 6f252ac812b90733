from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.lib.constraints import known
from zhupei.organisations.models import Organisation
from zhupei.training.choices import TrainingCategory
from zhupei.training.models import Enrolment


class SeasonQuerySet(models.QuerySet["Season"]):
    def running(self, now: datetime) -> Self:
        """Seasons that still matter: opened to trainees, and the province is not through yet."""
        return self.filter(trainee_opens_at__lte=now, province_closes_at__gte=now).order_by("-year")

    def for_enrolment(self, enrolment: Enrolment) -> Self:
        """Those of the enrolment's province and 培训类别."""
        return self.filter(province=enrolment.base.province, category=enrolment.category)


class Season(models.Model):
    """考核年度: when who may act. Every window is inclusive to the second, Asia/Shanghai.

    The windows bind the first round; later rounds are decided until the province's
    window ends (domain §2). ``correction_days`` are working days after a return;
    ``supplement_date`` is the last day for papers of rotations that were not finished.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="省")
    year = models.PositiveSmallIntegerField("考核年份")
    category = models.CharField("培训类别", max_length=10, choices=TrainingCategory)
    trainee_opens_at = models.DateTimeField("学员申请开始")
    trainee_closes_at = models.DateTimeField("学员申请截止")
    base_opens_at = models.DateTimeField("基地审核开始")
    base_closes_at = models.DateTimeField("基地审核截止")
    city_opens_at = models.DateTimeField("市局审核开始")
    city_closes_at = models.DateTimeField("市局审核截止")
    province_opens_at = models.DateTimeField("省厅审核开始")
    province_closes_at = models.DateTimeField("省厅审核截止")
    correction_days = models.PositiveSmallIntegerField("补正期限（工作日）", default=5)
    supplement_date = models.DateField("补交截止日期")
    ratio_warning = models.PositiveSmallIntegerField("比例提醒线（%）", default=80)

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核年度"
        constraints = [
            known("category", TrainingCategory),
            models.UniqueConstraint(fields=["province", "year", "category"], name="one_season_a_year"),
            models.CheckConstraint(
                name="season_windows_end_after_they_begin",
                condition=Q(trainee_closes_at__gt=F("trainee_opens_at"))
                & Q(base_closes_at__gt=F("base_opens_at"))
                & Q(city_closes_at__gt=F("city_opens_at"))
                & Q(province_closes_at__gt=F("province_opens_at")),
                violation_error_message="每个时间窗口的截止都应晚于开始",
            ),
            models.CheckConstraint(
                name="the_province_closes_last",
                condition=Q(province_closes_at__gte=F("city_closes_at"))
                & Q(province_closes_at__gte=F("base_closes_at"))
                & Q(province_closes_at__gte=F("trainee_closes_at")),
                violation_error_message="省厅审核应最后截止",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{self.get_category_display()}结业考核"
