"""Everything that can happen to a season."""

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.audit.log import record

from ..models import Season


@transaction.atomic
def open_season(*, by: User | None, **fields: object) -> Season:
    """Set up a 考核年度 with its windows. ``fields`` are those of ``Season``. Raises ValidationError."""
    season = Season(**fields)
    season.full_clean()
    season.save()
    record("completion.season.opened", season, by=by, year=season.year)
    return season
