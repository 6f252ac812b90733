import factory
from factory.django import DjangoModelFactory

from zhupei.notifications.models import Notice

from .accounts import UserFactory


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    text = factory.Sequence("第 {} 条通知".format)
