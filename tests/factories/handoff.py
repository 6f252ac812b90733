from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.handoff import tokens
from zhupei.handoff.models import HandOff

from .accounts import UserFactory


class HandOffFactory(DjangoModelFactory[HandOff]):
    """Just opened, for a diploma."""

    class Meta:
        model = HandOff

    owner = factory.SubFactory(UserFactory)
    kind = "diploma"
    back = "/training/profile/#diploma"
    digest = factory.LazyAttribute(lambda made: tokens.digest(tokens.token_of(made.id)))
    id = factory.LazyFunction(HandOff._meta.pk.get_default)
    opened_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda made: made.opened_at + timedelta(minutes=10))
