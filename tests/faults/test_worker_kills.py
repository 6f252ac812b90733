"""kill -9 of worker processes while they work: every deed is done once, none is lost.

What happened is read with ``sqlite3``, not through the code that wrote it.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.environment import without_ours

pytestmark = pytest.mark.process

LEASE = 2  # seconds
KILLS = int(os.environ.get("KILLS") or 4)
PICTURES = 10 * KILLS
AT_MOST = 60 + 20 * KILLS  # seconds until everything is done, on a busy machine


class Site:
    """A folder with pictures that wait for a look, and workers that are kept running."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.environ = {
            **without_ours(os.environ),
            "ZHUPEI_DATA": str(self.data),
            "ZHUPEI_WORKER_LEASE": str(LEASE),
        }
        self.run("-m", "zhupei", "init")
        self.run("-m", "tests.faults.prepare_pictures", str(PICTURES))

    def run(self, *arguments: str) -> None:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]

    def begin(self, processes: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "zhupei", "worker", "--processes", str(processes)]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)

    def ask(self, question: str) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/zhupei.sqlite3?mode=ro", uri=True)) as it:
            return it.execute(question).fetchall()

    def left(self) -> int:
        mine = "FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%look_again'"
        return self.ask(f"SELECT count(*) {mine} AND status != 'SUCCESSFUL'")[0][0]

    def workers(self) -> list[int]:
        """Those that hold a task just now."""
        return [pid for (pid,) in self.ask("SELECT pid FROM worker_worker WHERE task_id IS NOT NULL")]

    def log(self) -> str:
        return (self.folder / "worker.log").read_text(encoding="utf-8")[-3000:]


def kill_somebody(site: Site, chance: random.Random) -> bool:
    """A worker in the middle of a task, wherever it is just then."""
    busy = site.workers()
    if not busy:
        return False
    time.sleep(chance.uniform(0, 0.05))
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(busy), signal.SIGKILL)
        return True
    return False


def test_every_task_is_done_once_however_often_workers_are_killed(tmp_path):
    site, chance = Site(tmp_path), random.Random(KILLS)
    keeper = site.begin(processes=2)
    try:
        until, kills, enough = time.monotonic() + AT_MOST, 0, PICTURES
        while left := site.left():
            assert keeper.poll() is None, site.log()
            assert time.monotonic() < until, site.log()
            if kills < KILLS and left <= enough and kill_somebody(site, chance):
                kills += 1
                enough = left - chance.choice((0, 1, 3, 8))
            time.sleep(0.005)
    finally:
        keeper.terminate()
        keeper.wait(30)

    assert kills == KILLS, "they were too quick to be killed: more PICTURES"
    events = site.ask(
        "SELECT subject_id, count(*) FROM audit_event WHERE verb = 'files.picture.looked_at_again' GROUP BY 1"
    )
    looked = site.ask("SELECT id FROM files_picture WHERE checks > 0")
    assert len(looked) >= PICTURES
    assert sorted(events) == sorted((one, 1) for (one,) in looked)
    tries = site.ask(
        "SELECT json_array_length(worker_ids) FROM django_tasks_database_dbtaskresult "
        "WHERE task_path LIKE '%look_again'"
    )
    assert max(tries)[0] > 1, "somebody was killed in the middle of one"
    assert site.ask("SELECT count(*) FROM worker_worker WHERE task_id IS NOT NULL") == [(0,)]
