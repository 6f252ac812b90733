"""When who may act (domain §2). Pure: a season or an application and the time in, windows out."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from zhupei.lib import working_days
from zhupei.organisations.choices import Level

from .models import Application, Season

LAST_SECOND = time(23, 59, 59)


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


def to_submit(application: Application) -> Window:
    """When the next round may be handed in: the correction period after a return, or the trainees' window."""
    season = application.season
    if application.correction_due_at:
        return Window(application.turn_since, application.correction_due_at)
    return of_trainees(season)


def to_decide(application: Application, level: Level) -> Window:
    """When ``level`` may decide: its own window in round 1, later rounds until the province's ends."""
    window = of_level(application.season, level)
    if application.round == 1:
        return window
    return Window(application.season.trainee_opens_at, application.season.province_closes_at)


def correction_due(season: Season, returned_at: datetime) -> datetime:
    """The end of the last of ``correction_days`` working days, at most the end of the province's window."""
    day = working_days.after(timezone.localdate(returned_at), season.correction_days)
    due = timezone.make_aware(datetime.combine(day, LAST_SECOND))
    return min(due, season.province_closes_at)
