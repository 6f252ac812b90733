"""What of the exit forms waits for somebody, at each desk one has: 带教老师, 教学秘书, 科主任."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhupei.accounts.models import User
from zhupei.organisations.choices import Role

from . import waiting
from .choices import Party
from .models import Rotation

HANDLERS = {Role.TEACHER, Role.HEAD, Role.SECRETARY}
MOST = 50  # rows of a desk on one page, those waiting longest; the rest moves up
COUNTED = 99  # how far the menu counts


@dataclass(frozen=True, slots=True)
class Row:
    """One rotation with what waits; ``days`` since its last day, none before."""

    rotation: Rotation
    texts: list[str]
    days: int

    @property
    def waits_for_summary(self) -> bool:
        return waiting.NOT_APPRAISED in self.texts

    @property
    def waits_for_assessment(self) -> bool:
        return waiting.NOT_FILLED in self.texts


@dataclass(frozen=True, slots=True)
class Desk:
    """``party`` is whose part it is; 教学秘书 fills in for the teacher (代填)."""

    title: str
    party: Party
    rows: list[Row]
    count: int


def of(user: User, today: date) -> list[Desk]:
    """The desks of ``user`` with something on them."""
    found = Rotation.objects.with_exit()
    desks = (
        ("带教老师", Party.TEACHER, found.awaiting_teacher(user, today)),
        ("科主任", Party.HEAD, found.awaiting_head(user, today)),
        ("教学秘书代填", Party.TEACHER, found.awaiting_secretary(user, today)),
    )
    made = [_desk(title, party, rotations, today) for title, party, rotations in desks]
    return [desk for desk in made if desk.rows]


def count_text(user: User, today: date) -> str:
    """How much waits, for the menu: nothing, 3, 99+. One query."""
    count = Rotation.objects.awaiting(user, today).order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else str(count or "")


def _desk(title: str, party: Party, rotations: QuerySet[Rotation], today: date) -> Desk:
    rows = [_row(rotation, party, today) for rotation in rotations[:MOST]]
    return Desk(title, party, rows, rotations.count() if len(rows) == MOST else len(rows))


def _row(rotation: Rotation, party: Party, today: date) -> Row:
    texts = [wait.text for wait in waiting.of(rotation, today) if wait.on == party]
    return Row(rotation, texts, max(0, (today - rotation.end_date).days))
