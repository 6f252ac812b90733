"""Everything that can happen to a trainee's record: the person, the certificates, the training."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from zhupei.accounts.fields import BlindIndexField
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
OF_EDUCATION = {
    *("level", "degree", "degree_type", "school", "major", "graduated_date"),
    *("diploma_number", "degree_number"),
}
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
    _note(profile, "training.profile.updated", profile, by=by, changed=changed)
    return profile


@transaction.atomic
def save_education(profile: Profile, education: Education, *, by: User, **fields: Any) -> Education:
    """Add one 教育经历, or change it: all of it, or only ``fields``. Added twice it is still one.

    Raises Refused, ValidationError.
    """
    profile = _take(profile)
    rules.may_edit_record(by, profile.user).or_raise()
    fields = fields or {name: getattr(education, name) for name in OF_EDUCATION}
    stored = Education.objects.filter(pk=education.pk).select_related("user").first()
    stored = stored or Education(pk=education.pk, user=profile.user)
    rules.may_edit_record(by, stored.user).or_raise()
    changed = _assign(stored, fields)
    _note(profile, "training.education.saved", stored, by=by, changed=changed)
    return stored


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
    _note(profile, "training.licence.updated", licence, by=by, changed=changed)
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
def correct(enrolment: Enrolment, *, by: User, **fields: Any) -> Enrolment:
    """Change what the base keeps (B in domain §4): fields of the person, the profile or the enrolment.

    Not 结业考核年份: see ``change_year``. Raises Refused, ValidationError.
    """
    _refuse_others(fields, IDENTITY | BY_BASE | OF_TRAINING)
    enrolment = _take_enrolment(enrolment)
    rules.may_correct(by, enrolment).or_raise()
    user, profile = enrolment.user, enrolment.user.profile
    of_profile = {name: fields.pop(name) for name in BY_BASE & fields.keys()}
    identity = {name: fields.pop(name) for name in IDENTITY & fields.keys()}
    changed = _assign(user, identity) + _assign(profile, of_profile) + _assign(enrolment, fields)
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
    if not _assign(enrolment, {"completion_year": year}):
        return enrolment
    record("training.enrolment.year_changed", enrolment, by=by, old=old, new=year, reason=reason)
    text = f"{office}已将您的结业考核年份由 {old} 改为 {year}（{reason}）"
    notify(enrolment.user, text, url="/completion/")
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
    """Certificates and portrait stay as they are while an application is under review.

    Waits for a change under way: what is read after this is what lies there, and stays.
    """
    _hold(user.pk)
    Profile.objects.filter(user=user).update(locked_at=timezone.now())


@transaction.atomic
def unlock_documents(user: User) -> None:
    """They may be changed again: returned or withdrawn."""
    Profile.objects.filter(user=user).update(locked_at=None)


def _take(profile: Profile) -> Profile:
    _hold(profile.user_id)
    return Profile.objects.select_related("user__licence").get(pk=profile.pk)


def _take_enrolment(enrolment: Enrolment) -> Enrolment:
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    _hold(enrolment.user_id)
    return Enrolment.objects.select_related("user__profile", "base", "specialty").get(pk=enrolment.pk)


def _hold(user: UUID) -> None:
    """Keep the person's whole record for this transaction; what is read after this is what stands.

    One row is taken for all of it, and read in a statement of its own: PostgreSQL gives whoever
    waited for a row its newest state, but the rows joined to it as they were before. Whoever
    takes several takes them in this order: season, enrolment, application, person, slot.
    """
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user)


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
        row.full_clean(exclude=_unconcerned(row, changed))
        row.save()
    return changed


def _unconcerned(row: models.Model, changed: list[str]) -> set[str]:
    """The fields of ``row`` that need no new look: those without a constraint in common with ``changed``."""
    indexes = [field for field in row._meta.fields if isinstance(field, BlindIndexField)]
    concerned = {*changed, *(index.name for index in indexes if index.source in changed)}
    for constraint in row._meta.constraints:
        names = set(getattr(constraint, "fields", ()))
        if condition := getattr(constraint, "condition", None):
            names |= condition.referenced_base_fields
        if names & concerned:
            concerned |= names
    return {field.name for field in row._meta.fields} - concerned


def _store(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row


def _note(profile: Profile, verb: str, subject: models.Model, *, by: User, changed: list[str]) -> None:
    """What was ``changed`` of the person's own fields; nothing, if nothing was."""
    if changed:
        _touch(profile)
        record(verb, subject, by=by, fields=changed)


def _touch(profile: Profile) -> None:
    profile.changed_at = timezone.now()
    profile.save(update_fields=["changed_at"])
