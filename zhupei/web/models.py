from django.conf import settings
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.fields import SealedTextField


class Attempt(models.Model):
    """A form that was carried out: the same form sent again gets the same answer (see ``once``)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户")
    key = models.CharField("表单编号", max_length=64)
    location = models.CharField("去向", max_length=2000)  # with all that was searched for, escaped
    made_at = models.DateTimeField("时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "已处理的表单"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_form")]

    def __str__(self) -> str:
        return self.key


class KeptPost(models.Model):
    """What a person sent after the session had ended, for half an hour (see ``kept``).

    ``path`` is where it was sent to, ``page`` where it was typed; ``typed`` is a query string.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户")
    path = models.CharField("提交地址", max_length=500)
    page = models.CharField("所在页面", max_length=500)
    typed = SealedTextField("填写的内容")
    kept_at = models.DateTimeField("时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录过期时保留的内容"

    def __str__(self) -> str:
        return self.path
