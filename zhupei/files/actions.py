"""Everything that can happen to the pages of a slot, and to a file of rows that is to be imported.

Whether it may is asked by whoever owns the slot, or the rows.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.imaging.flaws import Flaw
from zhupei.imaging.rules import MOST_PAGES
from zhupei.lib.columns import Fault, Row
from zhupei.lib.verdicts import Refused

from . import storage
from .importing import EXPIRED, Line, Mode, Outcome, faults_of, only_faulty
from .intake import Fitted
from .models import Import, Page, Picture, Slot

PREVIEW_KEPT = timedelta(hours=2)
REPORT_KEPT = timedelta(hours=24)
ORPHANS_KEPT = timedelta(days=1)  # an upload under way gets its row long before
IMPORTS_OF_ONE = 5  # of one person at a time


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
def clear(slot: Slot) -> None:
    """Take every page out of its slot; they stay in the history."""
    slot = _take(slot)
    slot.pages.filter(removed_at=None).update(removed_at=timezone.now())
    _touch(slot)


def keep_picture(fitted: Fitted, *, by: User) -> Picture:
    """A picture that lies in no slot."""
    return _picture(fitted, by)


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


def sweep_orphans() -> int:
    """``sweep`` what has been lying about for a day."""
    return sweep(older_than=(timezone.now() - ORPHANS_KEPT).timestamp())


@transaction.atomic
def note_look(picture: Picture, flaws: Iterable[Flaw], *, checks: int) -> bool:
    """What version ``checks`` of the look found in a stored picture; False if one as new has been noted."""
    older = Picture.objects.filter(pk=picture.pk, checks__lt=checks)
    is_news = bool(older.update(flaws=[flaw.data() for flaw in flaws], checks=checks))
    if is_news:
        record("files.picture.looked_at_again", picture, by=None, before=picture.checks, checks=checks)
    return is_news


@transaction.atomic
def keep_import(
    *,
    by: User,
    kind: str,
    name: str,
    content: Mapping[str, Any],
    outcome: Outcome,
    subject: UUID | None = None,
) -> Import:
    """Keep what a file says, and what it would do, until its owner confirms; the oldest of too many go."""
    mine = Import.objects.visible_to(by).order_by("-made_at", "-id")
    Import.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[IMPORTS_OF_ONE - 1 :])).delete()
    now = timezone.now()
    return Import.objects.create(
        owner=by,
        kind=kind,
        subject=subject,
        name=name,
        content=json.dumps(content, ensure_ascii=False),
        outcome=outcome.dumped(),
        made_at=now,
        expires_at=now + PREVIEW_KEPT,
    )


@transaction.atomic
def confirm_import(kept: Import, *, mode: Mode, act: Callable[[Mode], Outcome]) -> Import:
    """Do what was shown, once. In mode ALL a row that fails by now leaves all as it was, to be shown again.

    Raises Refused if it has expired.
    """
    kept = Import.objects.select_for_update().get(pk=kept.pk)
    if kept.done_at is not None:
        return kept
    now = timezone.now()
    if kept.expires_at < now:
        raise Refused(EXPIRED)
    outcome = act(mode)
    kept.outcome = outcome.dumped()
    if mode is Mode.REST or not outcome.faults:
        kept.done_at, kept.expires_at = now, now + REPORT_KEPT
        kept.content = only_faulty(kept.content, outcome)  # of people no more than the report needs
    kept.save()
    return kept


def forget_imports() -> int:
    """Delete what nobody confirmed, and old reports; returns how many."""
    return Import.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def carry_out(rows: Iterable[Row], act: Callable[[Row], Line], mode: Mode) -> Outcome:
    """``act`` on one row after the other, each by itself; what was refused comes back as faults.

    TRIAL takes everything back, ALL does if one row was refused, REST keeps the others.
    """
    lines: list[Line] = []
    faults: list[Fault] = []
    with transaction.atomic():
        for row in rows:
            try:
                with transaction.atomic():
                    lines.append(act(row))
            except (Refused, ValidationError) as error:
                faults += faults_of(row, error)
        if mode is Mode.TRIAL or (mode is Mode.ALL and faults):
            transaction.set_rollback(True)
    return Outcome(tuple(lines), tuple(faults))


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
