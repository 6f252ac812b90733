"""Which certificates are asked of a person, and what a picture of each must be (domain §7)."""

from dataclasses import dataclass

from zhupei.accounts.choices import IdKind
from zhupei.imaging.rules import PAPER, PORTRAIT, ImageRule

from .choices import DocumentKind, PersonType
from .models import Education, Enrolment, Profile

# Papers that may have more than one page; of the others a second picture is a mistake.
OF_SEVERAL_PAGES = {
    DocumentKind.LICENCE,
    DocumentKind.REDUCTION,
    DocumentKind.COMMISSION,
    DocumentKind.EXTENSION,
}
FULL_YEARS = 3  # fewer need the proof of the reduction


@dataclass(frozen=True, slots=True)
class Asked:
    kind: DocumentKind
    must: bool


def image_rule(kind: DocumentKind) -> ImageRule:
    return PORTRAIT if kind == DocumentKind.PORTRAIT else PAPER


def asked_of(profile: Profile, enrolment: Enrolment, highest: Education | None) -> list[Asked]:
    """The portrait and the certificates of this person, in the order of the page.

    学位证书 is mandatory iff a degree is stated, 减免证明 iff the training was shortened;
    the back of an identity card only of the card that has one.
    """
    asked = [
        Asked(DocumentKind.PORTRAIT, must=True),
        Asked(DocumentKind.ID_FRONT, must=True),
        Asked(DocumentKind.ID_BACK, must=profile.user.id_kind == IdKind.RESIDENT),
        Asked(DocumentKind.DIPLOMA, must=True),
        Asked(DocumentKind.DEGREE, must=highest is None or highest.has_degree),
        Asked(DocumentKind.LICENCE, must=True),
        Asked(DocumentKind.PRACTICE, must=False),
    ]
    if enrolment.years < FULL_YEARS:
        asked.append(Asked(DocumentKind.REDUCTION, must=True))
    if profile.person_type == PersonType.SENT:
        asked.append(Asked(DocumentKind.COMMISSION, must=False))
    if enrolment.end_date.year > enrolment.start_date.year + enrolment.years:
        asked.append(Asked(DocumentKind.EXTENSION, must=False))
    return asked


def highest_of(educations: list[Education]) -> Education | None:
    """The education that counts for the application."""
    return max(educations, key=lambda education: education.rank, default=None)
