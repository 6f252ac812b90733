"""历史数据: past rotations as a spreadsheet, signed papers by the names of their files. Reads only.

Whoever does not stand at the base of the reader is not found, as if there were none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhupei.accounts.models import User
from zhupei.files.importing import Importer
from zhupei.lib import id_number, months, typed
from zhupei.lib.columns import Column, Day, Identity, OneOf, Row, Steps, Whole, Words
from zhupei.lib.verdicts import Refused
from zhupei.organisations.models import Department
from zhupei.training.choices import LOG_KINDS, Indicator, Overall, PaperKind
from zhupei.training.models import Enrolment, Rotation

from . import roster

HALF = Decimal("0.5")
MOST = 300  # rows: one transaction holds them all, some 30 ms of CPU each
FIGURES = {"required": "应完成", "filled": "已完成", "approved": "已审核"}
RESULTS = OneOf({it.label: it for it in Overall}, also={"合格": Overall.PASS, "不合格": Overall.FAIL})
COLUMNS = (
    Column("full_name", "姓名", Words(50), required=True, example="张三"),
    Column("id_number", "证件号码", Identity(), required=True, example="420106199001011234"),
    Column("department", "轮转科室", Words(50), required=True, hint="本基地的科室名称", example="骨科"),
    Column("start_date", "开始日期", Day(), required=True, example="2024-03-01"),
    Column("end_date", "结束日期", Day(), required=True, example="2024-05-31"),
    Column("months", "方案月数", Steps(HALF, Decimal(36)), hint="不填时按起止日期计算", example="3"),
    *(
        Column(f"{kind}_{figure}", f"{LOG_KINDS[kind]}{word}", Whole(0, 99_999), hint="例；不填为 0")
        for kind in Indicator
        for figure, word in FIGURES.items()
    ),
    Column("result", "出科结论", RESULTS, hint="没有出科的不填，在平台上继续", example="通过"),
    Column("closed_date", "出科日期", Day(), hint="不填时为结束日期", example="2024-05-31"),
)
IMPORTER = Importer(
    "training.history",
    "历史轮转",
    COLUMNS,
    most=MOST,
    unit="段轮转",
    notes=(
        "一行一段轮转；学员和科室须已在平台上。",
        "各项是原平台的总数，导入后标明“历史数据”，计入比例。",
        f"一次最多 {MOST} 行。示例行不会导入，可以删去。",
    ),
)
PAPERS = Importer(
    "training.papers",
    "签字材料",
    (Column("file", "文件名", Words(300), required=True),),
    most=100,
    unit="页",
)

KINDS = {
    "小结": PaperKind.SUMMARY,
    "出科小结": PaperKind.SUMMARY,
    "考核表": PaperKind.ASSESSMENT,
    "出科考核表": PaperKind.ASSESSMENT,
}
_NAME = re.compile(
    rf"(?P<name>[^_]+)_(?P<number>[^_]+)_(?P<department>[^_@]+)(?:@(?P<month>\d{{4}}-\d{{2}}))?"
    rf"_(?P<kind>{'|'.join(KINDS)})(?:_(?P<page>\d{{1,2}}))?\.(?:jpe?g|png|webp)",
    re.IGNORECASE,
)
_LONG_NUMBERS = re.compile(r"[0-9０-９]{8,}[xXｘＸ]?")
_IN_FILE_NAMES = re.compile(r"[\s/／、·()（）-]")  # what a department's name loses in a file's


@dataclass(frozen=True, slots=True)
class Known:
    """The trainees of one's bases by 证件号码, and the departments by base and name."""

    enrolments: Mapping[str, list[Enrolment]]
    departments: Mapping[tuple[Any, str], Department]

    def enrolment(self, number: str, name: str, day: date | None = None) -> Enrolment:
        """The training that ``day`` lies in, otherwise the latest. Raises Refused."""
        found = self.enrolments.get(number)
        if not found:
            raise Refused(f"本基地没有证件号码为 {id_number.mask(number)} 的学员，请先建立学员或核对号码")
        if found[0].user.full_name != typed.name(name):
            raise Refused(f"姓名与证件号码不符：平台上这个号码的学员不叫“{name}”")
        within = [it for it in found if day and it.start_date <= day <= it.end_date]
        return (within or found)[-1]

    def department(self, enrolment: Enrolment, name: str) -> Department:
        found = self.departments.get((enrolment.base_id, name))
        if found is None:
            raise Refused(f"{enrolment.base}没有“{name}”这个科室，请核对名称或先建立科室")
        return found


