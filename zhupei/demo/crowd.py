"""As many invented trainees as are asked for, and what happened to each one's application. Pure.

A number makes everything: name, ID number, telephone, base, specialty, and how far the application is.
Together they look like the middle of a season.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from zhupei.completion.choices import REVIEW_STAGES, Outcome, Stage

from .people import AREAS, Candidate, with_check_character
from .places import TRAINED

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
FIRST = "子思雨梓一若云清知安景明书怀望听疏映守静文泽嘉佳晓俊欣宇浩晨"
SECOND = "涵轩怡辰然宁舟澜禾桐霖瑶珩芷越川野澈砚舒帆月言秋行棠溪衡阳悦"
BIRTHDAYS = 700  # days in a row on which the crowd was born
FIRST_SEQUENCE = 200  # of an ID number; the people of the small demo have lower ones
HALF_A_DAY, THREE_DAYS = timedelta(hours=12), timedelta(days=3)

# Of a hundred: where the application stands, which levels passed it, which one refused it, round.
ENDS: tuple[tuple[int, Stage, str], ...] = (
    (12, Stage.DRAFT, ""),
    (24, Stage.BASE, "submitted"),
    (2, Stage.BASE, "refused submitted"),
    (18, Stage.CITY, "submitted passed"),
    (2, Stage.CITY, "refused submitted passed"),
    (14, Stage.PROVINCE, "submitted passed passed"),
    (4, Stage.RETURNED, "refused"),
    (3, Stage.RETURNED, "submitted passed refused"),
    (1, Stage.RETURNED, "submitted withdrawn"),
    (20, Stage.APPROVED, "submitted passed passed passed"),
)


@dataclass(frozen=True, slots=True)
class Invented(Candidate):
    """Nobody of the small demo; ``number`` goes on after theirs."""

    @property
    def phone(self) -> str:
        return f"136{self.number:08}"

    @property
    def birth_date(self) -> date:
        return date(self.grade - 25, 1, 1) + timedelta(days=self.number // len(AREAS) % BIRTHDAYS)

    @property
    def id_number(self) -> str:
        area, turn = AREAS[self.number % len(AREAS)], self.number // len(AREAS) // BIRTHDAYS
        sequence = FIRST_SEQUENCE + 2 * turn + (self.sex == "男")
        return with_check_character(f"{area}{self.birth_date:%Y%m%d}{sequence:03}", self.graduated_date)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: ``what`` is submitted, withdrawn, or an Outcome at ``level``."""

    what: str
    at: datetime
    round: int
    level: Stage | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """Where an application stands now, and how it came there."""

    stage: Stage
    steps: Sequence[Step]

    @property
    def round(self) -> int:
        return self.steps[-1].round if self.steps else 0


def invent(number: int, bases: Sequence[str], grade: int) -> Invented:
    """The trainee of this number: ``bases`` and specialties in turn."""
    dice = Random(number)  # noqa: S311 - a play, not secrets
    second = dice.choice(SECOND) if dice.random() < 0.85 else ""
    name = dice.choice(SURNAMES) + dice.choice(FIRST) + second
    sex = "男" if dice.random() < 0.45 else "女"
    specialty = TRAINED[number // len(bases) % len(TRAINED)]
    return Invented(number, name, sex, bases[number % len(bases)], specialty, "", grade)


def fate_of(number: int, *, has_city: bool, now: datetime) -> Fate:
    """What happened to the application of this number by ``now``, the newest within ten days."""
    dice = Random(-number)  # noqa: S311
    stage, story = dice.choices([end[1:] for end in ENDS], [end[0] for end in ENDS])[0]
    route = [level for level in REVIEW_STAGES if has_city or level != Stage.CITY]
    if stage == Stage.CITY and not has_city:
        stage = Stage.PROVINCE
    told = _unfold(story, route, stage)
    newest = timedelta(days=3) if stage == Stage.RETURNED else timedelta(days=10)
    at, steps = now - dice.random() * newest, []
    for what, level, number_of_round in reversed(told):
        steps.append(Step(what, at, number_of_round, level))
        at -= HALF_A_DAY + dice.random() * (THREE_DAYS - HALF_A_DAY)
    return Fate(stage, steps[::-1])


def _unfold(story: str, route: list[Stage], stage: Stage) -> list[tuple[str, Stage | None, int]]:
    """``refused`` alone opens a round that the base refuses; levels that are not on the route drop out."""
    told: list[tuple[str, Stage | None, int]] = []
    number, passed = 0, 0
    for word in story.split():
        if word == "submitted" or (word == "refused" and (not told or told[-1][0] == Outcome.FAIL)):
            number, passed = number + 1, 0
            told.append(("submitted", None, number))
        if word == "passed":
            if passed < len(route) and route[passed] != stage:
                told.append((Outcome.PASS.value, route[passed], number))
            passed += 1
        elif word == "refused":
            told.append((Outcome.FAIL.value, route[min(passed, len(route) - 1)], number))
        elif word == "withdrawn":
            told.append(("withdrawn", None, number))
    return told
