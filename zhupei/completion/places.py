"""Where a field or a paper is filled in: the link behind every 未填写."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from zhupei.training.choices import DocumentKind

from .models import Application

BY_BASE = {"full_name", "sex", "id_kind", "id_number", "birth_date", "person_type"}
BY_BASE |= {"category", "specialty", "base", "partner_base", "grade", "years", "training_dates"}
BY_BASE |= {"completion_year", "resit", "reduction"}
COMPUTED = {"months", "filled", "approved"}
EDUCATION = {"level", "degree", "school", "major", "graduated_date", "diploma_number", "degree_number"}


def of_field(application: Application, key: str) -> str:
    """The address of the field; it goes there and comes back (``next``)."""
    if key == "register_status":
        return f"{_address('completion:application', application.pk)}#register"
    if key in COMPUTED:
        return _address("training:rotations")
    anchor = "education" if key in EDUCATION else f"id_{key}"
    return f"{_address('training:profile')}?from={application.pk}#{anchor}"


def of_document(application: Application, kind: str) -> str:
    if kind == DocumentKind.PORTRAIT:
        return f"{_address('training:profile')}?from={application.pk}#photo"
    return f"{_address('completion:materials', application.pk)}#{kind}"


def of_paper(application: Application, key: str) -> str:
    """``key`` is that of a rotation's paper in the content."""
    return f"{_address('completion:materials', application.pk)}#r-{key.partition(':')[0]}"


@lru_cache(maxsize=256)
def _address(name: str, *keys: UUID) -> str:
    """A page links to seventy places on three pages."""
    return reverse(name, args=keys)
