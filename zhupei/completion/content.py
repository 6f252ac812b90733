"""What an application says, as plain data: pages show it live, a submission freezes it, papers print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from zhupei.files.models import Page
from zhupei.lib import months
from zhupei.training import fill_ratio
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Rotation

from . import fields
from .dossier import Dossier


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


class Paper(TypedDict):
    """A certificate, the portrait, or one signed paper of a rotation.

    ``state``: due, later (未到出科), exempt (减免) or optional.
    """

    key: str
    label: str
    state: str
    images: list[Image]


class Stay(TypedDict):
    """A rotation with its two papers."""

    key: str
    name: str
    dates: str
    months: str
    state: str
    papers: list[Paper]


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
    return Stay(
        key=str(rotation.pk),
        name=str(rotation),
        dates=rotation.dates,
        months=months.plain(months.two_decimals(rotation.months_until(dossier.today))),
        state=state,
        papers=[
            Paper(
                key=f"{rotation.pk}:{kind.value}",
                label=PaperKind(kind).label,
                state=state,
                images=images(dossier.papers_of(rotation, kind)),
            )
            for kind in PaperKind
        ],
    )


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
