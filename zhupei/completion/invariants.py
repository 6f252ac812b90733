"""What always holds of applications: their stage is what rounds, reviews and the log say. Reads only.

Written against the tables alone, without ``rules`` and ``actions``: it has to notice when those
are wrong. Every function takes a QuerySet, reads it in chunks and yields what is broken.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from zhupei.audit.models import Event
from zhupei.lib.invariants import Broken, chunks
from zhupei.lib.sealing import Unsealable
from zhupei.training.models import Profile

from . import snapshot
from .choices import REVIEW_STAGES, Outcome, Stage
from .models import Application, Finding, Review, Submission, SubmissionPage, Supplement

CHUNK = 200  # applications or submissions in memory

SUBMITTED, WITHDRAWN, DECIDED, REVISED = (
    f"completion.application.{deed}" for deed in ("submitted", "withdrawn", "decided", "revised")
)
MOVES = (SUBMITTED, WITHDRAWN, DECIDED, REVISED)  # every event that changes a stage


@dataclass
class History:
    """One application with everything that its stage follows from."""

    application: Application
    submissions: list[Submission] = field(default_factory=list)  # by round, without content
    reviews: list[Review] = field(default_factory=list)
    moves: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (verb, facts), oldest first
    pending: int = 0  # supplements of the last round that the base has not confirmed

    @property
    def last(self) -> int:
        return len(self.submissions)

    def standing(self, number: int) -> dict[str, str]:
        """Outcome by level of round ``number``."""
        return {
            review.level: review.outcome
            for review in self.reviews
            if review.submission.round == number and review.superseded_at is None
        }

    def is_withdrawn(self, number: int) -> bool:
        return any(verb == WITHDRAWN and facts.get("round") == number for verb, facts in self.moves)


def broken() -> Iterator[Broken]:
    """All that is wrong with any application of the site."""
    yield from of_applications(Application.objects.all())
    yield from of_submissions(Submission.objects.all())
    yield from of_locks(Profile.objects.all())
    yield from of_people(Application.objects.all())


# --- An application and its history -----------------------------------------------------------------


def of_applications(applications: QuerySet[Application]) -> Iterator[Broken]:
    """Rounds, reviews, stage, log and counters of each application agree."""
    for chunk in chunks(applications.order_by("pk").iterator(chunk_size=CHUNK), CHUNK):
        for history in _histories(chunk):
            for invariant, check in OF_A_HISTORY.items():
                for note in check(history):
                    yield Broken(invariant, "completion.application", history.application.pk, note)


def _histories(applications: list[Application]) -> list[History]:
    found = {application.pk: History(application) for application in applications}
    submissions = Submission.objects.filter(application__in=found).defer("content").order_by("round")
    for submission in submissions:
        found[submission.application_id].submissions.append(submission)
    reviews = Review.objects.filter(submission__application__in=found).order_by("decided_at", "id")
    for review in reviews.select_related("submission").defer("submission__content"):
        found[review.submission.application_id].reviews.append(review)
    events = Event.objects.filter(
        subject_type=Application._meta.label_lower, subject_id__in=found, verb__in=MOVES
    )
    for subject, verb, facts in events.order_by("id").values_list("subject_id", "verb", "facts"):
        found[subject].moves.append((verb, facts))
    for pk, number in _open_supplements(list(found)):
        found[pk].pending += number == found[pk].application.round
    return list(found.values())


def _open_supplements(applications: list[UUID]) -> Iterator[tuple[UUID, int]]:
    waiting = Supplement.objects.open().filter(submission__application__in=applications)
    yield from waiting.values_list("submission__application", "submission__round")


def _rounds(history: History) -> Iterator[str]:
    application, rounds = history.application, [submission.round for submission in history.submissions]
    if rounds != list(range(1, application.round + 1)):
        yield f"round {application.round}, submissions {rounds}"
    elif rounds and application.submitted_at != history.submissions[-1].submitted_at:
        yield f"submitted_at is not that of round {application.round}"


def _standing(history: History) -> Iterator[str]:
    given = Counter((review.submission.round, review.level) for review in history.reviews)
    standing = Counter(
        (review.submission.round, review.level) for review in history.reviews if review.superseded_at is None
    )
    for (number, level), count in sorted(given.items()):
        if standing[number, level] != 1:
            yield f"round {number} {level}: {standing[number, level]} of {count} reviews stand"


def _route(history: History) -> Iterator[str]:
    """The standing reviews of a round are passes along the route and at most one fail, the last."""
    route = [stage.value for stage in history.application.route]
    for number in range(1, history.last + 1):
        given = history.standing(number)
        if set(given) != set(route[: len(given)]):
            yield f"round {number}: reviewed by {sorted(given)}"
        if Outcome.FAIL in [given.get(level) for level in route[: len(given) - 1]]:
            yield f"round {number}: reviewed after a fail"
        if number < history.last and Outcome.FAIL not in given.values() and not history.is_withdrawn(number):
            yield f"round {number} was followed by another without a return"
        if given and history.is_withdrawn(number):
            yield f"round {number} was withdrawn and reviewed"


def _offices(history: History) -> Iterator[str]:
    application, levels = history.application, defaultdict(set)
    for review in history.reviews:
        levels[review.reviewer_id].add(review.level)
        if review.organisation_id != getattr(application, f"{review.level}_id"):
            yield f"round {review.submission.round} {review.level}: by another organisation"
        if review.reviewer_id == application.trainee_id:
            yield f"round {review.submission.round} {review.level}: by the trainee"
    for reviewer, of_reviewer in levels.items():
        if len(of_reviewer) > 1:
            yield f"{reviewer} decided at {sorted(of_reviewer)}"


def _stage(history: History) -> Iterator[str]:
    application = history.application
    withdrawn = history.is_withdrawn(history.last)
    expected = _stage_by_rows(history, withdrawn=withdrawn)
    if application.stage != expected:
        yield f"{application.stage} instead of {expected}"
    if application.is_withdrawn != withdrawn:
        yield f"withdrawn_at {'is' if application.is_withdrawn else 'is not'} set"


def _stage_by_rows(history: History, *, withdrawn: bool) -> Stage:
    if not history.submissions:
        return Stage.DRAFT
    given = history.standing(history.last)
    for level in history.application.route:
        if level not in given:
            return Stage.RETURNED if withdrawn else level
        if given[level] == Outcome.FAIL:
            return Stage.RETURNED
    return Stage.APPROVED


def _log(history: History) -> Iterator[str]:
    """The log alone, read from the beginning, leads to the same stage."""
    route = history.application.route
    after = dict(zip(route, (*route[1:], Stage.APPROVED), strict=True))
    reached = Stage.DRAFT
    for verb, facts in history.moves:
        if verb == SUBMITTED:
            reached = Stage.BASE
        elif verb == WITHDRAWN or facts.get("outcome") == Outcome.FAIL:
            reached = Stage.RETURNED
        else:
            reached = after.get(Stage(facts["level"]), reached)
    if reached != history.application.stage:
        yield f"{history.application.stage}, the log ends at {reached}"


def _events(history: History) -> Iterator[str]:
    """One event for each submission and each review, one withdrawal a round, and none besides."""
    rows = Counter(("submitted", s.round, s.digest) for s in history.submissions)
    rows += Counter((r.level, r.submission.round, r.outcome) for r in history.reviews)
    logged: Counter[tuple[Any, ...]] = Counter()
    withdrawals: Counter[object] = Counter()
    for verb, facts in history.moves:
        if verb == WITHDRAWN:
            withdrawals[facts.get("round")] += 1
        elif verb == SUBMITTED:
            logged["submitted", facts.get("round"), facts.get("digest")] += 1
        else:
            logged[facts.get("level"), facts.get("round"), facts.get("outcome")] += 1
    for what, number, fact in [*(rows - logged), *(logged - rows)]:
        seen, said = rows[what, number, fact], logged[what, number, fact]
        yield f"round {number} {what}: {seen} rows, {said} events"
    for number, count in withdrawals.items():
        if count > 1 or number not in range(1, history.last + 1):
            yield f"round {number}: {count} withdrawals"


def _pending(history: History) -> Iterator[str]:
    if history.application.pending != history.pending:
        yield f"pending {history.application.pending}, open supplements {history.pending}"


OF_A_HISTORY = {
    "rounds-have-no-gaps": _rounds,
    "one-standing-review-per-level-and-round": _standing,
    "reviews-follow-the-route": _route,
    "offices-review-what-is-theirs": _offices,
    "the-stage-follows-rounds-and-reviews": _stage,
    "the-stage-follows-the-log": _log,
    "one-event-per-change": _events,
    "pending-counts-open-supplements": _pending,
}


# --- What was frozen -----------------------------------------------------------------------------------


def of_submissions(submissions: QuerySet[Submission]) -> Iterator[Broken]:
    """The content is what was hashed, and speaks of exactly the pages that are kept for it."""
    model = Submission._meta.label_lower
    # sealed text that does not open would end the loop: rows are opened one by one
    for chunk in chunks(submissions.order_by("pk").values_list("pk", "digest").iterator(), CHUNK):
        pages = _frozen_pages([pk for pk, _ in chunk])
        for pk, stated in chunk:
            try:
                text = submissions.values_list("content", flat=True).get(pk=pk)
            except Unsealable:
                yield Broken("the-content-is-what-was-hashed", model, pk, "does not open")
                continue
            if snapshot.digest(text) != stated:
                yield Broken("the-content-is-what-was-hashed", model, pk)
            if strange := _spoken_of(text) ^ pages[pk]:
                ids = " ".join(sorted(page for page, _ in strange))
                yield Broken("the-content-has-the-frozen-pages", model, pk, ids)


def _frozen_pages(submissions: list[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """(page, address) of what is kept for each submission."""
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    kept = SubmissionPage.objects.filter(submission__in=submissions)
    for submission, page, address in kept.values_list("submission", "page", "page__picture__address"):
        found[submission].add((str(page), address))
    return found


def _spoken_of(text: str) -> set[tuple[str, str]]:
    """(page, address) of every image in a frozen content; of one that is no such text, none."""
    try:
        content = json.loads(text)
        papers = content["documents"] + [paper for stay in content["rotations"] for paper in stay["papers"]]
        return {(image["page"], image["address"]) for paper in papers for image in paper["images"]}
    except (ValueError, KeyError, TypeError):
        return set()


# --- People ----------------------------------------------------------------------------------------------


def of_locks(profiles: QuerySet[Profile]) -> Iterator[Broken]:
    """Certificates and portrait are locked while an application is under review, and open in a return.

    A return that names single items, and nothing general, leaves the others locked.
    """
    mine = Application.objects.filter(trainee=OuterRef("user"))
    reviewed = Exists(mine.filter(stage__in=REVIEW_STAGES))
    approved, returned = (Exists(mine.filter(stage=stage)) for stage in (Stage.APPROVED, Stage.RETURNED))
    asked = Finding.objects.filter(
        review__superseded_at=None,
        review__submission__round=F("review__submission__application__round"),
        review__submission__application__stage=Stage.RETURNED,
        review__submission__application__withdrawn_at=None,
        review__submission__application__trainee=OuterRef("user"),
    )
    partly = Exists(asked.exclude(item="")) & ~Exists(asked.filter(item=""))
    is_open = Q(locked_at=None) & (Q(reviewed) | (Q(approved) & ~Q(returned)) | Q(partly))
    is_shut = Q(locked_at__isnull=False) & ~Q(reviewed) & ~Q(approved) & ~Q(partly)
    wrong = profiles.filter(is_open | is_shut).order_by("pk").values_list("pk", "locked_at")
    for pk, locked_at in wrong.iterator():
        note = "open under review" if locked_at is None else "locked without a review"
        yield Broken("locks-agree-with-stages", Profile._meta.label_lower, pk, note)


def of_people(applications: QuerySet[Application]) -> Iterator[Broken]:
    """One application per person and season."""
    several = applications.values("trainee", "season").annotate(count=Count("pk")).filter(count__gt=1)
    for row in several.order_by("trainee", "season").iterator():
        note = f"season {row['season']}: {row['count']} applications"
        yield Broken("one-application-per-person-and-season", "accounts.user", row["trainee"], note)
