"""Rows on their way into the database, many at once.

``bulk_create`` builds a statement of at most 999 values each time; one prepared statement per table
(``executemany``) takes a third of its time. The values go through the same functions of the fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    CharField,
    ForeignKey,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
    UUIDField,
)

Getter = Callable[[Model], Any]
AS_IT_IS = (CharField, TextField, PositiveIntegerField, PositiveSmallIntegerField)


class Rows:
    """Collects rows of any models and writes them, parents before children."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Model]] = defaultdict(list)

    def add(self, *rows: Model) -> None:
        for row in rows:
            self._waiting[type(row)].append(row)

    def extend(self, rows: Iterable[Model]) -> None:
        self.add(*rows)

    def write(self) -> None:
        """Write what has been collected. Call it inside a transaction."""
        for model in apps.get_models():
            if rows := self._waiting.pop(model, []):
                _insert(model, rows)


def _insert(model: type[Model], rows: list[Model]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    quote = database.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours
    getters = [_getter(field, database) for field in fields]
    values = [[get(row) for get in getters] for row in rows]
    with database.cursor() as cursor:
        cursor.executemany(sql, values)


def _getter(field: Any, database: BaseDatabaseWrapper) -> Getter:
    """What the column holds for a row; plain ids, texts and numbers without a detour."""
    plain = field.target_field if isinstance(field, ForeignKey) else field
    value = attrgetter(field.attname)
    if type(plain) in AS_IT_IS or (type(plain) is UUIDField and database.features.has_native_uuid_field):
        return value
    if type(plain) is UUIDField:
        return lambda row: key.hex if (key := value(row)) is not None else None
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection=database)
