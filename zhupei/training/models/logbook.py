from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known

from ..choices import (
    OF_SKILL,
    OF_SURGERY,
    Anaesthesia,
    Diagnosis,
    EntryStage,
    Indicator,
    OperatorRole,
    Setting,
)
from .rotation import Rotation
from .tally import RotationRequirement

WAITING = Q(stage=EntryStage.PENDING)


def decided_coherently(name: str) -> models.CheckConstraint:
    """The database knows no entry that was approved without a submission, or returned without a reason."""
    handed_in, decided = Q(submitted_at__isnull=False), Q(decided_at__isnull=False, decided_by__isnull=False)
    undecided = Q(decided_at=None, decided_by=None)
    return models.CheckConstraint(
        name=name,
        condition=(Q(stage=EntryStage.DRAFT, submitted_at=None, return_reason="") & undecided)
        | (Q(stage=EntryStage.PENDING, return_reason="") & handed_in & undecided)
        | (Q(stage=EntryStage.APPROVED, return_reason="") & handed_in & decided)
        | (Q(stage=EntryStage.RETURNED) & ~Q(return_reason="") & handed_in & decided),
        violation_error_message="登记的状态、提交和审核不一致",
    )


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    def visible_to(self, user: User) -> Self:
        """One's own; to others, of the rotations they may see, what was handed in."""
        seen = Q(rotation__in=Rotation.objects.visible_to(user)) & ~Q(stage=EntryStage.DRAFT)
        return self.filter(Q(trainee=user) | seen)

    def awaiting(self, teacher: User) -> Self:
        """What waits for ``teacher``, the longest waiting first; flat however large the table is.

        Read the next page with ``after``.
        """
        return self.filter(WAITING, teacher=teacher).order_by("submitted_at", "id")

    def after(self, last: LogEntry) -> Self:
        """Those that follow ``last`` in the order of ``awaiting``."""
        later = Q(submitted_at__gt=last.submitted_at) | Q(submitted_at=last.submitted_at, id__gt=last.pk)
        return self.filter(Q(submitted_at__gte=last.submitted_at) & later)

    def newest_first(self) -> Self:
        """As a logbook is read."""
        return self.order_by("-happened_date", "-written_at", "-id")

    def for_ledger(self) -> Self:
        """Only what the ledger and its rows need: the others would be fetched one by one."""
        return self.only(
            *("rotation", "requirement", "kind", "item", "happened_date", "stage", "written_at"),
            *("patient_name", "patient_hash", "patient_tail"),
        )

    def with_names(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("rotation", "requirement", "trainee", "teacher", "decided_by")


class LogEntry(models.Model):
    """登记 of one 大病历, 病种, 操作 or 手术, and where it stands (``EntryStage``).

    ``requirement`` is what it counts toward; empty: it does not, or its indicator asks for no
    items. ``trainee`` and ``teacher`` are those of the rotation, kept here for the queues.
    Of the patient there is a masked surname, a keyed hash of the 病历号 and its last four
    characters (see ``patient``): enough to notice the same one twice, no identity.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="entries", verbose_name="轮转")
    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="log_entries", verbose_name="学员"
    )
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="带教老师",
    )
    kind = models.CharField("种类", max_length=10, choices=Indicator)
    requirement = models.ForeignKey(
        RotationRequirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="应完成项",
    )
    item = models.CharField("项目名称", max_length=100)
    happened_date = models.DateField("日期")
    diagnosis = models.CharField("诊断类型", max_length=10, choices=Diagnosis, blank=True)
    treatment = models.CharField("诊疗措施", max_length=500, blank=True)
    setting = models.CharField("门诊/急诊/病房", max_length=10, choices=Setting, blank=True)
    was_in_charge = models.BooleanField("是否主管", null=True, blank=True)
    was_rescue = models.BooleanField("是否抢救", null=True, blank=True)
    role = models.CharField("术者/助手", max_length=10, choices=OperatorRole, blank=True)
    succeeded = models.BooleanField("是否成功", null=True, blank=True)
    anaesthesia = models.CharField("麻醉", max_length=10, choices=Anaesthesia, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    patient_name = models.CharField("患者", max_length=10, blank=True)
    patient_hash = models.CharField("病历号散列", max_length=64, blank=True, editable=False)
    patient_tail = models.CharField("病历号后四位", max_length=4, blank=True)
    stage = models.CharField("状态", max_length=10, choices=EntryStage, default=EntryStage.DRAFT)
    written_at = models.DateTimeField("填写时间")
    changed_at = models.DateTimeField("最近改动")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    return_reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登记"
        constraints = [
            known("kind", Indicator),
            known("diagnosis", Diagnosis, blank=True),
            known("setting", Setting, blank=True),
            known("role", OperatorRole, blank=True),
            known("anaesthesia", Anaesthesia, blank=True),
            known("stage", EntryStage),
            models.CheckConstraint(
                name="an_entry_has_an_item",
                condition=~Q(item=""),
                violation_error_message="请填写项目名称",
            ),
            models.CheckConstraint(
                name="an_entry_that_was_handed_in_is_complete",
                condition=Q(stage=EntryStage.DRAFT)
                | (Q(kind=Indicator.CASE) & ~Q(diagnosis=""))
                | (
                    Q(kind=Indicator.DISEASE, was_in_charge__isnull=False, was_rescue__isnull=False)
                    & ~Q(treatment="")
                    & ~Q(setting="")
                )
                | Q(kind=Indicator.SKILL, role__in=OF_SKILL, succeeded__isnull=False)
                | (Q(kind=Indicator.SURGERY, role__in=OF_SURGERY) & ~Q(anaesthesia="")),
                violation_error_message="登记没有填完，不能提交",
            ),
            decided_coherently("an_entry_is_decided_coherently"),
            models.CheckConstraint(
                name="nobody_approves_the_own_entry",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("trainee")),
                violation_error_message="不能审核本人的登记",
            ),
        ]
        indexes = [
            models.Index(
                fields=["teacher", "submitted_at", "id"], condition=WAITING, name="entries_awaiting_a_teacher"
            ),
            models.Index(fields=["rotation", "-happened_date"], name="entries_of_a_rotation"),
            models.Index(fields=["trainee", "-happened_date", "id"], name="entries_of_a_trainee"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.item} {self.happened_date}"

    @property
    def is_editable(self) -> bool:
        """The trainee may change it: not handed in, or returned."""
        return self.stage in (EntryStage.DRAFT, EntryStage.RETURNED)

    @property
    def is_late(self) -> bool:
        """补填: written after the rotation had ended. Needs the rotation loaded."""
        return timezone.localdate(self.written_at) > self.rotation.end_date
