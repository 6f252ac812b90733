"""Who may write, fill in, conclude and confirm the two exit forms. Every rule only reads.

One person never signs both as teacher and as head of one rotation, whichever of the two forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Reason, Verdict, no

from .. import waiting
from ..choices import Consent, Overall
from ..models import AssessmentTemplate, ExitAssessment, ExitSummary, Rotation
from . import plan, seats

BOTH = "同一人不能既作为带教老师又作为科主任签署同一轮转"
NOT_OPEN = "该轮转已出科或已减免"
# What the teacher must have filled in: field → how it is called.
NEEDED = {
    "theory_score": "理论成绩",
    "skill_name": "技能考核名称",
    "skill_score": "技能得分",
    "examiner_1": "考官1",
    "examiner_2": "考官2",
    "overall": "总体评价",
}


def may_write_summary(user: User, rotation: Rotation, today: date) -> Verdict:
    """个人小结: the trainee, from the first day on, until it was handed in."""
    if user.pk != rotation.enrolment.user_id:
        return no("只有学员本人可以填写个人小结")
    if not rotation.is_open:
        return no(NOT_OPEN)
    if not rotation.has_begun(today):
        return no(f"该轮转 {rotation.start_date} 开始，入科后再填写")
    summary = waiting.summary_of(rotation)
    if summary is not None and summary.submitted_at is not None:
        return no("出科小结已提交，带教老师退回后可以修改")
    return ALLOWED


def may_appraise_summary(user: User, rotation: Rotation) -> Verdict:
    """带教评价, or giving it back: as ``_may_act_as_teacher``, between the trainee and the head."""
    summary = waiting.summary_of(rotation)
    if summary is None or summary.submitted_at is None:
        return no(waiting.NOT_SUBMITTED)
    if summary.head_at is not None:
        return no("科主任已填写科室评价，不能再改带教评价")
    return _may_act_as_teacher(user, rotation)


def may_conclude_summary(user: User, rotation: Rotation) -> Verdict:
    """科室评价 and 同意出科: as ``_may_act_as_head``, after the teacher."""
    summary = waiting.summary_of(rotation)
    if summary is None or summary.submitted_at is None:
        return no(waiting.NOT_SUBMITTED)
    if summary.teacher_at is None:
        return no(waiting.NOT_APPRAISED)
    return _may_act_as_head(user, rotation)


def may_fill_assessment(user: User, rotation: Rotation, today: date) -> Verdict:
    """出科考核表: as ``_may_act_as_teacher``, from the first day on, until the head has confirmed."""
    if not rotation.has_begun(today):
        return no(f"该轮转 {rotation.start_date} 开始")
    return _may_act_as_teacher(user, rotation)


def may_hand_on_assessment(
    assessment: ExitAssessment, template: AssessmentTemplate, ratings: Mapping[UUID, str]
) -> Verdict:
    """Everything is filled in. All reasons at once."""
    lacking = [label for name, label in NEEDED.items() if getattr(assessment, name) in ("", None)]
    lacking += [item.label for item in template.items.all() if not ratings.get(item.pk)]
    return no(f"出科考核表还没有填：{'、'.join(lacking)}") if lacking else ALLOWED


def may_rate(template: AssessmentTemplate, ratings: Mapping[UUID, str], scores: Mapping[str, Any]) -> Verdict:
    """What is ticked is on the scale, and scores are 0–100. All reasons at once."""
    items = {item.pk: item for item in template.items.all()}
    reasons = [f"{label}应在 0 到 100 之间" for label in _out_of_range(scores)]
    if ratings.keys() - items.keys():
        reasons.append("有评价项不在这张考核表里")
    reasons += [
        f"{items[pk].label}只能是{'、'.join(items[pk].choices)}"
        for pk, value in ratings.items()
        if value and pk in items and value not in items[pk].choices
    ]
    return Verdict(tuple(Reason(text) for text in reasons))


def _out_of_range(scores: Mapping[str, Any]) -> list[str]:
    given = {name: scores.get(name) for name in ("theory_score", "skill_score")}
    return [NEEDED[name] for name, value in given.items() if value is not None and not 0 <= value <= 100]


def may_return_assessment(user: User, rotation: Rotation) -> Verdict:
    """科主任 gives the form back to the teacher, before confirming it."""
    assessment = waiting.assessment_of(rotation)
    if assessment is None or assessment.teacher_at is None:
        return no(waiting.NOT_FILLED)
    return _may_act_as_head(user, rotation)


def may_confirm_assessment(user: User, rotation: Rotation, today: date) -> Verdict:
    """科主任, when it is over and nothing is missing. All reasons at once."""
    if not (verdict := _may_act_as_head(user, rotation)):
        return verdict
    reasons = waiting.missing(rotation)
    if not waiting.is_due(rotation, today):
        reasons.append(f"轮转还没有结束（{rotation.dates}）")
    reasons += _contradictions(waiting.summary_of(rotation), waiting.assessment_of(rotation))
    return Verdict(tuple(Reason(text) for text in reasons))


def may_close(user: User, rotation: Rotation, today: date) -> Verdict:
    """科室评价 and the confirmation in one go: as ``may_confirm_assessment``, the conclusion being given."""
    if not (verdict := _may_act_as_head(user, rotation)):
        return verdict
    reasons = [text for text in waiting.missing(rotation) if text != waiting.NOT_CONCLUDED]
    if not waiting.is_due(rotation, today):
        reasons.append(f"轮转还没有结束（{rotation.dates}）")
    return Verdict(tuple(Reason(text) for text in reasons))


def _contradictions(summary: ExitSummary | None, assessment: ExitAssessment | None) -> list[str]:
    if summary is None or assessment is None or summary.head_at is None:
        return []
    if summary.agrees == Consent.NO and assessment.overall == Overall.PASS:
        return ["出科小结为不同意出科，出科考核表的总体评价却是通过，请退回带教老师更正"]
    return []


def may_reopen(user: User, rotation: Rotation) -> Verdict:
    """A base admin of the trainee's base, a closed rotation."""
    if rotation.closed_at is None:
        return no("该轮转还没有出科，不需要重新打开")
    return plan.may_plan(user, rotation.enrolment)


