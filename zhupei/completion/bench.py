"""What a reviewer has on the screen: one frozen round, its items, and what changed since the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.files.models import Page
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Membership
from zhupei.training.choices import PaperKind

from . import figures, items, snapshot, supplements
from .choices import Outcome
from .content import Content, Image, Paper, Section, archive_words, images, papers
from .figures import Live
from .items import Target
from .models import Application, DraftFinding, Finding, Review, Submission
from .supplements import Later


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: a part of the data or a paper.

    ``state``: done, changed, finding, missing, later, na.
    """

    key: str
    group: str
    label: str
    state: str
    note: str
    images: list[Image]
    before: list[Image]  # the previous round's, if they differ
    is_changed: bool = False
    archive: str = ""  # whose pages they are, if the base keeps them


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from the previous round."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Bench:
    application: Application
    submission: Submission
    content: Content
    previous: Content | None  # the round this office last decided on, otherwise the one before
    compared: int  # its number; 0 in the first round
    warnings: list[str]
    reviews: list[Review]
    supplements: list[Later]
    seat: Level | None
    item_key: str
    live: Live
    drafts: list[DraftFinding]  # what this reviewer noted of the round
    only_changed: bool = False

    @classmethod
    def load(
        cls,
        application: Application,
        *,
        user: User,
        seat: Level | None,
        item: str,
        today: date,
        only_changed: bool = False,
    ) -> Bench:
        """Rounds, reviews with findings, supplements with pages, today's figures: eight queries at most."""
        reviews = list(Review.objects.history(application))
        last = application.round
        wanted = (last, _seen_before(reviews, seat, last))
        rounds = list(application.submissions.filter(round__in=wanted).order_by("-round"))
        return cls(
            application=application,
            submission=rounds[0],
            content=snapshot.thaw(rounds[0].content),
            previous=snapshot.thaw(rounds[1].content) if len(rounds) > 1 else None,
            compared=rounds[1].round if len(rounds) > 1 else 0,
            warnings=snapshot.warnings_of(rounds[0].content),
            reviews=reviews,
            supplements=supplements.of(application, today=today),
            seat=seat,
            item_key=item,
            live=figures.now(application.enrolment, today),
            drafts=list(DraftFinding.objects.noted_by(user, rounds[0])),
            only_changed=only_changed and len(rounds) > 1,
        )

    @cached_property
    def items(self) -> list[Item]:
        """Every paper, certificates first, each with its state."""
        before = (
            {paper["key"]: paper["images"] for _, paper in papers(self.previous)} if self.previous else None
        )
        flagged = {draft.item for draft in self.drafts}
        frozen = [
            _item(group, paper, before, flagged=f"{items.PAPER}{paper['key']}" in flagged)
            for group, paper in papers(self.content)
        ]
        return frozen + [item for later in self.supplements for item in _supplied(later)]

    @cached_property
    def shown(self) -> list[Item]:
        """The items of the list: all, or those that differ from ``previous`` or were found wrong now."""
        if not self.only_changed:
            return self.items
        return [item for item in self.items if item.is_changed or item.state == "finding"]

    @cached_property
    def groups(self) -> list[tuple[str, list[Item]]]:
        """The items under their headings, in order; exceptions stand first, a second time nowhere."""
        found: dict[str, list[Item]] = {}
        for item in self.shown:
            found.setdefault(item.group, []).append(item)
        return list(found.items())

    @cached_property
    def item(self) -> Item:
        """The item on the screen: the one asked for, otherwise the first with a picture."""
        found = self.shown or self.items
        asked = [item for item in found if item.key == self.item_key]
        return (asked or [item for item in found if item.images] or found)[0]

    @cached_property
    def targets(self) -> list[Target]:
        """The fields a finding may point at; the papers are pointed at where they are shown."""
        found = items.targets(self.content).values()
        return [target for target in found if target.key.startswith(items.FIELD)]

    @property
    def marked(self) -> str:
        """The item on the screen as a finding names it; "" of one handed in after the submission."""
        return "" if self.item.key.startswith("later:") else f"{items.PAPER}{self.item.key}"

    @property
    def composed(self) -> str:
        """What the findings noted so far would be printed as."""
        return items.composed(self.drafts)

    @cached_property
    def flaws(self) -> list[str]:
        """What a machine noticed of the pictures on the screen, page by page: one query."""
        pages = {image["page"]: image["number"] for image in self.item.images}
        if not pages:
            return []
        found = Page.objects.filter(pk__in=pages).values_list("pk", "picture__flaws")
        noticed = sorted((pages[str(pk)], flaw["text"]) for pk, flaws in found for flaw in flaws)
        return [f"第 {number} 页：{text}" if len(pages) > 1 else text for number, text in noticed]

    @property
    def neighbours(self) -> tuple[str, str]:
        """Keys of the items before and after the one on the screen; "" at the ends."""
        keys = [item.key for item in self.shown]
        if self.item.key not in keys:
            return ("", "")
        at = keys.index(self.item.key)
        return (keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else "")

    @cached_property
    def changes(self) -> list[Change]:
        """The fields that differ from the previous round."""
        if self.previous is None:
            return []
        old = {f["key"]: f["value"] for section in self.previous["sections"] for f in section["fields"]}
        return [
            Change(f["label"], old.get(f["key"], ""), f["value"])
            for section in self.content["sections"]
            for f in section["fields"]
            if old.get(f["key"], "") != f["value"]
        ]

    @property
    def earlier_returns(self) -> list[Review]:
        """The standing 不通过 since the round that is compared with: why there is another one."""
        since = min(self.compared, self.submission.round - 1)
        return [
            review
            for review in self.reviews
            if review.superseded_at is None
            and review.outcome == Outcome.FAIL
            and since <= review.submission.round < self.submission.round
        ]

    @property
    def asked(self) -> list[Finding]:
        """The findings on items of those returns, with their answers."""
        return [finding for review in self.earlier_returns for finding in review.on_items]

    @property
    def compared_words(self) -> str:
        """How the round that is compared with is called."""
        return "上一轮" if self.compared == self.submission.round - 1 else f"第 {self.compared} 次提交"

    @cached_property
    def figures_now(self) -> dict[str, str]:
        """The figures that are no longer those of the round, as they are now."""
        return figures.changed(self.content, self.live)

    @cached_property
    def figures(self) -> list[figures.Row]:
        """The indicators of every rotation as frozen, each with the way to its ledger."""
        own = self.application.pk
        return figures.rows(self.content, self.live, lambda key: reverse("review:ledger", args=[own, key]))

    @property
    def sections(self) -> list[Section]:
        return self.content["sections"]

    @property
    def page_count(self) -> int:
        return sum(len(item.images) for item in self.items)

    @property
    def changed_count(self) -> int:
        """Fields and papers that differ from the previous round."""
        return len(self.changes) + sum(item.is_changed for item in self.items)

    @property
    def total(self) -> int:
        """Fields and papers of the round."""
        return sum(len(section["fields"]) for section in self.sections) + len(self.items)

    @property
    def may_confirm(self) -> bool:
        """Supplements are the base's to confirm."""
        return self.seat == Level.BASE

    @cached_property
    def own_review(self) -> Review | None:
        """The standing opinion of the reviewer's office on this round."""
        mine = [
            review
            for review in self.reviews
            if review.superseded_at is None
            and review.level == self.seat
            and review.submission_id == self.submission.pk
        ]
        return mine[0] if mine else None


