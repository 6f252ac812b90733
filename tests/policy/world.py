"""One province with everybody in it, and the things their addresses name.

Names, numbers and phones differ between all trainees, so that a page which shows a stranger's can be told.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.browsing import PASSWORD, signed_in
from tests.factories import (
    BaseFactory,
    CityFactory,
    CityWindowFactory,
    DepartmentFactory,
    LeaveFactory,
    MembershipFactory,
    NoticeFactory,
    PageFactory,
    ProvinceFactory,
    RotationFactory,
    SigningFactory,
    SpecialtyBaseFactory,
    UserFactory,
    again,
    claimed,
    draft,
    fitted,
    passed,
    process_stories,
    signature,
    submitted,
)
from tests.factories import process_stories as process
from tests.factories.worker import enqueued, given_up
from tests.imaging.pictures import PORTRAIT_413x626, file_of, opened
from zhupei.accounts.models import User
from zhupei.completion.actions import marks
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, ReasonCode
from zhupei.completion.models import Application, Finding
from zhupei.files.actions import keep_import
from zhupei.files.importing import Line
from zhupei.files.importing import Outcome as Imported
from zhupei.files.mending import take_portrait
from zhupei.files.models import Page
from zhupei.handoff import places
from zhupei.handoff.actions import open_to_phone
from zhupei.handoff.tokens import token_of
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.support.models import Announcement
from zhupei.training import actions as training
from zhupei.training.choices import Indicator, PaperKind, Party
from zhupei.training.models import Rotation

SIGNED_OUT = ("anonymous", "disabled")
TRAINEES = ("owner", "drafter", "stranger", "both", "returner")
OFFICES = ("base", "base_elsewhere", "city", "other_city", "province", "other_province")
STAFF = ("expired", "teacher", "head", "secretary", "support", "admin")
SIGNED_IN = (*TRAINEES, *OFFICES, *STAFF)
EVERYBODY = (*SIGNED_OUT, *SIGNED_IN)

# Written on every request, whatever it is about
NO_TRACE = ("django_session",)


@dataclass(frozen=True, slots=True)
class Thing:
    """An application, with what hangs from it; an address takes its ids from here."""

    application: Application
    rotation: UUID
    page: UUID
    certificate: UUID
    education: UUID
    supplement: UUID
    leave: UUID
    finding: UUID

    @property
    def season(self) -> UUID:
        return self.application.season_id

    @property
    def enrolment(self) -> UUID:
        return self.application.enrolment_id

    @property
    def trainee(self) -> User:
        return self.application.trainee


@dataclass(frozen=True, slots=True)
class Named:
    """Something else that an address names, with what hangs from it."""

    pk: UUID
    own: UUID | None = None
    token: str = "x"  # one that nobody made


class World:
    """``people`` by their part in the policy, ``things`` by the state they are in."""

    def __init__(self) -> None:
        self.province = ProvinceFactory()
        here, there = CityFactory(), CityFactory()
        self.base, self.elsewhere = BaseFactory(parent=here), BaseFactory(parent=there)
        self.city = here
        self.people: dict[str, User] = {}
        self.things: dict[str, Thing] = {}
        self.others: dict[str, Named] = {}
        self._staff(here, there)
        self._applications()
        self._others()
        self._exits()
        self._plan()
        self._archive()
        self._signed()
        self._log()
        self._imports()
        self._crooked()
        self._tasks()
        self._hand_off()
        self.cookies = {name: self._session(name) for name in EVERYBODY if name != "anonymous"}
        User.objects.filter(pk=self.people["disabled"].pk).update(disabled_at=timezone.now())

    def client(self, person: str, **options: Any) -> Client:
        """A browser in which ``person`` has signed in before."""
        client = Client(raise_request_exception=False, **options)
        if person in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[person]
        return client

    def seen_by(self, person: str) -> set[str]:
        """The trainees (by their part) of whom ``person`` may learn something."""
        near = {"owner", "drafter", "both", "returner"}
        return {
            **{name: set() for name in SIGNED_IN},
            **{name: {name} for name in TRAINEES},
            **dict.fromkeys(("base", "both", "city"), near),
            **{name: {"stranger"} for name in ("base_elsewhere", "other_city")},
            **{name: {"owner"} for name in ("head", "secretary")},  # the exit forms
            "teacher": {"owner", "drafter"},
            **{name: {*near, "stranger"} for name in ("province", "support", "admin")},
        }[person]

    def secrets_kept_from(self, person: str) -> list[str]:
        """What would betray the trainees whom ``person`` may know nothing about."""
        hidden = set(TRAINEES) - self.seen_by(person)
        users = [self.people[name] for name in hidden]
        return [text for user in users for text in (user.full_name, user.id_number, user.phone)]

    def _session(self, person: str) -> str:
        return signed_in(self.people[person]).cookies[settings.SESSION_COOKIE_NAME].value

    def _staff(self, here: Organisation, there: Organisation) -> None:
        seats = {
            "base": (Role.BASE, self.base),
            "base_elsewhere": (Role.BASE, self.elsewhere),
            "city": (Role.CITY, here),
            "other_city": (Role.CITY, there),
            "province": (Role.PROVINCE, self.province),
            "other_province": (Role.PROVINCE, ProvinceFactory(code="430000")),
            "teacher": (Role.TEACHER, self.base),
            "head": (Role.HEAD, self.base),
            "secretary": (Role.SECRETARY, self.base),
            "support": (Role.SUPPORT, self.province),
            "admin": (Role.ADMIN, self.province),
            "disabled": (Role.BASE, self.base),
            "both": (Role.BASE, self.base),
        }
        for name, (role, organisation) in seats.items():
            self.people[name] = MembershipFactory(role=role, organisation=organisation).user
        yesterday = timezone.localdate() - timedelta(days=1)
        self.people["expired"] = MembershipFactory(
            role=Role.BASE, organisation=self.base, start_date=date(2020, 1, 1), end_date=yesterday
        ).user

    def _applications(self) -> None:
        """Those of the five trainees, and others' in later states."""
        for name, full_name in (
            ("owner", "欧阳在审"),
            ("drafter", "司马草稿"),
            ("stranger", "诸葛外地"),
            ("returner", "端木退回"),
        ):
            self.people[name] = UserFactory(full_name=full_name)
        User.objects.filter(pk=self.people["both"].pk).update(full_name="上官兼任")
        self.people["both"].refresh_from_db()
        of = self.people
        self.things = {
            "submitted": thing(submitted(user=of["owner"], base=self.base, unfinished=1)),
            "draft": thing(draft(user=of["drafter"], base=self.base)),
            "elsewhere": thing(submitted(user=of["stranger"], base=self.elsewhere, unfinished=1)),
            "hers": thing(submitted(user=of["both"], base=self.base)),
            "claimed": thing(claimed(submitted(base=self.base), by=of["base"])),
            "passed": thing(passed(submitted(base=self.base))),
            "returned": _returned(submitted(user=of["returner"], base=self.base), by=of["base"]),
        }
        for found in self.things.values():
            SpecialtyBaseFactory(base=found.application.base, specialty=found.application.specialty)
        self.spare = DepartmentFactory(base=self.base)
        process.scheme(self.things["submitted"].application.specialty)
        for name in SIGNED_IN:
            NoticeFactory(recipient=self.people[name])

    def _others(self) -> None:
        season = self.things["submitted"].application.season
        news = Announcement.objects.create(
            issuer=self.province, title="报名通知", body="请按时提交。", published_at=timezone.now()
        )
        own = CityWindowFactory(season=season, city=self.city)
        accounts = {
            f"account of {name}": Named(self.people[name].pk) for name in ("teacher", "base", "city", "owner")
        }
        self.others = {
            **accounts,
            "season": Named(season.pk, own.pk),
            "news": Named(news.pk),
            "department": Named(self.spare.pk),
        }

    def _exits(self) -> None:
        """The owner's first rotation, with a teacher, a head and a secretary; the same in later states."""
        submitted, of = self.things["submitted"], self.people
        rotation = Rotation.objects.get(pk=submitted.rotation)
        for name in ("head", "secretary"):
            Membership.objects.filter(user=of[name]).update(department=rotation.department)
        Rotation.objects.filter(pk=rotation.pk).update(teacher=of["teacher"], head=of["head"])
        later = {"exit to appraise": 1, "exit to conclude": 2, "exit closed": 3}
        for name, months in later.items():
            start = rotation.start_date - timedelta(days=31 * months)
            found = RotationFactory(
                enrolment=rotation.enrolment,
                department=rotation.department,
                start_date=start,
                teacher=of["teacher"],
                head=of["head"],
            )
            if name == "exit to appraise":
                training.submit_summary(found, by=of["owner"], text="小结")
            else:
                (process.closed if name == "exit closed" else process.assessed)(process.fresh(found))
            self.things[name] = replace(submitted, rotation=found.pk)

    def _plan(self) -> None:
        """Two rotations of the owner in the same department: one to come, one that was exempted."""
        submitted = self.things["submitted"]
        first = Rotation.objects.get(pk=submitted.rotation)
        later = {"to come": {}, "exempted": {"exempted_at": timezone.now(), "exempted_reason": "已有经历"}}
        for number, (name, state) in enumerate(later.items(), start=1):
            start = first.start_date + timedelta(days=400 * number)
            same = {"enrolment": first.enrolment, "department": first.department}
            found = RotationFactory(start_date=start, **same, **state)
            self.things[name] = replace(submitted, rotation=found.pk)

    def _archive(self) -> None:
        """The base keeps the signed paper of a rotation of the owner."""
        of, closed = self.people, self.things["exit closed"]
        rotation = process.fresh(Rotation(pk=closed.rotation))
        kind = PaperKind.ASSESSMENT
        paper = training.lay_signed_paper(rotation, kind, [fitted()], by=of["base"], replace=True)
        self.things["archived"] = replace(closed, page=paper.slot.pages.get().pk)

    def _signed(self) -> None:
        """The teacher signed a summary of the owner with a stored signature."""
        appraised, of = self.things["exit to appraise"], self.people
        kept = signature(of["teacher"])
        form = {"kind": PaperKind.SUMMARY, "office": Party.TEACHER, "signature": kept}
        signing = SigningFactory(rotation=Rotation.objects.get(pk=appraised.rotation), **form)
        self.things["signed"] = replace(appraised, page=signing.pk)

    def _log(self) -> None:
        """The first rotation of drafter has a teacher: one entry waits for the approval, one is a draft."""
        Rotation.objects.filter(pk=self.things["draft"].rotation).update(teacher=self.people["teacher"])
        rotation = process_stories.fresh(Rotation(pk=self.things["draft"].rotation))
        pending = process_stories.pending(rotation, Indicator.CASE, "股骨颈骨折")
        written = process_stories.entry(rotation, Indicator.CASE, "股骨颈骨折")
        self.others |= {"pending entry": Named(pending.pk), "written entry": Named(written.pk)}

    def _imports(self) -> None:
        """A scheme that nobody uses yet, and sheets that wait for their owner's word."""
        specialty = self.things["submitted"].application.specialty
        given = {"specialty": str(specialty.pk), "grade_from": "2031", "name": "方案", "years": "3"}
        rows = {"2": ("骨科", "3", "必轮", "手术", "骨折复位", "5")}
        kept = self._kept("province", "training.scheme", rows, **given, is_sample="no")
        past = {"2": ("张三", "420106199001011234", "骨科", "2021-01-01", "2021-02-28", *[""] * 15)}
        rotation = self.things["draft"].rotation
        case = {"2": ("大病历", "股骨颈骨折", "2020-01-01", *[""] * 14)}
        log = self._kept("drafter", "training.log", case, subject=rotation, deed="draft")
        self.others["log import"] = Named(rotation, log.pk)
        self.others["history import"] = self._kept("base", "training.history", past)
        self.others |= {"scheme": Named(process_stories.scheme().pk), "scheme import": kept}

    def _kept(
        self, person: str, kind: str, texts: dict[str, Any], *, subject: UUID | None = None, **given: str
    ) -> Named:
        """A sheet that ``person`` has uploaded."""
        kept = keep_import(
            by=self.people[person],
            kind=kind,
            subject=subject,
            name="表格.xlsx",
            content={"texts": texts, "faults": [], "given": given},
            outcome=Imported((Line(2, "骨科"),)),
        )
        return Named(kept.pk)

    def _crooked(self) -> None:
        """A portrait of drafter that lies on its side, set aside to be mended."""
        lying = file_of(opened(PORTRAIT_413x626).rotate(90, expand=True))
        fitted, _ = take_portrait(lying, name="照片.jpg")
        draft, drafter = self.things["draft"], self.people["drafter"]
        page = training.set_portrait_aside(drafter.profile, fitted, by=drafter)
        self.things["crooked"] = replace(draft, certificate=page.pk)

    def _hand_off(self) -> None:
        """A certificate of drafter is open to a phone."""
        hand_off = open_to_phone(places.of_document(self.people["drafter"], "diploma"))
        self.others["hand-off"] = Named(hand_off.pk, token=token_of(hand_off.pk))

    def _tasks(self) -> None:
        """Two tasks about a picture of the owner: one was given up, one waits."""
        page = Page.objects.get(pk=self.things["submitted"].page)
        dead = given_up(enqueued(page.picture_id))
        self.others |= {"dead task": Named(dead.pk), "waiting task": Named(enqueued(page.picture_id).pk)}

    def found(self, name: str) -> "Thing | Named | None":
        """What a row of the table speaks of."""
        return self.things.get(name) or self.others.get(name)


