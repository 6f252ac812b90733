"""The pictures of the demo, drawn and fitted in the background while the rows are being written.

A few trainees have papers of their own. The others share those of a 示例学员: the same bytes lie in
the storage once, however many slots they fill. Nothing here touches the database.
"""

import os
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Self

from zhupei.files.intake import Fitted, keep
from zhupei.imaging.rules import PAPER, PORTRAIT
from zhupei.training.choices import DocumentKind, Indicator, PaperKind

from . import pictures, schemes
from .people import HEADS, MAJOR, TEACHERS, Candidate
from .schemes import Stay

Papers = dict[PaperKind, Fitted]
Documents = dict[DocumentKind, Fitted]

NOBODY: dict[str, Any] = {
    "seed": 0,
    "name": "示例学员",
    "birth_date": "2000-01-01",
    "id_number": "示例号码",
    "school": "示例医学院",
    "diploma_number": "示例编号",
    "degree_number": "示例编号",
    "licence_code": "示例编码",
    "base": "示例培训基地",
}
CERTIFICATES = {
    DocumentKind.ID_FRONT: pictures.id_front,
    DocumentKind.ID_BACK: pictures.id_back,
    DocumentKind.DIPLOMA: pictures.diploma,
    DocumentKind.DEGREE: pictures.degree,
    DocumentKind.LICENCE: pictures.licence,
}


class Album:
    """Draws what it is asked for once, on all cores; ``with`` ends the threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=os.cpu_count())
        self._drawn: dict[Hashable, Future[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def order(self, candidate: Candidate, stays: list[Stay]) -> None:
        """Begin to draw everything of ``candidate``; ``documents`` and ``papers`` wait for it."""
        sitter = _sitter(candidate)
        self._portrait(candidate)
        for kind in CERTIFICATES:
            self._certificate(sitter, kind)
        for stay in stays:
            self._papers(sitter, stay)

    def documents(self, candidate: Candidate) -> Documents:
        """The portrait, always the person's own, and the five certificates."""
        sitter = _sitter(candidate)
        certificates = {kind: self._certificate(sitter, kind).result() for kind in CERTIFICATES}
        return {DocumentKind.PORTRAIT: self._portrait(candidate).result(), **certificates}

    def papers(self, candidate: Candidate, stay: Stay) -> Papers:
        """The two signed papers of one rotation."""
        papers: Papers = self._papers(_sitter(candidate), stay).result()
        return papers

    def _portrait(self, candidate: Candidate) -> Future[Fitted]:
        return self._once(("portrait", candidate.number), lambda: _portrait(candidate))

    def _certificate(self, sitter: pictures.Person, kind: DocumentKind) -> Future[Fitted]:
        name = f"{kind.label}.jpg"
        key = (kind, sitter.name, sitter.sex)
        return self._once(key, lambda: keep(CERTIFICATES[kind](sitter), PAPER, name=name))

    def _papers(self, sitter: pictures.Person, stay: Stay) -> Future[Papers]:
        key = (sitter.name, sitter.specialty, stay.department, stay.start_date)
        return self._once(key, lambda: _signed_papers(sitter, stay))

    def _once(self, key: Hashable, draw: Callable[[], Any]) -> Future[Any]:
        if key not in self._drawn:
            self._drawn[key] = self._threads.submit(draw)
        return self._drawn[key]


def _portrait(candidate: Candidate) -> Fitted:
    return keep(pictures.portrait(candidate.number, candidate.sex), PORTRAIT, name="电子照片.jpg")


def _signed_papers(sitter: pictures.Person, stay: Stay) -> Papers:
    drawn = zip(PaperKind, pictures.exit_papers(sitter, [_rotation(stay)])[0], strict=True)
    return {kind: keep(picture, PAPER, name=f"{stay.department}{kind.label}.jpg") for kind, picture in drawn}


def _sitter(candidate: Candidate) -> pictures.Person:
    """Whose name is on the papers: the candidate's, or that of the 示例学员 of the same sex."""
    own = pictures.Person(
        seed=candidate.number,
        name=candidate.name,
        sex=candidate.sex,
        birth_date=f"{candidate.birth_date}",
        id_number=candidate.id_number,
        ethnic_group="汉族",
        address="湖北省江城市江北区示例路 1 号",
        school=candidate.school,
        major=MAJOR,
        diploma_number=candidate.diploma_number,
        degree_number=candidate.degree_number,
        graduated_date=f"{candidate.graduated_date}",
        degree="医学学士",
        licence_code=candidate.licence_code,
        qualified_date=f"{candidate.qualified_date}",
        base=candidate.base,
        specialty=schemes.name_of(candidate.specialty),
    )
    return own if candidate.has_own_papers else replace(own, **NOBODY)


def _rotation(stay: Stay) -> pictures.Rotation:
    number = stay.number
    teacher, head = TEACHERS[number % len(TEACHERS)], HEADS[number % len(HEADS)]
    counts = {indicator: (stay.required[indicator], stay.done[indicator][0]) for indicator in Indicator}
    return pictures.Rotation(
        department=stay.department,
        start=f"{stay.start_date}",
        end=f"{stay.end_date}",
        cases=counts[Indicator.CASE],
        diseases=counts[Indicator.DISEASE],
        skills=counts[Indicator.SKILL],
        surgeries=counts[Indicator.SURGERY],
        teacher=teacher,
        head=head,
        theory=75 + number % 20,
        skill_name=stay.skill,
        skill_score=80 + number % 15,
        examiners=(teacher, TEACHERS[(number + 1) % len(TEACHERS)]),
        days=(stay.end_date - stay.start_date).days * 5 // 7,
    )
