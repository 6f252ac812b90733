"""账号: whose password one may reset as an office (domain §3). Reads only."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhupei.accounts.models import User
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.organisations.rules import DEPARTMENT_ROLES
from zhupei.training.models import Enrolment

MOST = 50  # rows; whoever sees more asks more precisely


def people_of(user: User) -> QuerySet[User]:
    """The people that ``user``'s offices look after, oneself never; a system administrator sees everybody."""
    of_department = Q(role__in=DEPARTMENT_ROLES, organisation__in=_mine(user, Role.BASE))
    of_base = Q(role=Role.BASE) & (
        Q(organisation__review_city__in=_mine(user, Role.CITY))
        | Q(organisation__review_city=None) & _below(_mine(user, Role.PROVINCE))
    )
    of_city = Q(role=Role.CITY, organisation__parent__in=_mine(user, Role.PROVINCE))
    found = Membership.objects.current().filter(of_department | of_base | of_city)
    ours = Q(pk__in=found.values("user")) | _administered(user)
    people: QuerySet[User] = User.objects.filter(ours).exclude(pk=user.pk)
    return people


def _administered(user: User) -> Q:
    """Everybody of the province whose system administrator ``user`` is: staff, former staff, trainees."""
    provinces = _mine(user, Role.ADMIN)
    below = Organisation.objects.filter(
        Q(pk__in=provinces) | Q(parent__in=provinces) | Q(parent__parent__in=provinces)
    )
    staff = Membership.objects.filter(organisation__in=below).values("user")
    trainees = Enrolment.objects.filter(base__in=below.filter(level=Level.BASE)).values("user")
    return Q(pk__in=staff) | Q(pk__in=trainees)


def _mine(user: User, role: Role) -> QuerySet[Membership]:
    return Membership.objects.where(user, role)


def _below(provinces: QuerySet[Membership]) -> Q:
    return Q(organisation__parent__in=provinces) | Q(organisation__parent__parent__in=provinces)