def thing(application: Application) -> Thing:
    user, rotation = application.trainee, application.enrolment.rotations.in_order()[0]
    material = application.materials.filter(rotation=rotation).first()
    submission = application.submissions.first()
    supplement = submission.supplements.first() if submission else None
    document = user.documents.get(kind="diploma")
    return Thing(
        application=application,
        rotation=rotation.pk,
        page=(material.slot if material else PageFactory().slot).pages.get().pk,
        certificate=document.slot.pages.get().pk,
        education=user.educations.get().pk,
        supplement=supplement.pk if supplement else UUID(int=7 << 76),
        leave=LeaveFactory(rotation=rotation, recorded_by=user).pk,
        finding=_noted(application) if application.claimed_by else UUID(int=8 << 76),
    )


def _returned(application: Application, *, by: User) -> Thing:
    """不通过 because of the diploma: only that is unlocked."""
    found = thing(claimed(application, by=by))
    reviews.decide(application, by=by, level=Level.BASE, seen_round=1, outcome=Outcome.FAIL)
    finding = Finding.objects.get(review__submission__application=application)
    return replace(found, application=again(application), finding=finding.pk)


def _noted(application: Application) -> UUID:
    """A finding that whoever has claimed the application has noted."""
    assert application.claimed_by
    return marks.mark(
        application,
        by=application.claimed_by,
        seen_round=application.round,
        code=ReasonCode.R01,
        item="paper:diploma",
        page=application.trainee.documents.get(kind="diploma").slot.pages.get().pk,
        box=(0.1, 0.2, 0.6, 0.4),
    ).pk


ROLLED_BACK = re.compile(r'ROLLBACK TO SAVEPOINT "(\w+)"')


@contextmanager
def writes_noted() -> Iterator[list[str]]:
    """The statements that change a table of ours and are not taken back."""
    noted: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        is_write = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if sql.startswith("SAVEPOINT") or (is_write and not any(name in sql for name in NO_TRACE)):
            noted.append(sql)
        if back := ROLLED_BACK.match(sql):
            del noted[noted.index(f'SAVEPOINT "{back[1]}"') :]
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield noted
    noted[:] = [sql for sql in noted if not sql.startswith("SAVEPOINT")]


__all__ = [
    "EVERYBODY",
    "PASSWORD",
    "SIGNED_IN",
    "SIGNED_OUT",
    "Named",
    "Thing",
    "World",
    "thing",
    "writes_noted",
]