def _seen_before(reviews: Sequence[Review], seat: Level | None, last: int) -> int:
    """The round before ``last`` that the office of ``seat`` decided on last; otherwise the one before."""
    decided = [review.submission.round for review in reviews if review.level == seat]
    return max([number for number in decided if number < last], default=last - 1)


def seat_of(user: User, application: Application) -> Level | None:
    """For which level of this application's route the person sits here: the one whose turn it is, if any."""
    seats = set(Membership.objects.current().filter(user=user).values_list("role", "organisation_id"))
    levels = [
        Level(stage.value)
        for stage in application.route
        if (REVIEWER_OF[Level(stage.value)].value, application.reviewer(stage).pk) in seats
    ]
    awaited = [level for level in levels if level == application.stage]
    return next(iter(awaited or levels[-1:]), None)


def _item(group: str, paper: Paper, before: dict[str, list[Image]] | None, *, flagged: bool) -> Item:
    old = before.get(paper["key"], []) if before is not None else paper["images"]
    changed = [image["address"] for image in old] != [image["address"] for image in paper["images"]]
    if changed:
        state, note = "changed", "有改动"
    elif paper["images"]:
        state, note = "done", ""
    else:
        state, note = _absent(paper)
    if flagged:
        state, note = "finding", "有问题"
    return Item(
        paper["key"],
        group,
        paper["label"],
        state,
        note,
        paper["images"],
        old if changed else [],
        is_changed=changed,
        archive=archive_words(paper["archive"]) if "archive" in paper else "",
    )


def _supplied(later: Later) -> list[Item]:
    """The papers that came after the submission."""
    rotation = later.supplement.rotation
    return [
        Item(
            key=f"later:{rotation.pk}:{kind.value}",
            group=f"补交 · {rotation}",
            label=PaperKind(kind).label,
            state="done",
            note="补交",
            images=images(later.papers[kind]),
            before=[],
        )
        for kind in PaperKind
        if later.papers.get(kind)
    ]


def _absent(paper: Paper) -> tuple[str, str]:
    words = {"later": ("later", "未到出科"), "exempt": ("na", "减免"), "optional": ("na", "未传（选传）")}
    return words.get(paper["state"], ("missing", "未上传"))
