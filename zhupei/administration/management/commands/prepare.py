import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

STAMP = "static.stamp"  # in the data folder: which static files lie in STATIC_ROOT


class Command(BaseCommand):
    help = "启动前的准备：升级 SQLite 的表结构，收集有变化的静态文件（由 zhupei serve 调用）"

    def handle(self, *args: Any, **options: Any) -> None:
        _bring_tables_up_to_date()
        _collect_changed_static_files()


def _bring_tables_up_to_date() -> None:
    """SQLite by itself; another database belongs to an administrator, who chooses the moment."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor != "sqlite":
        raise CommandError("数据库的表结构不是当前版本，请先运行：zhupei manage migrate")
    call_command("migrate", interactive=False, verbosity=0)


def _collect_changed_static_files() -> None:
    stamp, now = settings.DATA / STAMP, _fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now, encoding="utf-8")


def _fingerprint() -> str:
    """Changes whenever a static file of a package was added, removed or written."""
    found = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            found.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return found.hexdigest()