def may_attest(user: User, rotation: Rotation) -> Verdict:
    """与原件一致: a base admin of the trainee's base."""
    return plan.may_plan(user, rotation.enrolment)


def _may_act_as_teacher(user: User, rotation: Rotation) -> Verdict:
    """带教老师 of the rotation, or for him 教学秘书 of the department (代填)."""
    if not rotation.is_open:
        return no(NOT_OPEN)
    if rotation.teacher is None:
        return no("还没有指定带教老师，请联系科室教学秘书")
    if user.pk == rotation.enrolment.user_id:
        return no("不能评价本人")
    if {user.pk, rotation.teacher_id} & signed_as_head(rotation):
        return no(BOTH)
    if user.pk == rotation.teacher_id and seats.teaches_at(user, rotation.enrolment):
        return ALLOWED
    if seats.assists(user, rotation):
        return ALLOWED
    return no(f"由带教老师{rotation.teacher}或科室教学秘书填写")


def _may_act_as_head(user: User, rotation: Rotation) -> Verdict:
    """科主任 of the department."""
    if not rotation.is_open:
        return no(NOT_OPEN)
    if user.pk == rotation.enrolment.user_id:
        return no("不能评价本人")
    if user.pk in {rotation.teacher_id, *signed_as_teacher(rotation)}:
        return no(BOTH)
    return ALLOWED if seats.heads(user, rotation) else no(f"由{rotation}的科主任填写")


def signed_as_teacher(rotation: Rotation) -> set[UUID]:
    """Who has signed a teacher's part of either form, or filled it in for him."""
    forms = (waiting.summary_of(rotation), waiting.assessment_of(rotation))
    return {pk for form in forms if form for pk in (form.teacher_id, form.on_behalf_by_id) if pk}


def signed_as_head(rotation: Rotation) -> set[UUID]:
    """Who has signed a head's part of either form."""
    forms = (waiting.summary_of(rotation), waiting.assessment_of(rotation))
    return {form.head_id for form in forms if form and form.head_id}
