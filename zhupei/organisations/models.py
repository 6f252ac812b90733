from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known

from .choices import LEVEL_OF, REVIEWER_OF, Level, Role, Track


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def reviewing(self, user: User) -> Self:
        """The organisations whose decisions ``user`` may give today."""
        mine = Membership.objects.current().filter(user=user, role__in=REVIEWER_OF.values())
        return self.filter(pk__in=mine.values("organisation"))


class Organisation(models.Model):
    """A body that trains or reviews. Bases hang from cities, cities from the province.

    The bureau that reviews a base's trainees need not be that of the city it stands in;
    an empty ``review_city`` on a base means: the province reviews directly (免市局审核).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=30)
    code = models.CharField("代码", max_length=20, unique=True)  # regions: GB/T 2260
    level = models.CharField("层级", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    review_city = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责审核的市局"
    )
    phone = models.CharField("联系电话", max_length=50, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        constraints = [
            known("level", Level),
            models.CheckConstraint(
                name="only_the_province_has_no_parent",
                condition=Q(level=Level.PROVINCE, parent=None)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
                violation_error_message="除省级外，机构必须有上级",
            ),
            models.CheckConstraint(
                name="only_a_base_has_a_reviewing_city",
                condition=Q(level=Level.BASE) | Q(review_city=None),
                violation_error_message="只有培训基地需要指定负责审核的市局",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def province(self) -> Organisation:
        """The province at the top of the tree; one query a level unless loaded."""
        return self if self.parent is None else self.parent.province


class Specialty(models.Model):
    """培训专业 of the national catalogue; ``months`` are what its scheme asks for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField("代码", max_length=4, unique=True)
    name = models.CharField("名称", max_length=50, unique=True)
    track = models.CharField("类别", max_length=10, choices=Track)
    months = models.PositiveSmallIntegerField("方案月数")

    class Meta:
        verbose_name = verbose_name_plural = "培训专业"
        constraints = [known("track", Track)]

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(models.QuerySet["Department"]):
    def kept_by(self, user: User) -> Self:
        """Those of the bases that ``user`` administers today."""
        return self.filter(base__in=Membership.objects.where(user, Role.BASE))

    def in_order(self) -> Self:
        """By name, base after base."""
        return self.order_by("base__name", "name")


class Department(models.Model):
    """科室 of a base."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    base = models.ForeignKey(
        Organisation, models.PROTECT, related_name="departments", verbose_name="培训基地"
    )
    name = models.CharField("名称", max_length=50)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "科室"
        constraints = [models.UniqueConstraint(fields=["base", "name"], name="one_department_per_name")]

    def __str__(self) -> str:
        return self.name


class SpecialtyBase(models.Model):
    """专业基地: a specialty that a base is allowed to train."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    base = models.ForeignKey(
        Organisation, models.PROTECT, related_name="specialty_bases", verbose_name="培训基地"
    )
    specialty = models.ForeignKey(Specialty, models.PROTECT, related_name="+", verbose_name="培训专业")

    class Meta:
        verbose_name = verbose_name_plural = "专业基地"
        constraints = [models.UniqueConstraint(fields=["base", "specialty"], name="one_specialty_base")]

    def __str__(self) -> str:
        return f"{self.base} {self.specialty}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Those that hold today."""
        today = timezone.localdate()
        return self.filter(Q(start_date__lte=today), Q(end_date=None) | Q(end_date__gte=today))

    def of(self, user: User) -> Self:
        """What ``user`` does today, with the places."""
        return self.current().filter(user=user).select_related("organisation", "department").order_by("id")

    def where(self, user: User, role: Role) -> models.QuerySet[Membership]:
        """The ids of the organisations for which ``user`` acts in ``role`` today, as a subquery."""
        return self.current().filter(user=user, role=role).values("organisation")  # type: ignore[return-value]


class Membership(models.Model):
    """``user`` acts for ``organisation`` (or one of its departments) in ``role``, between two dates."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="用户"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="机构"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="科室"
    )
    role = models.CharField("角色", max_length=10, choices=Role)
    start_date = models.DateField("开始日期")
    end_date = models.DateField("结束日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            known("role", Role),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "start_date"],
                condition=Q(department=None),
                name="one_membership_per_role",
                violation_error_message="该用户已有这项任职",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "department", "role", "start_date"],
                name="one_membership_per_role_and_department",
                violation_error_message="该用户已有这项任职",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(end_date=None) | Q(end_date__gte=models.F("start_date")),
                violation_error_message="结束日期不能早于开始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.organisation}{self.get_role_display()}）"

    def clean(self) -> None:
        if self.organisation.level != LEVEL_OF.get(self.role):
            raise ValidationError(f"{self.get_role_display()}不能设在{self.organisation.get_level_display()}")
        if self.department and self.department.base_id != self.organisation_id:
            raise ValidationError(f"{self.organisation}没有{self.department}这个科室")
