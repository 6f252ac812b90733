"""A 轮转方案 as a spreadsheet: one row for each requirement of a department. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhupei.files.importing import Deed, Importer, Line
from zhupei.lib import typed
from zhupei.lib.columns import Column, Fault, OneOf, Row, Steps, Texts, Whole, Words
from zhupei.training.actions import DepartmentOf
from zhupei.training.choices import ACTIVITY, LOG_KINDS, Indicator
from zhupei.training.models import Scheme, SchemeDepartment
from zhupei.training.planning import Item

HALF = Decimal("0.5")
OBLIGATORY = "必轮"
WORDS = {Deed.NEW: "（新增）", Deed.CHANGED: "（有变化）", Deed.SAME: "（不变）"}
INDICATORS = OneOf(
    {word: Indicator(kind) for kind, word in LOG_KINDS.items() if kind != ACTIVITY},
    also={"病历": Indicator.CASE, **{it.label: it for it in Indicator}},
)
COLUMNS = (
    Column("department", "科室", Words(50), required=True, example="骨科"),
    Column("months", "月数", Steps(HALF, Decimal(36)), required=True, example="3"),
    Column(
        "group",
        "必轮/选轮组",
        Words(30),
        hint="必轮，或选轮组的名称；同一选轮组的科室至少选一个",
        example=OBLIGATORY,
    ),
    Column("indicator", "指标", INDICATORS, hint="没有要求的科室可以不填", example="手术"),
    Column("item", "项目", Words(100), hint="不限项目时不填", example="骨折切开复位内固定"),
    Column("required", "应完成数", Whole(0, 9_999), hint="例", example="5"),
)
IMPORTER = Importer(
    "training.scheme",
    "轮转方案",
    COLUMNS,
    most=2_000,
    unit="个科室",
    notes=(
        "一行一个应完成项；一个科室有几项就写几行，科室、月数、必轮/选轮组每行都写。",
        "科室按第一次出现的顺序轮转。半个月写 0.5。",
        "导入总是新建一个版本；已经在用的版本不会改变。",
        "示例行不会导入，可以删去或改写。请不要合并单元格。",
    ),
)


@dataclass(slots=True)
class _Drawn:
    """A department while its rows are read."""

    row: int
    name: str
    months: Decimal
    group: str
    items: dict[tuple[str, str], int] = field(default_factory=dict)


def draw_up(rows: Sequence[Row]) -> tuple[list[DepartmentOf], list[Fault]]:
    """The departments that ``rows`` make, and the rows that contradict an earlier one."""
    drawn: dict[str, _Drawn] = {}
    faults: list[Fault] = []
    for row in rows:
        group = "" if row["group"] in ("", OBLIGATORY) else row["group"]
        found = _Drawn(row.number, row["department"], row["months"], group)
        found = drawn.get(_key(found.name), found)
        wrong = list(_contradictions(found, row, group))
        faults += wrong
        if not wrong:
            drawn[_key(found.name)] = found
            if row["indicator"]:
                found.items[row["indicator"], row["item"]] = row["required"]
    return [_made(it) for it in drawn.values()], faults


def _contradictions(found: _Drawn, row: Row, group: str) -> Iterator[Fault]:
    if found.name != row["department"]:
        yield Fault(row.number, "科室", f"与第 {found.row} 行的“{found.name}”只差空格或全角，请写成一样")
    if found.months != row["months"]:
        yield Fault(row.number, "月数", f"同一科室第 {found.row} 行是 {_plain(found.months)}，请写成一样")
    if found.group != group:
        yield Fault(
            row.number, "必轮/选轮组", f"同一科室第 {found.row} 行是“{found.group or OBLIGATORY}”，请写成一样"
        )
    if row["indicator"] is None and (row["item"] or row["required"] is not None):
        yield Fault(row.number, "指标", "写了项目或应完成数，请同时填写指标")
    if row["indicator"] is not None and row["required"] is None:
        yield Fault(row.number, "应完成数", "没有填写")
    if row["indicator"] and (row["indicator"], row["item"]) in found.items:
        yield Fault(row.number, "项目", f"{found.name}里已有“{row['item'] or '不限项目'}”，请合并为一行")


def compared(old: Scheme | None, new: Sequence[DepartmentOf]) -> list[Line]:
    """What the new version says of each department, beside the version before."""
    before = {it.name: department_of(it) for it in old.departments.all()} if old else {}
    lines = []
    for it in new:
        was = before.pop(it.name, None)
        deed = Deed.NEW if was is None else Deed.SAME if _same(was, it) else Deed.CHANGED
        word = {
            Deed.NEW: "" if old is None else "（新增）",
            Deed.CHANGED: "（有变化）",
            Deed.SAME: "（不变）",
        }[deed]
        lines.append(Line(0, f"{described(it)}{word}", Deed.CHANGED if deed is Deed.SAME else deed))
    return lines + [Line(0, f"{name}（不再有）", Deed.GONE) for name in before]


def is_same(old: Scheme | None, new: Sequence[DepartmentOf]) -> bool:
    """The version before says just this, in this order."""
    if old is None:
        return False
    before = [department_of(it) for it in old.departments.all()]
    return len(before) == len(new) and all(
        was.name == it.name and _same(was, it) for was, it in zip(before, new, strict=True)
    )


def department_of(row: SchemeDepartment) -> DepartmentOf:
    """A stored department as it would be made."""
    items = tuple((Indicator(it.indicator), it.item, it.required) for it in row.requirements.all())
    return DepartmentOf(row.name, row.months, items, row.elective_group)


def described(it: DepartmentOf) -> str:
    """骨科 3 个月，必轮，5 项要求."""
    group = f"选轮组“{it.elective_group}”" if it.elective_group else OBLIGATORY
    return f"{it.name}：{_plain(it.months)} 个月，{group}，{len(it.items)} 项要求"


def rows_of(scheme: Scheme) -> list[Texts]:
    """A scheme as the rows of a sheet that would make it again."""
    return [
        (row.name, _plain(row.months), row.elective_group or OBLIGATORY, *item)
        for row in scheme.departments.all()
        for item in _item_texts(department_of(row).items)
    ]


def _item_texts(items: Sequence[Item]) -> list[Texts]:
    return [(LOG_KINDS[indicator], item, str(cases)) for indicator, item, cases in items] or [("", "", "")]


def _made(it: _Drawn) -> DepartmentOf:
    items = tuple((Indicator(indicator), item, cases) for (indicator, item), cases in it.items.items())
    return DepartmentOf(it.name, it.months, items, it.group)


def _same(was: DepartmentOf, now: DepartmentOf) -> bool:
    return (was.months, was.elective_group, sorted(was.items)) == (
        now.months,
        now.elective_group,
        sorted(now.items),
    )


def _key(name: str) -> str:
    return "".join(typed.half_width(name).split())


def _plain(number: Any) -> str:
    """1.5 and 3, not 3.0."""
    return f"{number.normalize():f}"
