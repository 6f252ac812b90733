import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from zhupei.completion import invariants as of_completion
from zhupei.completion.models import Application, Submission
from zhupei.files import invariants as of_files
from zhupei.files.models import Picture
from zhupei.lib.invariants import Broken
from zhupei.training import invariants as of_training
from zhupei.training.models import Rotation

CHECKED = (Rotation, Application, Submission)
NAMED = 1000  # rows at most: whoever has more has another problem


class Command(BaseCommand):
    help = (
        "核对数据：指标与登记一致，已出科的表齐全并固定，状态与轮次、审核、日志一致，"
        "提交内容与校验码一致，图片都在；有一项不符时退出码为 1"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="只输出 JSON")
        parser.add_argument("--quick", action="store_true", help="只看图片在不在，不重新计算散列")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        counts: Counter[str] = Counter()
        named: list[Broken] = []
        with one_moment():
            checked = {model._meta.label_lower: model.objects.count() for model in CHECKED}
            _note(of_training.broken(), counts, named)
            _note(of_completion.broken(), counts, named)
        # outside: reading a hundred gigabytes takes hours, and a picture never changes
        checked[Picture._meta.label_lower] = Picture.objects.count()
        _note(of_files.broken(quick=options["quick"]), counts, named)
        seconds = round(time.monotonic() - begun, 1)
        self.stdout.write(
            _as_json(checked, counts, named, seconds) if options["json"] else _as_text(checked, counts, named)
        )
        if counts:
            sys.exit(1)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, while others go on writing."""
    if connection.in_atomic_block:  # the caller's
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # transaction.atomic() would keep every writer waiting (IMMEDIATE)
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def _note(broken: Iterator[Broken], counts: Counter[str], named: list[Broken]) -> None:
    for one in broken:
        counts[one.invariant] += 1
        if len(named) < NAMED:
            named.append(one)


def _as_json(checked: dict[str, int], counts: Counter[str], named: list[Broken], seconds: float) -> str:
    rows = [
        {"invariant": one.invariant, "model": one.model, "id": str(one.id), "note": one.note} for one in named
    ]
    report = {"ok": not counts, "checked": checked, "counts": counts, "broken": rows, "seconds": seconds}
    return json.dumps(report, ensure_ascii=False)


def _as_text(checked: dict[str, int], counts: Counter[str], named: list[Broken]) -> str:
    lines = ["已核对：" + "，".join(f"{model} {count}" for model, count in checked.items())]
    lines += [f"✗ {one}" for one in named]
    if counts.total() > len(named):
        lines.append(f"✗ 另有 {counts.total() - len(named)} 处没有列出")
    return "\n".join(lines if counts else [*lines, "✓ 全部相符"])
