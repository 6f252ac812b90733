"""An answer to "may I?" that can explain itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why not, and the way out: ``link`` leads to the place, ``link_text`` names it."""

    text: str
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed; otherwise ``items`` say, to the person, why not and what to do."""

    items: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return not self.items

    def __str__(self) -> str:
        return "；".join(item.text for item in self.items)

    def or_raise(self) -> None:
        """Raise ``Refused`` with all reasons unless allowed."""
        if self.items:
            raise Refused(self)


class Refused(Exception):
    """A domain rule said no. The message is in Chinese and fit for the screen."""

    def __init__(self, verdict: Verdict | str) -> None:
        self.verdict = verdict if isinstance(verdict, Verdict) else no(verdict)
        super().__init__(str(self.verdict))


class Conflict(Refused):
    """Somebody else, or another tab, was faster: what was on the screen no longer holds (409)."""


def no(text: str, *, link: str = "", link_text: str = "") -> Verdict:
    """A refusal with one reason."""
    return Verdict((Reason(text, link, link_text),))


ALLOWED = Verdict()
