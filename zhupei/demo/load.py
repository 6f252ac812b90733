"""Write the demo province: everything through the real actions, in one transaction."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from . import places, records, schemes, stories
from .album import Album
from .people import ORTHOPAEDICS, Candidate, candidates
from .places import PROVINCE
from .schemes import Stay
from .staff import Staff

SCHEME_ENDS = 6  # the month: 33 months after September nothing is left to rotate
DILIGENT = (1.0, 0.98)
LAX = {ORTHOPAEDICS: (0.6, 0.59)}  # comes to the ratios that the guide shows: 60.6%, 60%
MISSED = ("麻醉科", "整形/烧伤科")  # by who had a long leave


def load() -> None:
    """Fill the empty database. About 20 s on two cores, half of it drawing pictures."""
    today = timezone.localdate()
    year = season_year(today)
    with Album() as album, transaction.atomic():
        built = places.build()
        staff = Staff(built, since=date(year - 4, 9, 1))
        season = stories.open_windows(built.organisations[PROVINCE], year, today)
        stage = stories.Stage(season, staff, album, today)
        trainees = []
        cast = [(candidate, stays_of(candidate, today)) for candidate in candidates(year)]
        for candidate, stays in cast:
            specialty = built.specialties[candidate.specialty].name
            album.order(candidate, specialty, [stay for stay in stays if stay.end_date < today])
        for candidate, stays in tqdm(cast, desc="登记学员", unit="人"):
            trainees.append(records.enrol(candidate, built, stays, year=year))
        for trainee in tqdm(trainees, desc="申请与审核", unit="人"):
            stories.tell(stage, trainee)


def season_year(today: date) -> int:
    """The last year whose trainees have been through their scheme by ``today``."""
    return today.year if today.month >= SCHEME_ENDS else today.year - 1


def stays_of(candidate: Candidate, today: date) -> list[Stay]:
    """Three years of rotations; 未到出科 of who had a long leave."""
    begins = date(candidate.grade, 9, 1)
    planned = schemes.stays(candidate.specialty, begins, zeal=LAX.get(candidate.specialty, DILIGENT))
    if candidate.story != "unfinished":
        return planned
    return schemes.made_up_later(planned, MISSED, today.replace(day=1))
