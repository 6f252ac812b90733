import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhupei.administration.tasks import SCHEDULE
from zhupei.worker.loop import work


class Command(BaseCommand):
    help = "一个后台进程：办理排队的任务和定时任务；收到 SIGTERM 后办完手上的再停止"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="启动它的进程；它结束后也结束")

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        work(SCHEDULE, _stopped_by_a_signal(), parent)


def _stopped_by_a_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
