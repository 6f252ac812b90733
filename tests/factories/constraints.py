"""The constraints of an app by name, so that a test can ask for each of them."""

import re

from django.apps import apps
from django.db import models


def of(app: str) -> dict[str, str]:
    """Name → what the database says when it refuses; without the ``known`` ones, which the house tests."""
    return {
        constraint.name: f"{constraint.name}|{_columns(model, constraint)}"
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if not constraint.name.endswith("_known")
    }


def _columns(model: type[models.Model], constraint: models.BaseConstraint) -> str:
    """SQLite names the columns of a unique constraint, not the constraint."""
    if not isinstance(constraint, models.UniqueConstraint):
        return constraint.name
    columns = [model._meta.get_field(name).column for name in constraint.fields]
    return re.escape(", ".join(f"{model._meta.db_table}.{column}" for column in columns)) + "$"
