"""More bases and reviewers than the small demo has: 示范医院 in every city, and somebody at every desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import cycle

from zhupei.accounts.models import User
from zhupei.organisations.actions import appoint, found
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Department, Membership, Organisation, Specialty, SpecialtyBase

from . import schemes
from .crowd import FIRST, SURNAMES
from .places import TRAINED, Places

MOST_BASES = 30
Reviewers = dict[str, Iterator[User]]  # by name of the organisation, whose turn it is


def gather(*, bases: int) -> Places:
    """What the small demo founded, and as many bases as are asked for, at most MOST_BASES."""
    cities = list(Organisation.objects.filter(level=Level.CITY).order_by("code"))
    there = Organisation.objects.filter(level=Level.BASE).count()
    for number in range(there, min(bases, MOST_BASES)):
        _base(cities[number % len(cities)], number + 1)
    organisations = Organisation.objects.select_related("review_city", "parent__parent")
    return Places(
        organisations={one.name: one for one in organisations},
        specialties={one.code: one for one in Specialty.objects.all()},
        departments={(one.base.name, one.name): one for one in Department.objects.select_related("base")},
    )


def _base(city: Organisation, number: int) -> None:
    base = found(
        by=None,
        name=f"{city.short_name}第{number}示范医院",
        short_name=f"{city.short_name}示范{number}",
        code=f"{city.code}-{number:02}",
        level=Level.BASE,
        parent=city,
        review_city=city,
        phone=f"027-5555-{1000 + number}",
    )
    specialties = Specialty.objects.filter(code__in=TRAINED)
    SpecialtyBase.objects.bulk_create(SpecialtyBase(base=base, specialty=one) for one in specialties)
    names = {name for code in TRAINED for name in schemes.departments_of(code)}
    Department.objects.bulk_create(Department(base=base, name=name) for name in sorted(names))


def reviewers(places: Places, *, password: str, since: date) -> Reviewers:
    """Who reviews where; a desk without anybody gets one. ``password`` is a hash."""
    sitting: dict[str, list[User]] = defaultdict(list)
    for seat in Membership.objects.filter(role__in=REVIEWER_OF.values()).select_related("user"):
        name = next(n for n, one in places.organisations.items() if one.pk == seat.organisation_id)
        sitting[name].append(seat.user)
    for number, (name, organisation) in enumerate(places.organisations.items()):
        if name not in sitting:
            user = User(
                full_name=f"{SURNAMES[number % len(SURNAMES)]}{FIRST[number % len(FIRST)]}",
                phone=f"137{number:08}",
                password=password,
            )
            user.full_clean()
            user.save()
            appoint(user, REVIEWER_OF[Level(organisation.level)], organisation, by=None, start_date=since)
            sitting[name].append(user)
    return {name: cycle(users) for name, users in sitting.items()}
