"""What reviewers do with an application: 开始审核, 通过/不通过, 改判."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Conflict, Refused
from zhupei.notifications.outbox import notify
from zhupei.organisations.choices import Level
from zhupei.training import actions as training

from .. import fixes, items, rules, windows
from ..choices import Outcome, ReasonCode, Stage
from ..models import Application, DraftFinding, Finding, Pointed, Review, Submission
from .application import take


@transaction.atomic
def claim(application: Application, *, by: User, seen_round: int) -> Application:
    """开始审核: keep the file for one reviewer for a while; from now on it can not be withdrawn."""
    application = take(application)
    now = timezone.now()
    _refuse_another_round(application, seen_round)
    rules.may_claim(by, application, now).or_raise()
    application.claimed_by, application.claimed_at = by, now
    application.save(update_fields=["claimed_by", "claimed_at"])
    record("completion.application.claimed", application, by=by, round=application.round)
    return application


@transaction.atomic
def release(application: Application, *, by: User) -> Application:
    """放回: give the file back undecided; colleagues may take it, and the trainee may withdraw again."""
    application = take(application)
    rules.may_release(by, application).or_raise()
    application.claimed_by = application.claimed_at = None
    application.save(update_fields=["claimed_by", "claimed_at"])
    record("completion.application.released", application, by=by, round=application.round)
    return application


@transaction.atomic
def decide(
    application: Application,
    *,
    by: User,
    level: Level,
    seen_round: int,
    outcome: Outcome,
    opinion: str = "",
    reasons: Sequence[ReasonCode] = (),
) -> Review:
    """Give the decision of the organisation of ``level``, whose turn it is.

    A pass moves the application one level up; a fail, at any level, returns it to the
    trainee with a correction deadline, and a later ``submit`` starts again at the base
    (第八步). ``opinion`` of a fail is printed in the brackets; without one the words of
    ``reasons`` are.

    What the reviewer noted of single items (``marks.mark``) becomes the findings of a fail; a pass is
    refused while any is left.

    ``seen_round`` is the round the reviewer had on the screen. A submission is frozen, so
    an equal round means: what was decided on is what was looked at. Raises Conflict if
    the trainee or a colleague was faster, Refused when the rule says no.
    """
    application = take(application)
    now = timezone.now()
    _refuse_another_round(application, seen_round)
    _refuse_a_decided_level(application, level)
    rules.may_decide(by, application, now).or_raise()

    submission = application.submissions.defer("content").get(round=application.round)
    drafts = _drafts(submission, by, outcome)
    review = _give(application, submission, level, by, now, outcome, opinion, [*_general(reasons), *drafts])
    _move(application, level, outcome, now)
    if outcome == Outcome.FAIL:
        _unlock(application)
    record(
        "completion.application.decided",
        application,
        by=by,
        level=level.value,
        outcome=outcome.value,
        round=application.round,
    )
    _tell(application, review)
    return review


@transaction.atomic
def revise(
    review: Review, *, by: User, outcome: Outcome, opinion: str = "", reasons: Sequence[ReasonCode] = ()
) -> Review:
    """改判: replace the standing opinion of one's own level; the earlier one is kept, never changed.

    From one 不通过 to another the findings on items stay, and what was noted since is added.
    Raises Refused when the rule says no, or nothing would change.
    """
    application = take(review.submission.application)
    review = Review.objects.select_related("submission").get(pk=review.pk)
    now = timezone.now()
    rules.may_revise(by, review, application, now).or_raise()
    kept = [finding for finding in review.findings.all() if finding.item] if outcome == Outcome.FAIL else []
    drafts = _drafts(review.submission, by, outcome)
    if not drafts:
        _refuse_the_same_again(review, outcome, opinion, reasons)

    review.superseded_at = now
    review.save(update_fields=["superseded_at"])
    level = Level(review.level)
    findings = [*_general(reasons), *kept, *drafts]
    revised = _give(application, review.submission, level, by, now, outcome, opinion, findings)
    _move(application, level, outcome, now)
    if outcome == Outcome.PASS:
        training.lock_documents(application.trainee)
    else:
        _unlock(application)
    record(
        "completion.application.revised",
        application,
        by=by,
        level=level.value,
        outcome=outcome.value,
        round=application.round,
        replaces=str(review.pk),
    )
    _tell(application, revised)
    return revised


def _refuse_another_round(application: Application, seen_round: int) -> None:
    if application.round != seen_round or application.is_withdrawn:
        raise Conflict("学员已撤回或更新了申请，请重新查看后再审核")


def _refuse_a_decided_level(application: Application, level: Level) -> None:
    """Two reviewers at once: the slower one hears of the other's decision, and keeps the text.

    Nor does anybody decide for a level whose turn has not come: none can be skipped.
    """
    if application.stage == level:
        return
    given = Review.objects.standing().filter(
        submission__application=application, submission__round=application.round, level=level
    )
    if review := given.select_related("reviewer").first():
        raise Conflict(f"{review.reviewer}已先作结论：{review.printed}")
    if application.is_under_review:
        raise Conflict(f"申请{application.stage_shown}，请重新查看后再审核")


def _refuse_the_same_again(
    review: Review, outcome: Outcome, opinion: str, reasons: Sequence[ReasonCode]
) -> None:
    given = {finding.code for finding in review.findings.all() if not finding.item}
    if (outcome, given) == (review.outcome, set(reasons)) and opinion in ("", review.opinion):
        raise Refused(f"现行意见已经是“{review.printed}”，没有需要改判的内容")


def _general(reasons: Sequence[ReasonCode]) -> list[Pointed]:
    """Reasons that concern the whole application."""
    return [Finding(code=reason) for reason in reasons]


def _drafts(submission: Submission, by: User, outcome: Outcome) -> list[DraftFinding]:
    """What the reviewer noted of this round; raises Refused if that stands against a pass."""
    drafts = list(DraftFinding.objects.noted_by(by, submission))
    if outcome == Outcome.PASS and drafts:
        raise Refused(f"您记下了 {len(drafts)} 条问题，撤销后才能通过")
    return drafts


def _give(
    application: Application,
    submission: Submission,
    level: Level,
    by: User,
    now: datetime,
    outcome: Outcome,
    opinion: str,
    findings: Sequence[Pointed],
) -> Review:
    if outcome == Outcome.FAIL and not opinion:
        opinion = items.composed(findings)
    if outcome == Outcome.FAIL and not opinion:
        raise Refused("不通过时必须填写意见")
    review = Review(
        submission=submission,
        level=level.value,
        organisation=application.reviewer(Stage(level.value)),
        outcome=outcome,
        opinion=opinion,
        reviewer=by,
        decided_at=now,
    )
    # What it points to was just read, and the constraints are the database's: only the words are left.
    review.clean_fields(exclude=("submission", "organisation", "reviewer"))
    review.save()
    Finding.objects.bulk_create(_finding(review, pointed) for pointed in findings)
    if outcome == Outcome.FAIL:  # beside a pass there are none
        submission.draft_findings.filter(reviewer=by).delete()
    return review


def _finding(review: Review, pointed: Pointed) -> Finding:
    same = {field.attname: getattr(pointed, field.attname) for field in Pointed._meta.fields}
    return Finding(review=review, **same)


def _move(application: Application, level: Level, outcome: Outcome, now: datetime) -> None:
    """Put the application where the outcome of ``level`` leads."""
    passed = outcome == Outcome.PASS
    application.stage = application.stage_after(Stage(level.value)) if passed else Stage.RETURNED
    application.turn_since = now
    application.correction_due_at = None if passed else windows.correction_due(application.season, now)
    application.claimed_by = application.claimed_at = None
    application.save(update_fields=["stage", "turn_since", "correction_due_at", "claimed_by", "claimed_at"])


def _unlock(application: Application) -> None:
    """Certificates: all, or after a return by items only those that are to be mended."""
    listed = fixes.of(application)
    if listed.opens_all:
        training.unlock_documents(application.trainee)
    else:
        training.lock_documents(application.trainee, but=listed.open_kinds)


def _tell(application: Application, review: Review) -> None:
    text = str(review)
    if application.correction_due_at:
        due = timezone.localtime(application.correction_due_at)
        text += f"。请在 {due:%Y-%m-%d %H:%M:%S} 前改好并更新提交数据信息"
    notify(application.trainee, text, url=f"{application.get_absolute_url()}status/")
