"""The service desk's telephones, as the settings name them."""

from django.conf import settings


def service_phones() -> list[dict[str, str]]:
    """``标签:号码`` pairs; a number alone has no label."""
    pairs = [pair.rpartition(":") for pair in settings.SERVICE_PHONES.split(",") if pair.strip()]
    return [{"label": label.strip(), "number": number.strip()} for label, _, number in pairs]
