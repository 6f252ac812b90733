"""出科小结: the trainee writes, the teacher appraises, the head concludes."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Refused
from zhupei.notifications.outbox import notify

from .. import rules
from ..choices import Consent, PaperKind, Party
from ..models import ExitSummary, Rotation
from .signature import sign as sign_form
from .storing import hold_rotation

SUMMARY = "/training/rotations/{}/summary/"


@transaction.atomic
def write_summary(rotation: Rotation, *, by: User, text: str) -> ExitSummary:
    """Keep 个人小结 as a draft."""
    rotation = hold_rotation(rotation)
    rules.may_write_summary(by, rotation, timezone.localdate()).or_raise()
    summary = _summary(rotation)
    summary.personal_text = text
    _keep(summary)
    record("training.summary.written", summary, by=by)
    return summary


@transaction.atomic
def submit_summary(rotation: Rotation, *, by: User, text: str | None = None) -> ExitSummary:
    """Hand 个人小结 to the teacher, with ``text`` or as it was kept."""
    rotation = hold_rotation(rotation)
    rules.may_write_summary(by, rotation, timezone.localdate()).or_raise()
    summary = _summary(rotation)
    summary.personal_text = summary.personal_text if text is None else text
    if not summary.personal_text.strip():
        raise Refused("请填写个人小结")
    summary.submitted_at, summary.return_reason = timezone.now(), ""
    _keep(summary)
    record("training.summary.submitted", summary, by=by)
    _tell(rotation.teacher, f"{by}提交了出科小结（{rotation}），请评价", rotation)
    return summary


@transaction.atomic
def return_summary(rotation: Rotation, *, by: User, reason: str) -> ExitSummary:
    """Give 个人小结 back to the trainee; the teacher's part, if there was one, is not signed any more."""
    rotation = hold_rotation(rotation)
    rules.may_appraise_summary(by, rotation).or_raise()
    if not reason.strip():
        raise Refused("请填写退回原因")
    summary = _summary(rotation)
    summary.submitted_at = summary.teacher = summary.teacher_at = summary.on_behalf_by = None
    summary.return_reason = reason.strip()
    _keep(summary)
    record("training.summary.returned", summary, by=by, reason=reason)
    _tell(rotation.enrolment.user, f"您的出科小结（{rotation}）被退回：{reason}", rotation)
    return summary


@transaction.atomic
def appraise_summary(rotation: Rotation, *, by: User, text: str, sign: bool = False) -> ExitSummary:
    """带教评价, by the teacher, or by 教学秘书 for him (代填); it may be changed until the head concludes.

    ``sign``: with the stored signature of ``by``. Raises Refused.
    """
    rotation = hold_rotation(rotation)
    rules.may_appraise_summary(by, rotation).or_raise()
    if not text.strip():
        raise Refused("请填写带教评价")
    summary = _summary(rotation)
    summary.teacher_text, summary.teacher_at = text.strip(), timezone.now()
    summary.teacher = rotation.teacher
    summary.on_behalf_by = None if by == rotation.teacher else by
    _keep(summary)
    _sign(rotation, Party.TEACHER, sign, by=by, signer=summary.teacher, at=summary.teacher_at)
    record("training.summary.appraised", summary, by=by, on_behalf=summary.on_behalf_by is not None)
    _tell(rotation.head, f"{rotation.enrolment.user}的出科小结（{rotation}）等您填写科室评价", rotation)
    return summary


@transaction.atomic
def conclude_summary(
    rotation: Rotation, *, by: User, text: str, agrees: Consent | str, sign: bool = False
) -> ExitSummary:
    """科室评价 and 同意出科, by 科主任; it may be changed until the rotation is closed.

    ``sign``: with the stored signature of ``by``. Raises Refused.
    """
    rotation = hold_rotation(rotation)
    rules.may_conclude_summary(by, rotation).or_raise()
    if agrees not in Consent:
        raise Refused("请选择是否同意出科")
    summary = _summary(rotation)
    summary.head_text, summary.agrees = text.strip(), agrees
    summary.head, summary.head_at = by, timezone.now()
    _keep(summary)
    _sign(rotation, Party.HEAD, sign, by=by, signer=by, at=summary.head_at)
    record("training.summary.concluded", summary, by=by, agrees=summary.agrees)
    _tell(rotation.enrolment.user, f"{rotation}的科室评价已填写", rotation)
    return summary


def _sign(
    rotation: Rotation, office: Party, wanted: bool, *, by: User, signer: User | None, at: datetime
) -> None:
    if wanted:
        sign_form(rotation, PaperKind.SUMMARY, office, by=by, signer=signer, at=at)


def _summary(rotation: Rotation) -> ExitSummary:
    return ExitSummary.objects.filter(rotation=rotation).first() or ExitSummary(rotation=rotation)


def _keep(summary: ExitSummary) -> None:
    summary.full_clean()
    summary.save()


def _tell(person: User | None, text: str, rotation: Rotation) -> None:
    if person is not None:
        notify(person, text, url=SUMMARY.format(rotation.pk))
