"""``zhupei``: every command of an operator.

What needs the site's tables is a management command of its app (``zhupei manage help``); here
is only what has to happen before the settings can be read, and the processes that are started.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connections
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces

from zhupei.administration import data_folder
from zhupei.demo import accounts
from zhupei.worker import keeping

THREADS = 8  # of one web process: pages wait for the disk more than for the processor
MOST_PROCESSES = 4  # unless told otherwise
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
ZHUPEI = (sys.executable, "-m", "zhupei")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhupei.settings")
    os.umask(0o077)  # nothing we write is anybody else's
    if sys.argv[1:2] == ["manage"]:
        execute_from_command_line(["zhupei manage", *sys.argv[2:]])
        return
    args = _parser().parse_args()
    try:
        args.run(args)
    except (CommandError, ImproperlyConfigured, data_folder.Unusable) as error:
        sys.exit(f"zhupei {args.command}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def init(args: Namespace) -> None:
    """Folder, secrets, tables, the first administrator. Running it again changes nothing."""
    made = data_folder.make()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    print(
        "已建立：" + "、".join([*made, "数据库表"]) if made else f"{data_folder.path()} 已初始化，没有改动。"
    )
    call_command("open_site", province=args.province, code=args.code, name=args.name, phone=args.phone)


def demo(args: Namespace) -> None:
    """The demo province: loaded once, then only served."""
    url = _site_url(args)
    if not args.no_serve:
        _refuse_a_taken_port(args.host, args.port)
    people = accounts.read(data_folder.path()) or _load_demo(args)
    print(accounts.as_json(url, people) if args.json else accounts.as_table(url, people), flush=True)
    if not args.no_serve:
        serve(args)


def serve(args: Namespace) -> None:
    """The site and its worker, until Ctrl-C or SIGTERM."""
    if not data_folder.is_ready():
        raise CommandError(f"{data_folder.path()} 还没有初始化，请先运行：zhupei init")
    _refuse_a_taken_port(args.host, args.port)
    _site_url(args)
    django.setup()
    _refuse_an_unsafe_site()
    call_command("prepare")
    connections.close_all()  # a connection must not pass into the web processes
    keeper = None
    if args.worker:
        keeper = subprocess.Popen([*ZHUPEI, "worker", "--parent", str(os.getpid())])  # noqa: S603
    try:
        Granian(
            "zhupei.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=args.processes,
            blocking_threads=THREADS,
        ).serve(target_loader=_load_site, wrap_loader=False)
    finally:
        if keeper:
            keeper.terminate()
            keeper.wait()


def worker(args: Namespace) -> None:
    """Processes that carry out tasks, started again when one ends, until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keeping.keep((*ZHUPEI, "manage", "worker"), args.processes, stop, args.parent)


def doctor(args: Namespace) -> None:
    """Everything that can be checked from inside; exit code 1 if something is wrong."""
    django.setup()
    call_command("doctor")


def check_invariants(args: Namespace) -> None:
    """What always holds of the rows and their pictures; exit code 1 and names if something does not."""
    django.setup()
    call_command("check_invariants", json=args.json, quick=args.quick)


def check_image(args: Namespace) -> None:
    """What the site would say of picture files; needs no site. Exit code 1 if one would be refused."""
    checking = import_module("zhupei.imaging.checking")  # loads OpenCV and dlib, which no other command needs
    reports = [one for path in args.files for one in checking.report(path, args.as_)]
    print(checking.as_json(reports) if args.json else checking.as_text(reports))
    sys.exit(0 if all(one["accepted"] for one in reports) else 1)


def _load_site() -> Callable[..., Iterable[bytes]]:
    """In a web process: the site. Linux ends the process with ours, even after ``kill -9``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    application: Callable[..., Iterable[bytes]] = import_string("zhupei.wsgi.application")
    return application


def _load_demo(args: Namespace) -> list[accounts.Account]:
    """Make the province in a process of its own: its drawing threads must not be there when we fork."""
    folder = data_folder.path()
    _throw_away_what_was_not_finished(folder)
    if data_folder.is_ready():
        raise CommandError(f"{folder} 中已有正式数据，请用 ZHUPEI_DATA 为演示另选一个文件夹")
    data_folder.make()
    accounts.begin(folder)
    how = [f"--size={args.size}", *(["--light"] if args.light else [])]
    loading = subprocess.run([*ZHUPEI, "manage", "load_demo", *how], check=False, stdout=sys.stderr)  # noqa: S603
    if loading.returncode:
        raise CommandError("演示数据没有载入，原因见上")
    return accounts.read(folder) or []


def _throw_away_what_was_not_finished(folder: Path) -> None:
    """A folder that is marked as the demo's but names nobody: loading was interrupted."""
    if accounts.read(folder) == []:
        for leftover in folder.glob(f"{data_folder.DATABASE}*"):
            leftover.unlink()
        shutil.rmtree(folder / "files", ignore_errors=True)


