from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from zhupei.organisations.models import Organisation


class AssessmentTemplateQuerySet(models.QuerySet["AssessmentTemplate"]):
    def in_force(self, base: Organisation) -> AssessmentTemplate | None:
        """The newest of ``base`` itself, otherwise the newest for everybody; None without any."""
        found = self.filter(Q(base=base) | Q(base=None)).with_items()
        return found.order_by(models.F("base").asc(nulls_last=True), "-version").first()

    def with_items(self) -> Self:
        """With the rated items in their order, in one more query."""
        return self.prefetch_related(models.Prefetch("items", TemplateItem.objects.order_by("number")))


class AssessmentTemplate(models.Model):
    """What is rated on the 出科考核表, versioned; without a ``base`` it is for all of them.

    A form keeps the version it was begun with.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    base = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="培训基地"
    )
    name = models.CharField("名称", max_length=50)
    version = models.PositiveSmallIntegerField("版本")
    made_at = models.DateTimeField("建立时间")

    objects = AssessmentTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "出科考核表模板"
        constraints = [
            models.UniqueConstraint(fields=["base", "version"], name="one_template_per_base_and_version"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(base=None), name="one_general_template_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"


class TemplateItem(models.Model):
    """One rated item; ``group`` is empty for an item of its own, ``scale`` is 优/良/中/差."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.ForeignKey(
        AssessmentTemplate, models.PROTECT, related_name="items", verbose_name="模板"
    )
    number = models.PositiveSmallIntegerField("顺序")
    group = models.CharField("类别", max_length=30, blank=True)
    label = models.CharField("评价项", max_length=50)
    scale = models.CharField("等级", max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = "评价项"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="one_item_per_place_of_a_template"),
            models.UniqueConstraint(fields=["template", "label"], name="one_item_per_label_of_a_template"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def choices(self) -> tuple[str, ...]:
        """The values one may tick, best first."""
        return tuple(self.scale.split("/"))
