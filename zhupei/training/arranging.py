"""A rotation as those see it who plan it and assign people: rows of a plan, who may be chosen. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhupei.accounts.models import User
from zhupei.lib import months
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership

from . import exit_form, waiting
from .choices import RotationStage
from .models import Rotation

# The state of ``web.looks`` that a stage is shown as.
LOOKS = {
    RotationStage.PLANNED: "todo",
    RotationStage.RUNNING: "now",
    RotationStage.LEAVING: "waiting",
    RotationStage.LEFT: "done",
    RotationStage.FAILED: "returned",
    RotationStage.EXEMPT: "na",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A rotation with where it stands, its 考勤 in words, and on whom it waits."""

    rotation: Rotation
    stage: RotationStage
    attendance: str
    waits: list[waiting.Wait]

    @property
    def look(self) -> str:
        return LOOKS[self.stage]

    @property
    def needs_people(self) -> bool:
        """Somebody trains there now: without a teacher nobody reads the log."""
        return self.stage == RotationStage.RUNNING

    @property
    def months(self) -> str:
        return months.plain(self.rotation.required_months)


def row(rotation: Rotation, today: date) -> Row:
    """Asks the database nothing of rotations fetched ``with_exit`` and with their leaves."""
    return Row(
        rotation=rotation,
        stage=rotation.stage_on(today),
        attendance=_attendance(rotation, today),
        waits=waiting.of(rotation, today),
    )


def _attendance(rotation: Rotation, today: date) -> str:
    missed = exit_form.attendance(rotation.leaves.all())
    words = [f"{kind.label} {days} 天" for kind, days in missed.items() if days != "0"]
    if words or rotation.exempted_at is not None:
        return "、".join(words)
    return "全勤" if rotation.has_begun(today) else ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may teach and who may head a rotation today: of the department, and of the rest of the base."""

    teachers_here: Sequence[User]
    teachers_elsewhere: Sequence[User]
    heads: Sequence[User]

    def found(self, pk: UUID) -> User:
        """One of them. Raises KeyError."""
        everybody = (*self.teachers_here, *self.teachers_elsewhere, *self.heads)
        return {user.pk: user for user in everybody}[pk]


def candidates(rotation: Rotation) -> Candidates:
    """As the rules have it (``rules.may_be_assigned``): by name, the trainee never. One query."""
    seats = Membership.objects.current().filter(
        organisation=rotation.enrolment.base_id, role__in=(Role.TEACHER, Role.HEAD)
    )
    found = list(seats.exclude(user=rotation.enrolment.user_id).select_related("user"))
    here = [seat for seat in found if seat.department_id == rotation.department_id]
    teachers_here = _people(here)
    elsewhere = [user for user in _people(found) if user not in teachers_here]
    return Candidates(teachers_here, elsewhere, _people([seat for seat in here if seat.role == Role.HEAD]))


def _people(seats: Sequence[Membership]) -> list[User]:
    users = {seat.user.pk: seat.user for seat in seats}
    return sorted(users.values(), key=lambda user: (user.pinyin, user.pk))
