"""Everything that can happen to what offices tell and offer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.organisations.models import Organisation

from . import rules
from .models import Announcement


@transaction.atomic
def publish(
    issuer: Organisation, *, by: User | None, title: str, body: str, at: datetime | None = None
) -> Announcement:
    """发布公告: everybody can read it from ``at`` on, at once if no time is given. Raises Refused."""
    if by is not None:
        rules.may_publish(by, issuer).or_raise()
    announcement = Announcement(
        issuer=issuer, title=title.strip(), body=body.strip(), published_at=at or timezone.now()
    )
    announcement.full_clean()
    announcement.save()
    record("support.announcement.published", announcement, by=by, at=announcement.published_at.isoformat())
    return announcement
