from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from zhupei.lib.constraints import known
from zhupei.lib.quota import Quota

from ..choices import Indicator
from .rotation import Rotation


class RotationRequirementQuerySet(models.QuerySet["RotationRequirement"]):
    def in_order(self) -> Self:
        """As they stand in the scheme."""
        return self.order_by("number", "id")


class RotationRequirement(models.Model):
    """应完成项 of one rotation, in cases (例), copied from its scheme: a later version changes nothing here.

    An empty ``item``: any of the indicator. An indicator without a row asks for what its tally says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="requirements", verbose_name="轮转")
    number = models.PositiveSmallIntegerField("顺序")
    indicator = models.CharField("指标", max_length=10, choices=Indicator)
    item = models.CharField("项目", max_length=100, blank=True)
    required = models.PositiveIntegerField("应完成")

    objects = RotationRequirementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮转应完成项"
        constraints = [
            known("indicator", Indicator),
            models.UniqueConstraint(
                fields=["rotation", "indicator", "item"],
                name="one_requirement_per_item_of_a_rotation",
                violation_error_message="轮转里已有这个项目",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.get_indicator_display()} {self.required}"


class Tally(models.Model):
    """One of the four indicators of a rotation, in cases (例): what the 出科考核表 shows.

    ``required`` is 应完成, ``filled`` 已完成, ``approved`` 已审核. ``counted_filled`` and
    ``counted_approved`` are how much of ``required`` that makes, item by item: a surplus in one
    item hides no lack in another. All are kept by ``actions.recount``, so that a page or a
    statistic need not read the log. ``imported_…`` is the part that came as a mere total from
    the platform used before (历史数据).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="tallies", verbose_name="轮转")
    indicator = models.CharField("指标", max_length=10, choices=Indicator)
    required = models.PositiveIntegerField("应完成")
    filled = models.PositiveIntegerField("已完成", default=0)
    approved = models.PositiveIntegerField("已审核", default=0)
    counted_filled = models.PositiveIntegerField("计入已完成", default=0)
    counted_approved = models.PositiveIntegerField("计入已审核", default=0)
    imported_filled = models.PositiveIntegerField("历史已完成", default=0)
    imported_approved = models.PositiveIntegerField("历史已审核", default=0)

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
            models.CheckConstraint(
                name="what_counts_is_part_of_what_was_filled",
                condition=Q(counted_filled__lte=F("filled")) & Q(counted_filled__lte=F("required")),
                violation_error_message="计入数不能多于已完成数和应完成数",
            ),
            models.CheckConstraint(
                name="what_counts_is_part_of_what_was_approved",
                condition=Q(counted_approved__lte=F("approved"))
                & Q(counted_approved__lte=F("counted_filled")),
                violation_error_message="计入已审核数不能多于已审核数和计入已完成数",
            ),
            models.CheckConstraint(
                name="what_was_imported_is_part_of_the_whole",
                condition=Q(imported_filled__lte=F("filled"))
                & Q(imported_approved__lte=F("approved"))
                & Q(imported_approved__lte=F("imported_filled")),
                violation_error_message="历史数不能多于总数",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.filled}/{self.required}"

    @property
    def percent(self) -> int:
        """完成比例 of the form: whole per cent of what is required, 100 where nothing is."""
        return Quota(self.required, self.counted_filled).percent

    @property
    def is_imported(self) -> bool:
        """Some of it is 历史数据."""
        return self.imported_filled > 0
