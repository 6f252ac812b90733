"""``make bench``: prepare, measure, print a table; exit code 1 when a bound is broken."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.environment import without_ours

from .folders import LARGE, SMALL, Folder

ROOT = Path(__file__).resolve().parent
REPORT = ROOT.parent / "docs" / "develop" / "benchmarks.md"
PARTS = ("pages", "queues", "writes", "process")


def main() -> int:
    args = _parser().parse_args()
    small, large = Folder(args.folder / str(SMALL), SMALL), Folder(args.folder / str(args.large), args.large)
    parts = args.only or PARTS
    few, many = Folder(args.folder / "log", 0), Folder(args.folder / "log-large", 0)
    folders = [small, *([large] if "queues" in parts else []), *([few, many] if "process" in parts else [])]
    for folder in folders:
        folder.prepare()
    _set_up(small)

    from . import report, run  # noqa: PLC0415 - they need the settings

    rows = run.everything(small, large, (few, many), parts)
    print(report.table(rows))
    if args.write:
        report.write(REPORT, rows, folders)
    return 0 if all(row.is_kept for row in rows) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench", description="CPU time of pages and writes beside floors"
    )
    default = Path(tempfile.gettempdir()) / "zhupei-bench"
    parser.add_argument("--folder", type=Path, default=default, help=f"where the data lie ({default})")
    large = f"applications of the large folder ({LARGE})"
    parser.add_argument("--large", type=int, default=LARGE, help=large)
    parser.add_argument("--write", action="store_true", help=f"write the table into {REPORT.name}")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part")
    return parser


def _set_up(folder: Folder) -> None:
    environ = {**without_ours(os.environ), "ZHUPEI_DATA": str(folder.path)}
    os.environ.clear()
    os.environ.update({**environ, "DJANGO_SETTINGS_MODULE": "zhupei.settings"})
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.TEMPLATES[0]["DIRS"] = [ROOT / "templates"]
    settings.LOGGING = {**settings.LOGGING, "root": {"handlers": [], "level": "ERROR"}}
    django.setup()
    call_command("prepare")


if __name__ == "__main__":
    sys.exit(main())
