from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.accounts.models import User
from zhupei.lib import id_number
from zhupei.lib.id_number import Kind
from zhupei.training.choices import Degree, DocumentKind, Indicator, PersonType, SchoolLevel
from zhupei.training.models import Document, Education, Enrolment, Licence, Profile, Rotation, Tally

from .accounts import UserFactory
from .files import SlotFactory
from .organisations import BaseFactory, DepartmentFactory, SpecialtyFactory


def said_by_the_number(user: User) -> dict[str, object]:
    """性别 and 出生日期, which the ID number states."""
    kind = Kind(user.id_kind)
    return {
        "sex": id_number.sex(kind, user.id_number),
        "birth_date": id_number.birth_date(kind, user.id_number),
    }


class ProfileFactory(DjangoModelFactory[Profile]):
    class Meta:
        model = Profile

    user = factory.SubFactory(UserFactory)
    sex = factory.LazyAttribute(lambda o: said_by_the_number(o.user)["sex"])
    birth_date = factory.LazyAttribute(lambda o: said_by_the_number(o.user)["birth_date"])
    person_type = PersonType.OWN_STAFF


class EducationFactory(DjangoModelFactory[Education]):
    class Meta:
        model = Education

    user = factory.SubFactory(UserFactory)
    level = SchoolLevel.BACHELOR
    degree = Degree.NONE
    school = "江城医科大学"
    major = "临床医学"
    graduated_date = date(2019, 6, 30)


class LicenceFactory(DjangoModelFactory[Licence]):
    class Meta:
        model = Licence

    user = factory.SubFactory(UserFactory)


class DocumentFactory(DjangoModelFactory[Document]):
    class Meta:
        model = Document

    user = factory.SubFactory(UserFactory)
    kind = DocumentKind.DIPLOMA
    slot = factory.SubFactory(SlotFactory)


class EnrolmentFactory(DjangoModelFactory[Enrolment]):
    """Three years (or ``years``) that end with this year's exam."""

    class Meta:
        model = Enrolment

    user = factory.SubFactory(UserFactory)
    base = factory.SubFactory(BaseFactory)
    specialty = factory.SubFactory(SpecialtyFactory)
    years = 3
    grade = factory.LazyAttribute(lambda o: o.completion_year - o.years)
    completion_year = factory.LazyFunction(lambda: timezone.localdate().year)
    start_date = factory.LazyAttribute(lambda o: date(o.grade, 9, 1))
    end_date = factory.LazyAttribute(lambda o: date(o.grade + o.years, 8, 31))


class RotationFactory(DjangoModelFactory[Rotation]):
    """Thirty days that ended yesterday."""

    class Meta:
        model = Rotation

    enrolment = factory.SubFactory(EnrolmentFactory)
    department = factory.SubFactory(DepartmentFactory, base=factory.SelfAttribute("..enrolment.base"))
    department_name = factory.LazyAttribute(lambda o: o.department.name if o.department else "")
    start_date = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    end_date = factory.LazyAttribute(lambda o: o.start_date + timedelta(days=29))
    required_months = 1


class TallyFactory(DjangoModelFactory[Tally]):
    class Meta:
        model = Tally

    rotation = factory.SubFactory(RotationFactory)
    indicator = Indicator.CASE
    required = 0
