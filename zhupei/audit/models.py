from django.db import models
from django.utils import timezone


class Event(models.Model):
    """One thing that somebody did. Rows are only ever added.

    There are no foreign keys: the log must outlive, and never block the deletion of,
    what it speaks about. ``actor`` and ``subject`` are therefore kept as words, too.
    The key is a number because the log needs an order.
    """

    at = models.DateTimeField("时间", default=timezone.now, editable=False)
    verb = models.CharField("动作", max_length=80)  # "completion.application.submitted"
    actor_id = models.UUIDField("操作人编号", null=True)
    actor = models.CharField("操作人", max_length=100)
    subject_type = models.CharField("对象类型", max_length=80)
    subject_id = models.UUIDField("对象编号")
    subject = models.CharField("对象", max_length=200)
    facts = models.JSONField("事实", default=dict)  # ids, codes and numbers; never an ID number or a phone

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.subject}"
