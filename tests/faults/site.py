"""A small real site in a folder of its own, and people who use it over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.environment import without_ours

STARTING_TAKES = 60  # seconds at most, on a busy machine
ANSWERING_TAKES = 30  # seconds at most
LOST = (OSError, http.client.HTTPException)  # no answer came, or half of one


@dataclass
class Site:
    folder: Path  # of everything
    data: Path  # ZHUPEI_DATA
    port: int
    trainees: list[dict[str, Any]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(cls, folder: Path, *, trainees: int, data: Path | None = None) -> Site:
        """A fresh site with people who are ready to submit."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            site = cls(folder, data or folder / "data", int(probe.getsockname()[1]))
        site.run("-m", "zhupei", "init")
        site.trainees = json.loads(site.run("-m", "tests.faults.prepare", str(trainees)).stdout)
        return site

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environ(), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stderr[-4000:]
        return done

    def environ(self) -> dict[str, str]:
        return {**without_ours(os.environ), "ZHUPEI_DATA": str(self.data)}

    def begin(self) -> None:
        """``zhupei serve`` in a process group of its own; does not wait."""
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "zhupei", "serve", "--port", str(self.port), "--processes", "1"],
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        assert self.server is not None
        until = time.monotonic() + STARTING_TAKES
        while not self.answers():
            assert self.server.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return Visitor(self.port).get("/healthz").status == HTTPStatus.OK
        except LOST:
            return False

    def kill(self) -> None:
        """kill -9 of everything at once: server, web process, worker."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def invariants(self) -> dict[str, Any]:
        """What ``zhupei check-invariants --json`` says."""
        return json.loads(self.run("-m", "zhupei", "check-invariants", "--json", check=False).stdout)

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")[-4000:]


@dataclass
class Answer:
    status: int
    text: str
    location: str = ""


@dataclass
class Visitor:
    """A browser without scripts, as far as it matters: cookies, forms, files. Raises one of LOST."""

    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def sign_in(self, user: str, password: str) -> None:
        form = self.get("/login/").text
        names = re.findall(r'<input[^>]*name="(\w+)"', form)
        (name,) = [name for name in names if name not in ("csrfmiddlewaretoken", "password", "next")][:1]
        answer = self.post("/login/", {name: user, "password": password})
        assert answer.status == HTTPStatus.FOUND, answer.text

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, picture: bytes, mode: str) -> Answer:
        """As our script does: the answer is the slot."""
        edge = secrets.token_hex(8)
        fields = {"csrfmiddlewaretoken": self.token, "mode": mode}
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in fields.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="pictures"; filename="1.jpg"\r\n\r\n'
        body = ("".join(parts) + head).encode() + picture + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "HX-Request": "true"}
        return self.ask("POST", path, body, kind)

    @property
    def token(self) -> str:
        return self.cookies["csrf"].value

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERING_TAKES)
        try:
            connection.request(method, path, body or None, {"Cookie": cookies, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.load(line)
            return Answer(answer.status, text, answer.headers.get("Location", ""))
        finally:
            connection.close()
