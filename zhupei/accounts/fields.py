"""Personal data at rest: sealed values, and blind indexes that find them again."""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.db import models

from zhupei.lib.sealing import KeyRing

if TYPE_CHECKING:  # the stubs' classes are generic, Django's own are not
    TextField: TypeAlias = models.TextField[str, str]
    CharField: TypeAlias = models.CharField[str, str]
else:
    from django.db.models import CharField, TextField


@cache
def key_ring() -> KeyRing:
    """The keys of this site, read once. Never inside a backup (docs/operate/install.md)."""
    return KeyRing.from_json(settings.KEYS_FILE.read_text(encoding="utf-8"))


class SealedTextField(TextField):
    """Text that the database only ever sees encrypted (AES-256-GCM, bound to table and column)."""

    description = "Text, encrypted"

    @property
    def context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else key_ring().seal(str(value), context=self.context)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if value is None else key_ring().unseal(value, context=self.context)


class BlindIndexField(CharField):
    """HMAC of another field, kept in step with it; finds a sealed value by equality.

    ``source`` names the sealed field; with ``last``, only that many of its last
    characters are indexed (search by the last four of an ID number).
    """

    def __init__(self, *args: Any, source: str = "", last: int = 0, **kwargs: Any) -> None:
        self.source, self.last = source, last
        super().__init__(*args, **{"max_length": 64, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "last": self.last}

    def blind(self, value: str) -> str:
        """What the column holds for ``value``, to be compared in a filter."""
        context = f"{self.model._meta.db_table}.{self.column}"
        return key_ring().blind(value[-self.last :], context=context)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        index = self.blind(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, index)
        return index
