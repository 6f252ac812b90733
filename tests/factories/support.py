import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.support.models import Announcement

from .organisations import ProvinceFactory


class AnnouncementFactory(DjangoModelFactory[Announcement]):
    class Meta:
        model = Announcement

    issuer = factory.SubFactory(ProvinceFactory)
    title = factory.Sequence("第 {} 条公告".format)
    body = "请按时提交。"
    published_at = factory.LazyFunction(timezone.now)
