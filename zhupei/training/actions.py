"""Everything that can happen to a trainee's record: the person, the certificates, the training."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files import actions as files
from zhupei.files.intake import Fitted
from zhupei.files.models import Page, Slot
from zhupei.lib.verdicts import Refused
from zhupei.notifications.outbox import notify
from zhupei.organisations.models import Department

from . import rules
from .choices import DocumentKind, Indicator
from .models import Document, Education, Enrolment, Licence, Profile, Rotation, Tally

Row = TypeVar("Row", bound=models.Model)
IDENTITY = {"full_name", "id_kind", "id_number"}  # fields of User that the base keeps
CONTACT = {"phone", "email"}  # fields of User that the trainee keeps
OWN = {  # fields of Profile that the trainee keeps (T in domain §4)
    *("ethnic_group", "politics", "emergency_name", "emergency_phone", "emergency_relation"),
    *("workplace", "is_fresh_graduate", "is_oriented", "is_military"),
}
BY_BASE = {"sex", "birth_date", "person_type", "workplace"}  # fields of Profile that the base keeps


@transaction.atomic
def enrol(
    user: User, *, by: User | None, profile: Mapping[str, Any], enrolment: Mapping[str, Any]
) -> Enrolment:
    """Make ``user`` a trainee: the record that the base keeps, and a first enrolment.

    ``profile`` and ``enrolment`` are fields of those models. Raises ValidationError.
    """
    if not Profile.objects.filter(user=user).exists():
        _store(Profile(user=user, **profile))
        _store(Licence(user=user))
    enrolled = _store(Enrolment(user=user, **enrolment))
    record("training.enrolment.begun", enrolled, by=by)
    return enrolled


@transaction.atomic
def update_record(profile: Profile, *, by: User, **fields: Any) -> Profile:
    """Store what the trainee typed under 基本信息: fields of OWN and CONTACT. Raises ValidationError."""
    _refuse_others(fields, OWN | CONTACT)
    profile = _take(profile)
    rules.may_edit_record(by, profile.user).or_raise()
    contact = {name: fields.pop(name) for name in CONTACT & fields.keys()}
    changed = _assign(profile.user, contact) + _assign(profile, fields)
    _touch(profile)
    record("training.profile.updated", profile, by=by, fields=changed)
    return profile


@transaction.atomic
def save_education(profile: Profile, education: Education, *, by: User) -> Education:
    """Add or change one 教育经历. Raises ValidationError."""
    profile = _take(profile)
    rules.may_edit_record(by, profile.user).or_raise()
    if education.user_id is not None:
        rules.may_edit_record(by, education.user).or_raise()
    education.user = profile.user
    _store(education)
    _touch(profile)
    record("training.education.saved", education, by=by)
    return education


@transaction.atomic
def remove_education(profile: Profile, education: Education, *, by: User) -> None:
    """Take one 教育经历 out; what was submitted keeps it."""
    profile = _take(profile)
    rules.may_edit_record(by, education.user).or_raise()
    record("training.education.removed", education, by=by)
    education.delete()
    _touch(profile)


@transaction.atomic
def update_licence(profile: Profile, *, by: User, **fields: Any) -> Licence:
    """Store what the trainee typed under 医师资格 and 医师执业."""
    profile = _take(profile)
    rules.may_edit_record(by, profile.user).or_raise()
    licence = profile.user.licence
    changed = _assign(licence, fields)
    _touch(profile)
    record("training.licence.updated", licence, by=by, fields=changed)
    return licence


@transaction.atomic
def lay_document(
    profile: Profile, kind: DocumentKind, pictures: Sequence[Fitted], *, by: User, replace: bool
) -> Document:
    """Put pages of a certificate, or the portrait, into its place; the portrait always replaces."""
    profile = _take(profile)
    rules.may_change_documents(by, profile).or_raise()
    document = Document.objects.filter(user=profile.user, kind=kind).first()
    if document is None:
        document = _store(Document(user=profile.user, kind=kind, slot=Slot.objects.create()))
    if kind == DocumentKind.PORTRAIT:
        pictures, replace = pictures[-1:], True
    pages = files.lay(document.slot, pictures, by=by, replace=replace)
    _touch(profile)
    record(
        "training.document.laid", document, by=by, kind=kind, pages=[str(page.picture.pk) for page in pages]
    )
    return document


@transaction.atomic
def remove_document_page(profile: Profile, page: Page, *, by: User) -> None:
    """Take one page of a certificate away; it stays in the history."""
    profile = _take(profile)
    document = page.slot.document
    rules.may_change_documents(by, profile).or_raise()
    rules.may_edit_record(by, document.user).or_raise()
    files.remove(page)
    _touch(profile)
    record("training.document.removed", document, by=by, page=str(page.pk))


@transaction.atomic
def correct(enrolment: Enrolment, *, by: User, reason: str = "", **fields: Any) -> Enrolment:
    """Change what the base keeps (B in domain §4): fields of the person, the profile or the enrolment.

    ``reason`` goes into the event. A changed 结业考核年份 is told to the trainee.
    Raises Refused, ValidationError.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("user__profile", "base", "specialty")
        .get(pk=enrolment.pk)
    )
    rules.may_correct(by, enrolment).or_raise()
    user, profile, year = enrolment.user, enrolment.user.profile, enrolment.completion_year
    of_profile = {name: fields.pop(name) for name in BY_BASE & fields.keys()}
    identity = {name: fields.pop(name) for name in IDENTITY & fields.keys()}
    changed = _assign(user, identity) + _assign(profile, of_profile) + _assign(enrolment, fields)
    record("training.enrolment.corrected", enrolment, by=by, fields=changed, reason=reason)
    if enrolment.completion_year != year:
        text = f"{enrolment.base}已将您的结业考核年份由 {year} 改为 {enrolment.completion_year}"
        notify(user, text, url="/completion/")
    return enrolment


