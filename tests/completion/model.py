"""What domain §2 says about one application, written a second time: plain data, plain rules.

Nothing here comes from ``completion.rules``, ``windows`` or ``choices``: what the machine compares
must not be mistaken in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

LEASE = timedelta(minutes=30)
CORRECTION = 5  # working days
PAGES = 12  # of one paper
REVIEWED = ("base", "city", "province")


@dataclass(frozen=True)
class Calendar:
    """The season: who may act from when to when, the last second included."""

    opens: dict[str, datetime]  # "trainee", "base", "city", "province"
    closes: dict[str, datetime]
    supplements: date

    def correction(self, returned: datetime) -> datetime:
        day, left = returned.date(), CORRECTION
        while left:
            day += timedelta(days=1)
            left -= day.isoweekday() <= 5
        return min(datetime.combine(day, time(23, 59, 59), returned.tzinfo), self.closes["province"])


@dataclass
class Opinion:
    round: int
    level: str
    passes: bool
    by: str
    at: datetime
    stands: bool = True
    # The items it found wrong; no part of what tells two opinions apart in the database.
    on: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass
class Model:
    """One application; ``seats`` says for which levels each person may act."""

    calendar: Calendar
    route: tuple[str, ...]
    seats: dict[str, set[str]]
    rotations: dict[str, date]  # last day by name
    now: datetime
    stage: str = "draft"
    round: int = 0
    submitted: datetime | None = None
    since: datetime | None = None
    due: datetime | None = None
    withdrawn: bool = False
    holder: str | None = None
    held: datetime | None = None
    extended: datetime | None = None
    register: bool = True
    workplace: str = "first"  # as filled in; "" is missing
    diploma: int = 1
    locked: bool = False
    changed: datetime | None = None
    pages: dict[tuple[str, str], int] = field(default_factory=dict)
    owed: dict[str, bool] = field(default_factory=dict)  # rotations of this round to come later: confirmed?
    opinions: list[Opinion] = field(default_factory=list)
    frozen: dict[str, object] = field(default_factory=dict)  # the items of the last round
    asked: frozenset[str] = frozenset()  # what the return found wrong; empty: nothing in particular
    unlocked: set[str] = field(default_factory=set)
    explained: set[str] = field(default_factory=set)

    # --- The trainee ---------------------------------------------------------------------------------

    def may_edit(self, who: str) -> bool:
        return who == "trainee" and self.stage in ("draft", "returned")

    def items(self) -> dict[str, object]:
        """Each item as it stands; another picture is another number of pages here."""
        papers = {f"{rotation}:{kind}": count for (rotation, kind), count in self.pages.items()}
        return {**papers, "diploma": self.diploma, "workplace": self.workplace, "register": self.register}

    def is_by_item(self) -> bool:
        return self.stage == "returned" and not self.withdrawn and bool(self.asked)

    def is_open(self, item: str) -> bool:
        """After a return by item: what it names, what was asked for besides, and what was empty."""
        return not self.is_by_item() or item in self.asked | self.unlocked or not self.frozen.get(item)

    def unanswered(self) -> set[str]:
        if not self.is_by_item():
            return set()
        now = self.items()
        return {item for item in self.asked - self.explained if now.get(item) == self.frozen.get(item)}

    def may_explain(self, who: str, item: str) -> bool:
        return self.may_edit(who) and self.is_by_item() and item in self.asked

    def may_unlock(self, who: str, item: str) -> bool:
        return self.may_edit(who) and self.is_by_item() and not self.is_open(item)

    def may_lay(self, who: str, rotation: str, kind: str, count: int) -> bool:
        if count > PAGES:
            return False
        if rotation in self.owed and self.stage not in ("draft", "returned"):
            in_time = self.is_over(rotation) and self.now.date() <= self.calendar.supplements
            return who == "trainee" and not self.owed[rotation] and in_time
        return self.may_edit(who) and self.is_open(f"{rotation}:{kind}")

    def may_change_documents(self, who: str) -> bool:
        is_open = not self.locked or (self.is_by_item() and self.is_open("diploma"))
        return who == "trainee" and is_open

    def is_complete(self) -> bool:
        over = [name for name in self.rotations if self.is_over(name)]
        papers = all(self.pages.get((name, kind)) for name in over for kind in ("summary", "assessment"))
        return self.register and bool(self.workplace) and bool(self.diploma) and papers

    def is_over(self, rotation: str) -> bool:
        return self.rotations[rotation] < self.now.date()

    def last_second(self) -> datetime:
        """Until when the trainee may hand in."""
        closes = self.due or self.calendar.closes["trainee"]
        if self.extended is not None and self.extended > closes:
            closes = max(closes, min(self.extended, self.calendar.closes["province"]))
        return closes

    def may_submit(self, who: str, seen: int) -> bool:
        in_time = (
            self.calendar.opens["trainee"] <= self.now
            and self.now.replace(microsecond=0) <= self.last_second()
        )
        is_ready = self.is_complete() and not self.unanswered()
        return seen == self.round and self.may_edit(who) and in_time and is_ready

    def submit(self) -> None:
        self.frozen, self.asked, self.unlocked, self.explained = self.items(), frozenset(), set(), set()
        self.stage, self.round, self.submitted, self.locked = "base", self.round + 1, self.now, True
        self.since, self.due, self.withdrawn = self.now, None, False
        self.owed = {name: False for name in self.rotations if not self.is_over(name)}

    def may_withdraw(self, who: str) -> bool:
        in_time = self.now.replace(microsecond=0) <= self.last_second()
        return who == "trainee" and self.stage == "base" and self.held is None and in_time

    def withdraw(self) -> None:
        self.stage, self.since, self.withdrawn, self.locked = "returned", self.now, True, False

    # --- The offices -----------------------------------------------------------------------------------

    def may_claim(self, who: str, seen: int) -> bool:
        if self.stage not in REVIEWED or seen != self.round or not self.acts(who, self.stage):
            return False
        opens, closes = self.calendar.opens[self.stage], self.calendar.closes[self.stage]
        came_late = self.extended is not None and self.is_after(self.submitted, "trainee")
        if self.round > 1 or came_late:
            opens, closes = self.calendar.opens["trainee"], self.calendar.closes["province"]
        is_held = self.holder not in (None, who) and self.now <= self.held + LEASE
        return opens <= self.now and self.now.replace(microsecond=0) <= closes and not is_held

    def claim(self, who: str) -> None:
        self.holder, self.held = who, self.now

    def may_release(self, who: str) -> bool:
        return self.holder == who

    def release(self) -> None:
        self.holder = self.held = None

    def may_decide(self, who: str, level: str, seen: int) -> bool:
        return level == self.stage and self.may_claim(who, seen) and self.holder == who

    def acts(self, who: str, level: str) -> bool:
        """For that level, not for oneself, and at no other level of this application."""
        elsewhere = [opinion for opinion in self.opinions if opinion.by == who and opinion.level != level]
        return level in self.seats.get(who, ()) and who != "trainee" and not elsewhere

    def decide(self, who: str, level: str, passes: bool, on: frozenset[str] = frozenset()) -> None:
        for opinion in self.opinions:
            if (opinion.round, opinion.level) == (self.round, level):
                opinion.stands = False
        self.opinions.append(Opinion(self.round, level, passes, who, self.now, on=on))
        self.stage = self.after(level) if passes else "returned"
        self.asked, self.unlocked, self.explained = on, set(), set()
        self.since, self.holder, self.held, self.locked = self.now, None, None, passes or bool(on)
        self.due = None if passes else self.calendar.correction(self.now)

    def may_revise(self, who: str, opinion: Opinion) -> bool:
        reached = self.after(opinion.level) if opinion.passes else "returned"
        untouched = opinion.passes or self.changed is None or self.changed <= opinion.at
        return (
            opinion.stands
            and opinion.round == self.round
            and self.acts(who, opinion.level)
            and not self.is_after(self.now, "province")
            and self.stage == reached
            and not self.withdrawn
            and self.held is None
            and untouched
        )

    def may_confirm(self, who: str, rotation: str) -> bool:
        papers = all(self.pages.get((rotation, kind)) for kind in ("summary", "assessment"))
        is_open = self.owed.get(rotation) is False and self.stage not in ("draft", "returned")
        return is_open and papers and "base" in self.seats.get(who, ()) and who != "trainee"

    def may_extend(self, who: str, until: datetime) -> bool:
        in_time = not self.is_after(self.now, "province") and self.now < until
        seated = "province" in self.seats.get(who, ()) and who != "trainee"
        return seated and in_time and until <= self.calendar.closes["province"] and self.stage != "approved"

    # --- Small words ------------------------------------------------------------------------------------

    def after(self, level: str) -> str:
        return {**dict(zip(self.route, self.route[1:], strict=False)), self.route[-1]: "approved"}[level]

    def is_after(self, moment: datetime | None, window: str) -> bool:
        return moment is not None and moment.replace(microsecond=0) > self.calendar.closes[window]

    @property
    def pending(self) -> int:
        return sum(not confirmed for confirmed in self.owed.values())
