from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from zhupei.lib.constraints import known
from zhupei.organisations.models import Specialty

from ..choices import Indicator
from .enrolment import Enrolment


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def newest_first(self) -> Self:
        """By specialty; of one specialty the latest 年级 and version first."""
        return self.order_by("specialty__code", "-grade_from", "-version")

    def fitting(self, enrolment: Enrolment) -> Self:
        """Those for the specialty and 入培年级 of ``enrolment``, the one that is in force first."""
        found = self.filter(specialty=enrolment.specialty_id, grade_from__lte=enrolment.grade)
        return found.newest_first()

    def with_items(self) -> Self:
        """With departments and what each requires, in two more queries."""
        departments = SchemeDepartment.objects.order_by("number").prefetch_related(
            models.Prefetch("requirements", Requirement.objects.in_order())
        )
        return self.select_related("specialty").prefetch_related(models.Prefetch("departments", departments))


class Scheme(models.Model):
    """轮转方案 of a specialty, for those who began in ``grade_from`` or later.

    Never changed once ``used_at`` is set: a change is a new version. ``is_sample`` is shown as
    示例方案: shaped like the national standard, but not it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="schemes", verbose_name="培训专业")
    grade_from = models.PositiveSmallIntegerField("适用年级起")
    version = models.PositiveSmallIntegerField("版本", default=1)
    name = models.CharField("名称", max_length=100)
    years = models.PositiveSmallIntegerField("培训年限", default=3)
    total_months = models.DecimalField("总月数", max_digits=4, decimal_places=1)
    is_sample = models.BooleanField("示例方案", default=False)
    made_at = models.DateTimeField("建立时间")
    used_at = models.DateTimeField("开始使用时间", null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮转方案"
        constraints = [
            models.UniqueConstraint(
                fields=["specialty", "grade_from", "version"],
                name="one_scheme_per_version",
                violation_error_message="这个专业和年级已有同一版本的方案",
            ),
            models.CheckConstraint(
                name="a_scheme_takes_one_to_three_years",
                condition=Q(years__gte=1, years__lte=3),
                violation_error_message="方案的培训年限应为 1、2 或 3 年",
            ),
            models.CheckConstraint(
                name="a_scheme_takes_some_months",
                condition=Q(total_months__gt=0),
                violation_error_message="方案的总月数应大于 0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"

    @property
    def is_locked(self) -> bool:
        """Some training follows it: what it says stays."""
        return self.used_at is not None


class SchemeDepartment(models.Model):
    """A department of a scheme, in months (halves are fifteen days).

    必轮 if ``elective_group`` is empty; otherwise 选轮: at least one of the group is chosen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="departments", verbose_name="轮转方案")
    number = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("轮转科室", max_length=50)
    months = models.DecimalField("月数", max_digits=4, decimal_places=1)
    elective_group = models.CharField("选轮组", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "方案科室"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="one_department_per_place_of_a_scheme"),
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="one_department_per_name_of_a_scheme",
                violation_error_message="方案里已有这个科室",
            ),
            models.CheckConstraint(
                name="a_department_takes_some_months",
                condition=Q(months__gt=0),
                violation_error_message="科室的月数应大于 0",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_elective(self) -> bool:
        return self.elective_group != ""


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def in_order(self) -> Self:
        """As they stand in the scheme."""
        return self.order_by("scheme_department_id", "number")


class Requirement(models.Model):
    """应完成项 of a department of a scheme, in cases (例). An empty ``item``: any of the indicator."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme_department = models.ForeignKey(
        SchemeDepartment, models.PROTECT, related_name="requirements", verbose_name="方案科室"
    )
    number = models.PositiveSmallIntegerField("顺序")
    indicator = models.CharField("指标", max_length=10, choices=Indicator)
    item = models.CharField("项目", max_length=100, blank=True)
    required = models.PositiveIntegerField("应完成")

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "应完成项"
        constraints = [
            known("indicator", Indicator),
            models.UniqueConstraint(
                fields=["scheme_department", "indicator", "item"],
                name="one_requirement_per_item",
                violation_error_message="科室里已有这个项目",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.get_indicator_display()} {self.required}"
