"""A journey drives the real server in the system's Chromium and never touches the ORM."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.environment import without_ours

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW: dict[str, Any] = {
    "viewport": {"width": 1366, "height": 768},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
LOADING_TAKES = 600  # seconds at most: the demo province, on a slow machine
STARTING_TAKES = 30  # seconds at most


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the demo, as ``zhupei demo --json`` prints it."""

    role: str
    name: str
    username: str
    password: str
    totp_secret: str | None
    organisation: str
    state: str | None


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running demo province."""

    url: str
    accounts: tuple[Account, ...]

    def account(self, role: str, state: str | None = None, organisation: str | None = None) -> Account:
        """The first person of that role; of that state and organisation where given."""
        for account in self.accounts:
            if (
                account.role == role
                and state in (None, account.state)
                and organisation in (None, account.organisation)
            ):
                return account
        raise LookupError(f"the demo has no {role} with state {state}, organisation {organisation}")

    def sign_in(self, page: Page, account: Account) -> None:
        """Sign in as a person does; the page shows where that leads."""
        page.goto("/login/")
        page.get_by_label("用户名", exact=True).fill(account.username)
        page.get_by_label("密码", exact=True).fill(account.password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/login/" not in url)


def find_browser() -> str:
    """The system's Chromium; a sentence that helps when there is none."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    pytest.fail(
        "浏览器测试需要 Chromium：apt-get install chromium fonts-noto-cjk（或运行 scripts/browser）",
        pytrace=False,
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": QUIET_BROWSER}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, **WINDOW}


def every(page: Page, selector: str) -> list[Locator]:
    """All that match, one at least: ``Locator.all()`` alone takes what has arrived so far."""
    page.locator(selector).first.wait_for()
    page.wait_for_load_state()
    return page.locator(selector).all()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load_demo(environ: dict[str, str]) -> dict[str, Any]:
    """Run ``zhupei demo`` into the data folder; what it says about the people in it."""
    loaded = subprocess.run(
        [sys.executable, "-m", "zhupei", "demo", "--json", "--no-serve"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=LOADING_TAKES,
        check=False,
    )
    assert loaded.returncode == 0, f"zhupei demo: {loaded.stderr[-4000:]}"
    answer: dict[str, Any] = json.loads(loaded.stdout)
    return answer


def is_healthy(port: int) -> bool:
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        server.request("GET", "/healthz")
        return server.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        server.close()


@contextmanager
def serving(port: int, environ: dict[str, str], log: Path) -> Iterator[None]:
    """The real server process on ``port``, from its first answer on /healthz to its end."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "zhupei", "serve", "--port", str(port)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + STARTING_TAKES
        while not is_healthy(port):
            gone = server.poll() is not None or time.monotonic() > until
            assert not gone, f"zhupei serve does not answer: {log.read_text(encoding='utf-8')[-4000:]}"
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo province, served by the real process. Journeys share it: take a person of your own."""
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {**without_ours(os.environ), "ZHUPEI_DATA": str(folder / "data"), "ZHUPEI_SITE_URL": url}
    demo = load_demo(environ)
    with serving(port, environ, folder / "server.log"):
        yield DemoSite(url, tuple(Account(**account) for account in demo["accounts"]))


@pytest.fixture(scope="session")
def base_url(demo_site: DemoSite) -> str:
    """So that ``page.goto("/login/")`` is enough."""
    return demo_site.url
