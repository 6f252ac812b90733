"""补交 of an application: what is still to come, what has come, what the base has confirmed. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from zhupei.files.models import Page
from zhupei.training.choices import PaperKind

from . import dossier
from .models import Application, Supplement


@dataclass(frozen=True)
class Later:
    """One rotation that was not finished at the submission, with the papers that have come since."""

    supplement: Supplement
    papers: dict[str, list[Page]]  # by PaperKind
    today: date

    @property
    def is_complete(self) -> bool:
        return all(self.papers.get(kind) for kind in PaperKind)

    @property
    def state(self) -> str:
        """done (confirmed), waiting (for the base), missing (the trainee's turn) or later (not ended)."""
        if self.supplement.confirmed_at:
            return "done"
        if self.is_complete:
            return "waiting"
        return "missing" if self.supplement.rotation.has_ended(self.today) else "later"

    @property
    def words(self) -> str:
        rotation = self.supplement.rotation
        return {
            "done": "基地已确认",
            "waiting": "已补交，等基地确认",
            "missing": "已出科，请补交出科小结和出科考核表",
            "later": f"未到出科（{rotation.end_date}），可后补",
        }[self.state]

    @property
    def seen(self) -> str:
        """The pages on the screen, as one text: what is confirmed is what was looked at."""
        return ",".join(str(page.pk) for kind in PaperKind for page in self.papers.get(kind, []))


def of(application: Application, *, today: date) -> list[Later]:
    """Those of the current round; three queries, none for an application without any."""
    if not application.round:
        return []
    rows = list(Supplement.objects.of_round(application))
    papers = _papers(application, [row.rotation_id for row in rows]) if rows else {}
    return [Later(row, papers.get(row.rotation_id, {}), today) for row in rows]


def _papers(application: Application, rotations: list[UUID]) -> dict[UUID, dict[str, list[Page]]]:
    found: dict[UUID, dict[str, list[Page]]] = defaultdict(lambda: defaultdict(list))
    pages = Page.objects.standing().filter(
        slot__material__application=application, slot__material__rotation__in=rotations
    )
    for page in pages.select_related("picture", "slot__material"):
        material = page.slot.material
        found[material.rotation_id][material.kind].append(page)
    for (rotation, kind), kept in dossier.archived(Q(rotation__in=rotations), application.season).items():
        found[rotation].setdefault(kind, kept)
    return found
