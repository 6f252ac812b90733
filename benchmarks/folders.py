"""The data folders: a season of 10,000 and one of 100,000 applications, made once and used again."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.environment import without_ours

SMALL, LARGE = 10_000, 100_000
DAYS_FRESH = 7  # the season's windows are days around the day it was made


@dataclass(frozen=True)
class Folder:
    path: Path
    size: int

    def prepare(self) -> None:
        """Load it through ``zhupei demo``, unless it is there and of this week."""
        if self._is_usable():
            return
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        size = [f"--size={self.size}"] if self.size else []
        light = ["--light"] if self.size > SMALL else []
        command = [sys.executable, "-m", "zhupei", "demo", "--no-serve", *size, *light]
        print(f"{self.path}: loading {self.size:,} applications …", file=sys.stderr, flush=True)
        subprocess.run(  # noqa: S603
            command,
            env={**without_ours(os.environ), "ZHUPEI_DATA": str(self.path)},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _is_usable(self) -> bool:
        mark = self.path / "demo"
        return bool(mark.exists() and self.accounts and _age(mark) < DAYS_FRESH)

    @property
    def database(self) -> Path:
        return self.path / "zhupei.sqlite3"

    @property
    def accounts(self) -> list[dict[str, str]]:
        return list(json.loads((self.path / "demo").read_text(encoding="utf-8") or "[]"))

    def phone(self, role: str, state: str | None = None) -> str:
        """Of the first person of a role and state."""
        return next(one["username"] for one in self.accounts if (one["role"], one["state"]) == (role, state))


def _age(file: Path) -> float:
    """Days since it was written."""
    return (time.time() - file.stat().st_mtime) / 86400


@contextmanager
def lived_in(folder: Folder) -> Iterator[None]:
    """This process works with the database, the pictures and the keys of ``folder``."""
    from django.conf import settings  # noqa: PLC0415 - the settings need the environment first
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from zhupei.accounts.fields import key_ring  # noqa: PLC0415

    connection.close()
    connection.settings_dict["NAME"] = folder.database
    settings.FILES, settings.KEYS_FILE = folder.path / "files", folder.path / "keys.json"
    key_ring.cache_clear()
    call_command("migrate", interactive=False, verbosity=0)
    yield
