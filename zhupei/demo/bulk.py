"""``zhupei demo --size N``: a season of N applications, written in bulk.

Only the small demo goes through the actions. Here the rows are made as the actions would have left
them, with the fields' own sealing, the real content and digest of every round, and their events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from zhupei.completion.models import Application, Season
from zhupei.organisations.choices import Level

from . import course, crowd, more_places, portfolio
from .crowd import Invented
from .people import PASSWORD, TRAINEES
from .places import TRAINED, Places
from .pool import Pool
from .portfolio import Portfolio
from .rows import Rows
from .schemes import Stay, stays

CHUNK = 100  # applications of a transaction; about 19,000 rows
OF_A_BASE = 250  # applications a year, as in a province of thirty bases
LIGHT_STAYS = 3  # rotations of a person with ``light``
DILIGENT = (1.0, 0.98)


@dataclass(frozen=True)
class Province:
    """What every trainee of the crowd refers to."""

    season: Season
    places: Places
    bases: list[str]
    stays: dict[str, list[Stay]]  # by specialty
    pool: Pool
    password: str  # a hash
    reviewers: more_places.Reviewers
    now: datetime
    warnings: dict[str, list[str]] = field(default_factory=dict)  # by specialty: the rotations are the same

    @property
    def grade(self) -> int:
        return self.season.year - 3

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)


def grow(size: int, *, light: bool = False) -> None:
    """Add applications to the small demo until there are ``size``. About 10 ms each, ``light`` a third."""
    missing = size - Application.objects.count()
    if missing <= 0:
        return
    _be_quick()
    province = _province(size, light=light)
    with tqdm(total=missing, desc="批量载入", unit="份") as progress:
        for begin in range(0, missing, CHUNK):
            numbers = range(begin, min(begin + CHUNK, missing))
            with transaction.atomic():
                _load(province, numbers)
            progress.update(len(numbers))
    _look_at_what_there_is()


def _province(size: int, *, light: bool) -> Province:
    now = timezone.now()
    season = Season.objects.get()
    places = more_places.gather(bases=5 + size // OF_A_BASE)
    password = make_password(PASSWORD)
    reviewers = more_places.reviewers(places, password=password, since=date(season.year - 4, 9, 1))
    begins = date(season.year - 3, 9, 1)
    planned = {code: stays(code, begins, zeal=DILIGENT) for code in TRAINED}
    if light:
        planned = {code: all_of_them[:LIGHT_STAYS] for code, all_of_them in planned.items()}
    by = next(reviewers[season.province.name])
    return Province(
        season=season,
        places=places,
        bases=[name for name, one in places.organisations.items() if one.level == Level.BASE],
        stays=planned,
        pool=Pool.draw(planned, grade=season.year - 3, by=by),
        password=password,
        reviewers=reviewers,
        now=now,
    )


def _load(province: Province, numbers: range) -> None:
    rows = Rows()
    for number in numbers:
        candidate = crowd.invent(len(TRAINEES) + 1 + number, province.bases, province.grade)
        _load_one(province, candidate, rows)
    rows.write()


def _load_one(province: Province, candidate: Invented, rows: Rows) -> None:
    base = province.places.organisations[candidate.base]
    fate = crowd.fate_of(candidate.number, has_city=base.review_city_id is not None, now=province.now)
    made: Portfolio = portfolio.fill(province, candidate, fate, rows)
    course.run(province, made, fate, rows)


def _be_quick() -> None:
    """A larger cache while everything is written once; only this connection has it."""
    if connection.vendor == "sqlite" and settings.IS_DEMO:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -200000")  # KiB


def _look_at_what_there_is() -> None:
    """The database learns how many rows there are of what."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
