"""修改清单: what a return asks for, what of it is done, and what may be changed meanwhile. Reads only.

With findings on single items only those, and what proves or depends on them, are open; a return without
them, or with a reason that concerns the whole application, opens everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhupei.training.choices import DocumentKind

from . import items, snapshot
from .choices import Stage
from .content import Content
from .items import FIELD, PAPER, Target
from .models import Answer, Application, Finding, Submission, Unlocking

REGISTER = f"{FIELD}register_status"
# The papers that show what stands in these fields: one is hardly right without the other.
PROOFS = {
    DocumentKind.DIPLOMA: ("level", "school", "major", "graduated_date", "diploma_number"),
    DocumentKind.DEGREE: ("degree", "degree_number"),
    DocumentKind.LICENCE: ("qualified_date", "licence_level", "licence_category", "certificate_code"),
    DocumentKind.ID_FRONT: ("full_name", "sex", "id_kind", "id_number", "birth_date"),
    DocumentKind.ID_BACK: ("id_kind", "id_number"),
}


@dataclass(frozen=True, slots=True)
class Fix:
    """One finding on an item, and what the trainee did about it."""

    finding: Finding
    link: str
    changed: bool
    explanation: str
    old: str  # of a field: what was handed in
    new: str

    @property
    def is_answered(self) -> bool:
        return self.changed or bool(self.explanation)

    @property
    def state(self) -> str:
        return "done" if self.is_answered else "missing"

    @property
    def is_field(self) -> bool:
        return self.finding.item.startswith(FIELD)


@dataclass(frozen=True, slots=True)
class FixList:
    """``shut`` are the items that stay as they were handed in."""

    fixes: tuple[Fix, ...] = ()
    shut: tuple[Target, ...] = ()
    unlocked: tuple[Unlocking, ...] = ()
    opens_all: bool = True

    def is_open(self, item: str) -> bool:
        return item not in {target.key for target in self.shut}

    def at(self, item: str) -> list[Fix]:
        """The findings on one item."""
        return [fix for fix in self.fixes if fix.finding.item == item]

    @property
    def unanswered(self) -> list[Fix]:
        return [fix for fix in self.fixes if not fix.is_answered]

    @property
    def answered(self) -> list[Fix]:
        return [fix for fix in self.fixes if fix.is_answered]

    @property
    def open_kinds(self) -> list[str]:
        """The certificates that may be changed."""
        return [kind for kind in DocumentKind.values if self.is_open(f"{PAPER}{kind}")]


EVERYTHING = FixList()  # is open, and nothing in particular is asked for


def of(application: Application, live: Content | None = None) -> FixList:
    """The list of the return that is to be mended; ``live`` is the application as it stands now.

    Without ``live`` nothing counts as changed. At most three queries, none while nothing is returned.
    """
    if application.stage != Stage.RETURNED or application.is_withdrawn:
        return EVERYTHING
    asking = Finding.objects.asking(application).select_related("review__organisation", "answer")
    findings = list(asking.defer("review__submission__content"))
    on_items = [finding for finding in findings if finding.item]
    if not on_items:
        return EVERYTHING
    submission = application.submissions.get(round=application.round)
    unlocked = list(submission.unlockings.order_by("id"))
    frozen = items.targets(snapshot.thaw(submission.content))
    opens_all = len(on_items) < len(findings)
    return FixList(
        fixes=tuple(_fixes(application, on_items, frozen, live)),
        shut=() if opens_all else tuple(_shut(frozen, on_items, unlocked)),
        unlocked=tuple(unlocked),
        opens_all=opens_all,
    )


def answers(fixes: FixList, submission: Submission) -> list[Answer]:
    """What the round says about each finding; those with an explanation exist already."""
    given = []
    for fix in fixes.answered:
        answer = _answer_of(fix.finding) or Answer(finding=fix.finding)
        answer.changed, answer.submission = fix.changed, submission
        given.append(answer)
    return given


def _fixes(
    application: Application, findings: list[Finding], frozen: dict[str, Target], live: Content | None
) -> list[Fix]:
    now = items.targets(live) if live else frozen
    found = []
    for finding in findings:
        old, new, answer = frozen.get(finding.item), now.get(finding.item), _answer_of(finding)
        before, after = old.state if old else "", new.state if new else ""
        link = items.link(application, finding.item)
        explanation = answer.explanation if answer else ""
        found.append(Fix(finding, link, before != after, explanation, before, after))
    return found


def _answer_of(finding: Finding) -> Answer | None:
    return getattr(finding, "answer", None)


def _shut(frozen: dict[str, Target], findings: list[Finding], unlocked: list[Unlocking]) -> list[Target]:
    """Every paper that has pages, and the register, unless it was found wrong or asked for.

    Other fields are the person's own record in 个人中心, which is never closed.
    """
    wanted = {finding.item for finding in findings} | {one.item for one in unlocked}
    for kind, fields in PROOFS.items():
        if wanted & {f"{FIELD}{field}" for field in fields}:
            wanted.add(f"{PAPER}{kind}")
    return [
        target
        for target in frozen.values()
        if target.key not in wanted and (target.images or target.key == REGISTER)
    ]
