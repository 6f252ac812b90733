"""Making 轮转方案: as a whole or not at all, never changed once somebody is trained by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Specialty

from .. import rules
from ..models import Requirement, Scheme, SchemeDepartment
from ..planning import Item
from .storing import store


@dataclass(frozen=True, slots=True)
class DepartmentOf:
    """A department of a scheme to be made; an empty ``elective_group`` is 必轮, an item "" is any."""

    name: str
    months: Decimal
    items: tuple[Item, ...] = ()
    elective_group: str = ""


@transaction.atomic
def make_scheme(
    specialty: Specialty,
    *,
    by: User | None,
    name: str,
    grade_from: int,
    departments: Sequence[DepartmentOf],
    years: int = 3,
    is_sample: bool = False,
) -> Scheme:
    """Make the next version of the scheme of ``specialty`` for those from ``grade_from`` on.

    The months add up to the scheme's. Raises Refused, ValidationError; nothing is half made.
    """
    if by is not None:
        rules.may_keep_schemes(by).or_raise()
    if not departments:
        raise Refused("方案里还没有科室")
    Specialty.objects.select_for_update(no_key=True).values_list("pk").get(pk=specialty.pk)
    earlier = Scheme.objects.filter(specialty=specialty, grade_from=grade_from)
    last = earlier.aggregate(last=Max("version"))["last"] or 0
    scheme = store(
        Scheme(
            specialty=specialty,
            grade_from=grade_from,
            version=last + 1,
            name=name,
            years=years,
            total_months=sum((department.months for department in departments), Decimal(0)),
            is_sample=is_sample,
            made_at=timezone.now(),
        )
    )
    _fill(scheme, departments)
    record("training.scheme.made", scheme, by=by, version=scheme.version)
    return scheme


@transaction.atomic
def remake_scheme(scheme: Scheme, *, by: User, name: str, departments: Sequence[DepartmentOf]) -> Scheme:
    """Change what a scheme says while nobody is trained by it. Raises Refused, ValidationError."""
    Scheme.objects.select_for_update(no_key=True).values_list("pk").get(pk=scheme.pk)
    scheme = Scheme.objects.get(pk=scheme.pk)
    rules.may_change_scheme(by, scheme).or_raise()
    if not departments:
        raise Refused("方案里还没有科室")
    scheme.name = name
    scheme.total_months = sum((department.months for department in departments), Decimal(0))
    scheme.full_clean()
    scheme.save()
    _empty(scheme)
    _fill(scheme, departments)
    record("training.scheme.remade", scheme, by=by)
    return scheme


@transaction.atomic
def drop_scheme(scheme: Scheme, *, by: User) -> None:
    """Take away a scheme that nobody is trained by."""
    Scheme.objects.select_for_update(no_key=True).values_list("pk").get(pk=scheme.pk)
    scheme = Scheme.objects.get(pk=scheme.pk)
    rules.may_change_scheme(by, scheme).or_raise()
    record("training.scheme.dropped", scheme, by=by)
    _empty(scheme)
    scheme.delete()


def _empty(scheme: Scheme) -> None:
    Requirement.objects.filter(scheme_department__scheme=scheme).delete()
    scheme.departments.all().delete()


def _fill(scheme: Scheme, departments: Sequence[DepartmentOf]) -> None:
    for number, row in enumerate(departments, start=1):
        made = store(
            SchemeDepartment(
                scheme=scheme,
                number=number,
                name=row.name,
                months=row.months,
                elective_group=row.elective_group,
            )
        )
        requirements = [
            Requirement(
                scheme_department=made, number=place, indicator=indicator, item=item, required=required
            )
            for place, (indicator, item, required) in enumerate(row.items, start=1)
        ]
        _check(row, requirements)
        Requirement.objects.bulk_create(requirements)


def _check(row: DepartmentOf, requirements: Sequence[Requirement]) -> None:
    seen: set[tuple[str, str]] = set()
    for requirement in requirements:
        same = (requirement.indicator, requirement.item)
        if same in seen:
            raise Refused(f"{row.name}：{requirement.item or requirement.get_indicator_display()}重复")
        seen.add(same)
        if requirement.required < 0:
            raise Refused(f"{row.name}：{requirement.item}的应完成数不能小于 0")
        requirement.clean_fields(exclude={"scheme_department"})
