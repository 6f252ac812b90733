from collections.abc import Iterable

from django.db import models


def known(
    field: str, choices: type[models.TextChoices] | Iterable[str], *, blank: bool = False
) -> models.CheckConstraint:
    """The database, too, accepts only the values of ``choices`` in ``field`` (and "" if ``blank``)."""
    values = list(choices.values) if isinstance(choices, type) else list(choices)
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known",
        condition=models.Q(**{f"{field}__in": [*values, ""] if blank else values}),
    )
