"""The one checklist: the trainee's page, the submit rule and the reviewer all read it.

Pure: a dossier in, items out. Each item is done, a warning (does not stop a submission)
or missing (does), says why, and links to the place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhupei.accounts.choices import IdKind
from zhupei.lib import certificate_codes, id_number, months
from zhupei.lib.id_number import Kind
from zhupei.training import fill_ratio
from zhupei.training.choices import PaperKind
from zhupei.training.practice import fits

from . import places
from .choices import RegisterStatus
from .content import Content, Field, Paper, archive_words, describe
from .dossier import Dossier

State = Literal["done", "warning", "missing"]
Tab = Literal["info", "materials"]


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    what: str
    state: State
    why: str
    link: str
    tab: Tab


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[Item, ...]

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if item.state == "missing"]

    @property
    def warnings(self) -> list[Item]:
        return [item for item in self.items if item.state == "warning"]

    @property
    def done(self) -> list[Item]:
        return [item for item in self.items if item.state == "done"]

    def missing_in(self, tab: Tab) -> int:
        return sum(item.tab == tab for item in self.missing)


def check(dossier: Dossier, content: Content | None = None) -> Checklist:
    """Everything that matters for a submission, mandatory first in the order of the page."""
    content = content or describe(dossier)
    items = [
        *_fields(dossier, content),
        *_documents(dossier, content),
        *_papers(dossier, content),
        *_doubts(dossier),
    ]
    return Checklist(tuple(items))


def _fields(dossier: Dossier, content: Content) -> Iterator[Item]:
    for section in content["sections"]:
        for field in section["fields"]:
            if field["must"] and field["key"] not in places.COMPUTED:
                yield _field(dossier, field)


def _field(dossier: Dossier, field: Field) -> Item:
    key, problem = field["key"], _problem(dossier, field)
    link = places.of_field(dossier.application, key)
    return Item(key, field["label"], "missing" if problem else "done", problem, link, "info")


def _problem(dossier: Dossier, field: Field) -> str:
    """Why a mandatory field keeps the application from being handed in; "" if it does not."""
    if field["key"] == "register_status":
        return "" if dossier.application.register_status == RegisterStatus.DONE else "请选择“已完成”"
    if not field["value"]:
        return "未填写" + ("，由基地填写" if field["key"] in places.BY_BASE else "")
    if field["key"] == "passed_exam" and not dossier.licence.passed_exam:
        return "通过医师资格考试后才能申请结业考核"
    if field["key"] == "id_number":
        problems = id_number.problems(Kind(dossier.user.id_kind), dossier.user.id_number, today=dossier.today)
        return f"{problems[0]}，请联系基地修改" if problems else ""
    if field["key"] == "certificate_code" and not dossier.licence.certificate_pending:
        own = dossier.user.id_number if dossier.user.id_kind == IdKind.RESIDENT else ""
        return "；".join(certificate_codes.physician_code_problems(field["value"], id_number=own))
    return ""


def _documents(dossier: Dossier, content: Content) -> Iterator[Item]:
    for paper in content["documents"]:
        if paper["state"] == "due" or paper["images"]:
            link = places.of_document(dossier.application, paper["key"])
            yield _paper_item(paper, paper["label"], link)


def _papers(dossier: Dossier, content: Content) -> Iterator[Item]:
    if not content["rotations"]:
        link = places.of_field(dossier.application, "months")
        yield Item("rotations", "轮转记录", "missing", "还没有轮转记录，请联系基地", link, "materials")
    for stay in content["rotations"]:
        for paper in stay["papers"]:
            link = places.of_paper(dossier.application, paper["key"])
            label = f"{stay['name']} {paper['label']}"
            if paper["state"] == "due" or paper["images"]:
                yield _paper_item(paper, label, link)
        if stay["state"] == "later":
            kinds = "、".join(kind.label for kind in PaperKind)
            link = places.of_paper(dossier.application, stay["key"])
            why = f"未到出科（{stay['dates']}），{kinds}可后补"
            yield Item(f"later:{stay['key']}", stay["name"], "warning", why, link, "materials")


def _paper_item(paper: Paper, label: str, link: str) -> Item:
    if paper["images"]:
        kept = archive_words(paper["archive"]) if "archive" in paper else ""
        return Item(f"paper:{paper['key']}", label, "done", kept, link, "materials")
    return Item(f"paper:{paper['key']}", label, "missing", "未上传", link, "materials")


def _doubts(dossier: Dossier) -> Iterator[Item]:
    """What a reviewer may ask about, without stopping the trainee."""
    line = dossier.application.season.ratio_warning
    asked = dossier.enrolment.specialty.months
    if dossier.months < asked:
        why = f"方案 {asked} 个月"
        yield _doubt(dossier, "months", f"实际轮转 {months.plain(dossier.months)} 个月", why)
    for key, label, value in (
        ("filled", "数据填写比例", dossier.ratios.filled),
        ("approved", "数据审核比例", dossier.ratios.approved),
    ):
        if value is None:
            yield _doubt(dossier, key, f"{label} —", "还没有可以计算的登记")
        elif value < line:
            yield _doubt(dossier, key, f"{label} {fill_ratio.shown(value)}", f"低于 {line}%")
    scope = dossier.licence.practice_scope
    if scope and not fits(scope, dossier.enrolment.specialty.name):
        yield _doubt(
            dossier, "practice_scope", f"执业范围：{scope}", f"与培训专业“{dossier.enrolment.specialty}”不同"
        )


def _doubt(dossier: Dossier, key: str, label: str, why: str) -> Item:
    return Item(f"doubt:{key}", label, "warning", why, places.of_field(dossier.application, key), "info")
