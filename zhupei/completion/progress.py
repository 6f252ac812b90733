"""Whose turn is it, what was said, what happened: the steps, the opinions and the history of an application.

Pure: an application with its submissions and reviews in, rows for a page or a paper out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from .choices import REVIEW_STAGES, Outcome, Stage
from .models import Application, Review, Submission


@dataclass(frozen=True, slots=True)
class Step:
    """One dot of the step list. ``state``: done, now, returned or todo."""

    name: str
    state: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """基地意见 / 市局意见 / 省厅意见 as printed. ``state``: ok, returned, waiting or "" (not yet)."""

    label: str
    text: str
    state: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of 经过; ``at`` None is now, ``when`` then says so."""

    text: str
    tone: str
    at: datetime | None = None
    link: str = ""
    when: str = ""


NOT_YET = "尚未审核"
LABELS = {Stage.BASE: "基地", Stage.CITY: "市局", Stage.PROVINCE: "省厅"}


def standing(application: Application, reviews: Sequence[Review]) -> dict[str, Review]:
    """The standing reviews of the current round, by level."""
    return {
        review.level: review
        for review in reviews
        if review.superseded_at is None and review.submission.round == application.round
    }


def steps(application: Application, reviews: Sequence[Review]) -> list[Step]:
    """填写 → 基地 → 市局 → 省厅 → 通过, with dates and offices."""
    given = standing(application, reviews)
    found = [_first_step(application)]
    for stage in application.route:
        label, office = f"{LABELS[stage]}审核", application.reviewer(stage).name
        if review := given.get(stage.value):
            passed = review.outcome == Outcome.PASS
            found.append(
                Step(label, "done" if passed else "returned", review.get_outcome_display(), review.decided_at)
            )
        elif application.stage == stage:
            found.append(Step(label, "now", f"轮到{LABELS[stage]}", application.turn_since))
        else:
            found.append(Step(label, "todo", office))
    approved = application.stage == Stage.APPROVED
    found.append(
        Step("审核通过", "done" if approved else "todo", at=application.turn_since if approved else None)
    )
    return found


def opinions(application: Application, reviews: Sequence[Review]) -> list[Opinion]:
    """The three opinions at the end of 报考信息; a level that is left out says so."""
    given = standing(application, reviews)
    return [_opinion(application, stage, given.get(stage.value)) for stage in REVIEW_STAGES]


def timeline(
    application: Application, submissions: Sequence[Submission], reviews: Sequence[Review]
) -> list[Moment]:
    """What happened, newest first, over all rounds; offices, not names of reviewers."""
    moments = [_submitted(application, submission) for submission in submissions]
    moments += [_reviewed(review) for review in reviews]
    if application.withdrawn_at:
        moments.append(Moment(f"第 {application.round} 次提交已撤回", "wait", application.withdrawn_at))
    moments.sort(key=lambda moment: moment.at or application.turn_since, reverse=True)
    return [_now(application), *moments]


def _first_step(application: Application) -> Step:
    if application.stage == Stage.DRAFT or application.is_withdrawn:
        return Step("学员申请", "now", "轮到您", application.turn_since)
    return Step("学员申请", "done", "提交", application.submitted_at)


def _opinion(application: Application, stage: Stage, review: Review | None) -> Opinion:
    label = f"{LABELS[stage]}意见"
    if stage not in application.route:
        return Opinion(label, "免市局审核", "", "由省厅直接审核")
    office = application.reviewer(stage).name
    if review is not None:
        state = "ok" if review.outcome == Outcome.PASS else "returned"
        return Opinion(label, review.printed, state, office, review.decided_at)
    if application.stage == stage:
        return Opinion(label, "待审核", "waiting", office, application.turn_since)
    return Opinion(label, NOT_YET, "", office)


def _submitted(application: Application, submission: Submission) -> Moment:
    link = reverse("completion:receipt", args=[application.pk, submission.round])
    return Moment(f"第 {submission.round} 次提交，看回执", "", submission.submitted_at, link)


def _reviewed(review: Review) -> Moment:
    tone = "good" if review.outcome == Outcome.PASS else "bad"
    office = LABELS[Stage(review.level)]
    text = f"第 {review.submission.round} 次提交：{office}{review.printed}"
    if review.superseded_at:
        return Moment(f"{text}（已改判）", "", review.decided_at)
    return Moment(text, tone, review.decided_at)


def _now(application: Application) -> Moment:
    if application.is_under_review:
        return Moment(f"轮到{LABELS[Stage(application.stage)]}审核", "brand", when="现在")
    if application.stage == Stage.APPROVED:
        return Moment("审核通过", "good", when="现在")
    return Moment("轮到您修改" if application.round else "轮到您填写", "wait", when="现在")
