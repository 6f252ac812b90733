"""When who may act (domain §2). Pure: a season or an application and the time in, windows out."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils import timezone

from zhupei.lib import working_days
from zhupei.organisations.choices import Level

from .models import Application, CityWindow, Season

LAST_SECOND = time(23, 59, 59)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``opens_at`` to ``closes_at``, both inclusive to the second."""

    opens_at: datetime
    closes_at: datetime

    def has_begun(self, now: datetime) -> bool:
        return now >= self.opens_at

    def has_ended(self, now: datetime) -> bool:
        return now.replace(microsecond=0) > self.closes_at

    def is_open(self, now: datetime) -> bool:
        return self.has_begun(now) and not self.has_ended(now)


def of_trainees(season: Season) -> Window:
    return Window(season.trainee_opens_at, season.trainee_closes_at)


def of_level(season: Season, level: Level) -> Window:
    return Window(getattr(season, f"{level}_opens_at"), getattr(season, f"{level}_closes_at"))


def of_city(season: Season, own: CityWindow | None) -> Window:
    """市局's window of the season, unless the province gave the city its ``own``."""
    return Window(own.opens_at, own.closes_at) if own else of_level(season, Level.CITY)


def to_submit(application: Application) -> Window:
    """When the next round may be handed in: the correction period after a return, or the trainees' window.

    The correction period has begun with the return, whatever the trainees' window says. A personal
    extension moves the end of either, never beyond the end of the province's window.
    """
    season = application.season
    window = of_trainees(season)
    if application.correction_due_at:
        window = Window(_EVER, application.correction_due_at)
    until = application.extended_until
    if until is None or until <= window.closes_at:
        return window
    return Window(window.opens_at, max(window.closes_at, min(until, season.province_closes_at)))


def is_extended(application: Application) -> bool:
    """A personal extension is what ends the window of ``to_submit``."""
    return application.extended_until is not None and to_submit(application).closes_at == min(
        application.extended_until, application.season.province_closes_at
    )


def to_decide(application: Application, level: Level, own: CityWindow | None = None) -> Window:
    """When ``level`` may decide: its own window in round 1, later rounds until the province's ends.

    ``own`` is the window that the province gave this application's city. A first round that came
    late, by an extension, counts as a later one: otherwise the extension would be a trap.
    """
    season = application.season
    if application.round > 1 or _came_late(application):
        return Window(season.trainee_opens_at, season.province_closes_at)
    return of_city(season, own) if level == Level.CITY else of_level(season, level)


def _came_late(application: Application) -> bool:
    return (
        application.extended_until is not None
        and application.submitted_at is not None
        and of_trainees(application.season).has_ended(application.submitted_at)
    )


def correction_due(season: Season, returned_at: datetime) -> datetime:
    """The end of the last of ``correction_days`` working days, at most the end of the province's window."""
    day = working_days.after(timezone.localdate(returned_at), season.correction_days)
    due = timezone.make_aware(datetime.combine(day, LAST_SECOND))
    return min(due, season.province_closes_at)
