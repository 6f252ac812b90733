"""A throw-away data folder, ready before anything reads the settings.

pytest loads this file as a plugin (``-p tests.environment``), so that the folder is there when
pytest-django imports ``zhupei.settings``; a conftest.py would come too late. For other tools
that read the settings: ``python -m tests.environment COMMAND``.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from zhupei.lib.sealing import KeyRing


def without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` without what somebody has set for a site of their own."""
    return {name: value for name, value in environ.items() if not name.startswith("ZHUPEI_")}


def furnish(folder: Path) -> dict[str, str]:
    """Write the keys into ``folder``; the variables that make zhupei live there.

    The database server stays the one that is set (``ZHUPEI_DB_*``): tests make a database of
    their own in it.
    """
    keys = folder / "keys.json"
    keys.write_text(KeyRing.generate().to_json(), encoding="utf-8")
    keys.chmod(0o600)
    (folder / "static").mkdir()  # whitenoise warns when it is not there
    return {
        **without_ours(os.environ),
        **{name: value for name, value in os.environ.items() if name.startswith("ZHUPEI_DB_")},
        "ZHUPEI_DATA": str(folder),
        "ZHUPEI_KEYS_FILE": str(keys),
        "ZHUPEI_SECRET_KEY": secrets.token_urlsafe(50),
    }


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    folder = tempfile.TemporaryDirectory(prefix="zhupei-tests-", ignore_cleanup_errors=True)
    early_config.add_cleanup(folder.cleanup)
    environ = furnish(Path(folder.name))
    os.environ.clear()
    os.environ.update(environ)


def main() -> int:
    """Run the command of the arguments in a furnished folder, then remove the folder."""
    with tempfile.TemporaryDirectory(prefix="zhupei-tests-") as folder:
        return subprocess.run(sys.argv[1:], env=furnish(Path(folder)), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
