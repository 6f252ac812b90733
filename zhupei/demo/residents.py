"""Who is in training now: planned from the scheme, taught, with a log, the first rotation in every state.

The plan and the exit forms go through the real actions, the entries are written in bulk (``diary``).
"""

from datetime import date, timedelta
from decimal import Decimal

from zhupei.accounts.actions import create_user, set_password
from zhupei.accounts.models import User
from zhupei.lib import months, pinyin
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions as training
from zhupei.training.choices import LeaveKind
from zhupei.training.models import Enrolment, Rotation, Scheme

from . import diary, exits, records
from .people import ORTHOPAEDICS, PASSWORD, RESIDENTS, TRAINEES, Candidate
from .places import FIRST, Places
from .rows import Rows
from .stories import Stage

YEARS = 3
FIRST_MONTH_OF_THE_YEAR = 7  # who begins before has graduated the year before
TAUGHT = 2  # rotations with somebody assigned: those that have begun, and the next
EXEMPTED = "放射科"
UNPLANNED = "to-plan"
WHY_EXEMPTED = "入培前已在放射科工作满两年，按减免规定"


def people(today: date) -> list[Candidate]:
    """In the order of RESIDENTS; their numbers go on after those of the season."""
    return [
        Candidate(number, name, sex, FIRST, ORTHOPAEDICS, story, _graduated(_begins(ago, today)))
        for number, (name, sex, ago, story) in enumerate(RESIDENTS, start=len(TRAINEES) + 1)
    ]


def train(stage: Stage, places: Places, schemes: dict[str, Scheme]) -> None:
    """Enrol everybody, plan, assign, write the logs, fill in the exit forms."""
    by = stage.staff.next_at(places.organisations[FIRST])
    rows, firsts = Rows(), []
    for candidate, (_, _, ago, story) in zip(people(stage.today), RESIDENTS, strict=True):
        enrolment = _enrol(candidate, places, begins=_begins(ago, stage.today))
        if story == UNPLANNED:
            continue
        rotations = _plan(enrolment, schemes[ORTHOPAEDICS], places, by=by)
        if story == "to-begin":
            exempted = next(one for one in rotations if one.department_name == EXEMPTED)
            training.exempt(exempted, by=by, reason=WHY_EXEMPTED)
        begun = [rotation for rotation in rotations if rotation.has_begun(stage.today)]
        for rotation in begun:
            diary.write(rotation, story if rotation is begun[0] else "rotating", stage.today, rows)
        firsts.append((begun, story))
    rows.write()
    for begun, story in firsts:
        for rotation in begun:
            training.recount(rotation)
        if story == "rotating":
            _take_leave(begun[0], by=by)
        for step in exits.STORIES.get(story, ()):
            step(begun[0])


def _take_leave(rotation: Rotation, *, by: User) -> None:
    """A week ill in the second month; it and all that follows ends three days later."""
    first = months.after(rotation.start_date, Decimal("1.0"))
    training.record_leave(
        rotation,
        by=by,
        kind=LeaveKind.SICK,
        first_date=first,
        last_date=first + timedelta(days=6),
        days=Decimal(5),
        extends_days=3,
        moves_later=True,
        reason="阑尾炎手术，有病休证明",
    )


def _begins(months_ago: int, today: date) -> date:
    """The first of a month."""
    years, month = divmod(today.month - 1 - months_ago, 12)
    return date(today.year + years, month + 1, 1)


def _graduated(begins: date) -> int:
    return begins.year if begins.month >= FIRST_MONTH_OF_THE_YEAR else begins.year - 1


def _enrol(candidate: Candidate, places: Places, *, begins: date) -> Enrolment:
    user = create_user(
        by=None,
        full_name=candidate.name,
        id_number=candidate.id_number,
        phone=candidate.phone,
        email=f"{pinyin.full(candidate.name)}@example.cn",
    )
    set_password(user, password=PASSWORD, by=user)
    training_of = {
        "base": places.organisations[candidate.base],
        "specialty": places.specialties[candidate.specialty],
        "grade": begins.year,
        "years": YEARS,
        "completion_year": begins.year + YEARS,
        "start_date": begins,
        "end_date": months.after(begins, Decimal(12 * YEARS)),
    }
    return training.enrol(user, by=None, profile=records.person_of(candidate), enrolment=training_of)


def _plan(enrolment: Enrolment, scheme: Scheme, places: Places, *, by: User) -> list[Rotation]:
    """The whole scheme; the first rotations have a teacher and a head."""
    departments = {
        row.pk: places.departments[enrolment.base.name, row.name] for row in scheme.departments.all()
    }
    planned = training.plan_from_scheme(
        enrolment, scheme, by=by, begins=enrolment.start_date, departments=departments
    )
    return [_assign(rotation, by=by) for rotation in planned[:TAUGHT]] + planned[TAUGHT:]


def _assign(rotation: Rotation, *, by: User) -> Rotation:
    people = {
        role: Membership.objects.get(department=rotation.department_id, role=role).user
        for role in (Role.TEACHER, Role.HEAD)
    }
    return training.assign(rotation, by=by, teacher=people[Role.TEACHER], head=people[Role.HEAD])
