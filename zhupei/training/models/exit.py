from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.lib.constraints import known

from ..choices import Consent, Overall
from .assessment_template import AssessmentTemplate, TemplateItem
from .rotation import Rotation


class ExitSummary(models.Model):
    """出科小结: 个人小结 of the trainee, then 带教评价, then 科室评价 with 同意出科.

    Each part is handed on with its time and signer; ``on_behalf_by`` is the 教学秘书 who filled
    in for the teacher (代填). ``return_reason`` is why the teacher gave it back to the trainee.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.OneToOneField(Rotation, models.PROTECT, related_name="summary", verbose_name="轮转")
    personal_text = models.TextField("个人小结", max_length=3000, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    teacher_text = models.TextField("带教评价", max_length=1000, blank=True)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="带教老师",
    )
    teacher_at = models.DateTimeField("带教评价时间", null=True, blank=True)
    on_behalf_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代填人",
    )
    head_text = models.TextField("科室评价", max_length=1000, blank=True)
    agrees = models.CharField("同意出科", max_length=3, choices=Consent, blank=True)
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="科主任",
    )
    head_at = models.DateTimeField("科室评价时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出科小结"
        constraints = [
            known("agrees", Consent, blank=True),
            models.CheckConstraint(
                name="a_summary_handed_in_has_a_text",
                condition=Q(submitted_at=None) | (~Q(personal_text="") & Q(return_reason="")),
                violation_error_message="请填写个人小结",
            ),
            models.CheckConstraint(
                name="a_summary_is_appraised_after_it_was_handed_in",
                condition=Q(teacher_at=None)
                | (Q(submitted_at__isnull=False, teacher__isnull=False) & ~Q(teacher_text="")),
                violation_error_message="学员提交出科小结后，带教老师才能评价",
            ),
            models.CheckConstraint(
                name="a_summary_is_concluded_after_the_teacher",
                condition=Q(head_at=None) | (Q(teacher_at__isnull=False, head__isnull=False) & ~Q(agrees="")),
                violation_error_message="带教老师评价后，科主任才能填写科室评价",
            ),
            models.CheckConstraint(
                name="nobody_signs_a_summary_twice",
                condition=Q(head=None)
                | (
                    (Q(teacher=None) | ~Q(teacher=F("head")))
                    & (Q(on_behalf_by=None) | ~Q(on_behalf_by=F("head")))
                ),
                violation_error_message="同一人不能既作为带教老师又作为科主任签署",
            ),
        ]

    def __str__(self) -> str:
        return "出科小结"


class ExitAssessment(models.Model):
    """出科考核表: filled in by the teacher (or 教学秘书, 代填), confirmed by 科主任, then closed.

    Scores are points, 0–100. ``frozen`` is the canonical text of what the log and the 考勤 said
    at the confirmation (see ``exit_form``). ``revision`` counts from 1; the base reopening a
    rotation begins the next (``Reopening``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.OneToOneField(Rotation, models.PROTECT, related_name="assessment", verbose_name="轮转")
    template = models.ForeignKey(
        AssessmentTemplate, models.PROTECT, related_name="assessments", verbose_name="模板"
    )
    revision = models.PositiveSmallIntegerField("修订", default=1)
    theory_score = models.DecimalField("理论成绩", max_digits=4, decimal_places=1, null=True, blank=True)
    skill_name = models.CharField("技能考核名称", max_length=50, blank=True)
    skill_score = models.DecimalField("技能得分", max_digits=4, decimal_places=1, null=True, blank=True)
    examiner_1 = models.CharField("考官1", max_length=50, blank=True)
    examiner_2 = models.CharField("考官2", max_length=50, blank=True)
    overall = models.CharField("总体评价", max_length=4, choices=Overall, blank=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="带教老师",
    )
    teacher_at = models.DateTimeField("填表时间", null=True, blank=True)
    on_behalf_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代填人",
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="科主任",
    )
    head_at = models.DateTimeField("确认时间", null=True, blank=True)
    frozen = models.TextField("确认时的内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出科考核表"
        constraints = [
            known("overall", Overall, blank=True),
            models.CheckConstraint(
                name="scores_are_0_to_100",
                condition=(Q(theory_score=None) | Q(theory_score__gte=0, theory_score__lte=100))
                & (Q(skill_score=None) | Q(skill_score__gte=0, skill_score__lte=100)),
                violation_error_message="成绩应在 0 到 100 之间",
            ),
            models.CheckConstraint(
                name="an_assessment_handed_on_is_complete",
                condition=Q(teacher_at=None)
                | (
                    Q(teacher__isnull=False, theory_score__isnull=False, skill_score__isnull=False)
                    & Q(return_reason="")
                    & ~Q(skill_name="")
                    & ~Q(examiner_1="")
                    & ~Q(examiner_2="")
                    & ~Q(overall="")
                ),
                violation_error_message="出科考核表没有填完",
            ),
            models.CheckConstraint(
                name="an_assessment_is_confirmed_after_the_teacher",
                condition=Q(head_at=None, frozen="")
                | (Q(head_at__isnull=False, teacher_at__isnull=False, head__isnull=False) & ~Q(frozen="")),
                violation_error_message="带教老师填表后，科主任才能确认",
            ),
            models.CheckConstraint(
                name="nobody_signs_an_assessment_twice",
                condition=Q(head=None)
                | (
                    (Q(teacher=None) | ~Q(teacher=F("head")))
                    & (Q(on_behalf_by=None) | ~Q(on_behalf_by=F("head")))
                ),
                violation_error_message="同一人不能既作为带教老师又作为科主任签署",
            ),
        ]

    def __str__(self) -> str:
        return "出科考核表"


class Rating(models.Model):
    """What was ticked for one item of the form."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assessment = models.ForeignKey(
        ExitAssessment, models.PROTECT, related_name="ratings", verbose_name="出科考核表"
    )
    item = models.ForeignKey(TemplateItem, models.PROTECT, related_name="+", verbose_name="评价项")
    value = models.CharField("评价", max_length=10)

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_rating_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item}：{self.value}"


class Reopening(models.Model):
    """The base opened a closed rotation again: by whom, why, and what the earlier revision said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="reopenings", verbose_name="轮转")
    reopened_at = models.DateTimeField("重新打开时间")
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    reason = models.CharField("原因", max_length=200)
    revision = models.PositiveSmallIntegerField("原修订")
    result = models.CharField("原结论", max_length=4, choices=Overall)
    frozen = models.TextField("原内容", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "重新打开"
        constraints = [
            known("result", Overall),
            models.UniqueConstraint(fields=["rotation", "revision"], name="a_revision_is_reopened_once"),
            models.CheckConstraint(
                name="a_reopening_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请填写重新打开的原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} 第 {self.revision} 版重新打开"
