"""记一条问题: what a reviewer notes of single items before the decision, kept for that person alone."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.constraints import write
from zhupei.lib.verdicts import Conflict, Refused

from .. import items, rules, snapshot
from ..choices import ReasonCode
from ..models import Application, DraftFinding
from .application import take

MOST = 60  # findings of one reviewer and round
Box = tuple[float, float, float, float]  # left, top, right, bottom: fractions of the upright picture


@transaction.atomic
def mark(
    application: Application,
    *,
    by: User,
    seen_round: int,
    code: ReasonCode,
    item: str,
    note: str = "",
    page: UUID | None = None,
    box: Box | None = None,
) -> DraftFinding:
    """Note that something is wrong with ``item`` of the round on the screen.

    Raises Refused (no permission, no such item or page in the round), Conflict (another round) and
    ValidationError (a box outside the picture).
    """
    application = take(application)
    if application.round != seen_round or application.is_withdrawn:
        raise Conflict("学员已撤回或更新了申请，请重新查看后再审核")
    rules.may_mark(by, application, timezone.now()).or_raise()
    submission = application.submissions.get(round=application.round)
    target = items.targets(snapshot.thaw(submission.content)).get(item)
    if target is None or (page is not None and str(page) not in [image["page"] for image in target.images]):
        raise Refused("这一项或这张图片不在本轮提交里，请重新打开")
    if DraftFinding.objects.noted_by(by, submission).count() >= MOST:
        raise Refused(f"最多记 {MOST} 条问题，请合并后写在意见里")
    left, top, right, bottom = box or (None,) * 4
    draft = DraftFinding(
        submission=submission,
        reviewer=by,
        code=code,
        note=note,
        item=item,
        label=target.label,
        page_id=page if box else None,
        box_left=left,
        box_top=top,
        box_right=right,
        box_bottom=bottom,
    )
    write(draft)
    record("completion.finding.noted", application, by=by, code=str(code), item=item)
    return draft


@transaction.atomic
def unmark(draft: DraftFinding, *, by: User) -> None:
    """撤销: one's own, while it is a draft."""
    application = take(draft.submission.application)
    if draft.reviewer_id != by.pk:
        raise Refused("只能撤销自己记的问题")
    DraftFinding.objects.filter(pk=draft.pk).delete()
    record("completion.finding.dropped", application, by=by, code=draft.code, item=draft.item)
