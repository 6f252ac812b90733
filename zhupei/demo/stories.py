"""What happened to each application, told through the real actions: a story is a row of steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.completion import snapshot
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import marks, review
from zhupei.completion.actions.season import extend, open_season, set_city_window
from zhupei.completion.choices import Outcome, ReasonCode, RegisterStatus
from zhupei.completion.models import Application, Season
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind, PaperKind, TrainingCategory

from . import records
from .album import Album
from .records import Trainee
from .staff import Staff

# Days from today on which each window opens and closes; all are open today.
WINDOWS = {"trainee": (-30, 20), Level.BASE: (-28, 27), Level.CITY: (-20, 34), Level.PROVINCE: (-12, 48)}
SUPPLEMENT = timedelta(days=90)


@dataclass(frozen=True)
class Stage:
    """What every step may use."""

    season: Season
    staff: Staff
    album: Album
    today: date


Step = Callable[[Stage, Trainee], None]


def open_windows(province: Organisation, year: int, today: date) -> Season:
    """The season of ``year`` with every window open today."""
    windows = {
        f"{name}_{edge}_at": _moment(today + timedelta(days=days), clock)
        for name, pair in WINDOWS.items()
        for edge, days, clock in zip(("opens", "closes"), pair, (time(8), time(23, 59, 59)), strict=True)
    }
    return open_season(
        by=None,
        province=province,
        year=year,
        category=TrainingCategory.RESIDENT,
        supplement_date=today + SUPPLEMENT,
        accepts_stored_signatures=True,
        **windows,
    )


def let_a_city_differ(stage: Stage, city: Organisation) -> None:
    """市州单独安排: ``city`` has three days more than the others."""
    season = stage.season
    set_city_window(
        season,
        city,
        by=stage.staff.next_at(season.province),
        opens_at=season.city_opens_at,
        closes_at=season.city_closes_at + timedelta(days=3),
    )


def tell(stage: Stage, trainee: Trainee) -> None:
    """Play the whole story of ``trainee``."""
    for step in STORIES[trainee.candidate.story]:
        step(stage, trainee)


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


# --- The trainee's steps -----------------------------------------------------------------------


def _complete_the_record(stage: Stage, trainee: Trainee) -> None:
    records.fill_in(trainee)
    records.qualify(trainee)
    records.upload(trainee, stage.album)


def _leave_gaps_in_the_record(stage: Stage, trainee: Trainee) -> None:
    records.fill_in(trainee)
    records.qualify(trainee, without_a_date=True)
    records.upload(trainee, stage.album, without=[DocumentKind.DEGREE])
    records.tilt_the_portrait(trainee)


def _mend_a_portrait(stage: Stage, trainee: Trainee) -> None:
    records.tilt_the_portrait(trainee)
    records.mend_the_portrait(trainee)


def _begin(stage: Stage, trainee: Trainee) -> None:
    trainee.application = trainees.start(trainee.enrolment, stage.season, by=trainee.user)


def _fill(stage: Stage, trainee: Trainee) -> None:
    trainees.set_register(trainee.begun, by=trainee.user, status=RegisterStatus.DONE)
    _lay_papers(stage, trainee)


def _fill_partly(stage: Stage, trainee: Trainee) -> None:
    _lay_papers(stage, trainee, missing=3)


def _lay_papers(stage: Stage, trainee: Trainee, *, missing: int = 0) -> None:
    """The signed papers of what is over, but for the last ``missing``."""
    over = [
        (rotation, kind, picture)
        for rotation, stay in trainee.stays.items()
        if stay.end_date < stage.today and not rotation.signed_papers.exists()
        for kind, picture in stage.album.papers(trainee.candidate, stay).items()
    ]
    for rotation, kind, picture in over[: len(over) - missing]:
        trainees.lay_paper(trainee.begun, rotation, kind, [picture], by=trainee.user, replace=False)


def _leave_the_first_to_the_base(stage: Stage, trainee: Trainee) -> None:
    """The signers of the first rotation have left: the base keeps the papers and attests them."""
    rotation, stay = next(iter(trainee.stays.items()))
    by = stage.staff.next_at(trainee.enrolment.base)
    for kind, picture in stage.album.papers(trainee.candidate, stay).items():
        training.lay_signed_paper(rotation, kind, [picture], by=by, replace=True)
        training.attest_paper(rotation, kind, by=by, note="带教老师已调离，科主任已退休")


def _get_more_time(stage: Stage, trainee: Trainee) -> None:
    """个人延期, by the province."""
    season = stage.season
    extend(
        trainee.enrolment,
        season,
        by=stage.staff.next_at(season.province),
        closes_at=season.trainee_closes_at + timedelta(days=5),
        reason="援外医疗队，见单位证明",
    )


def _hand_in(stage: Stage, trainee: Trainee) -> None:
    round_before = trainee.begun.submissions.count()
    trainees.submit(trainee.begun, by=trainee.user, seen_round=round_before)


def _withdraw(stage: Stage, trainee: Trainee) -> None:
    trainees.withdraw(trainee.begun, by=trainee.user)


def _correct(stage: Stage, trainee: Trainee) -> None:
    """After a return: one paper is photographed again."""
    rotation, stay = next(iter(trainee.stays.items()))
    papers = stage.album.papers(trainee.candidate, stay)
    paper = papers[PaperKind.SUMMARY]
    trainees.lay_paper(trainee.begun, rotation, PaperKind.SUMMARY, [paper], by=trainee.user, replace=True)


# --- The reviewers' steps ----------------------------------------------------------------------


def _claim(stage: Stage, trainee: Trainee) -> None:
    application = trainees.take(trainee.begun)
    reviewer = stage.staff.next_at(application.reviewer())
    review.claim(application, by=reviewer, seen_round=application.round)


def _decide(stage: Stage, trainee: Trainee, outcome: Outcome, reasons: tuple[ReasonCode, ...] = ()) -> None:
    """Whoever's turn it is claims the file and decides."""
    application = trainees.take(trainee.begun)
    reviewer = stage.staff.next_at(application.reviewer())
    review.claim(application, by=reviewer, seen_round=application.round)
    review.decide(
        application,
        by=reviewer,
        level=Level(application.stage),
        seen_round=application.round,
        outcome=outcome,
        reasons=reasons,
    )


