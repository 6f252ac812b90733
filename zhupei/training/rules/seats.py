"""Which offices somebody holds today; every role that a rule asks for must be current."""

from django.db.models import QuerySet

from zhupei.accounts.models import User
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership

from ..models import Enrolment, Rotation

TEACHING = (Role.TEACHER, Role.HEAD)  # a 科主任 often teaches, too


def administers(user: User, enrolment: Enrolment) -> bool:
    """A base admin of the trainee's base."""
    return _current(user, Role.BASE).filter(organisation=enrolment.base_id).exists()


def teaches_at(user: User, enrolment: Enrolment) -> bool:
    """A 带教老师 or 科主任 of the trainee's base."""
    return _current(user, *TEACHING).filter(organisation=enrolment.base_id).exists()


def heads(user: User, rotation: Rotation) -> bool:
    """科主任 of the department of ``rotation``."""
    return _current(user, Role.HEAD).filter(department=rotation.department_id).exists()


def assists(user: User, rotation: Rotation) -> bool:
    """教学秘书 of the department of ``rotation``."""
    return _current(user, Role.SECRETARY).filter(department=rotation.department_id).exists()


def has_role(user: User, *roles: Role) -> bool:
    """One of ``roles``, wherever."""
    return _current(user, *roles).exists()


def _current(user: User, *roles: Role) -> QuerySet[Membership]:
    return Membership.objects.current().filter(user=user, role__in=roles)
