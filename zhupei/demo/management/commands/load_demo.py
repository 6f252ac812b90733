from typing import Any

from django.core.management.base import BaseCommand

from zhupei.demo.load import load


class Command(BaseCommand):
    help = "把演示省写入空的数据库（由 zhupei demo 调用）"

    def handle(self, *args: Any, **options: Any) -> None:
        load()