def known_to(user: User, numbers: Iterable[str]) -> Known:
    """What a sheet with these 证件号码 may speak of, in two queries."""
    users = User.objects.get_queryset()
    indexes = {users.blind("id_number_index", number): number for number in set(numbers)}
    trainees = roster.trainees_of(user).filter(user__id_number_index__in=indexes)
    enrolments: dict[str, list[Enrolment]] = {}
    for it in trainees.select_related("user", "base").order_by("grade", "id"):
        enrolments.setdefault(indexes[it.user.id_number_index], []).append(it)
    bases = {it.base_id for found in enrolments.values() for it in found}
    departments = {(it.base_id, it.name): it for it in Department.objects.filter(base__in=bases)}
    return Known(enrolments, departments)


def check(row: Row, today: date) -> None:
    """What only the past can be. Raises Refused."""
    start, end, closed = row["start_date"], row["end_date"], row["closed_date"]
    if end < start:
        raise Refused(f"结束日期 {end} 早于开始日期 {start}")
    if start > today:
        raise Refused(f"开始日期 {start} 还没有到，不是历史数据")
    if row["result"] and end > today:
        raise Refused(f"结束日期 {end} 还没有到，不能填出科结论")
    if closed and not row["result"]:
        raise Refused("填了出科日期，请同时填写出科结论")
    if closed and not start <= closed <= today:
        raise Refused(f"出科日期 {closed} 应在开始日期之后、今天之前")


def months_of(row: Row) -> Decimal:
    """As typed, otherwise the dates in halves of a month, at least one half."""
    if row["months"] is not None:
        return Decimal(row["months"])
    halves = round(months.months_between(row["start_date"], row["end_date"]) * 2)
    return max(HALF, halves * HALF)


def figures_of(row: Row) -> tuple[dict[Indicator, int], dict[Indicator, tuple[int, int]]]:
    """应完成 by indicator, and (已完成, 已审核)."""
    required = {kind: row[f"{kind}_required"] or 0 for kind in Indicator}
    done = {kind: (row[f"{kind}_filled"] or 0, row[f"{kind}_approved"] or 0) for kind in Indicator}
    return required, done


def is_there(rotation: Rotation, row: Row) -> bool:
    """The rotation was taken over with just these figures and this result."""
    required, done = figures_of(row)
    there = {it.indicator: it for it in rotation.tallies.all()}
    return (
        rotation.is_imported
        and rotation.result == (row["result"] or "")
        and all(
            (there[kind].required, there[kind].imported_filled, there[kind].imported_approved)
            == (required[kind], *done[kind])
            for kind in Indicator
        )
    )


@dataclass(frozen=True, slots=True)
class PaperName:
    """姓名_证件号_科室_小结|考核表.jpg, perhaps with 科室@2024-03, perhaps with a page number behind."""

    name: str
    number: str
    department: str
    month: str
    kind: PaperKind
    page: int

    @classmethod
    def read(cls, file: str) -> PaperName:
        """Raises Refused."""
        found = _NAME.fullmatch(typed.half_width(typed.clean(file)).strip())
        if not found:
            raise Refused("文件名应为 姓名_证件号_科室_小结.jpg 或 姓名_证件号_科室_考核表.jpg")
        return cls(
            name=found["name"].strip(),
            number=id_number.normalise(found["number"]),
            department=found["department"].strip(),
            month=found["month"] or "",
            kind=KINDS[found["kind"]],
            page=int(found["page"] or 1),
        )

    def rotation_among(self, rotations: Iterable[Rotation]) -> Rotation:
        """The one it belongs to. Raises Refused."""
        wanted = _as_file_name(self.department)
        fitting = [it for it in rotations if _as_file_name(it.department_name) == wanted]
        fitting = [it for it in fitting if it.start_date.isoformat().startswith(self.month)]
        if not fitting:
            raise Refused(f"这名学员没有“{self.department}”的轮转，请先导入轮转")
        if len(fitting) > 1:
            starts = "、".join(f"{it.start_date:%Y-%m}" for it in fitting)
            raise Refused(f"有 {len(fitting)} 段“{self.department}”轮转，请写成 科室@年月（{starts}）")
        return fitting[0]


def shown(file: str) -> str:
    """A file's name without the whole 证件号码, wherever that stands in it."""
    parts = file.split("_")
    if len(parts) > 2:
        parts[1] = id_number.mask(parts[1])
    return _LONG_NUMBERS.sub(lambda found: id_number.mask(found[0]), "_".join(parts))


def _as_file_name(department: str) -> str:
    return _IN_FILE_NAMES.sub("", typed.half_width(department))
