"""登记 as a spreadsheet: cases of the four kinds and activities, one a row. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from zhupei.files.importing import Importer
from zhupei.lib.columns import Column, Day, OneOf, Row, Steps, Texts, Words

from . import patient
from .choices import (
    ACTIVITY,
    LOG_KINDS,
    ActivityKind,
    Anaesthesia,
    Diagnosis,
    Indicator,
    OperatorRole,
    Setting,
)
from .ledger import Ledger
from .models import Activity, LogEntry, Rotation
from .rules.logbook import NEEDED

MOST = 300  # rows; they are handed in in one go
YES_OR_NO = OneOf({"是": True, "否": False})
COLUMNS = (
    Column(
        "kind",
        "种类",
        OneOf({word: kind for kind, word in LOG_KINDS.items()}, also={"病历": Indicator.CASE}),
        required=True,
        example="手术",
    ),
    Column(
        "item",
        "项目名称",
        Words(100),
        required=True,
        hint=f"疾病、病种、操作或手术的名称；活动填形式：{'、'.join(ActivityKind.labels)}",
        example="骨折切开复位内固定",
    ),
    Column("happened_date", "日期", Day(), required=True, hint="在轮转期间内", example="2024-03-05"),
    Column("diagnosis", "诊断类型", OneOf({it.label: it.value for it in Diagnosis}), hint="大病历"),
    Column("treatment", "诊疗措施", Words(500), hint="病种"),
    Column("setting", "门诊/急诊/病房", OneOf({it.label: it.value for it in Setting}), hint="病种"),
    Column("was_in_charge", "是否主管", YES_OR_NO, hint="病种"),
    Column("was_rescue", "是否抢救", YES_OR_NO, hint="病种"),
    Column(
        "role",
        "担任",
        OneOf({it.label: it.value for it in OperatorRole}),
        hint="操作：术者、助手；手术：术者、一助、二助",
        example="二助",
    ),
    Column(
        "succeeded",
        "成功与否",
        OneOf({"成功": True, "未成功": False}, also={"是": True, "否": False}),
        hint="操作",
    ),
    Column(
        "anaesthesia",
        "麻醉",
        OneOf({it.label: it.value for it in Anaesthesia}, also={"全麻": "general", "局麻": "local"}),
        hint="手术",
        example="全身麻醉",
    ),
    Column("patient_name", "患者", Words(50), hint="只保存姓，如 王**"),
    Column("patient_number", "病历号", Words(30), hint="用于查重，只保留末 4 位"),
    Column("topic", "主题", Words(100), hint="活动"),
    Column("hours", "学时", Steps(Decimal("0.1"), Decimal(24)), hint="活动；不填为 1"),
    Column("speaker", "主讲人", Words(50), hint="活动"),
    Column("note", "备注", Words(500)),
)
IMPORTER = Importer(
    "training.log",
    "登记",
    COLUMNS,
    most=MOST,
    unit="条登记",
    notes=(
        "一行一条登记。与“应完成项目”里同名的计入该项。",
        f"一次最多 {MOST} 行。示例行不会导入，可以删去。",
    ),
)


def wanted(account: Ledger) -> tuple[tuple[str, ...], list[Texts]]:
    """The items that the rotation asks for and what each still lacks, for a sheet of the template."""
    rows: list[Texts] = [
        (
            LOG_KINDS[it.indicator],
            line.item or "不限项目",
            str(line.required),
            str(line.filled.counted),
            str(max(0, line.required - line.filled.counted)),
        )
        for it in account.accounts
        for line in it.lines
        if line.required
    ]
    return ("种类", "项目名称", "应完成", "已登记", "还差"), rows


def of_activity(row: Row) -> dict[str, Any]:
    """What ``write_activity`` is given."""
    kinds = {label: value for value, label in ActivityKind.choices}
    return {
        "kind": kinds.get(row["item"], ""),
        "topic": row["topic"],
        "happened_date": row["happened_date"],
        "hours": row["hours"] or Decimal(1),
        "speaker": row["speaker"],
    }


def of_entry(row: Row) -> dict[str, Any]:
    """What ``write_entry`` is given: of the details those that the kind has."""
    details = {name: row[name] for name in NEEDED[Indicator(row["kind"])]}
    empty = {name for name in details if name in ("diagnosis", "setting", "role", "anaesthesia")}
    return {
        **{name: "" if value is None and name in empty else value for name, value in details.items()},
        "kind": row["kind"],
        "item": row["item"],
        "happened_date": row["happened_date"],
        "patient_name": row["patient_name"],
        "patient_number": row["patient_number"],
        "note": row["note"],
    }


def is_there(rotation: Rotation, row: Row) -> bool:
    """The log has it already: the same item and day, of the same patient or with the same details."""
    day = row["happened_date"]
    if row["kind"] == ACTIVITY:
        given = of_activity(row)
        return Activity.objects.filter(rotation=rotation, **given).exists()
    given = of_entry(row)
    same = LogEntry.objects.filter(rotation=rotation, kind=row["kind"], item=row["item"], happened_date=day)
    reduced = patient.reduced(
        given.pop("patient_name"), given.pop("patient_number"), base=rotation.enrolment.base
    )
    if reduced.hash:
        return same.filter(patient_hash=reduced.hash).exists()
    return same.filter(patient_name=reduced.name, **given).exists()


def lacking(rows: Iterable[str]) -> str:
    return f"提交前请填写：{'、'.join(rows)}"
