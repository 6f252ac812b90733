import io
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from zhupei.accounts.fields import key_ring
from zhupei.administration.data_folder import SECRET_KEY, has_secret_key
from zhupei.audit.models import Event
from zhupei.files import storage
from zhupei.printing import press
from zhupei.worker import queue

PROBE = '#set text(font: ("Noto Sans SC", "Noto Serif SC"))\n住培'
FULL = 2  # PRAGMA synchronous


class Ill(Exception):
    """A check found something wrong; the message says what, and what to do."""


class Command(BaseCommand):
    help = "检查安装：文件夹、密钥、数据库、存储、字体、时钟；有一项不正常时退出码为 1"

    def handle(self, *args: Any, **options: Any) -> None:
        results = [self._examine(name, check) for name, check in CHECKS.items()]
        if not all(results):
            sys.exit(1)

    def _examine(self, name: str, check: Callable[[], str]) -> bool:
        try:
            finding, is_well = check(), True
        except Exception as error:  # whatever it is, the next check goes on
            finding, is_well = str(error) or type(error).__name__, False
        self.stdout.write(f"{'✓' if is_well else '✗'} {name}：{finding}")
        return is_well


def data_folder() -> str:
    folder: Path = settings.DATA
    if not folder.is_dir():
        raise Ill(f"{folder} 不存在，请运行 zhupei init")
    if loose := _open_to_others(folder):
        raise Ill(f"{folder} 的权限是 {loose}，应为 700：chmod 700 {folder}")
    return str(folder)


def secret_key() -> str:
    file = settings.DATA / SECRET_KEY
    if not has_secret_key():
        raise Ill("没有站点密钥，请运行 zhupei init")
    if file.exists() and (loose := _open_to_others(file)):
        raise Ill(f"{file} 的权限是 {loose}，应为 600：chmod 600 {file}")
    return "已设置"


def keys() -> str:
    file: Path = settings.KEYS_FILE
    if not file.is_file():
        raise Ill(f"没有 {file}，请从备份取回；全新安装请运行 zhupei init")
    if loose := _open_to_others(file):
        raise Ill(f"{file} 的权限是 {loose}，应为 600：chmod 600 {file}")
    ring = key_ring()
    text = secrets.token_hex(8)
    if ring.unseal(ring.seal(text, context="doctor"), context="doctor") != text:
        raise Ill("加密后解不开")
    return f"{file}，当前密钥 {ring.current}"


def database() -> str:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise Ill("没有数据库，请运行 zhupei init")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if connection.vendor != "sqlite":
            return f"{connection.vendor} 正常"
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if (journal, synchronous) != ("wal", FULL):
        raise Ill(
            f"journal_mode={journal}、synchronous={synchronous}，应为 wal、{FULL}：断电可能丢失已确认的提交"
        )
    return "SQLite，WAL，synchronous=FULL"


def migrations() -> str:
    _needs_a_database()
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Ill(f"有 {len(plan)} 项未执行：zhupei manage migrate")
    return "表结构是当前版本"


def files() -> str:
    if not settings.DATA.is_dir():
        raise Ill("没有数据文件夹，未检查")
    content = secrets.token_bytes(64)
    address = storage.put(content)  # with fsync
    found = storage.get(address)
    storage.path_of(address).unlink()
    if found != content:
        raise Ill(f"{settings.FILES} 写入后读出的内容不同")
    return f"{settings.FILES} 可写，已落盘"


def fonts() -> str:
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "probe.typ"
        paper.write_text(PROBE, encoding="utf-8")
        pdf = press.to_pdf(paper, {})
    return f"中文字体齐全，可以排版（{len(pdf)} 字节）"


def clock() -> str:
    """The time zone is ours, and no event lies in the future: the clock was not put back."""
    if settings.TIME_ZONE != "Asia/Shanghai":
        raise Ill(f"时区是 {settings.TIME_ZONE}，窗口按 Asia/Shanghai 计算")
    _needs_a_database()
    now = timezone.now()
    last = Event.objects.order_by("-id").values_list("at", flat=True).first()
    if last is not None and last > now + timedelta(minutes=1):
        raise Ill(f"现在是 {_shown(now)}，但最近一条日志记于 {_shown(last)}：请校准服务器时钟")
    return f"{_shown(now)}，Asia/Shanghai"


def worker() -> str:
    """Nobody working is well while the site is stopped; what was given up never is."""
    _needs_a_database()
    health = queue.health(timezone.now())
    if health.dead:
        raise Ill(f"有 {health.dead} 项任务没有办成，请系统管理员在【后台任务】里查看")
    working = (
        f"{len(health.workers)} 个后台进程在工作" if health.workers else "没有后台进程在工作（站点未启动？）"
    )
    return f"{working}，{health.waiting} 项排队"


def deployment() -> str:
    if not settings.IS_HTTPS:
        return "不是 https 站点，仅限本机或试用"
    said = io.StringIO()
    try:
        call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    except SystemCheckError as error:
        raise Ill(str(error)) from error
    return "https 站点，check --deploy 无警告"


CHECKS: dict[str, Callable[[], str]] = {
    "数据文件夹": data_folder,
    "站点密钥": secret_key,
    "个人信息密钥": keys,
    "数据库": database,
    "表结构": migrations,
    "图片存储": files,
    "字体": fonts,
    "时钟": clock,
    "后台任务": worker,
    "部署": deployment,
}


def _needs_a_database() -> None:
    """Do not make one by looking."""
    try:
        database()
    except (Ill, DatabaseError) as error:
        raise Ill("数据库不可用，未检查") from error


def _open_to_others(path: Path) -> str:
    """The rights if group or others have any; "" if it is ours alone."""
    rights = stat.S_IMODE(path.stat().st_mode)
    return f"{rights:o}" if rights & 0o077 else ""


def _shown(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
