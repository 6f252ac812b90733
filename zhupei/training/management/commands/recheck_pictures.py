from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import transaction

from zhupei.files.models import Picture
from zhupei.imaging.flaws import CHECKS
from zhupei.training.tasks import look_again

AT_A_TIME = 500  # enqueued in one transaction


class Command(BaseCommand):
    help = "请后台按现在的机检重新看一遍以前上传的图片；图片不变，只更新机检提醒。可重复运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="最多 N 张")

    def handle(self, *args: Any, limit: int | None, **options: Any) -> None:
        older = Picture.objects.filter(checks__lt=CHECKS).order_by("pk").values_list("pk", flat=True)
        count = sum(_enqueue(some) for some in _batches(older[:limit]))
        self.stdout.write(f"已排队 {count} 张")


@transaction.atomic
def _enqueue(pictures: list[UUID]) -> int:
    for pk in pictures:
        look_again.enqueue(str(pk))
    return len(pictures)


def _batches(pictures: Iterable[UUID]) -> Iterator[list[UUID]]:
    them = iter(pictures)
    while some := list(islice(them, AT_A_TIME)):
        yield some
