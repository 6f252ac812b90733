from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.fields import SealedTextField
from zhupei.accounts.models import User
from zhupei.files.models import Slot
from zhupei.lib import months
from zhupei.lib.constraints import known
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Department, Membership, Organisation, Specialty

from .choices import (
    ETHNIC_GROUPS,
    POLITICS,
    Degree,
    DegreeType,
    DocumentKind,
    Indicator,
    LicenceCategory,
    LicenceLevel,
    PersonType,
    SchoolLevel,
    Sex,
    TrainingCategory,
)


class Profile(models.Model):
    """基本信息 of a trainee that is not part of signing in.

    ``changed_at`` moves with every change the person makes to the record or its pictures;
    ``locked_at`` says since when the certificates and the portrait are under review.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="profile", verbose_name="用户"
    )
    sex = models.CharField("性别", max_length=6, choices=Sex)
    birth_date = models.DateField("出生日期")
    ethnic_group = models.CharField("民族", max_length=2, choices=ETHNIC_GROUPS, blank=True)
    politics = models.CharField("政治面貌", max_length=2, choices=POLITICS, blank=True)
    emergency_name = models.CharField("紧急联系人姓名", max_length=50, blank=True)
    emergency_phone = SealedTextField("紧急联系人手机", blank=True)
    emergency_relation = models.CharField("与本人关系", max_length=20, blank=True)
    person_type = models.CharField("人员类型", max_length=10, choices=PersonType)
    workplace = models.CharField("工作单位", max_length=100, blank=True)
    is_fresh_graduate = models.BooleanField("是否应届生", null=True, blank=True)
    is_oriented = models.BooleanField("是否全科定向", null=True, blank=True)
    is_military = models.BooleanField("是否军队人员", null=True, blank=True)
    changed_at = models.DateTimeField("最近改动", default=timezone.now, editable=False)
    locked_at = models.DateTimeField("材料锁定时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "基本信息"
        constraints = [
            known("sex", Sex),
            known("person_type", PersonType),
            known("ethnic_group", [code for code, _ in ETHNIC_GROUPS], blank=True),
            known("politics", [code for code, _ in POLITICS], blank=True),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Education(models.Model):
    """One 教育经历; the highest is used for the application. It may have gaps: each field saves itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="educations", verbose_name="用户"
    )
    level = models.CharField("学历", max_length=10, choices=SchoolLevel, blank=True)
    degree = models.CharField("学位", max_length=10, choices=Degree, blank=True)
    degree_type = models.CharField("学位类型", max_length=12, choices=DegreeType, blank=True)
    school = models.CharField("毕业院校", max_length=100, blank=True)
    major = models.CharField("毕业专业", max_length=100, blank=True)
    graduated_date = models.DateField("毕业时间", null=True, blank=True)
    diploma_number = models.CharField("毕业证书编号", max_length=40, blank=True)
    degree_number = models.CharField("学位证书编号", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "教育经历"
        constraints = [
            known("level", SchoolLevel, blank=True),
            known("degree", Degree, blank=True),
            known("degree_type", DegreeType, blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.school}".strip() or "未填完的教育经历"

    @property
    def rank(self) -> tuple[int, date]:
        """Sorts the highest, then the latest, last."""
        at = SchoolLevel.values.index(self.level) if self.level else len(SchoolLevel.values)
        return -at, self.graduated_date or date.min

    @property
    def has_degree(self) -> bool:
        return self.degree != Degree.NONE


class Licence(models.Model):
    """医师资格 and 医师执业. ``certificate_pending``: the card is not printed yet, the 成绩单 stands in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="licence", verbose_name="用户"
    )
    passed_exam = models.BooleanField("是否通过医师资格考试", null=True, blank=True)
    passed_date = models.DateField("通过时间", null=True, blank=True)
    certificate_pending = models.BooleanField("医师资格证书暂无，以成绩单代替", default=False)
    qualified_date = models.DateField("医师资格取得日期", null=True, blank=True)
    level = models.CharField("级别", max_length=10, choices=LicenceLevel, blank=True)
    category = models.CharField("类别", max_length=10, choices=LicenceCategory, blank=True)
    certificate_code = SealedTextField("医师资格证书编码", blank=True)
    practice_date = models.DateField("执业取得日期", null=True, blank=True)
    practice_code = models.CharField("执业证书编码", max_length=40, blank=True)
    practice_category = models.CharField("执业类型", max_length=10, choices=LicenceCategory, blank=True)
    practice_scope = models.CharField("执业范围", max_length=50, blank=True)
    practice_place = models.CharField("执业地点", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "医师资格与执业"
        constraints = [
            known("level", LicenceLevel, blank=True),
            known("category", LicenceCategory, blank=True),
            known("practice_category", LicenceCategory, blank=True),
            models.CheckConstraint(
                name="qualified_after_the_exam",
                condition=Q(passed_date=None)
                | Q(qualified_date=None)
                | Q(qualified_date__gte=F("passed_date")),
                violation_error_message="医师资格取得日期不能早于考试通过时间",
            ),
            models.CheckConstraint(
                name="practises_after_qualifying",
                condition=Q(practice_date=None)
                | Q(qualified_date=None)
                | Q(practice_date__gte=F("qualified_date")),
                violation_error_message="执业取得日期不能早于医师资格取得日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} 医师资格"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """One's own. Reviewers see the pages of a submission, never the live ones."""
        return self.filter(user=user)


class Document(models.Model):
    """One kind of 证照 of a person, or the portrait; its pages lie in ``slot``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents", verbose_name="用户"
    )
    kind = models.CharField("种类", max_length=10, choices=DocumentKind)
    slot = models.OneToOneField(Slot, models.PROTECT, related_name="document", verbose_name="上传位")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证照"
        constraints = [
            known("kind", DocumentKind),
            models.UniqueConstraint(fields=["user", "kind"], name="one_document_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"


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