def _holder(application: Application) -> User:
    """Whoever has claimed it."""
    if application.claimed_by is None:
        raise ValueError(f"{application} is not claimed")
    return application.claimed_by


def _note_findings(stage: Stage, trainee: Trainee) -> None:
    """Whoever has claimed the file notes what is wrong with single items, one with a box in the picture."""
    application = trainees.take(trainee.begun)
    by = _holder(application)
    content = snapshot.thaw(application.submissions.get(round=application.round).content)
    paper = next(stay["papers"][0] for stay in content["rotations"] if stay["papers"][0]["images"])
    summary: dict[str, Any] = {
        "item": f"paper:{paper['key']}",
        "code": ReasonCode.R05,
        "box": (0.1, 0.72, 0.62, 0.86),
    }
    diploma: dict[str, Any] = {"item": f"paper:{DocumentKind.DIPLOMA}", "code": ReasonCode.R01}
    number: dict[str, Any] = {"item": "field:diploma_number", "code": ReasonCode.R11}
    page = UUID(paper["images"][0]["page"])
    seen: dict[str, Any] = {"by": by, "seen_round": application.round}
    marks.mark(application, **seen, **summary, page=page, note="科主任栏没有手写签名，请补签后重新拍照")
    marks.mark(application, **seen, **diploma, note="证书编号看不清，请重拍")
    marks.mark(application, **seen, **number, note="与毕业证不一致，请核对")


def _return_by_item(stage: Stage, trainee: Trainee) -> None:
    """不通过 with what was noted."""
    _claim(stage, trainee)
    _note_findings(stage, trainee)
    application = trainees.take(trainee.begun)
    review.decide(
        application,
        by=_holder(application),
        level=Level(application.stage),
        seen_round=application.round,
        outcome=Outcome.FAIL,
    )


def _pass(stage: Stage, trainee: Trainee) -> None:
    _decide(stage, trainee, Outcome.PASS)


def _fail(*reasons: ReasonCode) -> Step:
    return lambda stage, trainee: _decide(stage, trainee, Outcome.FAIL, reasons)


# --- The stories ---------------------------------------------------------------------------------

_READY = (_complete_the_record, _begin, _fill)
_SUBMITTED = (*_READY, _hand_in)
_INCOMPLETE = _fail(ReasonCode.R09)  # 不通过 (数据不全), as the guide shows it

STORIES: dict[str, tuple[Step, ...]] = {
    "not-begun": (),
    "draft": (_leave_gaps_in_the_record, _begin, _fill_partly),
    "draft-ready": _READY,
    "draft-ready/extended": (*_READY, _mend_a_portrait, _get_more_time),
    "wrong-year": _READY,
    "unfinished": _READY,
    "base": _SUBMITTED,
    "base-claimed": (
        _complete_the_record,
        _begin,
        _leave_the_first_to_the_base,
        _fill,
        _hand_in,
        _claim,
        _note_findings,
    ),
    "withdrawn": (*_SUBMITTED, _withdraw),
    "city": (*_SUBMITTED, _pass),
    "province": (*_SUBMITTED, _pass, _pass),
    "exempt-city": (*_SUBMITTED, _pass),
    "approved": (*_SUBMITTED, _pass, _pass, _pass),
    "approved/exempt": (*_SUBMITTED, _pass, _pass),
    "returned": (*_SUBMITTED, _pass, _INCOMPLETE),
    "returned/base": (*_SUBMITTED, _return_by_item),
    "round-2": (*_SUBMITTED, _pass, _INCOMPLETE, _correct, _hand_in, _pass),
}
