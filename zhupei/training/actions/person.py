"""What a trainee does with the own record, and what locks it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files import actions as files
from zhupei.files.intake import Fitted
from zhupei.files.models import Page, Slot

from .. import rules
from ..choices import DocumentKind
from ..models import Document, Education, Licence, Profile
from .storing import assign, hold, refuse_others, store

CONTACT = {"phone", "email"}  # fields of User that the trainee keeps
OWN = {  # fields of Profile that the trainee keeps (T in domain §4)
    *("ethnic_group", "politics", "emergency_name", "emergency_phone", "emergency_relation"),
    *("workplace", "is_fresh_graduate", "is_oriented", "is_military"),
}
OF_EDUCATION = {
    *("level", "degree", "degree_type", "school", "major", "graduated_date"),
    *("diploma_number", "degree_number"),
}


@transaction.atomic
def update_record(profile: Profile, *, by: User, **fields: Any) -> Profile:
    """Store what the trainee typed under 基本信息: fields of OWN and CONTACT. Raises ValidationError."""
    refuse_others(fields, OWN | CONTACT)
    profile = _take(profile)
    rules.may_edit_record(by, profile.user).or_raise()
    contact = {name: fields.pop(name) for name in CONTACT & fields.keys()}
    changed = assign(profile.user, contact) + assign(profile, fields)
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
    changed = assign(stored, fields)
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
    changed = assign(licence, fields)
    _note(profile, "training.licence.updated", licence, by=by, changed=changed)
    return licence


@transaction.atomic
def lay_document(
    profile: Profile, kind: DocumentKind, pictures: Sequence[Fitted], *, by: User, replace: bool
) -> Document:
    """Put pages of a certificate, or the portrait, into its place; the portrait always replaces."""
    profile = _take(profile)
    rules.may_change_documents(by, profile, kind).or_raise()
    document = Document.objects.filter(user=profile.user, kind=kind).first()
    if document is None:
        document = store(Document(user=profile.user, kind=kind, slot=Slot.objects.create()))
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
    rules.may_change_documents(by, profile, document.kind).or_raise()
    rules.may_edit_record(by, document.user).or_raise()
    files.remove(page)
    _touch(profile)
    record("training.document.removed", document, by=by, page=str(page.pk))


@transaction.atomic
def set_portrait_aside(profile: Profile, fitted: Fitted, *, by: User) -> Page:
    """Keep a portrait that cannot be used as it is, for 一键修正; what stands stays. Raises Refused."""
    profile = _take(profile)
    rules.may_change_documents(by, profile, DocumentKind.PORTRAIT).or_raise()
    document = Document.objects.filter(user=profile.user, kind=DocumentKind.PORTRAIT).first()
    if document is None:
        document = store(Document(user=profile.user, kind=DocumentKind.PORTRAIT, slot=Slot.objects.create()))
    page = files.set_aside(document.slot, fitted, by=by)
    record("training.document.set_aside", document, by=by, page=str(page.pk))
    return page


@transaction.atomic
def use_mended(profile: Profile, page: Page, fitted: Fitted, *, by: User) -> Page:
    """Put what 一键修正 made of ``page`` in its place, or, of a portrait set aside, into the slot.

    The original stays in the history. Raises Refused.
    """
    profile = _take(profile)
    document = page.slot.document
    rules.may_change_documents(by, profile, document.kind).or_raise()
    rules.may_edit_record(by, document.user).or_raise()
    if document.kind == DocumentKind.PORTRAIT:
        (new,) = files.lay(document.slot, [fitted], by=by, replace=True)
    else:
        new = files.exchange(page, fitted, by=by)
    _touch(profile)
    record("training.document.mended", document, by=by, page=str(page.pk), new=str(new.pk))
    return new


@transaction.atomic
def lock_documents(user: User, *, but: Collection[str] = ()) -> None:
    """Certificates and portrait stay as they are while an application is under review.

    ``but`` are the kinds that may be changed: a return named them, and not the others.
    Waits for a change under way: what is read after this is what lies there, and stays.
    """
    hold(user.pk)
    Profile.objects.filter(user=user).update(locked_at=timezone.now(), open_kinds=sorted(but))


@transaction.atomic
def unlock_documents(user: User) -> None:
    """They may be changed again: returned or withdrawn."""
    Profile.objects.filter(user=user).update(locked_at=None, open_kinds=[])


def _take(profile: Profile) -> Profile:
    hold(profile.user_id)
    return Profile.objects.select_related("user__licence").get(pk=profile.pk)


def _note(profile: Profile, verb: str, subject: models.Model, *, by: User, changed: list[str]) -> None:
    """What was ``changed`` of the person's own fields; nothing, if nothing was."""
    if changed:
        _touch(profile)
        record(verb, subject, by=by, fields=changed)


def _touch(profile: Profile) -> None:
    profile.changed_at = timezone.now()
    profile.save(update_fields=["changed_at"])
