from datetime import datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.completion import snapshot
from zhupei.completion.choices import Outcome, ReasonCode, Stage
from zhupei.completion.models import (
    Answer,
    Application,
    CityWindow,
    DraftFinding,
    Extension,
    Finding,
    Material,
    Review,
    Season,
    Submission,
    SubmissionPage,
    Supplement,
    Unlocking,
)
from zhupei.organisations.choices import Level
from zhupei.training.choices import PaperKind, TrainingCategory

from .files import PageFactory, SlotFactory
from .organisations import CityFactory, ProvinceFactory
from .training import EnrolmentFactory, RotationFactory


def windows(now: datetime) -> dict[str, datetime]:
    """Four windows, all open at ``now``: since yesterday, the higher the level the longer; whole seconds."""
    now = now.replace(microsecond=0)
    days = {"trainee": 30, Level.BASE.value: 40, Level.CITY.value: 50, Level.PROVINCE.value: 60}
    opening = {f"{who}_opens_at": now - timedelta(days=1) for who in days}
    return opening | {f"{who}_closes_at": now + timedelta(days=count) for who, count in days.items()}


class SeasonFactory(DjangoModelFactory[Season]):
    """This year's, with every window open; asking again in the same province gives the same."""

    class Meta:
        model = Season
        django_get_or_create = ("province", "year", "category")

    class Params:
        now = factory.LazyFunction(lambda: timezone.now())

    province = factory.SubFactory(ProvinceFactory)
    year = factory.LazyAttribute(lambda o: timezone.localtime(o.now).year)
    category = TrainingCategory.RESIDENT
    trainee_opens_at = factory.LazyAttribute(lambda o: windows(o.now)["trainee_opens_at"])
    trainee_closes_at = factory.LazyAttribute(lambda o: windows(o.now)["trainee_closes_at"])
    base_opens_at = factory.LazyAttribute(lambda o: windows(o.now)["base_opens_at"])
    base_closes_at = factory.LazyAttribute(lambda o: windows(o.now)["base_closes_at"])
    city_opens_at = factory.LazyAttribute(lambda o: windows(o.now)["city_opens_at"])
    city_closes_at = factory.LazyAttribute(lambda o: windows(o.now)["city_closes_at"])
    province_opens_at = factory.LazyAttribute(lambda o: windows(o.now)["province_opens_at"])
    province_closes_at = factory.LazyAttribute(lambda o: windows(o.now)["province_closes_at"])
    supplement_date = factory.LazyAttribute(lambda o: timezone.localdate(o.province_closes_at))


class ApplicationFactory(DjangoModelFactory[Application]):
    """A draft with nothing in it; for one that can be handed in see ``draft``."""

    class Meta:
        model = Application

    enrolment = factory.SubFactory(EnrolmentFactory)
    season = factory.SubFactory(SeasonFactory, province=factory.SelfAttribute("..enrolment.base.province"))
    trainee = factory.SelfAttribute("enrolment.user")
    base = factory.SelfAttribute("enrolment.base")
    city = factory.SelfAttribute("base.review_city")
    province = factory.SelfAttribute("base.province")
    specialty = factory.SelfAttribute("enrolment.specialty")


class CityWindowFactory(DjangoModelFactory[CityWindow]):
    """The season's own times, of one city."""

    class Meta:
        model = CityWindow

    season = factory.SubFactory(SeasonFactory)
    city = factory.SubFactory(CityFactory, parent=factory.SelfAttribute("..season.province"))
    opens_at = factory.SelfAttribute("season.city_opens_at")
    closes_at = factory.SelfAttribute("season.city_closes_at")


class ExtensionFactory(DjangoModelFactory[Extension]):
    """A row alone; for one that an application knows of see ``completion.actions.season.extend``."""

    class Meta:
        model = Extension

    enrolment = factory.SubFactory(EnrolmentFactory)
    season = factory.SubFactory(SeasonFactory, province=factory.SelfAttribute("..enrolment.base.province"))
    granted_at = factory.LazyFunction(lambda: timezone.now())
    closes_at = factory.LazyAttribute(lambda o: o.granted_at + timedelta(days=7))
    reason = "住院分娩"
    granted_by = factory.SubFactory("tests.factories.accounts.UserFactory")


class MaterialFactory(DjangoModelFactory[Material]):
    class Meta:
        model = Material

    application = factory.SubFactory(ApplicationFactory)
    rotation = factory.SubFactory(RotationFactory, enrolment=factory.SelfAttribute("..application.enrolment"))
    kind = PaperKind.SUMMARY
    slot = factory.SubFactory(SlotFactory)


class SubmissionFactory(DjangoModelFactory[Submission]):
    """A round with nothing in it; for a real one see ``submitted``."""

    class Meta:
        model = Submission

    application = factory.SubFactory(
        ApplicationFactory,
        stage=Stage.BASE,
        round=1,
        submitted_at=factory.LazyFunction(lambda: timezone.now()),
    )
    round = factory.SelfAttribute("application.round")
    receipt = factory.Sequence("JY26-{:04d}-0000".format)
    content = "{}"
    digest = factory.LazyAttribute(lambda o: snapshot.digest(o.content))
    submitted_at = factory.LazyFunction(lambda: timezone.now())


class SubmissionPageFactory(DjangoModelFactory[SubmissionPage]):
    class Meta:
        model = SubmissionPage

    submission = factory.SubFactory(SubmissionFactory)
    page = factory.SubFactory(PageFactory)


class SupplementFactory(DjangoModelFactory[Supplement]):
    class Meta:
        model = Supplement

    submission = factory.SubFactory(SubmissionFactory)
    rotation = factory.SubFactory(RotationFactory)


class ReviewFactory(DjangoModelFactory[Review]):
    class Meta:
        model = Review

    submission = factory.SubFactory(SubmissionFactory)
    level = Level.BASE
    organisation = factory.SelfAttribute("submission.application.base")
    outcome = Outcome.PASS
    reviewer = factory.SubFactory("tests.factories.accounts.UserFactory")
    decided_at = factory.LazyFunction(lambda: timezone.now())


class FindingFactory(DjangoModelFactory[Finding]):
    class Meta:
        model = Finding

    review = factory.SubFactory(ReviewFactory)
    code = ReasonCode.R09


class DraftFindingFactory(DjangoModelFactory[DraftFinding]):
    class Meta:
        model = DraftFinding

    submission = factory.SubFactory(SubmissionFactory)
    reviewer = factory.SubFactory("tests.factories.accounts.UserFactory")
    code = ReasonCode.R01
    item = "paper:diploma"
    label = "最高学历毕业证"


class AnswerFactory(DjangoModelFactory[Answer]):
    class Meta:
        model = Answer

    finding = factory.SubFactory(FindingFactory)
    explanation = "单位已更名"


class UnlockingFactory(DjangoModelFactory[Unlocking]):
    class Meta:
        model = Unlocking

    submission = factory.SubFactory(SubmissionFactory)
    item = "paper:degree"
    label = "学位证书"
    unlocked_at = factory.LazyFunction(lambda: timezone.now())
