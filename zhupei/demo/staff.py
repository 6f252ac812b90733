"""The people who have a role, and whose turn it is among colleagues."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import cycle

from zhupei.accounts.actions import create_user, set_password
from zhupei.accounts.models import User
from zhupei.organisations.actions import appoint
from zhupei.organisations.choices import REVIEWER_OF
from zhupei.organisations.models import Organisation

from .people import OFFICIALS, PASSWORD, Official
from .places import Places


class Staff:
    """Everybody with a role; ``next_at`` shares the work of an office among its reviewers."""

    def __init__(self, places: Places, *, since: date) -> None:
        reviewers: dict[str, list[User]] = defaultdict(list)
        for official in OFFICIALS:
            user = _hire(official, places, since)
            if official.role in REVIEWER_OF.values():
                reviewers[official.organisation].append(user)
        self._turns: dict[str, Iterator[User]] = {name: cycle(users) for name, users in reviewers.items()}

    def next_at(self, organisation: Organisation) -> User:
        """The reviewer of ``organisation`` whose turn it is."""
        return next(self._turns[organisation.name])


def _hire(official: Official, places: Places, since: date) -> User:
    user = create_user(by=None, full_name=official.name, phone=official.phone)
    set_password(user, password=PASSWORD, by=user)
    appoint(
        user,
        official.role,
        places.organisations[official.organisation],
        by=None,
        start_date=since,
        department=places.departments.get((official.organisation, official.department)),
    )
    return user
