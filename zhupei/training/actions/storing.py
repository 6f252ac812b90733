"""How a row is kept: held while it is changed, checked in full before it is stored."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from zhupei.accounts.fields import BlindIndexField
from zhupei.accounts.models import User
from zhupei.lib.constraints import write

from ..models import Rotation

Row = TypeVar("Row", bound=models.Model)


def hold(user: UUID) -> None:
    """Keep the person's whole record for this transaction; what is read after this is what stands.

    One row is taken for all of it, and read in a statement of its own: PostgreSQL gives whoever
    waited for a row its newest state, but the rows joined to it as they were before. Whoever
    takes several takes them in this order: season, enrolment, rotation, application, person, slot.
    """
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user)


def refuse_others(fields: Mapping[str, Any], allowed: set[str]) -> None:
    """A field that is not the caller's to change is a mistake of ours, not of the person."""
    if others := fields.keys() - allowed:
        raise ValueError(f"not to be changed here: {', '.join(sorted(others))}")


def assign(row: models.Model, fields: Mapping[str, Any]) -> list[str]:
    """Set and store those ``fields`` that differ; their names come back for the log."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, fields[name])
        row.full_clean(exclude=_unconcerned(row, changed))
        row.save()
    return changed


def _unconcerned(row: models.Model, changed: list[str]) -> set[str]:
    """The fields of ``row`` that need no new look: those without a constraint in common with ``changed``."""
    indexes = [field for field in row._meta.fields if isinstance(field, BlindIndexField)]
    concerned = {*changed, *(index.name for index in indexes if index.source in changed)}
    for constraint in row._meta.constraints:
        names = set(getattr(constraint, "fields", ()))
        if condition := getattr(constraint, "condition", None):
            names |= condition.referenced_base_fields
        if names & concerned:
            concerned |= names
    return {field.name for field in row._meta.fields} - concerned


def store(row: Row) -> Row:
    """Write a new row, its constraints said in words. Raises ValidationError."""
    return write(row)


def hold_rotation(rotation: Rotation) -> Rotation:
    """Keep the rotation for this transaction, and read it afresh with its exit forms and people."""
    hold_rotations([rotation.pk])
    return Rotation.objects.with_exit().get(pk=rotation.pk)


def hold_rotations(keys: Iterable[UUID]) -> None:
    """Keep several, in one order for everybody; after their enrolment, before anything of theirs."""
    held = Rotation.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk")
    list(held.values_list("pk"))
