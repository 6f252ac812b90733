"""The process system: schemes, the logbook, the exit forms. Later states: ``process_stories``."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.training.choices import ActivityKind, Diagnosis, Indicator, LeaveKind, Overall, PaperKind, Party
from zhupei.training.models import (
    Activity,
    AssessmentTemplate,
    ExitAssessment,
    ExitSummary,
    Leave,
    LogEntry,
    Rating,
    Reopening,
    Requirement,
    RotationRequirement,
    Scheme,
    SchemeDepartment,
    SignedPaper,
    Signing,
    StoredSignature,
    TemplateItem,
)

from .files import PictureFactory, SlotFactory
from .organisations import SpecialtyFactory
from .training import RotationFactory

NOW = factory.LazyFunction(lambda: timezone.now())
USER = "tests.factories.accounts.UserFactory"


class SchemeFactory(DjangoModelFactory[Scheme]):
    """With nothing in it; for a whole one see ``scheme``."""

    class Meta:
        model = Scheme

    specialty = factory.SubFactory(SpecialtyFactory)
    grade_from = 2020
    version = 1
    name = "示例方案"
    total_months = 33
    made_at = NOW


class SchemeDepartmentFactory(DjangoModelFactory[SchemeDepartment]):
    class Meta:
        model = SchemeDepartment

    scheme = factory.SubFactory(SchemeFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence("方案第{}科".format)
    months = 1


class RequirementFactory(DjangoModelFactory[Requirement]):
    class Meta:
        model = Requirement

    scheme_department = factory.SubFactory(SchemeDepartmentFactory)
    number = 1
    indicator = Indicator.DISEASE
    item = "四肢骨折"
    required = 10


class RotationRequirementFactory(DjangoModelFactory[RotationRequirement]):
    class Meta:
        model = RotationRequirement

    rotation = factory.SubFactory(RotationFactory)
    number = 1
    indicator = Indicator.DISEASE
    item = "四肢骨折"
    required = 10


class LeaveFactory(DjangoModelFactory[Leave]):
    """The first day of the rotation."""

    class Meta:
        model = Leave

    rotation = factory.SubFactory(RotationFactory)
    kind = LeaveKind.SICK
    first_date = factory.SelfAttribute("rotation.start_date")
    last_date = factory.SelfAttribute("first_date")
    days = 1
    recorded_by = factory.SubFactory(USER)
    recorded_at = NOW


class LogEntryFactory(DjangoModelFactory[LogEntry]):
    """A draft of a 大病历 of the first day; for one that was handed in see ``entry``."""

    class Meta:
        model = LogEntry

    rotation = factory.SubFactory(RotationFactory)
    trainee = factory.SelfAttribute("rotation.enrolment.user")
    teacher = factory.SelfAttribute("rotation.teacher")
    kind = Indicator.CASE
    item = "股骨颈骨折"
    happened_date = factory.SelfAttribute("rotation.start_date")
    diagnosis = Diagnosis.PRIMARY
    written_at = NOW
    changed_at = NOW


class ActivityFactory(DjangoModelFactory[Activity]):
    """A draft."""

    class Meta:
        model = Activity

    rotation = factory.SubFactory(RotationFactory)
    trainee = factory.SelfAttribute("rotation.enrolment.user")
    teacher = factory.SelfAttribute("rotation.teacher")
    kind = ActivityKind.ROUND
    happened_date = factory.SelfAttribute("rotation.start_date")
    hours = 1
    speaker = "钱安邦"
    written_at = NOW
    changed_at = NOW


class ExitSummaryFactory(DjangoModelFactory[ExitSummary]):
    """Not handed in yet."""

    class Meta:
        model = ExitSummary

    rotation = factory.SubFactory(RotationFactory)


class AssessmentTemplateFactory(DjangoModelFactory[AssessmentTemplate]):
    class Meta:
        model = AssessmentTemplate

    name = "出科考核表"
    version = factory.Sequence(lambda n: n + 100)
    made_at = NOW


class TemplateItemFactory(DjangoModelFactory[TemplateItem]):
    class Meta:
        model = TemplateItem

    template = factory.SubFactory(AssessmentTemplateFactory)
    number = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence("评价项{}".format)
    scale = "优/良/中/差"


class ExitAssessmentFactory(DjangoModelFactory[ExitAssessment]):
    """Nothing filled in."""

    class Meta:
        model = ExitAssessment

    rotation = factory.SubFactory(RotationFactory)
    template = factory.SubFactory(AssessmentTemplateFactory)


class RatingFactory(DjangoModelFactory[Rating]):
    class Meta:
        model = Rating

    assessment = factory.SubFactory(ExitAssessmentFactory)
    item = factory.SubFactory(TemplateItemFactory, template=factory.SelfAttribute("..assessment.template"))
    value = "优"


class ReopeningFactory(DjangoModelFactory[Reopening]):
    class Meta:
        model = Reopening

    rotation = factory.SubFactory(RotationFactory)
    reopened_at = NOW
    reopened_by = factory.SubFactory(USER)
    reason = "成绩录入有误"
    revision = 1
    result = Overall.PASS


class StoredSignatureFactory(DjangoModelFactory[StoredSignature]):
    """Nothing lies at its address; for one that can be printed see ``signature``."""

    class Meta:
        model = StoredSignature

    user = factory.SubFactory(USER)
    picture = factory.SubFactory(PictureFactory)
    made_at = NOW


class SigningFactory(DjangoModelFactory[Signing]):
    class Meta:
        model = Signing

    rotation = factory.SubFactory(RotationFactory)
    kind = PaperKind.SUMMARY
    office = Party.HEAD
    signature = factory.SubFactory(StoredSignatureFactory)
    signed_at = NOW
    code = factory.Sequence("CODE{:06}".format)


class SignedPaperFactory(DjangoModelFactory[SignedPaper]):
    class Meta:
        model = SignedPaper

    rotation = factory.SubFactory(RotationFactory)
    kind = PaperKind.SUMMARY
    slot = factory.SubFactory(SlotFactory)
