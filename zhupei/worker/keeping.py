"""Keeps worker processes running: one that ended, however it ended, is started again."""

import os
import subprocess
import threading

LOOK_EVERY = 0.5  # seconds
REST = 2.0  # seconds before a new start: what ended it may not have passed
PATIENCE = 30.0  # seconds that a worker gets to finish its task when it is told to stop


def keep(command: tuple[str, ...], count: int, stop: threading.Event, parent: int | None = None) -> None:
    """Run ``count`` times ``command`` until ``stop`` is set, or the process ``parent`` is gone."""
    command = (*command, "--parent", str(os.getpid()))
    running = [_start(command) for _ in range(count)]
    try:
        while not stop.wait(LOOK_EVERY) and (parent is None or os.getppid() == parent):
            if all(one.poll() is None for one in running) or stop.wait(REST):
                continue
            running = [one if one.poll() is None else _start(command) for one in running]
    finally:
        _end(running)


def _start(command: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command)  # noqa: S603 - our own command


def _end(running: "list[subprocess.Popen[bytes]]") -> None:
    for one in running:
        one.terminate()
    for one in running:
        try:
            one.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
