from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.training.choices import TrainingCategory
from zhupei.training.models import Enrolment


class SeasonQuerySet(models.QuerySet["Season"]):
    def visible_to(self, user: User) -> Self:
        """Those of the province that ``user`` acts for today."""
        return self.filter(province__in=Membership.objects.where(user, Role.PROVINCE))

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
    ``accepts_stored_signatures``: 出科小结 and 出科考核表 that everybody signed with a stored
    signature need not be printed, signed by hand and photographed.
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
    accepts_stored_signatures = models.BooleanField("认可存储签名", default=False)
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


class CityWindow(models.Model):
    """市州单独安排: the time in which one city reviews, instead of the season's; set by the province."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="city_windows", verbose_name="考核年度")
    city = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="市局")
    opens_at = models.DateTimeField("市局审核开始")
    closes_at = models.DateTimeField("市局审核截止")

    class Meta:
        verbose_name = verbose_name_plural = "市州单独安排"
        constraints = [
            models.UniqueConstraint(fields=["season", "city"], name="one_window_per_city_and_season"),
            models.CheckConstraint(
                name="a_citys_window_ends_after_it_begins",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="市局审核的截止应晚于开始",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} {self.city}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def of(self, enrolment: Enrolment, season: Season) -> Self:
        """Of one trainee in one season, the one that holds first."""
        return self.filter(enrolment=enrolment, season=season).order_by("-granted_at", "-id")


class Extension(models.Model):
    """个人延期: until when one trainee may hand in, granted by the province for a reason.

    Rows are only added: the latest holds. It is for the trainee and the season, so that it can be
    granted before there is an application; ``Application.extended_until`` repeats it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="extensions", verbose_name="考核年度")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="extensions", verbose_name="培训记录"
    )
    closes_at = models.DateTimeField("延期至")
    reason = models.CharField("原因与依据", max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批准人"
    )
    granted_at = models.DateTimeField("批准时间")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人延期"
        constraints = [
            models.CheckConstraint(
                name="an_extension_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="延期应写明原因与依据",
            ),
            models.CheckConstraint(
                name="an_extension_ends_after_it_is_granted",
                condition=Q(closes_at__gt=F("granted_at")),
                violation_error_message="延期应晚于现在",
            ),
        ]
        indexes = [
            models.Index(fields=["season", "enrolment", "-granted_at"], name="extensions_of_a_trainee"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.user} {self.season} 延期"
