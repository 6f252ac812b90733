"""What happened to one invented application: its rounds, reviews, notices and events."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from zhupei.accounts.models import User
from zhupei.audit.models import Event
from zhupei.completion import snapshot, windows
from zhupei.completion.actions.application import receipt_number
from zhupei.completion.checklist import check
from zhupei.completion.choices import Outcome, ReasonCode, Stage
from zhupei.completion.content import Content, describe
from zhupei.completion.models import Application, Finding, Review, Submission, SubmissionPage
from zhupei.notifications.models import Notice

from .crowd import Fate, Step
from .portfolio import Portfolio
from .rows import Rows

if TYPE_CHECKING:
    from .bulk import Province

WHY = ReasonCode.R09  # 不通过 (数据不全)
CLAIMED_ONE_IN = 40  # of those that wait


def run(province: Province, made: Portfolio, fate: Fate, rows: Rows) -> None:
    """Tell every step; all rows are collected, none is written."""
    application, content = made.application, describe(made.dossier)
    _record(rows, "started", application, application.trainee, made.dossier.profile.changed_at)
    submission: Submission | None = None
    for step in fate.steps:
        if step.what == "submitted":
            submission = _submit(province, made, content, step, rows)
        elif step.what == "withdrawn":
            application.withdrawn_at = step.at
            _record(rows, "withdrawn", application, application.trainee, step.at, round=step.round)
        elif submission is not None:
            _decide(province, application, submission, step, rows)
    if fate.steps and application.stage == Stage.RETURNED and application.withdrawn_at is None:
        application.correction_due_at = windows.correction_due(province.season, fate.steps[-1].at)
    if application.is_under_review and int(application.pk) % CLAIMED_ONE_IN == 0:
        _claim(province, application, rows)


def _submit(province: Province, made: Portfolio, content: Content, step: Step, rows: Rows) -> Submission:
    application = made.application
    text = snapshot.freeze(content, warnings=_warnings(province, made, content), nonce=secrets.token_hex(16))
    submission = Submission(
        application=application,
        round=step.round,
        receipt=receipt_number(province.season),
        content=text,
        digest=snapshot.digest(text),
        submitted_at=step.at,
    )
    rows.add(submission)
    rows.extend(SubmissionPage(submission_id=submission.pk, page_id=page.pk) for page in made.dossier.pages)
    facts = {"round": step.round, "digest": submission.digest}
    _record(rows, "submitted", application, application.trainee, step.at, **facts)
    return submission


def _warnings(province: Province, made: Portfolio, content: Content) -> list[str]:
    """Those of the first of a specialty: the training of the others is the same."""
    specialty = made.application.specialty.code
    if specialty not in province.warnings:
        items = check(made.dossier, content).warnings
        province.warnings[specialty] = [f"{item.what}：{item.why}" for item in items]
    return province.warnings[specialty]


def _decide(
    province: Province, application: Application, submission: Submission, step: Step, rows: Rows
) -> None:
    level, failed = step.level or Stage.BASE, step.what == Outcome.FAIL
    organisation = application.reviewer(level)
    by = next(province.reviewers[organisation.name])
    review = Review(
        submission=submission,
        level=level.value,
        organisation=organisation,
        outcome=step.what,
        opinion=WHY.label if failed else "",
        reviewer=by,
        decided_at=step.at,
    )
    rows.add(review)
    if failed:
        rows.add(Finding(review=review, code=WHY))
    _record(rows, "claimed", application, by, step.at, round=step.round)
    facts = {"level": level.value, "outcome": step.what, "round": step.round}
    _record(rows, "decided", application, by, step.at, **facts)
    url = f"{application.get_absolute_url()}status/"
    rows.add(Notice(recipient=application.trainee, text=str(review), url=url, created_at=step.at))


def _claim(province: Province, application: Application, rows: Rows) -> None:
    by = next(province.reviewers[application.reviewer().name])
    application.claimed_by, application.claimed_at = by, province.now
    _record(rows, "claimed", application, by, province.now, round=application.round)


def _record(rows: Rows, verb: str, application: Application, by: User, at: datetime, **facts: object) -> None:
    """The event as ``audit.log.record`` writes it, at its own time."""
    rows.add(
        Event(
            at=at,
            verb=f"completion.application.{verb}",
            actor_id=by.pk,
            actor=str(by)[:100],
            subject_type=application._meta.label_lower,
            subject_id=application.pk,
            subject=str(application)[:200],
            facts=facts,
        )
    )
