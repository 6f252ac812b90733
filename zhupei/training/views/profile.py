"""个人中心: one long page, one form a section; every field saves itself."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from itertools import zip_longest
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from uuid_utils.compat import uuid7

from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions
from ..choices import DocumentKind
from ..forms import EducationForm, LicenceForm, PartForm, RecordForm
from ..models import Education
from . import rows
from .person import Person, trainee

NEW = "new"  # the key of the form for one more 教育经历


@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    return _page(request, trainee(request.user))


@require_POST
def basic(request: SignedInRequest) -> HttpResponse:
    """基本信息, all of it or one field."""
    person, now = trainee(request.user), timezone.now()
    form = RecordForm(request.POST, profile=person.profile, today=timezone.localdate(now))
    form.store(lambda **values: actions.update_record(person.profile, by=request.user, **values))
    return _answer(request, form, rows.record(form, now), "basic")


@require_POST
def education(request: SignedInRequest, pk: UUID | None = None) -> HttpResponse:
    """教育经历: a new one, or one that is there; all of it or one field."""
    person, now = trainee(request.user), timezone.now()
    found = _education(person, pk) if pk else _new_education(request, person)
    key = str(pk or NEW)
    form = EducationForm(request.POST, education=found, key=key, today=timezone.localdate(now))
    try:
        form.store(lambda **values: actions.save_education(person.profile, found, by=request.user, **values))
    except Refused as refusal:  # somebody else's, by an id that was made up
        raise Http404 from refusal
    return _answer(request, form, rows.education(form, now), "education")


@require_POST
def remove_education(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = trainee(request.user)

    def remove() -> str:
        found = _education(person, pk)
        actions.remove_education(person.profile, found, by=request.user)
        messages.success(request, f"已删除：{found}", extra_tags="education")
        return _back(request, "education")

    return once(request, remove)


@require_POST
def licence(request: SignedInRequest) -> HttpResponse:
    """医师资格与执业, all of it or one field."""
    person, now = trainee(request.user), timezone.now()
    form = _licence_form(person, request.POST)
    form.store(lambda **values: actions.update_licence(person.profile, by=request.user, **values))
    return _answer(request, form, rows.licence(form, now), "doctor")


def _answer(
    request: SignedInRequest, form: PartForm, typed: Iterable[rows.Typed], section: str
) -> HttpResponse:
    """For js/autosave.js the fields that came, as they are now; otherwise the page."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.unsaved else HTTPStatus.OK
    if request.htmx:
        context = {"rows": rows.concerned(form, typed), "form": form, "at": timezone.localtime()}
        return HttpResponse(
            render_to_string("training/trainee/parts/saved_fields.html", context), status=status
        )
    if form.unsaved:
        return _page(request, trainee(request.user), form)
    messages.success(request, "已保存", extra_tags=section)
    return redirect(_back(request, section))


def _page(request: SignedInRequest, person: Person, sent: PartForm | None = None) -> HttpResponse:
    """The whole page; ``sent`` is the form that just came with something wrong in it."""
    today = timezone.localdate()
    record = sent if isinstance(sent, RecordForm) else RecordForm(profile=person.profile, today=today)
    doctor = sent if isinstance(sent, LicenceForm) else _licence_form(person)
    slots = {asked.kind: person.slot(asked) for asked in person.asked}
    context = {
        "person": person,
        "sent": sent,
        "came_from": _came_from(request),
        "portrait": slots.pop(DocumentKind.PORTRAIT),
        "certificate": person.certificate,
        "basic": rows.basic(person, record),
        "educations": _educations(person, sent),
        "licence": rows.licence(doctor),
        "certificates": list(slots.values()),
        "training": rows.training(person),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "training/trainee/profile.html", context, status=status)


def _licence_form(person: Person, data: object = None) -> LicenceForm:
    specialty = person.enrolment.specialty.name
    return LicenceForm(
        data, licence=person.profile.user.licence, specialty=specialty, today=timezone.localdate()
    )


def _educations(person: Person, sent: PartForm | None) -> list[dict[str, object]]:
    """A form a 教育经历, the highest first, and one for another at the end."""
    today = timezone.localdate()
    forms = [EducationForm(education=it, key=str(it.pk), today=today) for it in person.educations]
    another = EducationForm(education=Education(pk=uuid7()), key=NEW, today=today)
    if isinstance(sent, EducationForm):
        forms = [sent if form.education.pk == sent.education.pk else form for form in forms]
        another = sent if sent.key == NEW else another
    if another not in forms:
        forms.append(another)
    return [
        {
            "form": form,
            "education": found,
            "rows": rows.education(form),
            "open": form is sent or (found is None and not person.educations),
            "is_highest": found is not None and found == person.educations[0],
        }
        for form, found in zip_longest(forms, person.educations)
    ]


def _education(person: Person, pk: UUID) -> Education:
    """One's own 教育经历; another's looks like none (404)."""
    for found in person.educations:
        if found.pk == pk:
            return found
    raise Http404


def _new_education(request: SignedInRequest, person: Person) -> Education:
    """One that will have the id of the form's ``row``; the one that has it, if this was sent before."""
    try:
        pk = UUID(request.POST.get("row", ""))
    except ValueError:
        pk = uuid7()
    return next((found for found in person.educations if found.pk == pk), Education(pk=pk))


def _back(request: SignedInRequest, section: str) -> str:
    came_from = _came_from(request)
    query = f"?{urlencode({'from': came_from})}" if came_from else ""
    return f"{reverse('training:profile')}{query}#{section}"


def _came_from(request: SignedInRequest) -> UUID | None:
    """The application whose page sent the person here, if that is what ``from`` says."""
    text = request.POST.get("from") or request.GET.get("from") or ""
    try:
        return UUID(text)
    except ValueError:
        return None
