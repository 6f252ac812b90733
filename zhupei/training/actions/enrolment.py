"""What the base keeps of a trainee: who it is, and the training."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.notifications.outbox import notify

from .. import rules
from ..models import Enrolment, Licence, Profile
from .storing import assign, hold, refuse_others, store

IDENTITY = {"full_name", "id_kind", "id_number"}  # fields of User that the base keeps
BY_BASE = {"sex", "birth_date", "person_type", "workplace"}  # fields of Profile that the base keeps
OF_TRAINING = {  # fields of Enrolment that the base keeps
    *("category", "specialty", "partner_base", "grade", "years", "start_date", "end_date"),
}


@transaction.atomic
def enrol(
    user: User, *, by: User | None, profile: Mapping[str, Any], enrolment: Mapping[str, Any]
) -> Enrolment:
    """Make ``user`` a trainee: the record that the base keeps, and a first enrolment.

    ``profile`` and ``enrolment`` are fields of those models. Raises ValidationError.
    """
    if not Profile.objects.filter(user=user).exists():
        store(Profile(user=user, **profile))
        store(Licence(user=user))
    enrolled = store(Enrolment(user=user, **enrolment))
    record("training.enrolment.begun", enrolled, by=by)
    return enrolled


@transaction.atomic
def correct(enrolment: Enrolment, *, by: User, **fields: Any) -> Enrolment:
    """Change what the base keeps (B in domain §4): fields of the person, the profile or the enrolment.

    Not 结业考核年份: see ``change_year``. Raises Refused, ValidationError.
    """
    refuse_others(fields, IDENTITY | BY_BASE | OF_TRAINING)
    enrolment = _take_enrolment(enrolment)
    rules.may_correct(by, enrolment).or_raise()
    user, profile = enrolment.user, enrolment.user.profile
    of_profile = {name: fields.pop(name) for name in BY_BASE & fields.keys()}
    identity = {name: fields.pop(name) for name in IDENTITY & fields.keys()}
    changed = assign(user, identity) + assign(profile, of_profile) + assign(enrolment, fields)
    record("training.enrolment.corrected", enrolment, by=by, fields=changed)
    return enrolment


@transaction.atomic
def change_year(enrolment: Enrolment, *, by: User, office: str, year: int, reason: str) -> Enrolment:
    """修改结业考核年份: the deed; the trainee is told by which ``office``, the event keeps old, new and why.

    Whoever calls has asked the rule that knows where the application is (``administration``).
    Raises ValidationError for a year before the training ends.
    """
    enrolment = _take_enrolment(enrolment)
    old = enrolment.completion_year
    if not assign(enrolment, {"completion_year": year}):
        return enrolment
    record("training.enrolment.year_changed", enrolment, by=by, old=old, new=year, reason=reason)
    text = f"{office}已将您的结业考核年份由 {old} 改为 {year}（{reason}）"
    notify(enrolment.user, text, url="/completion/")
    return enrolment


def _take_enrolment(enrolment: Enrolment) -> Enrolment:
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    hold(enrolment.user_id)
    return Enrolment.objects.select_related("user__profile", "base", "specialty").get(pk=enrolment.pk)
