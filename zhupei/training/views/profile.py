"""个人中心: one long page, one form a section."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions
from ..choices import DocumentKind
from ..forms import EducationForm, LicenceForm, RecordForm, TypedForm
from ..models import Education
from . import rows
from .person import Person, trainee


@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    return _page(request, trainee(request.user))


@require_POST
def basic(request: SignedInRequest) -> HttpResponse:
    """基本信息."""
    person = trainee(request.user)
    form = RecordForm(request.POST, profile=person.profile, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.update_record(person.profile, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        else:
            return redirect(_saved(request, "basic"))
    return _page(request, person, form)


@require_POST
def education(request: SignedInRequest, pk: UUID | None = None) -> HttpResponse:
    """教育经历: a new one, or one that is there."""
    person = trainee(request.user)
    found = _education(person, pk) if pk else None
    form = EducationForm(request.POST, education=found, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, person, form)

    def save() -> str:
        actions.save_education(person.profile, form.filled_in(), by=request.user)
        return _saved(request, "education", *form.warnings())

    return once(request, save)


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
    """医师资格与执业."""
    person = trainee(request.user)
    form = LicenceForm(request.POST, licence=person.profile.user.licence, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, person, form)
    actions.update_licence(person.profile, by=request.user, **form.values())
    return redirect(_saved(request, "doctor", *form.warnings()))


def _page(request: SignedInRequest, person: Person, sent: TypedForm | None = None) -> HttpResponse:
    """The whole page; ``sent`` is the form that just came with something wrong in it."""
    today = timezone.localdate()
    record = sent if isinstance(sent, RecordForm) else RecordForm(profile=person.profile, today=today)
    doctor = (
        sent
        if isinstance(sent, LicenceForm)
        else LicenceForm(licence=person.profile.user.licence, today=today)
    )
    slots = {asked.kind: person.slot(asked) for asked in person.asked}
    context = {
        "person": person,
        "sent": sent,
        "came_from": _came_from(request),
        "portrait": slots.pop(DocumentKind.PORTRAIT),
        "basic": rows.basic(person, record),
        "educations": _educations(person, sent),
        "licence": rows.licence(doctor),
        "certificates": list(slots.values()),
        "training": rows.training(person),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "training/trainee/profile.html", context, status=status)


def _educations(person: Person, sent: TypedForm | None) -> list[dict[str, object]]:
    """A form a 教育经历, the highest first, and an empty one at the end."""
    today = timezone.localdate()
    forms = [EducationForm(education=found, today=today) for found in person.educations]
    forms.append(EducationForm(today=today))
    if isinstance(sent, EducationForm):
        forms = [sent if form.prefix == sent.prefix else form for form in forms]
    return [
        {
            "form": form,
            "education": found,
            "rows": rows.education(form),
            "open": form is sent or (found is None and not person.educations),
            "is_highest": found is not None and found == person.educations[0],
        }
        for form, found in zip(forms, [*person.educations, None], strict=True)
    ]


def _education(person: Person, pk: UUID) -> Education:
    """One's own 教育经历; another's looks like none (404)."""
    for found in person.educations:
        if found.pk == pk:
            return found
    raise Http404


def _saved(request: SignedInRequest, section: str, *warnings: str) -> str:
    """Say so, with what should be looked at again; where to go on."""
    messages.success(request, "已保存", extra_tags=section)
    for warning in warnings:
        messages.warning(request, warning)
    return _back(request, section)


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
