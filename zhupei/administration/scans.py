"""Scanned papers between their upload and the word of confirmation: stored pictures, kept as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zhupei.files import intake, storage
from zhupei.files.importing import content_of, given_of
from zhupei.files.intake import Fitted
from zhupei.files.models import Import
from zhupei.imaging.intake import Accepted, Rejected
from zhupei.imaging.rules import PAPER
from zhupei.lib.columns import Fault, Sheet, read_texts
from zhupei.lib.verdicts import Refused

from .history_sheet import PAPERS, PaperName, shown

FACTS = ("width", "height", "kind", "original_sha256", "original_size", "notes")


def taken_in(scans: Sequence[tuple[str, bytes]]) -> tuple[Sheet, dict[int, Fitted]]:
    """The names as rows, in their order; the pictures that fit, stored. A name is looked at first."""
    texts, faults, pictures = {}, [], {}
    for number, (name, data) in enumerate(sorted(scans), start=1):
        texts[number] = (name[:300],)
        try:
            paper = PaperName.read(name)
            pictures[number] = intake.keep(data, PAPER, name=f"{paper.kind.label}.jpg")
        except Refused as refusal:
            faults.append(Fault(number, "", f"{shown(name)}：{refusal}"))
        except Rejected as rejected:
            faults.append(Fault(number, "", f"{shown(name)}：{rejected}"))
    return read_texts(texts, PAPERS.columns, faults=faults), pictures


def kept_content(sheet: Sheet, pictures: Mapping[int, Fitted]) -> dict[str, Any]:
    """What ``Import`` keeps of them: the pictures lie in the storage already."""
    facts = {number: _facts(fitted) for number, fitted in pictures.items()}
    return content_of(sheet, pictures=json.dumps(facts))


def pictures_of(kept: Import) -> dict[int, Fitted]:
    """The stored pictures again, by row."""
    facts = json.loads(given_of(kept)["pictures"])
    return {int(number): _fitted(it) for number, it in facts.items()}


def _facts(fitted: Fitted) -> dict[str, Any]:
    of_picture = {name: getattr(fitted.accepted, name) for name in FACTS}
    return {"address": fitted.address, "thumbnail": fitted.thumbnail, "name": fitted.name, **of_picture}


def _fitted(facts: dict[str, Any]) -> Fitted:
    accepted = Accepted(
        jpeg=storage.get(facts["address"]),
        thumbnail=b"",
        notes=tuple(facts["notes"]),
        **{name: facts[name] for name in FACTS if name != "notes"},
    )
    return Fitted(accepted, facts["address"], facts["thumbnail"], facts["name"])
