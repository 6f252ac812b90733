"""The middle of a story, reached through the real actions: no test starts from a state that cannot exist."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review as reviews
from zhupei.completion.choices import Outcome, ReasonCode, RegisterStatus, Stage
from zhupei.completion.models import Application, Review, Season
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Organisation
from zhupei.training import actions as training
from zhupei.training import documents
from zhupei.training.choices import (
    Degree,
    DegreeType,
    DocumentKind,
    Indicator,
    LicenceCategory,
    LicenceLevel,
    PaperKind,
    SchoolLevel,
)
from zhupei.training.models import Enrolment, Rotation, Tally

from .completion import SeasonFactory
from .files import fitted
from .organisations import BaseFactory, MembershipFactory
from .training import EducationFactory, EnrolmentFactory, LicenceFactory, ProfileFactory, RotationFactory

# (required, done) on the guide's 出科考核表
COUNTED = {
    Indicator.CASE: (7, 7),
    Indicator.DISEASE: (34, 36),
    Indicator.SKILL: (0, 0),
    Indicator.SURGERY: (39, 41),
}
CERTIFICATES = (
    DocumentKind.PORTRAIT,
    DocumentKind.ID_FRONT,
    DocumentKind.ID_BACK,
    DocumentKind.DIPLOMA,
    DocumentKind.DEGREE,
    DocumentKind.LICENCE,
)


def season(**windows: Any) -> Season:
    """This year's season, every window open now unless ``windows`` say otherwise."""
    return SeasonFactory(**windows)


def reviewer(organisation: Organisation) -> User:
    """A new colleague who reviews for ``organisation``."""
    role = REVIEWER_OF[Level(organisation.level)]
    return MembershipFactory(organisation=organisation, role=role).user


def trainee(
    *, base: Organisation | None = None, rotations: int = 1, unfinished: int = 0, **enrolment: Any
) -> Enrolment:
    """Somebody with all that is mandatory in 个人中心 and every certificate uploaded.

    ``rotations`` of 30 days each lie behind, the last ended yesterday; ``unfinished`` ones follow.
    """
    base = base or BaseFactory()
    enrolled = EnrolmentFactory(base=base, **enrolment)
    user = enrolled.user
    profile = ProfileFactory(user=user, workplace=base.name)
    EducationFactory(
        user=user,
        level=SchoolLevel.MASTER,
        degree=Degree.MASTER,
        degree_type=DegreeType.PROFESSIONAL,
        graduated_date=date(2022, 6, 30),
        diploma_number="104861202202001234",
        degree_number="Z1048632022001234",
    )
    LicenceFactory(
        user=user,
        passed_exam=True,
        passed_date=date(2022, 12, 1),
        qualified_date=date(2022, 12, 20),
        level=LicenceLevel.PHYSICIAN,
        category=LicenceCategory.CLINICAL,
        certificate_code=f"202242110{user.id_number}",
    )
    for kind in CERTIFICATES:
        picture = fitted(documents.image_rule(kind))
        training.lay_document(profile, kind, [picture], by=user, replace=True)
    for number in range(rotations + unfinished):
        rotation(enrolled, days_ago=30 * (rotations - number))
    return enrolled


def rotation(enrolment: Enrolment, *, days_ago: int = 30) -> Rotation:
    """Thirty days that began ``days_ago``, with what the guide's 出科考核表 shows, all of it done."""
    start = timezone.localdate() - timedelta(days=days_ago)
    planned = RotationFactory(enrolment=enrolment, start_date=start)
    Tally.objects.bulk_create(
        Tally(
            rotation=planned,
            indicator=indicator,
            required=required,
            filled=done,
            approved=done,
            counted_filled=min(done, required),
            counted_approved=min(done, required),
            imported_filled=done,
            imported_approved=done,
        )
        for indicator, (required, done) in COUNTED.items()
    )
    return planned


def draft(*, in_season: Season | None = None, **of_trainee: Any) -> Application:
    """Started and complete: nothing is missing for 提交申请."""
    enrolled = trainee(**of_trainee)
    application = trainees.start(
        enrolled, in_season or season(province=enrolled.base.province), by=enrolled.user
    )
    application = trainees.set_register(application, by=enrolled.user, status=RegisterStatus.DONE)
    lay_papers(application, [r for r in enrolled.rotations.all() if r.has_ended(timezone.localdate())])
    return again(application)


def lay_papers(application: Application, rotations: Sequence[Rotation]) -> None:
    """Both signed papers of each of ``rotations``."""
    for found in rotations:
        for kind in PaperKind:
            trainees.lay_paper(application, found, kind, [fitted()], by=application.trainee, replace=True)


def submitted(**of_draft: Any) -> Application:
    """At the base's desk, brought there as a trainee would."""
    return hand_in(draft(**of_draft))


def hand_in(application: Application) -> Application:
    """提交申请, or 更新提交数据信息 after a return."""
    trainees.submit(application, by=application.trainee, seen_round=application.round)
    return again(application)


def claimed(
    application: Application | None = None, *, by: User | None = None, **of_draft: Any
) -> Application:
    """开始审核 was pressed by ``by``, otherwise by some colleague whose turn it is."""
    application = application or submitted(**of_draft)
    by = by or reviewer(application.reviewer())
    reviews.claim(application, by=by, seen_round=application.round)
    return again(application)


def passed(application: Application, *, by: User | None = None) -> Application:
    """开始审核 and 通过 at the level whose turn it is."""
    decided(application, Outcome.PASS, by=by)
    return again(application)


def failed(application: Application, *, by: User | None = None, opinion: str = "数据不全") -> Application:
    """开始审核 and 不通过 at the level whose turn it is."""
    decided(application, Outcome.FAIL, by=by, opinion=opinion)
    return again(application)


def decided(
    application: Application,
    outcome: Outcome,
    *,
    by: User | None = None,
    opinion: str = "",
    reasons: Sequence[ReasonCode] = (),
) -> Review:
    """The review that ``by`` (otherwise a new colleague) gives after 开始审核."""
    by = by or reviewer(application.reviewer())
    level = Level(application.stage)
    reviews.claim(application, by=by, seen_round=application.round)
    return reviews.decide(
        application,
        by=by,
        level=level,
        seen_round=application.round,
        outcome=outcome,
        opinion=opinion,
        reasons=reasons,
    )


def at_city(**of_draft: Any) -> Application:
    return passed(submitted(**of_draft))


def at_province(**of_draft: Any) -> Application:
    application = submitted(**of_draft)
    while application.stage != Stage.PROVINCE:
        application = passed(application)
    return application


def approved(**of_draft: Any) -> Application:
    return passed(at_province(**of_draft))


def returned(level: Level = Level.BASE, **of_draft: Any) -> Application:
    """不通过 (数据不全) at ``level``, after the levels below have passed it."""
    application = submitted(**of_draft)
    while application.stage != level:
        application = passed(application)
    return failed(application)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back: one long story, several endings."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def again(application: Application) -> Application:
    """As it stands in the database now."""
    return Application.objects.for_page().get(pk=application.pk)
