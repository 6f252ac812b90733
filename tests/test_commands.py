"""The commands of an operator, as real processes in a folder of their own."""

import http.client
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import without_ours

STARTING_TAKES = 40  # seconds at most, on a slow machine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after ``zhupei init``."""
    folder = tmp_path_factory.mktemp("site") / "data"
    done = zhupei(folder, "init", "--name", "管理员", "--phone", "139 0000 0001")
    assert done.returncode == 0, done.stderr
    assert "一次性代码" in done.stdout
    return folder


def environ(folder: Path, **others: str) -> dict[str, str]:
    return {**without_ours(os.environ), "ZHUPEI_DATA": str(folder), **others}


def zhupei(folder: Path, *arguments: str, **others: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhupei", *arguments],
        env=environ(folder, **others),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- init -------------------------------------------------------------------------------------------


def test_init_makes_what_only_we_may_read(folder):
    assert rights(folder) == 0o700
    assert [rights(folder / name) for name in ("secret_key", "keys.json", "zhupei.sqlite3")] == [0o600] * 3


def test_init_changes_nothing_the_second_time(folder):
    secrets = {name: (folder / name).read_bytes() for name in ("secret_key", "keys.json")}

    again = zhupei(folder, "init", "--phone", "13900000002")

    assert again.returncode == 0
    assert "没有改动" in again.stdout
    assert "一次性代码" not in again.stdout
    assert {name: (folder / name).read_bytes() for name in secrets} == secrets


def test_init_does_not_lock_itself_out(tmp_path):
    """New keys beside an old database would make every sealed field unreadable."""
    (tmp_path / "zhupei.sqlite3").touch()

    refused = zhupei(tmp_path, "init")

    assert refused.returncode == 1
    assert "从备份取回" in refused.stderr
    assert not (tmp_path / "keys.json").exists()


# --- doctor -----------------------------------------------------------------------------------------


def test_doctor_finds_nothing_wrong(folder):
    examined = zhupei(folder, "doctor")

    assert examined.returncode == 0, examined.stdout
    assert "✗" not in examined.stdout
    assert examined.stdout.count("✓") == 10


def test_doctor_says_what_is_wrong(folder):
    (folder / "keys.json").chmod(0o644)

    examined = zhupei(folder, "doctor")

    (folder / "keys.json").chmod(0o600)
    assert examined.returncode == 1
    assert f"✗ 个人信息密钥：{folder / 'keys.json'} 的权限是 644" in examined.stdout


def test_doctor_leaves_no_trace_where_nothing_is(tmp_path):
    examined = zhupei(tmp_path / "data", "doctor")

    assert examined.returncode == 1
    assert "请运行 zhupei init" in examined.stdout
    assert not (tmp_path / "data").exists()


# --- serve, worker ----------------------------------------------------------------------------------


def test_serve_wants_an_initialised_folder(tmp_path):
    refused = zhupei(tmp_path / "data", "serve")

    assert refused.returncode == 1
    assert "请先运行：zhupei init" in refused.stderr


def test_serve_says_so_when_the_port_is_taken(folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = zhupei(folder, "serve", "--port", str(other.getsockname()[1]))

    assert refused.returncode == 1
    assert "换一个端口" in refused.stderr


@pytest.fixture
def server(folder: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A running ``zhupei serve`` that has answered, and its port."""
    port = free_port()
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhupei", "serve", "--port", str(port), "--processes", "1"],
            env=environ(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: answer(port, "/healthz") == 200 or process.poll() is not None)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_serve_answers_and_stops_cleanly(server):
    process, port = server
    family = children_of(process.pid)

    assert answer(port, "/healthz", host="localhost") == 200
    assert answer(port, "/healthz", host="evil.example") == 400
    assert len(family) == 2  # a web process and the worker

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    assert not [pid for pid in family if is_running(pid)]


def test_nothing_is_left_of_a_killed_server(server):
    process, port = server
    family = children_of(process.pid)

    process.kill()
    process.wait()

    wait_until(lambda: not [pid for pid in family if is_running(pid)], at_most=15)
    assert answer(port, "/healthz") is None


def test_worker_stops_when_told(folder):
    process = subprocess.Popen([sys.executable, "-m", "zhupei", "worker"], env=environ(folder))
    until = time.monotonic() + STARTING_TAKES
    while not listens_for_sigterm(process.pid):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)

    process.terminate()

    assert process.wait(timeout=10) == 0


def listens_for_sigterm(pid: int) -> bool:
    """The kernel knows which signals a process catches."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = int(re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)[1], 16)
    return bool(caught >> signal.SIGTERM - 1 & 1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str, host: str = "127.0.0.1") -> int | None:
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        server.request("GET", path, headers={"Host": f"{host}:{port}"})
        return server.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        server.close()


def wait_until(condition, at_most: float = STARTING_TAKES) -> None:
    until = time.monotonic() + at_most
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(child) for child in listed.split() if b"resource_tracker" not in command_of(int(child))]


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


# --- demo, manage -----------------------------------------------------------------------------------


def test_demo_does_not_touch_a_real_site(folder):
    refused = zhupei(folder, "demo", "--no-serve")

    assert refused.returncode == 1
    assert "请用 ZHUPEI_DATA" in refused.stderr
    assert not (folder / "demo").exists()


def test_demo_prints_what_it_has_loaded_before(tmp_path):
    account = {
        "role": "base", "name": "何静", "username": "13800000103", "password": "x" * 10,
        "totp_secret": None, "organisation": "江城大学附属第一医院", "state": None,
    }  # fmt: skip
    (tmp_path / "demo").write_text(json.dumps([account]), encoding="utf-8")

    printed = zhupei(tmp_path, "demo", "--json", "--no-serve", PORT="8765")

    assert json.loads(printed.stdout) == {"base_url": "http://127.0.0.1:8765", "accounts": [account]}


def test_manage_passes_everything_on(folder):
    passed = zhupei(folder, "manage", "migrate", "--check")

    assert passed.returncode == 0, passed.stderr


def test_help_names_every_command(tmp_path):
    printed = zhupei(tmp_path, "--help")

    assert all(name in printed.stdout for name in ("init", "demo", "serve", "worker", "doctor", "manage"))
