"""Write the demo province: everything through the real actions, in one transaction."""

from datetime import date

from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from zhupei.organisations.models import Organisation

from . import announcements, catalogue, places, records, residents, schemes, stories
from .accounts import Account
from .album import Album
from .people import OFFICIALS, ORTHOPAEDICS, PASSWORD, Candidate, candidates
from .places import PROVINCE, XIANTAO
from .schemes import Stay
from .staff import Staff

SCHEME_ENDS = 6  # the month: 33 months after September nothing is left to rotate
DILIGENT = (1.0, 0.98)
LAX = {ORTHOPAEDICS: (0.556, 0.535)}  # comes to the ratios that the guide shows: 60.6%, 60%
MISSED = ("麻醉科", "整形/烧伤科")  # by who had a long leave


def load() -> list[Account]:
    """Make the tables and fill them; returns who can sign in. About 20 s on two cores, half of it drawing."""
    today = timezone.localdate()
    year = season_year(today)
    cast = [(candidate, stays_of(candidate, today)) for candidate in candidates(year)]
    with Album() as album:
        for candidate, stays in cast:
            album.order(candidate, [stay for stay in stays if stay.end_date < today])
        call_command("migrate", interactive=False, verbosity=0)
        _tell_everything(cast, album, year, today)
    return accounts(year)


@transaction.atomic
def _tell_everything(cast: list[tuple[Candidate, list[Stay]]], album: Album, year: int, today: date) -> None:
    """All of it or nothing: an interrupted loading leaves an empty database."""
    if Organisation.objects.exists():
        raise CommandError("数据库里已有机构，不能再写入演示数据")
    built = places.build()
    staff = Staff(built, since=date(year - 4, 9, 1))
    season = stories.open_windows(built.organisations[PROVINCE], year, today)
    announcements.announce(season, today)
    stage = stories.Stage(season, staff, album, today)
    stories.let_a_city_differ(stage, built.organisations[XIANTAO])
    trainees = [
        records.enrol(candidate, built, stays, year=year)
        for candidate, stays in tqdm(cast, desc="登记学员", unit="人")
    ]
    for trainee in tqdm(trainees, desc="申请与审核", unit="人"):
        stories.tell(stage, trainee)
    residents.train(stage, built, catalogue.make(built))


def accounts(year: int) -> list[Account]:
    """Everybody who can sign in, trainees first; the first of a role and state is the one to show."""
    people = [
        Account("trainee", one.name, one.phone, PASSWORD, None, one.base, one.story.partition("/")[0])
        for one in candidates(year)
    ]
    people += [
        Account("trainee", one.name, one.phone, PASSWORD, None, one.base, one.story)
        for one in residents.people(timezone.localdate())
    ]
    officials = [
        Account(one.role.value, one.name, one.phone, PASSWORD, None, one.organisation, None)
        for one in OFFICIALS
    ]
    return people + officials


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
