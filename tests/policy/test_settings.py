"""The settings of a site, read as its operator's environment makes them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.environment import without_ours

HTTPS = {"ZHUPEI_SITE_URL": "https://x.example", "ZHUPEI_TRUSTED_PROXIES": "1"}
ASKED = [
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "IS_HTTPS",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SESSION_COOKIE_AGE",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_PATH",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER",
    "USE_X_FORWARDED_HOST",
    "FILE_UPLOAD_PERMISSIONS",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "FILE_UPLOAD_MAX_FILE",
    "KEPT_COOKIE_NAME",
]
PRINT = f"""
import json, django
from django.conf import settings
django.setup()
print(json.dumps({{name: getattr(settings, name) for name in {ASKED!r}}}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with its secrets, as ``zhupei init`` leaves it; no tables are needed here."""
    folder = tmp_path_factory.mktemp("site") / "data"
    made = python(folder, "-c", "from zhupei.administration import data_folder; data_folder.make()")
    assert made.returncode == 0, made.stderr
    return folder


def python(folder: Path, *arguments: str, **others: str) -> subprocess.CompletedProcess[str]:
    environ = {"DJANGO_SETTINGS_MODULE": "zhupei.settings", **without_ours(os.environ)}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**environ, "ZHUPEI_DATA": str(folder), **others},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_with(folder: Path, **others: str) -> dict[str, Any]:
    done = python(folder, "-c", PRINT, **others)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check(folder: Path, **others: str) -> subprocess.CompletedProcess[str]:
    arguments = ("-m", "zhupei", "manage", "check", "--deploy", "--fail-level", "WARNING")
    return python(folder, *arguments, **{**HTTPS, **others})


@pytest.fixture(scope="module")
def https(folder: Path) -> dict[str, Any]:
    return settings_with(folder, **HTTPS)


@pytest.fixture(scope="module")
def http(folder: Path) -> dict[str, Any]:
    return settings_with(folder)


# --- https -----------------------------------------------------------------------------------------


def test_only_the_name_of_the_site_is_answered_to(https, http):
    assert https["ALLOWED_HOSTS"] == ["x.example"]
    assert https["CSRF_TRUSTED_ORIGINS"] == ["https://x.example"]
    assert not https["USE_X_FORWARDED_HOST"]
    assert set(http["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost"}


def test_cookies_of_an_https_site_belong_to_the_host_alone(https):
    """``__Host-``: Secure, no Domain, Path=/; a browser refuses one that is set otherwise."""
    for kind in ("SESSION", "CSRF"):
        assert https[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert https[f"{kind}_COOKIE_SECURE"]
        assert https[f"{kind}_COOKIE_DOMAIN"] is None
        assert https[f"{kind}_COOKIE_PATH"] == "/"
    assert https["KEPT_COOKIE_NAME"].startswith("__Host-")


def test_cookies_of_a_site_on_this_computer_work_without_tls(http):
    for kind in ("SESSION", "CSRF"):
        assert not http[f"{kind}_COOKIE_NAME"].startswith("__")
        assert not http[f"{kind}_COOKIE_SECURE"]


def test_cookies_are_always_out_of_reach_of_scripts(https, http):
    for found in (https, http):
        for kind in ("SESSION", "CSRF"):
            assert found[f"{kind}_COOKIE_HTTPONLY"]
            assert found[f"{kind}_COOKIE_SAMESITE"] == "Lax"
        assert found["SESSION_COOKIE_AGE"] == 12 * 3600


def test_an_https_site_insists_on_https(https, http):
    assert https["SECURE_SSL_REDIRECT"]
    assert https["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert https["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert (http["SECURE_SSL_REDIRECT"], http["SECURE_HSTS_SECONDS"]) == (False, 0)
    assert http["SECURE_PROXY_SSL_HEADER"] is None  # nobody is in front: the header is not believed


def test_what_arrives_has_limits(https):
    assert https["DATA_UPLOAD_MAX_MEMORY_SIZE"] == 1024 * 1024
    assert https["FILE_UPLOAD_MAX_FILE"] == 20 * 1024 * 1024
    assert https["FILE_UPLOAD_PERMISSIONS"] == 0o600


@pytest.mark.parametrize("flag", ("on", "yes"))
def test_an_https_site_does_not_show_its_insides(folder: Path, flag: str):
    refused = python(folder, "-c", PRINT, **HTTPS, ZHUPEI_DEBUG=flag)

    assert refused.returncode != 0
    assert "ZHUPEI_DEBUG" in refused.stderr


# --- Checks before an https site may start -----------------------------------------------------------


def test_a_site_as_init_leaves_it_is_safe(folder: Path):
    checked = check(folder)

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_a_forgotten_proxy_is_mentioned_but_no_reason_to_refuse(folder: Path):
    checked = check(folder, ZHUPEI_TRUSTED_PROXIES="0")

    assert checked.returncode == 0
    assert "zhupei.I001" in checked.stdout + checked.stderr


@pytest.mark.parametrize(
    "key", ("short", "change-me-" * 8, "django-insecure-" + "x9" * 30, "请改成随机字符" * 9)
)
def test_a_placeholder_is_no_secret(folder: Path, key: str):
    refused = check(folder, ZHUPEI_SECRET_KEY=key)

    assert refused.returncode != 0
    assert "zhupei.E001" in refused.stderr


@pytest.mark.parametrize(
    ("name", "mode", "code"),
    (
        ("keys.json", 0o640, "zhupei.E004"),
        ("keys.json", 0o604, "zhupei.E004"),
        ("secret_key", 0o644, "zhupei.E002"),
        (".", 0o755, "zhupei.E005"),
    ),
)
def test_what_others_of_this_computer_can_read_is_not_served(folder: Path, name: str, mode: int, code: str):
    path, rights = folder / name, (folder / name).stat().st_mode
    path.chmod(mode)
    try:
        refused = check(folder)
    finally:
        path.chmod(rights)

    assert refused.returncode != 0
    assert code in refused.stderr
    assert "chmod" in refused.stderr


def test_without_the_keys_nothing_is_served(folder: Path, tmp_path: Path):
    refused = check(folder, ZHUPEI_KEYS_FILE=str(tmp_path / "gone.json"))

    assert refused.returncode != 0
    assert "zhupei.E003" in refused.stderr


def test_serve_does_not_start_an_unsafe_https_site(folder: Path):
    (folder / "zhupei.sqlite3").touch()
    try:
        refused = python(
            folder, "-m", "zhupei", "serve", "--port", "0", **HTTPS, ZHUPEI_SECRET_KEY="change-me"
        )
    finally:
        (folder / "zhupei.sqlite3").unlink()

    assert refused.returncode == 1
    assert "zhupei.E001" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_site_on_this_computer_is_not_held_to_that(folder: Path):
    checked = check(folder, ZHUPEI_SITE_URL="http://127.0.0.1:8000", ZHUPEI_SECRET_KEY="short")

    assert "zhupei.E" not in checked.stdout + checked.stderr
