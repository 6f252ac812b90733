from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from zhupei.demo import accounts
from zhupei.demo.load import load


class Command(BaseCommand):
    help = "建表并写入演示省（由 zhupei demo 调用；只写入空的数据库）"

    def handle(self, *args: Any, **options: Any) -> None:
        accounts.write(settings.DATA, load())
