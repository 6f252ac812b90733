"""What is typed in the logbook: a case of one of the four kinds, or an activity.

A draft may have gaps; ``hands_in`` asks for all that the kind needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model

from .. import patient, rules
from ..choices import LOG_KINDS, ActivityKind, Anaesthesia, Diagnosis, Indicator, Setting
from ..ledger import Account
from ..models import LogEntry, Rotation
from ..rules.logbook import NEEDED, ROLES
from .inputs import Choice, Day, Text, YesNo
from .typed import TypedForm

SUBMIT = "submit"  # the value of ``deed`` that hands in at once
ITEM_LABELS = {
    Indicator.CASE: "疾病名称",
    Indicator.DISEASE: "病种名称",
    Indicator.SKILL: "操作名称",
    Indicator.SURGERY: "手术名称",
}
HOURS = "学时应大于 0，不超过 24，最多一位小数"


class Scale(forms.ChoiceField):
    """One of a few, as joined cells that a thumb hits; or nothing yet."""

    def __init__(self, label: str, choices: Any) -> None:
        errors = {"invalid_choice": f"请从列表中选择{label}"}
        super().__init__(
            label=label,
            choices=[(value, str(text)) for value, text in choices],
            required=False,
            widget=forms.RadioSelect,
            error_messages=errors,
        )


class YesNoScale(YesNo):
    """是, 否, or not answered yet (None), as joined cells."""

    def __init__(self, label: str, *, yes: str = "是", no: str = "否") -> None:
        super().__init__(label, widget=forms.RadioSelect)
        self.choices = [("yes", yes), ("no", no)]


class LogForm(TypedForm):
    """What a case and an activity have in common: a day of the rotation, and whether it is handed in."""

    happened_date = Day("日期", required=True)

    def __init__(self, *args: Any, rotation: Rotation, row: Model | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rotation, self.row = rotation, row
        last = min(rotation.end_date, self.today)
        day = self.fields["happened_date"]
        day.widget.attrs |= {"min": rotation.start_date.isoformat(), "max": last.isoformat()}
        day.initial = last
        for name in self.fields if row is not None else ():
            if hasattr(row, name):
                self.initial.setdefault(name, getattr(row, name))

    @property
    def hands_in(self) -> bool:
        """登记并提交 was pressed, not 存为草稿."""
        return bool(self.is_bound and self.data.get("deed") == SUBMIT)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if day := data.get("happened_date"):
            for reason in rules.may_record(self.rotation, day, self.today).items:
                self.add_error("happened_date", reason.text)
        return self.cleaned_data


class EntryForm(LogForm):
    """大病历, 病种, 操作 or 手术; ``account`` says what is still lacking of each item."""

    requirement = forms.ChoiceField(label="应完成项目", required=False)
    item = Text("名称", longest=100)
    diagnosis = Scale("诊断类型", Diagnosis.choices)
    treatment = Text("诊疗措施", longest=500)
    setting = Scale("门诊/急诊/病房", Setting.choices)
    was_in_charge = YesNoScale("是否主管")
    was_rescue = YesNoScale("是否抢救")
    role = Scale("担任", ())
    succeeded = YesNoScale("成功与否", yes="成功", no="未成功")
    anaesthesia = Choice("麻醉", Anaesthesia)
    patient_name = Text("患者", longest=50, help_text="只写姓，保存为 王**")
    patient_number = Text("病历号", longest=30, help_text="用于查重，只保留末 4 位")
    note = Text("备注", longest=500)

    field_order = ("requirement", "item", "happened_date")

    def __init__(self, *args: Any, kind: Indicator, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.account = kind, account
        self._keep_what_the_kind_has()
        self._offer_items()
        if isinstance(self.row, LogEntry):
            self._show_stored(self.row)

    @property
    def title(self) -> str:
        return f"登记{LOG_KINDS[self.kind]}"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        asked = self.requirements.get(data.pop("requirement", ""))
        data["requirement"] = asked
        data["item"] = data.get("item") or (asked.item if asked else "")
        if not data["item"] and "item" not in self.errors:
            self.add_error("item", f"请{'选择应完成项目或' if self.requirements else ''}填写{self.label}")
        if self.hands_in:
            for name, label in NEEDED[self.kind].items():
                if name not in self.errors and data.get(name) in ("", None):
                    self.add_error(name, f"提交前请填写{label}")
        if self.loses_number():
            self.add_error("patient_number", "患者改了，请同时填写病历号")
        return self.cleaned_data

    def loses_number(self) -> bool:
        """Another patient, and no number typed, where one was stored."""
        row = self.row
        has_number = isinstance(row, LogEntry) and bool(row.patient_hash)
        return has_number and self.has_new_patient and not self.cleaned_data.get("patient_number")

    @property
    def has_new_patient(self) -> bool:
        """The name or the number differs from what is stored."""
        data, row = self.cleaned_data, self.row
        name = patient.masked(data.get("patient_name", ""))
        return bool(data.get("patient_number")) or name != getattr(row, "patient_name", "")

    @property
    def label(self) -> str:
        return ITEM_LABELS[self.kind]

    @property
    def boxes(self) -> list[forms.BoundField]:
        """What is typed or picked from a list."""
        return [it for it in self if not isinstance(it.field.widget, forms.RadioSelect)]

    @property
    def scales(self) -> list[forms.BoundField]:
        """What is answered with one touch."""
        return [it for it in self if isinstance(it.field.widget, forms.RadioSelect)]

    def _keep_what_the_kind_has(self) -> None:
        details = {name for needed in NEEDED.values() for name in needed}
        for name in details - NEEDED[self.kind].keys():
            del self.fields[name]
        self.fields["item"].label = self.label
        if self.kind in ROLES:
            self.fields["role"].choices = [(role.value, role.label) for role in ROLES[self.kind]]  # type: ignore[attr-defined]

    def _offer_items(self) -> None:
        """The items of the rotation with what each still lacks; none where it asks for any."""
        rows = {row.pk: row for row in self.rotation.requirements.all()}
        lines = [line for line in self.account.lines if line.item]
        self.requirements = {
            str(line.requirement): rows[line.requirement] for line in lines if line.requirement
        }
        if not lines:
            del self.fields["requirement"]
            return
        offered = [(str(line.requirement), f"{line.item}（{_lack(line)}）") for line in lines]
        self.fields["requirement"].choices = [("", "其他，在下面填写名称"), *offered]  # type: ignore[attr-defined]
        self.fields["item"].help_text = "与所选项目同名时可不填"

    def _show_stored(self, row: LogEntry) -> None:
        asked = self.requirements.get(str(row.requirement_id))
        self.initial["requirement"] = str(row.requirement_id) if asked else ""
        if asked and asked.item == row.item:
            self.initial["item"] = ""
        if row.patient_tail or row.patient_hash:
            tail = f"（末 4 位 {row.patient_tail}）" if row.patient_tail else ""
            self.fields["patient_number"].help_text = f"已登记{tail}，不改可不填"


class ActivityForm(LogForm):
    """教学活动; it enters the form of 出科考核, no ratio."""

    kind = Choice("形式", ActivityKind, required=True)
    topic = Text("主题", longest=100)
    hours = forms.DecimalField(
        label="学时",
        max_digits=4,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=Decimal(24),
        initial=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            HOURS,
        ),
    )
    speaker = Text("主讲人", longest=50, required=True)

    field_order = ("kind", "topic", "happened_date")
    title = "登记活动"
    scales: Sequence[forms.BoundField] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].widget.attrs |= {"step": "0.5", "inputmode": "decimal"}

    @property
    def boxes(self) -> list[forms.BoundField]:
        return list(self)


def _lack(line: Any) -> str:
    lacking = line.filled.required - line.filled.counted
    return f"还差 {lacking} 例" if lacking else f"已够 {line.required} 例"
