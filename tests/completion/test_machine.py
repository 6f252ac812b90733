"""Anybody does anything at any time: the site and ``model`` agree after each step, nothing is ever broken.

A few people in ``make test``, always the same; ``EXAMPLES=1000`` before it tries many more, others each time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import factories as made
from tests.completion.model import REVIEWED, Calendar, Model, Opinion
from tests.factories import clock
from tests.factories.clock import at
from zhupei.accounts.models import User
from zhupei.completion import invariants, supplements
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import fixes as fixing
from zhupei.completion.actions import marks as marking
from zhupei.completion.actions import review as reviews
from zhupei.completion.actions import season as seasons
from zhupei.completion.actions import supplement as late
from zhupei.completion.choices import Outcome, ReasonCode, RegisterStatus
from zhupei.completion.models import Application, Finding, Review, Supplement
from zhupei.files import invariants as files
from zhupei.files.models import Page
from zhupei.lib.verdicts import Refused
from zhupei.organisations.choices import Level, Role
from zhupei.training import actions as training
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Profile

EXAMPLES = int(os.environ.get("EXAMPLES") or 0)
IN_MAKE_TEST, STEPS = 20, 40

BEGIN = at(2026, 5, 11, 9)  # a Monday; nothing but Mondays to Fridays matters to a correction
CALENDAR = Calendar(
    opens={
        "trainee": at(2026, 5, 11, 8), "base": at(2026, 5, 11, 9),
        "city": at(2026, 5, 11, 10), "province": at(2026, 5, 12, 8),
    },
    closes={
        "trainee": at(2026, 5, 22, 23, 59, 59), "base": at(2026, 5, 26, 23, 59, 59),
        "city": at(2026, 5, 29, 23, 59, 59), "province": at(2026, 6, 9, 18),
    },
    supplements=at(2026, 6, 30).date(),
)  # fmt: skip
EDGES = sorted({*CALENDAR.opens.values(), *CALENDAR.closes.values()})
SECOND = timedelta(seconds=1)
SEATS = {
    "base": {"base"}, "colleague": {"base"}, "city": {"city"}, "province": {"province"},
    "both": {"base", "city"}, "all": {"base", "city", "province"}, "trainee": {"base", "province"},
}  # fmt: skip
PEOPLE = (*SEATS, "stranger")
ROLES = {"base": Role.BASE, "city": Role.CITY, "province": Role.PROVINCE}

people = st.sampled_from(PEOPLE)
mostly_passes = st.sampled_from([True, True, False])
mostly_the_trainee = st.sampled_from(["trainee"] * 5 + ["stranger", "base"])
mostly_now = st.sampled_from([0] * 8 + [-1, 1])  # how far off the round on the screen is
counts = st.sampled_from([1, 1, 1, 2, 12])  # pages
ITEMS = ("past:summary", "past:assessment", "diploma", "workplace", "register")
items = st.sampled_from(ITEMS)
mostly_in_general = st.one_of(st.just(frozenset()), st.frozensets(items, max_size=2))
papers = st.tuples(st.sampled_from(("past", "running")), st.sampled_from(("summary", "assessment")))


class World:
    """One complete draft and everybody around it, made once; each example is rolled back to it."""

    def __init__(self, *, with_city: bool) -> None:
        city = made.CityFactory()
        base = made.BaseFactory(parent=city, review_city=city if with_city else None)
        self.route = ("base", "city", "province") if with_city else ("base", "province")
        season = made.season(
            province=base.province,
            **{f"{who}_opens_at": moment for who, moment in CALENDAR.opens.items()},
            **{f"{who}_closes_at": moment for who, moment in CALENDAR.closes.items()},
            supplement_date=CALENDAR.supplements,
        )
        application = made.draft(base=base, in_season=season)
        self.pk, self.season, self.enrolment = application.pk, season, application.enrolment
        self.rotations = {
            "past": self.enrolment.rotations.get(),
            "running": made.rotation(self.enrolment, days_ago=23),
        }
        self.people: dict[str, User] = {
            "trainee": application.trainee,
            "stranger": made.reviewer(made.BaseFactory()),
        }
        places = {"base": base, "city": city, "province": base.province}
        for who, levels in SEATS.items():
            user = self.people.setdefault(who, made.UserFactory())
            for level in levels:
                made.MembershipFactory(user=user, organisation=places[level], role=ROLES[level])

    @property
    def application(self) -> Application:
        return made.again(Application(pk=self.pk))


class Machine(RuleBasedStateMachine):
    worlds: ClassVar[dict[bool, World]]
    patch: ClassVar[pytest.MonkeyPatch]

    def __init__(self) -> None:
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.world = self.worlds[True]
        self.model = self._fresh_model()
        self.it_is(BEGIN)

    def teardown(self) -> None:
        assert list(files.broken(quick=True)) == []
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    def _fresh_model(self) -> Model:
        ends = {name: rotation.end_date for name, rotation in self.world.rotations.items()}
        pages = {("past", kind): 1 for kind in ("summary", "assessment")}
        return Model(CALENDAR, self.world.route, SEATS, ends, now=BEGIN, pages=pages)

    def it_is(self, moment: datetime) -> None:
        self.model.now = clock.stop(self.patch, moment)

    def person(self, who: str) -> User:
        return User.objects.get(pk=self.world.people[who].pk)

    def agree(self, allowed: bool, deed: Callable[[], Any]) -> bool:
        """The site does it exactly when the model says so."""
        refusal = None
        try:
            with transaction.atomic():
                deed()
        except (Refused, ValidationError) as error:
            refusal = error
        assert allowed == (refusal is None), f"the model says {allowed}, the site: {refusal or 'done'}"
        return allowed

    # --- Time ---------------------------------------------------------------------------------------------

    @initialize(with_city=st.booleans(), how_far=st.sampled_from([0, 1, 1, 1, 2, 2, 3]))
    def begin(self, with_city: bool, how_far: int) -> None:
        self.world = self.worlds[with_city]
        self.model = self._fresh_model()
        if how_far:
            self.submit("trainee", 0)
        for _ in range(1, how_far):
            self.be_decided_in_time_by_whose_turn_it_is(True)

    @rule(minutes=st.sampled_from([1, 29, 31, 90, 24 * 60, 3 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.it_is(self.model.now + timedelta(minutes=minutes))

    @rule(seconds=st.sampled_from([-1, 0, 1]), which=st.integers(0, 9))
    def come_to_an_edge(self, seconds: int, which: int) -> None:
        """A second before, at, or a second after the next opening, closing or deadline."""
        edges = [
            *EDGES,
            self.model.due,
            self.model.extended,
            self.model.held and self.model.held + timedelta(minutes=30),
        ]
        ahead = sorted(edge for edge in edges if edge and edge + seconds * SECOND > self.model.now)
        if ahead:
            self.it_is(ahead[which % min(2, len(ahead))] + seconds * SECOND)

    # --- The trainee --------------------------------------------------------------------------------------

    @rule(who=mostly_the_trainee, what=st.integers(0, 5), paper=papers, yes=st.booleans(), count=counts)
    def change_something(self, who: str, what: int, paper: tuple[str, str], yes: bool, count: int) -> None:
        (
            lambda: self.set_register(who, yes),
            lambda: self.edit_a_field(who, yes),
            lambda: self.lay_a_paper(who, paper, yes, count),
            lambda: self.remove_a_page(who, paper),
            lambda: self.replace_the_diploma(who),
            lambda: self.remove_the_diploma(who),
        )[what]()

    def set_register(self, who: str, done: bool) -> None:
        status = RegisterStatus.DONE if done else RegisterStatus.UNDONE
        application, user = self.world.application, self.person(who)
        if self.agree(
            self.model.may_edit(who) and self.model.is_open("register"),
            lambda: trainees.set_register(application, by=user, status=status),
        ):
            self.model.register, self.model.changed = done, self.model.now

    def edit_a_field(self, who: str, filled: bool) -> None:
        """个人中心 stays open: a submission has frozen its own."""
        profile, user = Profile.objects.get(user=self.world.people["trainee"]), self.person(who)
        value = "江城医院" if filled else ""
        if self.agree(who == "trainee", lambda: training.update_record(profile, by=user, workplace=value)):
            self.model.workplace, self.model.changed = value, self.model.now

    def lay_a_paper(self, who: str, paper: tuple[str, str], replace: bool, count: int) -> None:
        rotation, kind = paper
        total = count + (0 if replace else self.model.pages.get(paper, 0))
        deed = lambda: trainees.lay_paper(  # noqa: E731
            self.world.application, self.world.rotations[rotation], PaperKind(kind), [made.fitted()] * count,
            by=self.person(who), replace=replace,
        )  # fmt: skip
        if self.agree(self.model.may_lay(who, rotation, kind, total), deed):
            self.model.pages[paper], self.model.changed = total, self.model.now

    def remove_a_page(self, who: str, paper: tuple[str, str]) -> None:
        page = self.standing(paper).first()
        if page is None:
            return
        application, user = self.world.application, self.person(who)
        if self.agree(
            self.model.may_edit(who) and self.model.is_open(":".join(paper)),
            lambda: trainees.remove_paper_page(application, page, by=user),
        ):
            self.model.pages[paper] -= 1
            self.model.changed = self.model.now

    def replace_the_diploma(self, who: str) -> None:
        profile, user = Profile.objects.get(user=self.world.people["trainee"]), self.person(who)
        deed = lambda: training.lay_document(  # noqa: E731
            profile, DocumentKind.DIPLOMA, [made.fitted()], by=user, replace=True
        )
        if self.agree(self.model.may_change_documents(who), deed):
            self.model.diploma, self.model.changed = 1, self.model.now

    def remove_the_diploma(self, who: str) -> None:
        user = self.world.people["trainee"]
        page = (
            Page.objects.standing().filter(slot__document__user=user, slot__document__kind="diploma").first()
        )
        if page is None:
            return
        profile, by = Profile.objects.get(user=user), self.person(who)
        if self.agree(
            self.model.may_change_documents(who), lambda: training.remove_document_page(profile, page, by=by)
        ):
            self.model.diploma, self.model.changed = 0, self.model.now

    @precondition(lambda self: self.model.asked)
    @rule(who=mostly_the_trainee, item=items, unlocks=st.booleans())
    def answer(self, who: str, item: str, unlocks: bool) -> None:
        """写明情况, or 我还要改这一项."""
        application, user = self.world.application, self.person(who)
        if unlocks:
            key = self.key(item)
            if self.agree(self.model.may_unlock(who, item), lambda: fixing.unlock(application, key, by=user)):
                self.model.unlocked.add(item)
                self.model.changed = self.model.now
        else:
            self.explain(who, item)

    def explain(self, who: str, item: str) -> None:
        application, user = self.world.application, self.person(who)
        found = Finding.objects.asking(application).filter(item=self.key(item)).first()
        if found is None:
            return
        if self.agree(
            self.model.may_explain(who, item),
            lambda: fixing.explain(application, found, by=user, text="已电话说明"),
        ):
            self.model.explained.add(item)
            self.model.changed = self.model.now

    def key(self, item: str) -> str:
        """The item as the site calls it."""
        rotation, _, kind = item.partition(":")
        if kind:
            return f"paper:{self.world.rotations[rotation].pk}:{kind}"
        return {
            "diploma": "paper:diploma",
            "workplace": "field:workplace",
            "register": "field:register_status",
        }[item]

    @rule(who=mostly_the_trainee, off=mostly_now)
    def submit(self, who: str, off: int) -> None:
        seen, application, user = self.model.round + off, self.world.application, self.person(who)
        if self.agree(
            self.model.may_submit(who, seen),
            lambda: trainees.submit(application, by=user, seen_round=seen),
        ):
            self.model.submit()

    @precondition(lambda self: self.model.stage in ("draft", "returned"))
    @rule()
    def mend_and_submit(self) -> None:
        """What a trainee really does; else an example would rarely come far."""
        self.set_register("trainee", True)
        self.edit_a_field("trainee", True)
        if not self.model.diploma:
            self.replace_the_diploma("trainee")
        for name in self.world.rotations:
            for kind in ("summary", "assessment"):
                if self.model.is_over(name) and not self.model.pages.get((name, kind)):
                    self.lay_a_paper("trainee", (name, kind), True, 1)
        for item in sorted(self.model.unanswered()):
            self.explain("trainee", item)
        self.submit("trainee", 0)

    @rule(who=mostly_the_trainee)
    def withdraw(self, who: str) -> None:
        application, user = self.world.application, self.person(who)
        if self.agree(self.model.may_withdraw(who), lambda: trainees.withdraw(application, by=user)):
            self.model.withdraw()

    # --- The offices ---------------------------------------------------------------------------------------

    @rule(who=people, off=mostly_now)
    def claim(self, who: str, off: int) -> None:
        seen, application, user = self.model.round + off, self.world.application, self.person(who)
        if self.agree(
            self.model.may_claim(who, seen), lambda: reviews.claim(application, by=user, seen_round=seen)
        ):
            self.model.claim(who)

    @rule(who=people)
    def release(self, who: str) -> None:
        """放回."""
        application, user = self.world.application, self.person(who)
        if self.agree(self.model.may_release(who), lambda: reviews.release(application, by=user)):
            self.model.release()

    @rule(
        who=people,
        level=st.sampled_from(("base", "city", "province")),
        off=mostly_now,
        passes=st.booleans(),
        on=mostly_in_general,
    )
    def decide(self, who: str, level: str, off: int, passes: bool, on: frozenset[str]) -> None:
        """不通过 of the whole, or by item: what was noted before the decision."""
        seen, on = self.model.round + off, frozenset() if passes else on
        application, user = self.world.application, self.person(who)

        def deed() -> None:
            for item in sorted(on):
                marking.mark(application, by=user, seen_round=seen, code=ReasonCode.R01, item=self.key(item))
            reviews.decide(
                application, by=user, level=Level(level), seen_round=seen,
                outcome=Outcome.PASS if passes else Outcome.FAIL, opinion="" if passes else "数据不全",
            )  # fmt: skip

        if self.agree(self.model.may_decide(who, level, seen), deed):
            self.model.decide(who, level, passes, on)

    @precondition(lambda self: self.model.stage in REVIEWED)
    @rule(who=people, passes=mostly_passes, on=mostly_in_general)
    def claim_and_decide(self, who: str, passes: bool, on: frozenset[str]) -> None:
        self.claim(who, 0)
        self.decide(who, self.model.stage, 0, passes, on)

    @precondition(lambda self: self.model.stage in REVIEWED)
    @rule(passes=mostly_passes, on=mostly_in_general)
    def be_decided_in_time_by_whose_turn_it_is(self, passes: bool, on: frozenset[str] = frozenset()) -> None:
        if self.model.now < CALENDAR.opens[self.model.stage]:
            self.it_is(CALENDAR.opens[self.model.stage])
        self.claim_and_decide(self.model.stage, passes, on)

    @precondition(lambda self: self.model.stage in REVIEWED)
    @rule()
    def be_passed_as_far_as_it_goes(self) -> None:
        while self.model.stage in REVIEWED:
            before = self.model.stage
            self.be_decided_in_time_by_whose_turn_it_is(True)
            if self.model.stage == before:
                break

    @precondition(lambda self: self.model.opinions)
    @rule(who=st.one_of(st.none(), people), which=st.sampled_from([-1, -1, -2, -3]), passes=st.booleans())
    def revise(self, who: str | None, which: int, passes: bool) -> None:
        """改判, mostly by whoever gave the opinion."""
        opinion = self.model.opinions[max(which, -len(self.model.opinions))]
        who = who or opinion.by
        if not self.is_alone(opinion):
            return
        review = Review.objects.get(
            submission__application=self.world.pk,
            submission__round=opinion.round,
            level=opinion.level,
            reviewer=self.world.people[opinion.by],
            decided_at=opinion.at,
            superseded_at__isnull=opinion.stands,
        )
        outcome, user = Outcome.PASS if passes else Outcome.FAIL, self.person(who)
        words = f"改判 {len(self.model.opinions)}"  # the same opinion again would be refused
        if self.agree(
            self.model.may_revise(who, opinion),
            lambda: reviews.revise(review, by=user, outcome=outcome, opinion=words),
        ):
            self.model.decide(who, opinion.level, passes, frozenset() if passes else opinion.on)

    def is_alone(self, opinion: Opinion) -> bool:
        """Two opinions of one moment cannot be told apart by their data."""
        return sum(other == opinion for other in self.model.opinions) == 1

    @rule(who=st.sampled_from(["province"] * 3 + list(PEOPLE)), hours=st.integers(-2, 400))
    def extend(self, who: str, hours: int) -> None:
        until, user = self.model.now + timedelta(hours=hours), self.person(who)
        deed = lambda: seasons.extend(  # noqa: E731
            self.world.enrolment, self.world.season, by=user, closes_at=until, reason="援外"
        )
        if self.agree(self.model.may_extend(who, until), deed):
            self.model.extended = until

    @precondition(lambda self: self.model.pending)
    @rule()
    def bring_what_came_later(self) -> None:
        if not self.model.is_over("running"):
            self.it_is(self.model.now + timedelta(days=7))
        for kind in ("summary", "assessment"):
            self.lay_a_paper("trainee", ("running", kind), True, 1)

    @precondition(lambda self: self.model.owed)
    @rule(who=st.sampled_from(["base"] * 3 + list(PEOPLE)))
    def confirm_what_came_later(self, who: str) -> None:
        application, user = self.world.application, self.person(who)
        row = (
            Supplement.objects.filter(submission__application=self.world.pk)
            .order_by("-submission__round")
            .first()
        )
        if row is None:
            return
        later = [
            one for one in supplements.of(application, today=self.model.now.date()) if one.supplement == row
        ]
        seen = later[0].seen if later else ""
        if self.agree(self.model.may_confirm(who, "running"), lambda: late.confirm(row, by=user, seen=seen)):
            self.model.owed["running"] = True

    # --- After each step -----------------------------------------------------------------------------------

    def standing(self, paper: tuple[str, str]) -> Any:
        rotation, kind = paper
        return Page.objects.standing().filter(
            slot__material__application=self.world.pk,
            slot__material__rotation=self.world.rotations[rotation],
            slot__material__kind=kind,
        )

    @invariant()
    def the_site_and_the_model_agree(self) -> None:
        model, now = self.model, self.world.application
        holder = self.world.people[model.holder].pk if model.holder else None
        assert (now.stage, now.round, now.submitted_at) == (model.stage, model.round, model.submitted)
        assert (now.correction_due_at, now.is_withdrawn) == (model.due, model.withdrawn)
        assert (now.claimed_by_id, now.claimed_at) == (holder, model.held)
        assert (now.extended_until, now.pending) == (model.extended, model.pending)
        assert model.since is None or now.turn_since == model.since
        assert (now.trainee.profile.locked_at is not None) == model.locked
        given = Review.objects.filter(submission__application=self.world.pk)
        rows = given.values_list("submission__round", "level", "outcome", "reviewer", "superseded_at")
        assert sorted((n, level, o == "pass", str(by), at is None) for n, level, o, by, at in rows) == sorted(
            (one.round, one.level, one.passes, str(self.world.people[one.by].pk), one.stands)
            for one in model.opinions
        )
        for paper, count in model.pages.items():
            assert self.standing(paper).count() == count

    @invariant()
    def nothing_is_broken(self) -> None:
        assert list(invariants.broken()) == []


def test_whatever_people_do_the_site_and_the_model_agree():
    with pytest.MonkeyPatch.context() as patch:
        clock.stop(patch, BEGIN)
        Machine.patch = patch
        Machine.worlds = {with_city: World(with_city=with_city) for with_city in (True, False)}
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES or IN_MAKE_TEST,
                stateful_step_count=STEPS,
                derandomize=not EXAMPLES,
                database=None,
                deadline=None,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
