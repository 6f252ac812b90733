from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.fields import SealedTextField
from zhupei.accounts.models import User
from zhupei.files.models import Slot
from zhupei.lib.constraints import known

from ..choices import (
    ETHNIC_GROUPS,
    POLITICS,
    Degree,
    DegreeType,
    DocumentKind,
    LicenceCategory,
    LicenceLevel,
    PersonType,
    SchoolLevel,
    Sex,
)


class Profile(models.Model):
    """基本信息 of a trainee that is not part of signing in.

    ``changed_at`` moves with every change the person makes to the record or its pictures;
    ``locked_at`` says since when the certificates and the portrait are under review; ``open_kinds``
    are those (DocumentKind) that may be changed nevertheless: they were returned.
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
    open_kinds = models.JSONField("可更换的证照", default=list, blank=True, editable=False)

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
