import factory
from factory.django import DjangoModelFactory

from zhupei.web.models import Attempt

from .accounts import UserFactory


class AttemptFactory(DjangoModelFactory[Attempt]):
    class Meta:
        model = Attempt

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence("form-{}".format)
    location = "/home/"
