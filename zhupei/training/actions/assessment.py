"""出科考核表: filled in by the teacher, confirmed by the head, closed; the base may open it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.notifications.outbox import notify
from zhupei.organisations.models import Organisation

from .. import assessment_form, exit_form, rules
from ..choices import Overall, PaperKind, Party
from ..models import (
    AssessmentTemplate,
    ExitAssessment,
    ExitSummary,
    Rating,
    Reopening,
    Rotation,
    TemplateItem,
)
from .signature import keep_signed_papers, void_signed_papers
from .signature import sign as sign_form
from .storing import assign, hold_rotation, refuse_others, store

ASSESSMENT = "/training/rotations/{}/assessment/"
OF_FORM = {"theory_score", "skill_name", "skill_score", "examiner_1", "examiner_2", "overall"}


@transaction.atomic
def make_template(
    *,
    by: User | None,
    items: Sequence[tuple[str, str, str]],
    base: Organisation | None = None,
    name: str = "",
) -> AssessmentTemplate:
    """The next version of what is rated: ``items`` are (类别, 评价项, 等级 as 优/良/中/差).

    Forms begun before keep theirs. Raises Refused, ValidationError.
    """
    if by is not None:
        rules.may_keep_schemes(by).or_raise()
    if not items:
        raise Refused("考核表里还没有评价项")
    last = AssessmentTemplate.objects.filter(base=base).aggregate(last=Max("version"))["last"] or 0
    template = store(
        AssessmentTemplate(
            base=base, name=name or assessment_form.NAME, version=last + 1, made_at=timezone.now()
        )
    )
    for number, (group, label, scale) in enumerate(items, start=1):
        store(TemplateItem(template=template, number=number, group=group, label=label, scale=scale))
    record("training.template.made", template, by=by, version=template.version)
    return template


def template_in_force(base: Organisation) -> AssessmentTemplate:
    """What a form of ``base`` is begun with today; made from ``assessment_form`` where there is none."""
    if template := AssessmentTemplate.objects.in_force(base):
        return template
    made = make_template(by=None, items=assessment_form.ITEMS)
    return AssessmentTemplate.objects.with_items().get(pk=made.pk)


@transaction.atomic
def draft_assessment(
    rotation: Rotation, *, by: User, ratings: Mapping[UUID, str] | None = None, **fields: Any
) -> ExitAssessment:
    """Keep what is filled in so far: fields of OF_FORM, ratings by the id of their item ("" clears one)."""
    rotation = hold_rotation(rotation)
    rules.may_fill_assessment(by, rotation, timezone.localdate()).or_raise()
    assessment, _ = _fill(rotation, ratings or {}, fields)
    record("training.assessment.drafted", assessment, by=by)
    return assessment


@transaction.atomic
def fill_assessment(
    rotation: Rotation,
    *,
    by: User,
    ratings: Mapping[UUID, str] | None = None,
    sign: bool = False,
    **fields: Any,
) -> ExitAssessment:
    """Fill in and hand on to 科主任, by the teacher, or by 教学秘书 for him (代填).

    What was drafted before stays where nothing new is given. ``sign``: with the stored signature
    of ``by``. Raises Refused with all that is lacking, ValidationError.
    """
    rotation = hold_rotation(rotation)
    rules.may_fill_assessment(by, rotation, timezone.localdate()).or_raise()
    assessment, rated = _fill(rotation, ratings or {}, fields)
    rules.may_hand_on_assessment(assessment, assessment.template, rated).or_raise()
    assessment.teacher, assessment.teacher_at = rotation.teacher, timezone.now()
    assessment.on_behalf_by = None if by == rotation.teacher else by
    assessment.return_reason = ""
    _keep(assessment)
    if sign:
        at = assessment.teacher_at
        sign_form(rotation, PaperKind.ASSESSMENT, Party.TEACHER, by=by, signer=assessment.teacher, at=at)
    record("training.assessment.filled", assessment, by=by, on_behalf=assessment.on_behalf_by is not None)
    _tell(rotation.head, f"{rotation.enrolment.user}的出科考核表（{rotation}）等您确认", rotation)
    return assessment


@transaction.atomic
def return_assessment(rotation: Rotation, *, by: User, reason: str) -> ExitAssessment:
    """科主任 gives the form back to the teacher."""
    rotation = hold_rotation(rotation)
    rules.may_return_assessment(by, rotation).or_raise()
    if not reason.strip():
        raise Refused("请填写退回原因")
    assessment = ExitAssessment.objects.get(rotation=rotation)
    assessment.teacher = assessment.teacher_at = assessment.on_behalf_by = None
    assessment.return_reason = reason.strip()
    _keep(assessment)
    record("training.assessment.returned", assessment, by=by, reason=reason)
    _tell(rotation.teacher, f"出科考核表（{rotation.enrolment.user}，{rotation}）被退回：{reason}", rotation)
    return assessment


@transaction.atomic
def confirm_assessment(
    rotation: Rotation, *, by: User, seen_revision: int | None = None, sign: bool = False
) -> ExitAssessment:
    """科主任 confirms: what the log says is frozen, and the rotation is closed with 总体评价 as its result.

    ``sign``: with the stored signature of ``by``; a form that everybody signed so is kept as a paper.
    Raises Refused with every part that is missing, Conflict if the form was reopened meanwhile.
    """
    rotation = hold_rotation(rotation)
    now = timezone.now()
    rules.may_confirm_assessment(by, rotation, timezone.localdate(now)).or_raise()
    assessment = ExitAssessment.objects.get(rotation=rotation)
    if seen_revision not in (None, assessment.revision):
        raise Conflict("考核表已被重新打开过，请刷新后再确认")
    facts = exit_form.live(exit_form.loaded(Rotation.objects.filter(pk=rotation.pk)).get())
    assessment.head, assessment.head_at, assessment.frozen = by, now, exit_form.freeze(facts)
    _keep(assessment)
    if sign:
        sign_form(rotation, PaperKind.ASSESSMENT, Party.HEAD, by=by, signer=by, at=now)
    rotation.closed_at, rotation.result = now, assessment.overall
    rotation.full_clean()
    rotation.save(update_fields=["closed_at", "result"])
    keep_signed_papers(rotation, by=by)
    record("training.rotation.closed", rotation, by=by, result=rotation.result, revision=assessment.revision)
    words = "已出科" if rotation.result == Overall.PASS else "未通过出科考核"
    _tell(rotation.enrolment.user, f"{rotation}：{words}", rotation)
    return assessment


@transaction.atomic
def reopen(rotation: Rotation, *, by: User, reason: str) -> Rotation:
    """The base opens a closed rotation again: both signatures have to be given anew.

    What was typed stays; what was frozen is kept with the reason (``Reopening``). Raises Refused.
    """
    rotation, now = hold_rotation(rotation), timezone.now()
    rules.may_reopen(by, rotation).or_raise()
    if not reason.strip():
        raise Refused("请填写重新打开的原因")
    assessment = ExitAssessment.objects.filter(rotation=rotation).first()
    store(
        Reopening(
            rotation=rotation,
            reopened_at=now,
            reopened_by=by,
            reason=reason.strip(),
            revision=assessment.revision if assessment else 0,
            result=rotation.result,
            frozen=assessment.frozen if assessment else "",
        )
    )
    if assessment:
        _open_form(assessment)
    unsigned = {"head": None, "head_at": None}
    ExitSummary.objects.filter(rotation=rotation).update(**unsigned)
    void_signed_papers(rotation)
    rotation.closed_at, rotation.result = None, ""
    rotation.full_clean()
    rotation.save(update_fields=["closed_at", "result"])
    record("training.rotation.reopened", rotation, by=by, reason=reason)
    text = f"{rotation.enrolment.base}重新打开了{rotation}的出科考核（{reason}）"
    for person in (rotation.enrolment.user, rotation.teacher, rotation.head):
        _tell(person, text, rotation)
    return rotation


def _open_form(assessment: ExitAssessment) -> None:
    assessment.teacher = assessment.teacher_at = assessment.on_behalf_by = None
    assessment.head = assessment.head_at = None
    assessment.frozen = ""
    assessment.revision += 1
    _keep(assessment)


def _fill(
    rotation: Rotation, ratings: Mapping[UUID, str], fields: Mapping[str, Any]
) -> tuple[ExitAssessment, dict[UUID, str]]:
    """Store what is given on the form; it and all its ratings come back. It is handed on no longer."""
    refuse_others(fields, OF_FORM)
    assessment = _assessment(rotation)
    rules.may_rate(assessment.template, ratings, fields).or_raise()
    unsigned = {"teacher": None, "teacher_at": None, "on_behalf_by": None}
    assign(assessment, {**fields, **unsigned})
    rated = {row.item_id: row for row in assessment.ratings.all()}
    for pk, value in ratings.items():
        if not value and pk in rated:
            rated.pop(pk).delete()
        elif value:
            rated[pk] = _rate(rated.get(pk) or Rating(assessment=assessment, item_id=pk), value)
    return assessment, {pk: row.value for pk, row in rated.items()}


def _rate(rating: Rating, value: str) -> Rating:
    rating.value = value
    rating.full_clean()
    rating.save()
    return rating


def _assessment(rotation: Rotation) -> ExitAssessment:
    """The form, begun with the template in force if there is none yet."""
    found = ExitAssessment.objects.select_related("template").filter(rotation=rotation).first()
    if found is not None:
        return found
    template = template_in_force(rotation.enrolment.base)
    return store(ExitAssessment(rotation=rotation, template=template))


def _keep(assessment: ExitAssessment) -> None:
    assessment.full_clean()
    assessment.save()


def _tell(person: User | None, text: str, rotation: Rotation) -> None:
    if person is not None:
        notify(person, text, url=ASSESSMENT.format(rotation.pk))
