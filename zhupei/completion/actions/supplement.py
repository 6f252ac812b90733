"""补交: the base confirms papers of rotations not finished at the submission, or asks for better ones."""

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.notifications.outbox import notify

from .. import rules, supplements
from ..models import Application, Supplement
from ..supplements import Later
from .application import take


@transaction.atomic
def confirm(supplement: Supplement, *, by: User, seen: str) -> Supplement:
    """The base has looked at both papers; no new round. ``seen`` names the pages on its screen."""
    application, later = _open(supplement, by)
    if not later.is_complete:
        raise Refused("出科小结和出科考核表还没有交齐")
    if later.seen != seen:
        raise Conflict("学员刚刚换过图片，请重新查看后再确认")
    supplement = later.supplement
    supplement.confirmed_at, supplement.confirmed_by = timezone.now(), by
    supplement.save(update_fields=["confirmed_at", "confirmed_by"])
    application.pending -= 1
    application.save(update_fields=["pending"])
    record(
        "completion.supplement.confirmed", application, by=by, rotation=str(supplement.rotation_id), seen=seen
    )
    notify(application.trainee, f"{supplement.rotation}的补交材料，基地已确认", url=_status(application))
    return supplement


@transaction.atomic
def send_back(supplement: Supplement, *, by: User, note: str) -> Supplement:
    """The papers are not good enough: the trainee is told why. Raises Refused without a note."""
    application, later = _open(supplement, by)
    if not note:
        raise Refused("请写明哪里需要重交，学员将据此修改")
    record(
        "completion.supplement.sent_back", application, by=by, rotation=str(supplement.rotation_id), note=note
    )
    notify(
        application.trainee,
        f"{later.supplement.rotation}的补交材料需要重交：{note}",
        url=_status(application),
    )
    return later.supplement


def _open(supplement: Supplement, by: User) -> tuple[Application, Later]:
    """The row of the application, held, and the supplement as it stands; asks the rule."""
    application = take(supplement.submission.application)
    found = supplements.of(application, today=timezone.localdate())
    later = next((later for later in found if later.supplement.pk == supplement.pk), None)
    if later is None:
        raise Conflict("学员已更新了申请，请重新查看")
    rules.may_confirm_supplement(by, application, later.supplement).or_raise()
    return application, later


def _status(application: Application) -> str:
    return f"{application.get_absolute_url()}materials/"
