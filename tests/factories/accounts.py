import itertools
from datetime import date, timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from zhupei.accounts.models import OneTimeCode, Throttle, User

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "安邦承德恩芳光浩佳凯兰明宁平清瑞思婷文欣雅泽"
NAMES = [
    surname + first + second for first, second in itertools.product(GIVEN, GIVEN) for surname in SURNAMES
]

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_number(n: int, born: date | None = None) -> str:
    """The ``n``-th 居民身份证号码: valid, unlike any other; of a man if ``n`` is odd."""
    born = born or date(1992, 1, 1) + timedelta(days=n // 1000 % 3000)
    digits = f"420106{born:%Y%m%d}{n % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


class UserFactory(DjangoModelFactory[User]):
    """A person with a name and the two numbers one signs in with, and no password yet."""

    class Meta:
        model = User

    full_name = factory.Sequence(lambda n: NAMES[n % len(NAMES)])
    id_number = factory.Sequence(resident_number)
    phone = factory.Sequence("139{:08d}".format)
    password = factory.LazyFunction(lambda: make_password(None))


class OneTimeCodeFactory(DjangoModelFactory[OneTimeCode]):
    class Meta:
        model = OneTimeCode

    user = factory.SubFactory(UserFactory)
    hashed = factory.LazyFunction(lambda: make_password("ABCDE23456"))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class ThrottleFactory(DjangoModelFactory[Throttle]):
    class Meta:
        model = Throttle

    key = factory.Sequence("{:064x}".format)
    failed_at = factory.LazyFunction(lambda: timezone.now())
