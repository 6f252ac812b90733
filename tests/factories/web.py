import factory
from factory.django import DjangoModelFactory

from zhupei.web.models import Attempt, KeptPost

from .accounts import UserFactory


class AttemptFactory(DjangoModelFactory[Attempt]):
    class Meta:
        model = Attempt

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence("form-{}".format)
    location = "/home/"


class KeptPostFactory(DjangoModelFactory[KeptPost]):
    class Meta:
        model = KeptPost

    user = factory.SubFactory(UserFactory)
    path = "/training/profile/basic/"
    page = "/training/profile/"
    typed = "emergency_name=%E6%B2%88%E5%B2%B3"
