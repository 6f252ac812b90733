"""Constraints with words, and rows that are checked by them."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


def known(
    field: str, choices: type[models.TextChoices] | Iterable[str], *, blank: bool = False
) -> models.CheckConstraint:
    """The database, too, accepts only the values of ``choices`` in ``field`` (and "" if ``blank``)."""
    values = list(choices.values) if isinstance(choices, type) else list(choices)
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known",
        condition=models.Q(**{f"{field}__in": [*values, ""] if blank else values}),
    )


def write(row: Row) -> Row:
    """Insert ``row`` and return it. Raises ValidationError.

    The constraints are the database's: to ask for each of them beforehand costs ten times the
    insert. Only when it refuses are they asked for, for their words.
    """
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    row.clean()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        row.full_clean()
        raise
    return row
