"""What an application says, as plain data: pages show it live, a submission freezes it, papers print it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NotRequired, TypedDict

from django.utils import timezone

from zhupei.files.models import Page
from zhupei.lib import months
from zhupei.training import fill_ratio
from zhupei.training.choices import DocumentKind, Indicator, PaperKind
from zhupei.training.models import Rotation, SignedPaper

from . import fields
from .dossier import Dossier

ORDER = {kind: number for number, kind in enumerate(Indicator.values)}


class Field(TypedDict):
    key: str
    label: str
    value: str  # as shown; "" reads 未填写
    must: bool


class Section(TypedDict):
    title: str
    fields: list[Field]


class Image(TypedDict):
    page: str  # id of files.Page
    address: str  # SHA-256 of the stored JPG
    width: int
    height: int
    size: int  # bytes
    number: int


class Archive(TypedDict):
    """A signed paper kept by the base: ``attested`` is the day of 与原件一致, "" of 历史数据 that was not.

    ``signed``: the day on which the last of the signers signed with a stored signature.
    """

    by: str  # the base
    attested: str
    note: str
    signed: NotRequired[str]


class Paper(TypedDict):
    """A certificate, the portrait, or one signed paper of a rotation.

    ``state``: due, later (未到出科), exempt (减免) or optional. ``archive`` is there when the pages
    are the base's.
    """

    key: str
    label: str
    state: str
    images: list[Image]
    archive: NotRequired[Archive]


class Counted(TypedDict):
    """One of the four indicators, in cases (例)."""

    label: str
    required: int
    filled: int
    approved: int


class Stay(TypedDict):
    """A rotation with its two papers and what the ledger says: the first rounds have no ``indicators``."""

    key: str
    name: str
    dates: str
    months: str
    state: str
    papers: list[Paper]
    indicators: NotRequired[list[Counted]]
    filled: NotRequired[str]
    approved: NotRequired[str]


class Content(TypedDict):
    name: str
    sections: list[Section]
    documents: list[Paper]
    rotations: list[Stay]


def describe(dossier: Dossier) -> Content:
    """The application as it stands now."""
    return Content(
        name=dossier.user.full_name,
        sections=[
            Section(
                title=title,
                fields=[
                    Field(key=key, label=label, value=value, must=must) for key, label, value, must in rows
                ],
            )
            for title, rows in fields.sections(dossier)
        ],
        documents=[
            Paper(
                key=asked.kind.value,
                label=DocumentKind(asked.kind).label,
                state="due" if asked.must else "optional",
                images=images(dossier.documents.get(asked.kind, [])),
            )
            for asked in dossier.asked
        ],
        rotations=[_stay(dossier, rotation) for rotation in dossier.rotations],
    )


def papers(content: Content) -> Iterator[tuple[str, Paper]]:
    """Every paper with the name of its group ("证照" or the rotation)."""
    for document in content["documents"]:
        yield "证照", document
    for stay in content["rotations"]:
        for paper in stay["papers"]:
            yield stay["name"], paper


def value_of(content: Content, key: str) -> str:
    """The shown value of one field; "" if there is none."""
    found = (f["value"] for section in content["sections"] for f in section["fields"] if f["key"] == key)
    return next(found, "")


def count_papers(content: Content) -> tuple[int, int]:
    """(papers that have pages, pages)."""
    filled = [paper for _, paper in papers(content) if paper["images"]]
    return len(filled), sum(len(paper["images"]) for paper in filled)


def percent(dossier: Dossier) -> tuple[str, str]:
    """数据填写比例 and 数据审核比例 as printed."""
    return fill_ratio.shown(dossier.ratios.filled), fill_ratio.shown(dossier.ratios.approved)


def _stay(dossier: Dossier, rotation: Rotation) -> Stay:
    state = "exempt" if rotation.exempted_at else "due" if dossier.is_due(rotation) else "later"
    filled, approved = ratios(rotation, dossier.today)
    return Stay(
        key=str(rotation.pk),
        name=str(rotation),
        dates=rotation.dates,
        months=months.plain(months.two_decimals(rotation.months_until(dossier.today))),
        state=state,
        papers=[_paper(dossier, rotation, kind, state) for kind in PaperKind],
        indicators=[
            Counted(
                label=str(Indicator(tally.indicator).label),
                required=tally.required,
                filled=tally.filled,
                approved=tally.approved,
            )
            for tally in sorted(rotation.tallies.all(), key=lambda tally: ORDER[tally.indicator])
        ],
        filled=filled,
        approved=approved,
    )


def ratios(rotation: Rotation, today: date) -> tuple[str, str]:
    """数据填写比例 and 数据审核比例 of one rotation as shown; — before it begins."""
    if not fill_ratio.counts(rotation, today):
        return fill_ratio.shown(None), fill_ratio.shown(None)
    found = fill_ratio.of_rotation(rotation)
    return fill_ratio.shown(found.filled), fill_ratio.shown(found.approved)


def _paper(dossier: Dossier, rotation: Rotation, kind: PaperKind, state: str) -> Paper:
    paper = Paper(
        key=f"{rotation.pk}:{kind.value}",
        label=str(kind.label),
        state=state,
        images=images(dossier.papers_of(rotation, kind)),
    )
    if kept := dossier.archive_of(rotation, kind):
        paper["archive"] = archive(kept, dossier.enrolment.base.name)
    return paper


def archive(kept: SignedPaper, base: str) -> Archive:
    """How a paper of the base is shown: whose it is, since when it is attested, and the reason."""
    attested = f"{timezone.localdate(kept.attested_at)}" if kept.attested_at else ""
    found = Archive(by=base, attested=attested, note=kept.attested_note)
    if kept.signed_at:
        found["signed"] = f"{timezone.localdate(kept.signed_at)}"
    return found


def archive_words(kept: Archive) -> str:
    """已由基地存档, or signed in the platform, in one line."""
    if kept.get("signed") and not kept["attested"]:
        return f"{kept['signed']} 已在平台签名，不用再上传"
    if not kept["attested"]:
        return "已由基地存档（历史数据）"
    reason = f"：{kept['note']}" if kept["note"] else ""
    return f"已由基地存档，{kept['attested']} 核对，与原件一致{reason}"


def images(pages: list[Page]) -> list[Image]:
    """The pages of one paper as plain data."""
    return [
        Image(
            page=str(page.pk),
            address=page.picture.address,
            width=page.picture.width,
            height=page.picture.height,
            size=page.picture.size,
            number=page.number,
        )
        for page in pages
    ]
