from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhupei.files.models import Page
from zhupei.lib.constraints import known

from ..choices import ReasonCode

BOX = ("box_left", "box_top", "box_right", "box_bottom")


class Pointed(models.Model):
    """A reason by its code, with a note for the trainee, and where it is.

    ``item`` is a key of ``completion.items`` ("" means the whole application), ``label`` how it was
    called in the round. The box lies in the picture of ``page``: its edges are fractions, 0 to 1, of
    the upright picture, from the left and from the top.
    """

    code = models.CharField("原因", max_length=3, choices=ReasonCode)
    note = models.CharField("说明", max_length=200, blank=True)
    item = models.CharField("项目", max_length=60, blank=True)
    label = models.CharField("项目名称", max_length=200, blank=True)
    page = models.ForeignKey(
        Page, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="图片"
    )
    box_left = models.FloatField("框的左边", null=True, blank=True)
    box_top = models.FloatField("框的上边", null=True, blank=True)
    box_right = models.FloatField("框的右边", null=True, blank=True)
    box_bottom = models.FloatField("框的下边", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            known("code", ReasonCode),
            models.CheckConstraint(
                name="%(class)s_box_is_inside_the_picture",
                condition=Q(**dict.fromkeys(BOX))
                | Q(
                    **dict.fromkeys((f"{edge}__isnull" for edge in BOX), False),
                    page__isnull=False,
                    box_left__gte=0,
                    box_top__gte=0,
                    box_right__lte=1,
                    box_bottom__lte=1,
                    box_left__lt=F("box_right"),
                    box_top__lt=F("box_bottom"),
                ),
                violation_error_message="框超出了图片，请重新画",
            ),
            models.CheckConstraint(
                name="%(class)s_of_a_page_names_its_item",
                condition=Q(page=None) | ~Q(item=""),
                violation_error_message="图片上的问题应指明项目",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.reason}" if self.label else self.reason

    @property
    def reason(self) -> str:
        """The words of the code; of 其他 what was written instead."""
        return self.note if self.code == ReasonCode.R99 and self.note else self.get_code_display()

    @property
    def paper(self) -> str:
        """The key of the paper it points at, as the workbench names it; "" of a field."""
        kind, _, key = self.item.partition(":")
        return key if kind == "paper" else ""

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right, bottom; None without one."""
        edges = (self.box_left, self.box_top, self.box_right, self.box_bottom)
        return edges if self.box_left is not None else None  # type: ignore[return-value]
