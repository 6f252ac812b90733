from django.db import models, transaction

from .models import Event


def record(verb: str, subject: models.Model, *, by: models.Model | None, **facts: object) -> Event:
    """Write down that ``by`` did ``verb`` to ``subject``; ``by=None`` means the system.

    Must be called inside the transaction that does the deed, so that neither the deed
    nor its record can exist without the other. Raises RuntimeError outside one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record() outside a transaction")
    return Event.objects.create(
        verb=verb,
        actor_id=by.pk if by else None,
        actor=str(by)[:100] if by else "系统",
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:200],
        facts=facts,
    )
