"""下载中心: the sheets we set ourselves. The same settings give the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from django.urls import reverse

from zhupei.training import papers
from zhupei.training.choices import PaperKind


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file everybody may take."""

    name: str
    title: str
    typeset: Callable[[], bytes]

    @property
    def url(self) -> str:
        return reverse("support:sheet", args=[self.name])

    @property
    def size(self) -> int:
        """In bytes."""
        return len(pdf(self.name))


SHEETS = (
    *(
        Sheet(kind.value, f"{kind.label}（空白样表）", partial(papers.paper, kind))
        for kind in (PaperKind.ASSESSMENT, PaperKind.SUMMARY)
    ),
    Sheet("pictures", papers.PICTURE_RULES, papers.picture_rules),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}


@cache
def pdf(name: str) -> bytes:
    """The sheet as a PDF, set once by each process."""
    return BY_NAME[name].typeset()
