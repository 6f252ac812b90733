"""Where a field or a paper is filled in: the link behind every 未填写."""

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
        return f"{reverse('completion:application', args=[application.pk])}#register"
    if key in COMPUTED:
        return reverse("training:rotations")
    anchor = "education" if key in EDUCATION else f"id_{key}"
    return f"{reverse('training:profile')}?from={application.pk}#{anchor}"


def of_document(application: Application, kind: str) -> str:
    if kind == DocumentKind.PORTRAIT:
        return f"{reverse('training:profile')}?from={application.pk}#photo"
    return f"{reverse('completion:materials', args=[application.pk])}#{kind}"


def of_paper(application: Application, key: str) -> str:
    """``key`` is that of a rotation's paper in the content."""
    return f"{reverse('completion:materials', args=[application.pk])}#r-{key.partition(':')[0]}"
