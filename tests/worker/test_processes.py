"""Workers as real processes: a process that ends is started again."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from zhupei.worker import keeping

pytestmark = pytest.mark.process

SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); time.sleep(60)"


def pids_in(file: Path) -> list[int]:
    return [int(pid) for pid in file.read_text(encoding="ascii").split()] if file.exists() else []


def wait_for(count: int, file: Path) -> list[int]:
    until = time.monotonic() + 20
    while len(pids := pids_in(file)) < count:
        assert time.monotonic() < until
        time.sleep(0.05)
    return pids


def test_a_process_that_was_killed_is_started_again_and_all_end_together(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "REST", 0.1)
    stop, file = threading.Event(), tmp_path / "pids"
    command = (sys.executable, "-c", SLEEPER, str(file))
    keeper = threading.Thread(target=keeping.keep, args=(command, 2, stop))
    keeper.start()
    first = wait_for(2, file)

    os.kill(first[0], signal.SIGKILL)

    later = wait_for(3, file)
    stop.set()
    keeper.join(20)
    assert not keeper.is_alive()
    assert not [pid for pid in later if Path(f"/proc/{pid}").exists()]
