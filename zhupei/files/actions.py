"""Everything that can happen to the pages of a slot. Whether it may is asked by the slot's owner."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.imaging.rules import MOST_PAGES
from zhupei.lib.verdicts import Refused

from . import storage
from .intake import Fitted
from .models import Page, Picture, Slot


@transaction.atomic
def lay(slot: Slot, pictures: Sequence[Fitted], *, by: User, replace: bool) -> list[Page]:
    """Lay ``pictures`` into the slot, behind those there or instead. Raises Refused above the limit."""
    slot = _take(slot)
    now = timezone.now()
    if replace and pictures:
        slot.pages.filter(removed_at=None).update(removed_at=now)
    numbers = list(slot.pages.filter(removed_at=None).values_list("number", flat=True))
    if len(numbers) + len(pictures) > MOST_PAGES:
        raise Refused(f"一份材料最多 {MOST_PAGES} 页，现已有 {len(numbers)} 页")
    first = max(numbers, default=0) + 1
    pages = [
        Page(slot=slot, picture=_picture(fitted, by), number=number, added_by=by, added_at=now)
        for number, fitted in enumerate(pictures, start=first)
    ]
    Page.objects.bulk_create(pages)
    _touch(slot)
    return pages


@transaction.atomic
def remove(page: Page) -> None:
    """Take a page out of its slot; it stays in the history. Raises Refused if it is out already."""
    slot = _take(page.slot)
    if not slot.pages.filter(pk=page.pk, removed_at=None).update(removed_at=timezone.now()):
        raise Refused("这一页已经不在了，页面已更新")
    _touch(slot)


@transaction.atomic
def set_aside(slot: Slot, fitted: Fitted, *, by: User) -> Page:
    """Keep a picture that may not stand in the slot's history, so that it can be mended."""
    slot, now = _take(slot), timezone.now()
    page = Page(slot=slot, picture=_picture(fitted, by), number=1, added_by=by, added_at=now, removed_at=now)
    page.save(force_insert=True)
    return page


@transaction.atomic
def exchange(page: Page, fitted: Fitted, *, by: User) -> Page:
    """Put ``fitted`` where ``page`` lies; that stays in the history. Raises Refused if it is out already."""
    slot, now = _take(page.slot), timezone.now()
    if not slot.pages.filter(pk=page.pk, removed_at=None).update(removed_at=now):
        raise Refused("这一页已经不在了，页面已更新")
    new = Page(slot=slot, picture=_picture(fitted, by), number=page.number, added_by=by, added_at=now)
    new.save(force_insert=True)
    _touch(slot)
    return new


def sweep(*, older_than: float) -> int:
    """Delete stored bytes, half-written ones too, that no row speaks of, written before ``older_than``.

    Returns how many. ``older_than`` is seconds since 1970, long enough ago for an upload
    under way to have got its row.
    """
    swept = 0
    for path in storage.files():
        # asked twice: while the database was asked, the same picture may have come again
        if _is_old(path, older_than) and not _is_known(path.name) and _is_old(path, older_than):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _is_old(path: Path, older_than: float) -> bool:
    try:
        return path.stat().st_mtime < older_than
    except FileNotFoundError:  # it was half-written, and is whole by now
        return False


def _is_known(address: str) -> bool:
    known = Picture.objects.filter(address=address) | Picture.objects.filter(thumbnail=address)
    return known.exists()


def _picture(fitted: Fitted, by: User) -> Picture:
    accepted = fitted.accepted
    return Picture.objects.create(
        address=fitted.address,
        thumbnail=fitted.thumbnail,
        width=accepted.width,
        height=accepted.height,
        size=len(accepted.jpeg),
        original_sha256=accepted.original_sha256,
        original_size=accepted.original_size,
        original_name=fitted.name,
        notes=list(accepted.notes),
        flaws=[flaw.data() for flaw in accepted.flaws],
        checks=accepted.checks,
        stored_by=by,
    )


def _take(slot: Slot) -> Slot:
    return Slot.objects.select_for_update().get(pk=slot.pk)


def _touch(slot: Slot) -> None:
    slot.changed_at = timezone.now()
    slot.save(update_fields=["changed_at"])
