from __future__ import annotations

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from .review import Finding
from .submission import Submission


class Answer(models.Model):
    """What the trainee did about a finding on an item: explained it, changed the item, or both.

    ``submission`` is the round that carries the answer to the reviewers; None while it is being written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="answer", verbose_name="问题")
    explanation = models.CharField("学员说明", max_length=500, blank=True)
    changed = models.BooleanField("已改", default=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name="提交"
    )

    class Meta:
        verbose_name = verbose_name_plural = "对问题的答复"
        constraints = [
            models.CheckConstraint(
                name="an_answer_is_a_change_or_an_explanation",
                condition=Q(changed=True) | ~Q(explanation=""),
                violation_error_message="请写明情况，或改好这一项",
            ),
            models.CheckConstraint(
                name="a_change_is_stated_by_a_round",
                condition=Q(changed=False) | Q(submission__isnull=False),
                violation_error_message="改动以提交为准",
            ),
        ]

    def __str__(self) -> str:
        return "；".join(words for words in ("已改" if self.changed else "", self.explanation) if words)


class Unlocking(models.Model):
    """我还要改这一项: an item that nobody found wrong, opened by the trainee after a return.

    ``submission`` is the round that was returned, ``item`` a key of ``completion.items``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="unlockings", verbose_name="提交")
    item = models.CharField("项目", max_length=60)
    label = models.CharField("项目名称", max_length=200)
    unlocked_at = models.DateTimeField("解锁时间")

    class Meta:
        verbose_name = verbose_name_plural = "学员另要修改的项目"
        constraints = [
            models.UniqueConstraint(fields=["submission", "item"], name="an_item_is_unlocked_once_a_round")
        ]

    def __str__(self) -> str:
        return self.label
