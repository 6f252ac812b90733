"""What a trainee does with the findings of a return besides changing things: explain, unlock another item."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.training import actions as training

from .. import fixes, rules
from ..models import Answer, Application, Finding, Unlocking
from .application import note_change, take


@transaction.atomic
def explain(application: Application, finding: Finding, *, by: User, text: str) -> Answer:
    """Say why an item stays as it is, or what was done elsewhere; writing again replaces it.

    Raises Refused without words, or when the finding is none of the return that is to be mended.
    """
    application = take(application)
    rules.may_edit(by, application).or_raise()
    if not any(fix.finding.pk == finding.pk for fix in fixes.of(application).fixes):
        raise Conflict("这条问题已不在当前的修改清单里，请重新查看")
    if not text:
        raise Refused("请写明情况，审核人会看到")
    answer, _ = Answer.objects.update_or_create(finding=finding, defaults={"explanation": text})
    note_change(application)
    record("completion.finding.explained", application, by=by, item=finding.item)
    return answer


@transaction.atomic
def unlock(application: Application, item: str, *, by: User) -> Unlocking:
    """我还要改这一项: open one more item of the returned round. Raises Refused if it is none that is shut."""
    application = take(application)
    rules.may_edit(by, application).or_raise()
    found = [target for target in fixes.of(application).shut if target.key == item]
    if not found:
        raise Refused("这一项已经可以修改，或不在提交的内容里")
    submission = application.submissions.only("pk").get(round=application.round)
    unlocking = Unlocking.objects.create(
        submission=submission, item=item, label=found[0].label, unlocked_at=timezone.now()
    )
    training.lock_documents(application.trainee, but=fixes.of(application).open_kinds)
    note_change(application)
    record("completion.item.unlocked", application, by=by, item=item)
    return unlocking
