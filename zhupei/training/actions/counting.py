"""The summaries of the log: whoever changes an entry counts its rotation anew, in the same transaction."""

from collections.abc import Mapping

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.audit.log import record

from .. import ledger
from ..choices import Indicator
from ..models import Rotation, Tally
from .storing import hold_rotation

FIGURES = ("required", "filled", "approved", "counted_filled", "counted_approved")


@transaction.atomic
def recount(rotation: Rotation) -> None:
    """Bring the four tallies of ``rotation`` in step with its ledger. No event: nothing was decided."""
    _count(rotation, {})


@transaction.atomic
def count(rotation: Rotation, *, by: User | None, done: Mapping[Indicator, tuple[int, int]]) -> None:
    """Take over totals from the platform used before (历史数据): cases (filled, approved) by indicator.

    They replace those taken over earlier, and count beside the entries of the log.
    """
    hold_rotation(rotation)
    _count(rotation, done)
    record("training.rotation.counted", rotation, by=by)


def _count(rotation: Rotation, imported: Mapping[Indicator, tuple[int, int]]) -> None:
    rotation = ledger.loaded(Rotation.objects.filter(pk=rotation.pk)).get()
    tallies = {tally.indicator: tally for tally in rotation.tallies.all()}
    for indicator, (filled, approved) in imported.items():
        tallies[indicator].imported_filled, tallies[indicator].imported_approved = filled, approved
    for account in ledger.of_rotation(rotation).accounts:
        tally = tallies.get(account.indicator) or Tally(rotation=rotation, indicator=account.indicator)
        figures = {name: getattr(account, name) for name in FIGURES}
        differs = any(getattr(tally, name) != value for name, value in figures.items())
        if differs or account.indicator in imported or account.indicator not in tallies:
            for name, value in figures.items():
                setattr(tally, name, value)
            tally.save()