@transaction.atomic
def plan_rotation(
    enrolment: Enrolment,
    department: Department,
    *,
    by: User | None,
    start_date: date,
    end_date: date,
    required_months: Decimal,
    required: Mapping[Indicator, int],
) -> Rotation:
    """Add a rotation with what it requires, in cases. Raises Refused if it overlaps another."""
    overlapping = enrolment.rotations.filter(start_date__lte=end_date, end_date__gte=start_date)
    if other := overlapping.select_related("department").first():
        raise Refused(f"与{other}（{other.dates}）的时间重叠")
    rotation = _store(
        Rotation(
            enrolment=enrolment,
            department=department,
            start_date=start_date,
            end_date=end_date,
            required_months=required_months,
        )
    )
    Tally.objects.bulk_create(
        Tally(rotation=rotation, indicator=indicator, required=required.get(indicator, 0))
        for indicator in Indicator
    )
    record("training.rotation.planned", rotation, by=by)
    return rotation


@transaction.atomic
def count(rotation: Rotation, *, by: User | None, done: Mapping[Indicator, tuple[int, int]]) -> None:
    """Set how many cases are (filled, approved) of each indicator."""
    for tally in rotation.tallies.select_for_update():
        tally.filled, tally.approved = done.get(Indicator(tally.indicator), (tally.filled, tally.approved))
        tally.save(update_fields=["filled", "approved"])
    record("training.rotation.counted", rotation, by=by)


@transaction.atomic
def lock_documents(user: User) -> None:
    """Certificates and portrait stay as they are while an application is under review."""
    Profile.objects.filter(user=user).update(locked_at=timezone.now())


@transaction.atomic
def unlock_documents(user: User) -> None:
    """They may be changed again: returned or withdrawn."""
    Profile.objects.filter(user=user).update(locked_at=None)


def _take(profile: Profile) -> Profile:
    found = Profile.objects.select_for_update(of=("self",)).select_related("user__licence")
    return found.get(pk=profile.pk)


def _refuse_others(fields: Mapping[str, Any], allowed: set[str]) -> None:
    """A field that is not the caller's to change is a mistake of ours, not of the person."""
    if others := fields.keys() - allowed:
        raise ValueError(f"not to be changed here: {', '.join(sorted(others))}")


def _assign(row: models.Model, fields: Mapping[str, Any]) -> list[str]:
    """Set and store those ``fields`` that differ; their names come back for the log."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, fields[name])
        _store(row)
    return changed


def _store(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row


def _touch(profile: Profile) -> None:
    profile.changed_at = timezone.now()
    profile.save(update_fields=["changed_at"])
