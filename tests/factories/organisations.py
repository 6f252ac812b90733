from datetime import date

import factory
from factory.django import DjangoModelFactory

from zhupei.organisations.choices import Level, Role, Track
from zhupei.organisations.models import Department, Membership, Organisation, Specialty, SpecialtyBase

from .accounts import UserFactory


class ProvinceFactory(DjangoModelFactory[Organisation]):
    """The one province; asking again gives the same, unless another ``code`` is asked for."""

    class Meta:
        model = Organisation
        django_get_or_create = ("code",)

    code = "420000"
    name = factory.LazyAttribute(lambda o: f"湖北省卫健委{'' if o.code == '420000' else o.code}")
    short_name = "省卫健委"
    level = Level.PROVINCE


class CityFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    code = factory.Sequence("C{:04d}".format)
    name = factory.Sequence("第{}市卫健委".format)
    short_name = factory.Sequence("{}市".format)
    level = Level.CITY
    parent = factory.SubFactory(ProvinceFactory)


class BaseFactory(DjangoModelFactory[Organisation]):
    """A base that its own city reviews; ``review_city=None`` is 免市局审核."""

    class Meta:
        model = Organisation

    code = factory.Sequence("B{:04d}".format)
    name = factory.Sequence("江城大学附属第{}医院".format)
    short_name = factory.Sequence("附{}院".format)
    level = Level.BASE
    parent = factory.SubFactory(CityFactory)
    review_city = factory.SelfAttribute("parent")


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    base = factory.SubFactory(BaseFactory)
    name = factory.Sequence("第{}科".format)


class SpecialtyFactory(DjangoModelFactory[Specialty]):
    class Meta:
        model = Specialty

    code = factory.Sequence("{:04d}".format)
    name = factory.Sequence("外科（方向{}）".format)
    track = Track.WESTERN
    months = 33


class SpecialtyBaseFactory(DjangoModelFactory[SpecialtyBase]):
    class Meta:
        model = SpecialtyBase

    base = factory.SubFactory(BaseFactory)
    specialty = factory.SubFactory(SpecialtyFactory)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(BaseFactory)
    role = Role.BASE
    start_date = date(2020, 1, 1)
