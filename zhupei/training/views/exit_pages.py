"""What the pages of the two exit forms have in common: the rotation, what stands above it, 关闭."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership

from .. import exit_paper, rules, waiting
from ..models import AssessmentTemplate, Rotation, StoredSignature


def seen(user: User, pk: UUID) -> Rotation:
    """A rotation that ``user`` may see, with both forms; anything else looks like nothing at all (404)."""
    return get_object_or_404(exit_paper.loaded(Rotation.objects.visible_to(user)), pk=pk)


def handled(user: User, pk: UUID) -> Rotation:
    """One whose exit forms ``user`` has to do with as 带教老师, 教学秘书 or 科主任; never the own."""
    found = Rotation.objects.handled_by(user).exclude(enrolment__user=user)
    return get_object_or_404(exit_paper.loaded(found), pk=pk)


def of_base(user: User, pk: UUID) -> Rotation:
    """One of the trainees of the base that ``user`` administers; 404 for everybody else."""
    rotation = seen(user, pk)
    if not Membership.objects.where(user, Role.BASE).filter(organisation=rotation.enrolment.base_id):
        raise Http404
    return rotation


def is_own(user: User, rotation: Rotation) -> bool:
    """The trainee reads."""
    return rotation.enrolment.user_id == user.pk


def template_of(rotation: Rotation) -> AssessmentTemplate | None:
    """What the 出科考核表 of ``rotation`` is rated by: its own, or that in force."""
    found = waiting.assessment_of(rotation)
    return found.template if found else AssessmentTemplate.objects.in_force(rotation.enrolment.base)


def signature_of(user: User) -> StoredSignature | None:
    """What ``user`` signs with, if anything."""
    return StoredSignature.objects.of(user).first()


def frame(rotation: Rotation, today: date) -> dict[str, object]:
    """The context of every page of a form."""
    return {
        "rotation": rotation,
        "trainee": rotation.enrolment.user,
        "stage": rotation.stage_on(today),
        "waits": waiting.of(rotation, today),
    }


def reading(user: User, rotation: Rotation, today: date) -> dict[str, object]:
    """The same of a page that several kinds of people read, with the way back of each."""
    own, back = is_own(user, rotation), _close_url(user, rotation)
    return frame(rotation, today) | {"is_own": own, "close_url": back}


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _close_url(user: User, rotation: Rotation) -> str:
    if is_own(user, rotation):
        return reverse("training:rotations")
    if rules.may_attest(user, rotation):
        return reverse("administration:trainee", args=[rotation.enrolment_id])
    return reverse("exits:queue")
