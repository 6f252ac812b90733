"""``python -m benchmarks``: prepare, measure, print a table; exit code 1 when a bound is broken."""

import argparse
import os
import sys
from pathlib import Path

from .folders import LARGE, SMALL, Folder

ROOT = Path(__file__).resolve().parent
REPORT = ROOT.parent / "docs" / "develop" / "benchmarks.md"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make bench", description="CPU time of pages and writes beside floors"
    )
    parser.add_argument("--folder", type=Path, default=Path("/tmp/zhupei-bench"), help="where the data lie")  # noqa: S108
    parser.add_argument("--write", action="store_true", help=f"write the table into {REPORT.name}")
    parser.add_argument("--only", choices=("pages", "queues", "writes"), help="a part")
    args = parser.parse_args()
    small, large = Folder(args.folder / str(SMALL), SMALL), Folder(args.folder / str(LARGE), LARGE)
    for folder in (small, large) if args.only in (None, "queues") else (small,):
        folder.prepare()
    _set_up(small)

    from . import report, run  # noqa: PLC0415 - they need the settings

    rows = run.everything(small, large, only=args.only)
    print(report.table(rows))
    if args.write:
        report.write(REPORT, rows)
    return 0 if all(row.is_kept for row in rows) else 1


def _set_up(folder: Folder) -> None:
    os.environ["ZHUPEI_DATA"] = str(folder.path)
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhupei.settings"
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.TEMPLATES[0]["DIRS"] = [ROOT / "templates"]
    settings.LOGGING = {**settings.LOGGING, "root": {"handlers": [], "level": "ERROR"}}
    django.setup()
    call_command("prepare")


if __name__ == "__main__":
    sys.exit(main())
