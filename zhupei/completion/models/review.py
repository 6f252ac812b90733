from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.lib.constraints import known
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation

from ..choices import Outcome
from .application import Application
from .pointed import Pointed
from .submission import Submission


class ReviewQuerySet(models.QuerySet["Review"]):
    def standing(self) -> Self:
        """Those that were not replaced by a 改判."""
        return self.filter(superseded_at=None)

    def history(self, application: Application) -> Self:
        """All of an application's reviews, oldest first."""
        return (
            self.filter(submission__application=application)
            .select_related("submission", "organisation", "reviewer")
            .defer("submission__content")  # long, and shown from the submission itself
            .prefetch_related(Prefetch("findings", Finding.objects.select_related("answer").order_by("id")))
            .order_by("decided_at", "id")
        )


class Review(models.Model):
    """One organisation's decision on one submission: the printed 基地/市局/省厅意见."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews", verbose_name="提交")
    level = models.CharField("审核层级", max_length=10, choices=Level)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="审核单位")
    outcome = models.CharField("结论", max_length=4, choices=Outcome)
    opinion = models.CharField("意见", max_length=500, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间")
    superseded_at = models.DateTimeField("改判时间", null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核意见"
        constraints = [
            known("level", Level),
            known("outcome", Outcome),
            models.UniqueConstraint(
                fields=["submission", "level"],
                condition=Q(superseded_at=None),
                name="one_standing_review_per_level_and_round",
            ),
            models.CheckConstraint(
                name="a_failing_review_says_why",
                condition=Q(outcome=Outcome.PASS) | ~Q(opinion=""),
                violation_error_message="不通过时必须填写意见",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "decided_at"], name="reviews_of_an_office")]

    def __str__(self) -> str:
        return f"{self.get_level_display()}意见：{self.printed}"

    @property
    def printed(self) -> str:
        """As the guide prints it: ``通过``, ``不通过 (数据不全)``, half-width brackets, one space."""
        if self.outcome == Outcome.PASS:
            return self.get_outcome_display()
        return f"{self.get_outcome_display()} ({self.opinion})"

    @property
    def remark(self) -> str:
        """What was written beside a 通过: for the offices, printed nowhere."""
        return self.opinion if self.outcome == Outcome.PASS else ""

    @property
    def general(self) -> list[Finding]:
        """The findings that concern the whole application."""
        return [finding for finding in self.findings.all() if not finding.item]

    @property
    def on_items(self) -> list[Finding]:
        """The findings on single fields and papers."""
        return [finding for finding in self.findings.all() if finding.item]


class FindingQuerySet(models.QuerySet["Finding"]):
    def asking(self, application: Application) -> Self:
        """Those of the standing 不通过 that returned the application's last round, oldest first."""
        return self.filter(
            review__submission__application=application,
            review__submission__round=application.round,
            review__superseded_at=None,
        ).order_by("id")


class Finding(Pointed):
    """One reason of a 不通过; of the whole application, or of one item with a box in its picture."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="findings", verbose_name="审核意见")

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        constraints = [*Pointed.Meta.constraints]


class DraftFindingQuerySet(models.QuerySet["DraftFinding"]):
    def noted_by(self, user: User, submission: Submission) -> Self:
        """What ``user`` has noted of the round, oldest first."""
        return self.filter(submission=submission, reviewer=user).order_by("id")


class DraftFinding(Pointed):
    """What a reviewer has noted of a round and not decided on yet; seen by nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="draft_findings", verbose_name="提交"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )

    objects = DraftFindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记下的问题"
        constraints = [*Pointed.Meta.constraints]
