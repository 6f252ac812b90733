"""What the desks do for a trainee: 重置密码, 修改结业考核年份."""

from django.core.exceptions import ValidationError
from django.db import transaction

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.organisations import actions as organisations
from zhupei.training import actions as training
from zhupei.training.models import Enrolment

from . import roster, rules


@transaction.atomic
def reset_password(enrolment: Enrolment, *, by: User, note: str = "") -> str:
    """重置密码: the trainee's password and sessions end; returns the code, once, to be handed over.

    ``note`` is asked of everybody but the base. Raises Refused, ValidationError.
    """
    rules.may_reset_password(by, enrolment).or_raise()
    _ask_for(note, "note", by, enrolment)
    office = rules.office_of(by, enrolment)
    return organisations.hand_out_code(enrolment.user, by=by, office=office, note=note)


@transaction.atomic
def change_year(enrolment: Enrolment, *, by: User, year: int, reason: str) -> Enrolment:
    """修改结业考核年份, with a reason: logged with old and new, the trainee is told.

    The application is held meanwhile: a decision of the base and a change of the year follow each other.
    Raises Refused, ValidationError.
    """
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)  # before its own
    list(Application.objects.select_for_update(no_key=True).filter(enrolment=enrolment))
    rules.may_change_year(by, enrolment, roster.latest_of(enrolment)).or_raise()
    if not reason:
        raise ValidationError({"reason": "请写明修改的原因，将记入日志并告知学员"})
    if year == enrolment.completion_year:
        raise ValidationError({"year": f"结业考核年份已经是 {year}"})
    office = rules.office_of(by, enrolment)
    return training.change_year(enrolment, by=by, office=office, year=year, reason=reason)


def _ask_for(note: str, field: str, by: User, enrolment: Enrolment) -> None:
    if not note and rules.needs_note(by, enrolment):
        raise ValidationError({field: "请填写工单号或说明，将记入日志"})
