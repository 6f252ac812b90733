"""How an upload place looks on a page: its state, its pages, and whether it takes a file now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhupei.imaging.flaws import FlawData
from zhupei.lib.verdicts import Verdict

from .models import Page

# What a browser offers to choose: by kind, and by name where it does not know the kind.
ACCEPT = (
    "image/jpeg,image/png,image/webp,image/heic,image/heif,image/tiff,application/pdf,"
    ".heic,.heif,.tif,.tiff,.pdf"
)


@dataclass(frozen=True, slots=True)
class PageView:
    """One page that lies there, with the addresses of its picture."""

    number: int
    alt: str
    thumb_url: str
    view_url: str
    pk: UUID
    flaws: Sequence[FlawData] = ()


@dataclass(frozen=True, slots=True)
class SlotView:
    """What ``web/parts/slot.html`` draws. ``state``: empty, ok, blocked, locked, later or na."""

    key: str
    name: str
    state: str
    status_text: str
    pages: list[PageView]
    upload_url: str
    upload_verdict: Verdict
    must: bool = False
    errors: Sequence[str] = ()  # why what was just sent was refused
    next_url: str = ""  # where a browser without scripts comes back to
    label: str = ""  # a short name, where a column has no head
    quiet_name: bool = False  # the name stands beside already
    single: bool = False  # takes one file at a time
    can_add: bool = True  # more pages may lie behind those there
    accept: str = ACCEPT
    note: str = ""  # where its pages come from, if not from the person
    phone_url: str = ""  # opens it to a phone; the page has a form #phone

    @property
    def anchor(self) -> str:
        return self.key

    @property
    def can_upload(self) -> bool:
        return bool(self.upload_verdict) and self.state != "na"


def slot_view(
    key: str,
    name: str,
    pages: Sequence[Page],
    *,
    pages_url: str,
    preview: str = "view/",
    upload_url: str,
    verdict: Verdict,
    absent: str = "empty",
    must: bool = False,
    errors: Sequence[str] = (),
    next_url: str = "",
    label: str = "",
    quiet_name: bool = False,
    single: bool = False,
    can_add: bool = True,
    note: str = "",
    phone_url: str = "",
) -> SlotView:
    """The place ``name`` with its standing ``pages``; ``absent`` is its state while nothing lies there.

    The owner of the slot serves a page at ``<pages_url><id>/small/`` and shows it at ``…/<preview>``.
    """
    state = "blocked" if errors else absent if not pages else "ok" if verdict else "locked"
    return SlotView(
        key=key,
        name=name,
        state=state,
        status_text="没有保存" if errors else _words(state, pages),
        pages=[_page_view(name, page, f"{pages_url}{page.pk}/", preview) for page in pages],
        upload_url=upload_url,
        upload_verdict=verdict,
        must=must,
        errors=errors,
        next_url=next_url,
        label=label,
        quiet_name=quiet_name,
        single=single,
        can_add=can_add,
        note=note,
        phone_url=phone_url,
    )


def _page_view(name: str, page: Page, address: str, preview: str) -> PageView:
    return PageView(
        number=page.number,
        alt=f"{name}第 {page.number} 页：预览",
        thumb_url=f"{address}small/",
        view_url=f"{address}{preview}",
        pk=page.pk,
        flaws=page.picture.flaws,
    )


def _words(state: str, pages: Sequence[Page]) -> str:
    if state == "later":
        return "未到出科，可后补"
    if state == "na":
        return "减免，不需要"
    if not pages:
        return "未上传"
    first = pages[0].picture
    size = f"{first.width}×{first.height} · {-(-first.size // 1024)} KB"
    shown = size if len(pages) == 1 else f"{len(pages)} 页"
    notes = "".join(f"，{note}" for note in first.notes) if len(pages) == 1 else ""
    flawed = any(page.picture.flaws for page in pages)
    word = "已锁定" if state == "locked" else "已上传" if flawed else "合格"
    return f"{word} · {shown}" if state == "locked" else f"{word} · {shown}{notes}"
