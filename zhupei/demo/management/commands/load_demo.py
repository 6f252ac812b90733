from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from zhupei.demo import accounts, bulk
from zhupei.demo.load import load


class Command(BaseCommand):
    help = "建表并写入演示省（由 zhupei demo 调用；只写入空的数据库）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=0, help="申请份数，超出演示的部分批量写入")
        parser.add_argument("--light", action="store_true", help="批量写入的每人只有 3 个轮转")

    def handle(self, *args: Any, **options: Any) -> None:
        people = load()
        bulk.grow(options["size"], light=options["light"])
        accounts.write(settings.DATA, people)
