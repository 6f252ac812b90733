"""A place is opened to a phone, pictures come, it is closed again."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from uuid_utils.compat import uuid7

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.files.intake import Fitted

from . import places, rules, tokens
from .models import HandOff
from .places import Place

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(days=1)  # after the end, to count by


@transaction.atomic
def open_to_phone(place: Place, *, back: str = "") -> HandOff:
    """A new code for ``place``, opened on the page ``back``; the one before ends. Raises Refused."""
    now = timezone.now()
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=place.owner.pk)
    place.verdict(now).or_raise()
    mine = HandOff.objects.filter(owner=place.owner)
    rules.may_open(mine.filter(opened_at__gt=now - timedelta(hours=1)).count()).or_raise()
    same = {"kind": place.kind, "application": place.application, "rotation": place.rotation}
    mine.filter(**same, ended_at=None).update(ended_at=now)
    key = uuid7()
    hand_off = HandOff(
        id=key,
        owner=place.owner,
        **same,
        back=back or place.back_url,
        digest=tokens.digest(tokens.token_of(key)),
        opened_at=now,
        expires_at=now + LIFETIME,
    )
    hand_off.save(force_insert=True)
    record("handoff.opened", hand_off, by=place.owner, kind=place.kind, **_paper(place))
    return hand_off


def try_once(hand_off: HandOff) -> None:
    """Something is sent: counted before it is looked at, which costs. Raises Refused."""
    rules.may_use(hand_off, timezone.now()).or_raise()
    HandOff.objects.filter(pk=hand_off.pk).update(tries=F("tries") + 1)


@transaction.atomic
def lay(hand_off: HandOff, pictures: Sequence[Fitted], *, replace: bool) -> list[str]:
    """Lay what the phone sent, as the owner would; returns the ids of the new pages. Raises Refused."""
    hand_off = _take(hand_off)
    rules.may_use(hand_off, timezone.now()).or_raise()
    paper = places.of(hand_off).lay(pictures, replace=replace)
    latest = paper.slot.pages.filter(removed_at=None).order_by("-number")[: len(pictures)]
    pages = [str(pk) for pk in reversed(latest.values_list("pk", flat=True))]
    hand_off.pages = [*hand_off.pages, *pages]
    hand_off.save(update_fields=["pages"])
    record("handoff.pictures.laid", paper, by=hand_off.owner, hand_off=str(hand_off.pk), pages=pages)
    return pages


@transaction.atomic
def end(hand_off: HandOff, *, by: User | None) -> None:
    """停用: by the owner on the PC, or (``by`` None) by whoever is done on the phone."""
    hand_off = _take(hand_off)
    if hand_off.ended_at is None:
        hand_off.ended_at = timezone.now()
        hand_off.save(update_fields=["ended_at"])
        record("handoff.ended", hand_off, by=by)


def forget_hand_offs() -> int:
    """Delete those of yesterday; returns how many."""
    return HandOff.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]


def _take(hand_off: HandOff) -> HandOff:
    HandOff.objects.select_for_update().values_list("pk").get(pk=hand_off.pk)
    return HandOff.objects.with_place().get(pk=hand_off.pk)


def _paper(place: Place) -> dict[str, str]:
    if place.application is None or place.rotation is None:
        return {}
    return {"application": str(place.application.pk), "rotation": str(place.rotation.pk)}
