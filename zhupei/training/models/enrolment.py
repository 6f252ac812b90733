from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation, Specialty

from ..choices import TrainingCategory


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the bases one administers."""
        bases = Membership.objects.where(user, Role.BASE)
        return self.filter(Q(user=user) | Q(base__in=bases))

    def visible_to_province(self, user: User) -> Self:
        """Those of the whole province, for its 客服 and for the province itself."""
        seats = Membership.objects.current().filter(user=user, role__in=(Role.SUPPORT, Role.PROVINCE))
        provinces = seats.values("organisation")
        below = Q(parent__in=provinces) | Q(parent__parent__in=provinces)
        return self.filter(base__in=Organisation.objects.filter(below, level=Level.BASE))

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("user", "specialty", "base")


class Enrolment(models.Model):
    """培训记录: a person's training for one specialty at one base."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments", verbose_name="学员"
    )
    base = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments", verbose_name="培训基地")
    partner_base = models.CharField("协同基地", max_length=100, blank=True)
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="+", verbose_name="培训专业")
    category = models.CharField(
        "培训类别", max_length=10, choices=TrainingCategory, default=TrainingCategory.RESIDENT
    )
    grade = models.PositiveSmallIntegerField("入培年级")
    years = models.PositiveSmallIntegerField("培训年限", default=3)
    completion_year = models.PositiveSmallIntegerField("结业考核年份")
    start_date = models.DateField("培训开始日期")
    end_date = models.DateField("培训结束日期")
    first_exam_year = models.PositiveSmallIntegerField("首考年", null=True, blank=True)  # set for 补考
    passed_part = models.CharField("已通过部分", max_length=20, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训记录"
        constraints = [
            known("category", TrainingCategory),
            models.UniqueConstraint(
                fields=["user", "specialty", "grade"], name="one_enrolment_per_specialty_and_grade"
            ),
            models.CheckConstraint(
                name="training_takes_one_to_three_years",
                condition=Q(years__gte=1, years__lte=3),
                violation_error_message="培训年限应为 1、2 或 3 年",
            ),
            models.CheckConstraint(
                name="completes_after_the_training",
                condition=Q(completion_year__gte=F("grade") + F("years")),
                violation_error_message="结业考核年份不能早于入培年级加培训年限",
            ),
            models.CheckConstraint(
                name="training_ends_after_it_begins",
                condition=Q(end_date__gt=F("start_date")),
                violation_error_message="培训结束日期应晚于开始日期",
            ),
        ]
        indexes = [models.Index(fields=["base", "completion_year", "user"], name="trainees_of_a_base")]

    def __str__(self) -> str:
        return f"{self.user} {self.specialty} {self.grade} 级"

    @property
    def is_resit(self) -> bool:
        return self.first_exam_year is not None
