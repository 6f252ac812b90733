"""kill -9 of the whole server while people upload and submit: what was acknowledged is there afterwards.

The list of acknowledgements is kept here, outside; the tables are read here with ``sqlite3``, not
through the code that wrote them. ``make kills`` goes on for 50 kills.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import random
import re
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from PIL import Image

from tests.faults.site import LOST, Site, Visitor

pytestmark = pytest.mark.process

KILLS = int(os.environ.get("KILLS") or 7)
TRAINEES = 3
AT_MOST = 10  # seconds from the first answer to the kill
NOT_AGAIN = (HTTPStatus.OK, HTTPStatus.FOUND)


@dataclass
class Acknowledged:
    """What the server has answered to be done."""

    uploads: list[tuple[str, str, str, str]] = field(
        default_factory=list
    )  # (application, rotation, kind, hash)
    rounds: list[tuple[str, int]] = field(default_factory=list)
    withdrawals: list[tuple[str, int]] = field(default_factory=list)

    def count(self) -> int:
        return len(self.uploads) + len(self.rounds) + len(self.withdrawals)


class Person(threading.Thread):
    """A trainee who uploads, submits, takes back and uploads again, whatever the server does."""

    def __init__(self, site: Site, who: dict[str, object], number: int, heard: Acknowledged) -> None:
        super().__init__(daemon=True)
        self.site, self.who, self.heard = site, who, heard
        self.visitor = Visitor(site.port)
        self.random = random.Random(number)
        self.shades = itertools.count(number * 1_000_000)
        self.goes_home = threading.Event()
        self.lost, self.strange = 0, []

    def run(self) -> None:
        while not self.goes_home.is_set():
            try:
                if "session" not in self.visitor.cookies:
                    self.visitor.sign_in(self.who["user"], self.who["password"])
                self.random.choices((self.upload, self.hand_in), (4, 1))[0]()
            except LOST:
                self.lost += 1
                self.goes_home.wait(0.05)
            except AssertionError as error:
                self.strange.append(error)
                return

    def upload(self) -> None:
        picture = shade(next(self.shades))
        rotation = self.random.choice(self.who["rotations"])
        kind = self.random.choice(("summary", "assessment"))
        path = f"{self.home}materials/{rotation}/{kind}/"
        answer = self.visitor.upload(path, picture, mode=self.random.choice(("add", "replace", "replace")))
        if answer.status == HTTPStatus.OK:
            self.heard.uploads.append(
                (self.who["application"], rotation, kind, hashlib.sha256(picture).hexdigest())
            )
        else:  # locked, for the round is handed in and the answer was lost; or twelve pages lie there
            assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY, (answer.status, answer.text[:500])
            self.take_back()

    def hand_in(self) -> None:
        page = self.visitor.get(f"{self.home}check/")
        assert page.status in NOT_AGAIN, (page.status, page.text[:500])
        seen = re.search(r'name="seen_round"[^>]*value="(\d+)"', page.text)
        if seen is None:
            self.take_back()
            return
        form = {
            "seen_round": seen[1],
            "confirmed": "on",
            "consented": "on",
            "attempt": str(next(self.shades)),
        }
        answer = self.visitor.post(f"{self.home}submit/", form)
        if answer.status == HTTPStatus.FOUND:
            number = int(answer.location.rstrip("/").rpartition("/")[2])
            self.heard.rounds.append((self.who["application"], number))
            self.take_back(number)

    def take_back(self, number: int = 0) -> None:
        answer = self.visitor.post(f"{self.home}withdraw/", {"attempt": str(next(self.shades))})
        assert answer.status == HTTPStatus.FOUND, answer.text[:500]
        if number:
            self.heard.withdrawals.append((self.who["application"], number))

    @property
    def home(self) -> str:
        return f"/completion/{self.who['application']}/"


def a_while(chance: random.Random, heard: Acknowledged) -> None:
    """Until a few more deeds were acknowledged and a moment longer; sometimes only a moment."""
    enough = heard.count() + chance.choice((0, 1, 3, 8, 15))
    until = time.monotonic() + AT_MOST
    while heard.count() < enough and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.3))


def shade(number: int) -> bytes:
    """A picture unlike any other."""
    file = io.BytesIO()
    colours = [(number * step) % 256 for step in (1, 7, 31)]
    picture = Image.new("RGB", (413, 626), tuple(colours))
    picture.putpixel((0, 0), (number // 65536 % 256, number // 256 % 256, number % 256))
    picture.save(file, "JPEG", comment=str(number).encode())
    return file.getvalue()


def missing(site: Site, heard: Acknowledged) -> list[object]:
    """What was acknowledged and is not there: a row, its event, or the bytes a row speaks of."""
    with sqlite3.connect(f"file:{site.data}/zhupei.sqlite3?mode=ro", uri=True) as database:
        laid = set(database.execute(
            "SELECT material.application_id, material.rotation_id, material.kind, picture.original_sha256 "
            "FROM files_page page JOIN files_picture picture ON picture.id = page.picture_id "
            "JOIN completion_material material ON material.slot_id = page.slot_id"
        ))  # fmt: skip
        rounds = set(database.execute("SELECT application_id, round FROM completion_submission"))
        logged = {
            verb: set(database.execute(
                "SELECT subject_id, json_extract(facts, '$.round') FROM audit_event WHERE verb = ?",
                (f"completion.application.{verb}",),
            ))
            for verb in ("submitted", "withdrawn")
        }  # fmt: skip
        addresses = set(database.execute("SELECT address, thumbnail FROM files_picture"))
    plain = lambda rows: {(one.replace("-", ""), *others) for one, *others in rows}  # noqa: E731
    uploads = {(a.replace("-", ""), r.replace("-", ""), kind, sha) for a, r, kind, sha in heard.uploads}
    return [
        *(uploads - laid),
        *(plain(heard.rounds) - rounds),
        *(plain(heard.rounds) - logged["submitted"]),
        *(plain(heard.withdrawals) - logged["withdrawn"]),
        *(address for address in set(itertools.chain(*addresses)) if not lies_there(site, address)),
    ]


def lies_there(site: Site, address: str) -> bool:
    path = site.data / "files" / address[:2] / address[2:4] / address
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == address


def test_what_was_acknowledged_survives_every_kill(tmp_path):
    site, heard, chance = Site.make(tmp_path, trainees=TRAINEES), Acknowledged(), random.Random(KILLS)
    people = [Person(site, who, number, heard) for number, who in enumerate(site.trainees, start=1)]
    site.begin()
    site.wait_until_it_answers()
    for person in people:
        person.start()
    try:
        for kill in range(1, KILLS + 1):
            a_while(chance, heard)
            site.kill()
            known = Acknowledged(list(heard.uploads), list(heard.rounds), list(heard.withdrawals))
            site.begin()
            with ThreadPoolExecutor(1) as pool:
                report = pool.submit(site.invariants)
                site.wait_until_it_answers()
                assert missing(site, known) == []
                assert report.result()["ok"], report.result()
            print(f"kill {kill}: {len(heard.uploads)} uploads, {len(heard.rounds)} rounds acknowledged")
            assert [person.strange for person in people if person.strange] == []
    finally:
        for person in people:
            person.goes_home.set()
        for person in people:
            person.join(30)
        site.kill()
    assert missing(site, heard) == []
    assert len(heard.uploads) >= KILLS
    assert heard.rounds
    print(
        f"{KILLS} kills, {heard.count()} acknowledgements, "
        f"{sum(p.lost for p in people)} lost answers, 0 lost deeds"
    )