def _refuse_an_unsafe_site() -> None:
    """An https site is open to the world: it starts only if nothing is known against it."""
    if settings.IS_HTTPS:
        call_command("check", deploy=True, fail_level="WARNING")


def _refuse_a_taken_port(host: str, port: int) -> None:
    """Say so in a sentence; the server itself would panic."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise CommandError(
            f"不能使用 {host}:{port}（{error.strerror}），可以换一个端口：--port 8001"
        ) from error


def _site_url(args: Namespace) -> str:
    """The address, given or that of this computer; the settings read it from the environment."""
    return os.environ.setdefault("ZHUPEI_SITE_URL", f"http://127.0.0.1:{args.port}").rstrip("/")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="zhupei", description="住培结业申请与审核平台。数据在 ZHUPEI_DATA（默认 ./data）。"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    one = commands.add_parser("init", help="建立数据文件夹、密钥、数据库和第一位管理员")
    one.add_argument("--province", default="湖北省", help="省名（默认 湖北省）")
    one.add_argument("--code", default="420000", help="省的行政区划代码（默认 420000）")
    one.add_argument("--name", default="管理员", help="第一位管理员的姓名")
    one.add_argument("--phone", default="", help="第一位管理员的手机号，用来登录")
    one.set_defaults(run=init)

    one = commands.add_parser("demo", help="载入虚构的演示省并启动网站，显示各角色的账号")
    one.add_argument("--json", action="store_true", help="只输出 JSON")
    one.add_argument("--no-serve", action="store_true", help="只载入，不启动网站")
    one.add_argument("--size", type=int, default=0, metavar="N", help="批量载入到 N 份申请（第一次载入时）")
    one.add_argument("--light", action="store_true", help="与 --size 一起：每人只有 3 个轮转，快两倍多")
    _add_address(one)
    one.set_defaults(run=demo, worker=True)

    one = commands.add_parser("serve", help="启动网站和一个后台进程")
    _add_address(one)
    one.add_argument(
        "--no-worker", dest="worker", action="store_false", help="后台任务由另外启动的 zhupei worker 办理"
    )
    one.set_defaults(run=serve)

    one = commands.add_parser("worker", help="只运行后台任务")
    one.add_argument("--processes", type=int, default=1, metavar="N", help="后台进程数（默认 1）")
    one.add_argument("--parent", type=int, metavar="PID", help="这个进程结束后也结束")
    one.set_defaults(run=worker)

    commands.add_parser("doctor", help="检查安装是否正常").set_defaults(run=doctor)

    one = commands.add_parser("check-invariants", help="核对数据和图片是否前后一致，指出不符的编号")
    one.add_argument("--json", action="store_true", help="只输出 JSON")
    one.add_argument("--quick", action="store_true", help="只看图片在不在，不重新计算散列")
    one.set_defaults(run=check_invariants)

    one = commands.add_parser("check-image", help="检查图片文件：能不能用、有什么问题、修正后多大")
    one.add_argument(
        "--as", dest="as_", choices=("portrait", "document"), default="document", help="照片或证照"
    )
    one.add_argument("--json", action="store_true", help="只输出 JSON")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="图片或 PDF")
    one.set_defaults(run=check_image)

    commands.add_parser("manage", help="Django 的管理命令，例如 zhupei manage migrate")
    return parser


def _add_address(parser: ArgumentParser) -> None:
    port = int(os.environ.get("PORT") or 8000)
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    parser.add_argument("--port", type=int, default=port, help="端口（默认 PORT 或 8000）")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1）")
    parser.add_argument("--processes", type=int, default=processes, help=f"网页进程数（默认 {processes}）")


if __name__ == "__main__":
    main()
