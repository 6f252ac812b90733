"""What always holds of rotations: the figures are the ledger's, what is closed is signed and frozen.

Reads only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet

from zhupei.lib.invariants import Broken, chunks

from . import ledger
from .models import ExitAssessment, ExitSummary, Rotation, Tally

CHUNK = 200  # rotations with their logs in memory
FIGURES = ("required", "filled", "approved", "counted_filled", "counted_approved")
ROTATION = Rotation._meta.label_lower


def broken() -> Iterator[Broken]:
    """All that is wrong with any rotation of the site."""
    yield from of_tallies(Rotation.objects.all())
    yield from of_closed(Rotation.objects.all())
    yield from of_signers(Rotation.objects.all())


def of_tallies(rotations: QuerySet[Rotation]) -> Iterator[Broken]:
    """Every tally is what the ledger, counted anew, says; one that is not there counts nothing."""
    for keys in chunks(rotations.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        for rotation in ledger.loaded(Rotation.objects.filter(pk__in=keys)):
            if notes := list(_differences(rotation)):
                yield Broken("tallies-are-the-ledger's", ROTATION, rotation.pk, " ".join(notes))


def _differences(rotation: Rotation) -> Iterator[str]:
    tallies = {tally.indicator: tally for tally in rotation.tallies.all()}
    for account in ledger.of_rotation(rotation).accounts:
        tally = tallies.get(account.indicator) or Tally(indicator=account.indicator, required=0)
        for name in FIGURES:
            kept, counted = getattr(tally, name), getattr(account, name)
            if kept != counted:
                yield f"{account.indicator}.{name} {kept}≠{counted}"


def of_closed(rotations: QuerySet[Rotation]) -> Iterator[Broken]:
    """A closed rotation has both forms, complete, and what was frozen can be read; 历史数据 has neither."""
    closed = rotations.filter(closed_at__isnull=False, imported_at=None)
    whole = Q(summary__head_at__isnull=False, assessment__head_at__isnull=False)
    for pk in closed.exclude(whole).order_by("pk").values_list("pk", flat=True).iterator():
        yield Broken("what-is-closed-is-signed", ROTATION, pk)
    signed = closed.filter(assessment__head_at__isnull=False).order_by("pk")
    facts = signed.values_list("pk", "result", "assessment__overall", "assessment__frozen")
    for pk, result, overall, frozen in facts.iterator():
        if result != overall:
            yield Broken("the-result-is-that-of-the-form", ROTATION, pk, f"{result}≠{overall}")
        if not _is_readable(frozen):
            yield Broken("what-is-closed-is-frozen", ROTATION, pk)
    half = ExitAssessment.objects.filter(
        head_at__isnull=False, rotation__closed_at=None, rotation__in=rotations
    )
    for pk in half.order_by("pk").values_list("rotation", flat=True).iterator():
        yield Broken("what-is-confirmed-is-closed", ROTATION, pk)


def _is_readable(frozen: str) -> bool:
    try:
        return bool(json.loads(frozen)["indicators"])
    except (ValueError, KeyError, TypeError):
        return False


def of_signers(rotations: QuerySet[Rotation]) -> Iterator[Broken]:
    """Nobody signed both as teacher (or for the teacher) and as head, on whichever of the two forms."""
    forms = ("summary", "assessment")
    both = Q()
    for signed in forms:
        for headed in forms:
            for who in ("teacher", "on_behalf_by"):
                both |= Q(**{f"{signed}__{who}": F(f"{headed}__head")})
    for pk in rotations.filter(both).order_by("pk").values_list("pk", flat=True).iterator():
        yield Broken("nobody-signs-both-parts", ROTATION, pk)
    own = Q(teacher=F("rotation__enrolment__user")) | Q(head=F("rotation__enrolment__user"))
    for model in (ExitSummary, ExitAssessment):
        found = model.objects.filter(own, rotation__in=rotations).order_by("pk")
        for pk in found.values_list("rotation", flat=True).iterator():
            yield Broken("nobody-signs-the-own-forms", ROTATION, pk)
