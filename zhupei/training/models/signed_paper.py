from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from zhupei.files.models import Slot
from zhupei.lib.constraints import known

from ..choices import PaperKind
from .rotation import Rotation


class SignedPaperQuerySet(models.QuerySet["SignedPaper"]):
    def attested(self) -> Self:
        """Those that the base declared 与原件一致."""
        return self.filter(attested_at__isnull=False)

    def standing_in(self, *, signed: bool) -> Self:
        """Those that stand for what a trainee would hand in: attested, or taken over as 历史数据.

        ``signed``: the season takes those signed with stored signatures, too.
        """
        found = Q(attested_at__isnull=False) | Q(imported_at__isnull=False)
        return self.filter(found | Q(signed_at__isnull=False) if signed else found)


class SignedPaper(models.Model):
    """A signed paper of a rotation as a picture, kept with the rotation: 历史数据, or of signers who left.

    The base attests it 与原件一致. One with ``signed_at`` was printed by the platform when everybody
    had signed with a stored signature. (What a trainee hands in with an application lies in
    ``completion.Material``.)
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="signed_papers", verbose_name="轮转")
    kind = models.CharField("种类", max_length=10, choices=PaperKind)
    slot = models.OneToOneField(Slot, models.PROTECT, related_name="signed_paper", verbose_name="上传位")
    imported_at = models.DateTimeField("历史数据导入时间", null=True, blank=True)
    signed_at = models.DateTimeField("电子签名完成时间", null=True, blank=True)
    attested_at = models.DateTimeField("与原件一致", null=True, blank=True)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )
    attested_note = models.CharField("核对说明", max_length=200, blank=True)

    objects = SignedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签字材料"
        constraints = [
            known("kind", PaperKind),
            models.UniqueConstraint(fields=["rotation", "kind"], name="one_signed_paper_per_kind"),
            models.CheckConstraint(
                name="a_paper_is_attested_by_somebody",
                condition=Q(attested_at=None, attested_by=None)
                | Q(attested_at__isnull=False, attested_by__isnull=False),
                violation_error_message="与原件一致应有核对人和时间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} {self.get_kind_display()}"

    @property
    def is_the_base_s(self) -> bool:
        """Laid by the base: it stands whatever the platform printed."""
        return self.attested_at is not None or self.imported_at is not None
