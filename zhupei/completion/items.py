"""What a finding may point at: a field or a paper of a round, by its key. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhupei.training.choices import DocumentKind

from . import places
from .content import Content, Image, papers
from .models import Application, Pointed

FIELD, PAPER = "field:", "paper:"


@dataclass(frozen=True, slots=True)
class Target:
    """One item as a round froze it. ``state`` is what would differ after a change."""

    key: str
    label: str
    state: str
    images: list[Image]


def targets(content: Content) -> dict[str, Target]:
    """Every field and every paper of the round, in the order of the page."""
    fields = [
        Target(f"{FIELD}{field['key']}", field["label"], field["value"], [])
        for section in content["sections"]
        for field in section["fields"]
    ]
    found = [
        Target(
            f"{PAPER}{paper['key']}",
            paper["label"] if group == "证照" else f"{group} {paper['label']}",
            " ".join(image["address"] for image in paper["images"]),
            paper["images"],
        )
        for group, paper in papers(content)
    ]
    return {target.key: target for target in fields + found}


def link(application: Application, key: str) -> str:
    """Where the trainee changes the item."""
    kind, _, rest = key.partition(":")
    if f"{kind}:" == FIELD:
        return places.of_field(application, rest)
    if rest in DocumentKind.values:
        return places.of_document(application, rest)
    return places.of_paper(application, rest)


def composed(findings: Iterable[Pointed]) -> str:
    """The reasons of ``findings`` in their order, each once: what is printed in the brackets."""
    return "；".join(dict.fromkeys(finding.reason for finding in findings))
