"""A trainee's record as the base and the trainee would have typed it: person, training, certificates."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhupei.accounts.actions import create_user, set_password
from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.files import mending
from zhupei.files.models import Page
from zhupei.lib import pinyin
from zhupei.organisations.models import Specialty
from zhupei.training import actions as training
from zhupei.training.choices import (
    Degree,
    DegreeType,
    DocumentKind,
    LicenceCategory,
    LicenceLevel,
    PersonType,
    SchoolLevel,
    Sex,
)
from zhupei.training.models import Education, Enrolment, Rotation

from . import pictures
from .album import Album
from .people import MAJOR, PASSWORD, Candidate
from .places import Places
from .schemes import Stay

SEXES = {"男": Sex.MALE, "女": Sex.FEMALE}
HAN, MASSES, LEAGUE = "01", "13", "03"  # GB/T 3304, GB/T 4762


@dataclass
class Trainee:
    """A candidate with the rows; the steps of a story pass it on."""

    candidate: Candidate
    user: User
    enrolment: Enrolment
    stays: dict[Rotation, Stay] = field(default_factory=dict)
    application: Application | None = None

    @property
    def begun(self) -> Application:
        """The application, which an earlier step has begun."""
        if self.application is None:
            raise LookupError(f"{self.candidate.name} has not begun an application")
        return self.application


def enrol(candidate: Candidate, places: Places, stays: list[Stay], *, year: int) -> Trainee:
    """What the base does: account, training record and rotations, with what the log counts by now."""
    user = create_user(
        by=None,
        full_name=candidate.name,
        id_number=candidate.id_number,
        phone=candidate.phone,
        email=f"{pinyin.full(candidate.name)}@example.cn",
    )
    set_password(user, password=PASSWORD, by=user)
    enrolment = training.enrol(
        user, by=None, profile=person_of(candidate), enrolment=enrolment_of(candidate, places, stays, year)
    )
    trainee = Trainee(candidate, user, enrolment)
    for stay in stays:
        trainee.stays[_plan(trainee, places, stay)] = stay
    return trainee


def person_of(candidate: Candidate) -> dict[str, Any]:
    """What the base knows of the person: fields of ``Profile``."""
    return {
        "sex": SEXES[candidate.sex],
        "birth_date": candidate.birth_date,
        "person_type": PersonType.SOCIAL if candidate.number % 3 else PersonType.OWN_STAFF,
    }


def enrolment_of(candidate: Candidate, places: Places, stays: list[Stay], year: int) -> dict[str, Any]:
    """Fields of ``Enrolment``."""
    return {
        "base": places.organisations[candidate.base],
        "specialty": places.specialties[candidate.specialty],
        "grade": candidate.grade,
        "completion_year": year + 1 if candidate.story == "wrong-year" else year,
        "start_date": stays[0].start_date,
        "end_date": max(date(year, 8, 31), stays[-1].end_date),
    }


def _plan(trainee: Trainee, places: Places, stay: Stay) -> Rotation:
    rotation = training.plan_rotation(
        trainee.enrolment,
        places.departments[trainee.candidate.base, stay.department],
        by=None,
        start_date=stay.start_date,
        end_date=stay.end_date,
        required_months=stay.months,
        required=stay.required,
    )
    if stay.done:
        training.count(rotation, by=None, done=stay.done)
    return rotation


def fill_in(trainee: Trainee) -> None:
    """What the trainee types under 个人中心."""
    profile = trainee.user.profile
    training.update_record(profile, by=trainee.user, **typed_by(trainee.candidate))
    training.save_education(profile, Education(**education_of(trainee.candidate)), by=trainee.user)


def qualify(trainee: Trainee, *, without_a_date: bool = False) -> None:
    """What the trainee types under 医师资格与执业."""
    typed = licence_of(trainee.candidate, trainee.enrolment.specialty)
    if without_a_date:
        typed |= {"qualified_date": None, "practice_scope": ""}
    training.update_licence(trainee.user.profile, by=trainee.user, **typed)


def typed_by(candidate: Candidate) -> dict[str, Any]:
    """Fields of ``Profile`` that the trainee keeps."""
    return {
        "ethnic_group": HAN,
        "politics": LEAGUE if candidate.number % 2 else MASSES,
        "emergency_name": f"{candidate.name[0]}建国",
        "emergency_phone": f"139000001{20 + candidate.number % 80:02}",
        "emergency_relation": "父亲",
        "workplace": candidate.base if candidate.number % 3 == 0 else "社会人（无单位）",
        "is_fresh_graduate": False,
        "is_oriented": False,
        "is_military": False,
    }


def education_of(candidate: Candidate) -> dict[str, Any]:
    """Fields of ``Education``."""
    return {
        "level": SchoolLevel.BACHELOR,
        "degree": Degree.BACHELOR,
        "degree_type": DegreeType.SCIENTIFIC,
        "school": candidate.school,
        "major": MAJOR,
        "graduated_date": candidate.graduated_date,
        "diploma_number": candidate.diploma_number,
        "degree_number": candidate.degree_number,
    }


def licence_of(candidate: Candidate, specialty: Specialty) -> dict[str, Any]:
    """Fields of ``Licence``."""
    return {
        "passed_exam": True,
        "passed_date": candidate.passed_date,
        "qualified_date": candidate.qualified_date,
        "level": LicenceLevel.PHYSICIAN,
        "category": LicenceCategory.CLINICAL,
        "certificate_code": candidate.licence_code,
        "practice_date": date(candidate.qualified_date.year + 1, 3, 5),
        "practice_code": f"1104201000{12300 + candidate.number}",
        "practice_category": LicenceCategory.CLINICAL,
        "practice_scope": f"{specialty}专业",
        "practice_place": "湖北省江城市",
    }


def upload(trainee: Trainee, album: Album, *, without: Collection[DocumentKind] = ()) -> None:
    """The trainee lays the portrait and the certificates."""
    documents = album.documents(trainee.candidate)
    for kind, picture in documents.items():
        if kind not in without:
            training.lay_document(trainee.user.profile, kind, [picture], by=trainee.user, replace=False)


def tilt_the_portrait(trainee: Trainee) -> None:
    """The trainee lays a portrait with the head to one side: it stands, with a warning."""
    candidate = trainee.candidate
    crooked = pictures.tilted(pictures.portrait(candidate.number, candidate.sex))
    fitted, _ = mending.take_portrait(crooked, name="手机照片.jpg")
    profile, user = trainee.user.profile, trainee.user
    training.lay_document(profile, DocumentKind.PORTRAIT, [fitted], by=user, replace=True)


def mend_the_portrait(trainee: Trainee) -> None:
    """The trainee agrees to what 一键修正 proposes for the portrait that stands."""
    pages = Page.objects.standing().filter(slot__document__user=trainee.user)
    page = pages.get(slot__document__kind=DocumentKind.PORTRAIT)
    mended = mending.mend_portrait(page.picture, mending.proposed(page.picture))
    fitted = mending.keep(mended, page.picture)
    training.use_mended(trainee.user.profile, page, fitted, by=trainee.user)
