from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from zhupei.accounts.fields import SealedTextField
from zhupei.accounts.models import User
from zhupei.files.models import Page, Slot
from zhupei.lib.constraints import known
from zhupei.training.choices import PaperKind
from zhupei.training.models import Rotation

from .application import Application


class MaterialQuerySet(models.QuerySet["Material"]):
    def visible_to(self, user: User) -> Self:
        """The trainee's own; reviewers see the pages of a submission."""
        return self.filter(application__trainee=user)


class Material(models.Model):
    """A signed paper of one rotation (结业报考材料); its pages lie in ``slot``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="materials", verbose_name="申请"
    )
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="materials", verbose_name="轮转")
    kind = models.CharField("种类", max_length=10, choices=PaperKind)
    slot = models.OneToOneField(Slot, models.PROTECT, related_name="material", verbose_name="上传位")

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结业报考材料"
        constraints = [
            known("kind", PaperKind),
            models.UniqueConstraint(
                fields=["application", "rotation", "kind"], name="one_material_per_rotation_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} {self.get_kind_display()}"


class Submission(models.Model):
    """What a trainee handed in, in one round: frozen, and all that reviewers decide on.

    ``content`` is canonical JSON text (see ``snapshot``), ``digest`` its SHA-256 in
    hexadecimal; ``pages`` are the pages it speaks of, so that none of them can go.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="submissions", verbose_name="申请"
    )
    round = models.PositiveSmallIntegerField("提交轮次")
    receipt = models.CharField("回执号", max_length=20, unique=True)
    content = SealedTextField("提交内容")
    digest = models.CharField("内容校验码", max_length=64)
    submitted_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = verbose_name_plural = "提交"
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="one_submission_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.receipt} 第 {self.round} 次提交"

    @property
    def code(self) -> str:
        """The first 20 characters of the digest in fours, to be compared by eye."""
        short = self.digest[:20].upper()
        return " ".join(short[at : at + 4] for at in range(0, 20, 4))


class SubmissionPage(models.Model):
    """A page that a submission froze."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="pages", verbose_name="提交")
    page = models.ForeignKey(Page, models.PROTECT, related_name="+", verbose_name="页")

    class Meta:
        verbose_name = verbose_name_plural = "提交的页"
        constraints = [models.UniqueConstraint(fields=["submission", "page"], name="a_page_is_frozen_once")]

    def __str__(self) -> str:
        return str(self.page_id)


class SupplementQuerySet(models.QuerySet["Supplement"]):
    def open(self) -> Self:
        """Those that the base has not confirmed yet."""
        return self.filter(confirmed_at=None)

    def of_round(self, application: Application) -> Self:
        """Those of the current round, in the order of the rotations."""
        found = self.filter(submission__application=application, submission__round=application.round)
        return found.select_related("rotation__department").order_by("rotation__start_date", "rotation_id")


class Supplement(models.Model):
    """补交: a rotation that was not finished when its round was handed in.

    Its papers come later, until the season's supplement day, and the base confirms them
    without a new round (domain §2).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="supplements", verbose_name="提交"
    )
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="+", verbose_name="轮转")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )

    objects = SupplementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补交"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rotation"], name="one_supplement_per_round_and_rotation"
            ),
            models.CheckConstraint(
                name="a_supplement_is_confirmed_by_somebody",
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                violation_error_message="补交的确认应有确认人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} 补交"
