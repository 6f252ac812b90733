from typing import Any

from django import forms

from zhupei.lib import typed
from zhupei.organisations.choices import Level

from .choices import Outcome, ReasonCode, RegisterStatus

SLACK = 0.1  # per cent
OUTSIDE = "框超出了图片，请重新画"


def _percent(label: str) -> forms.FloatField:
    wrong = {"invalid": "框的位置请填 0 到 100 的数", "min_value": OUTSIDE, "max_value": OUTSIDE}
    return forms.FloatField(label=label, min_value=0, max_value=100, required=False, error_messages=wrong)


class RegisterForm(forms.Form):
    """培训登记手册完成情况, alone."""

    status = forms.ChoiceField(
        choices=RegisterStatus,
        error_messages={"required": "请选择“已完成”或“未完成”", "invalid_choice": "请选择“已完成”或“未完成”"},
    )


class ExplanationForm(forms.Form):
    """What a trainee says about a finding instead of a change, or beside it."""

    text = forms.CharField(
        label="情况说明",
        max_length=500,
        error_messages={
            "required": "请写明情况，审核人会看到",
            "max_length": "说明不超过 500 字，现在是 %(show_value)d 字",
        },
    )

    def clean_text(self) -> str:
        return " ".join(typed.clean(self.cleaned_data["text"]).split())


class SeenRoundForm(forms.Form):
    """The round that was on the screen: what is done is done to what was seen."""

    seen_round = forms.IntegerField(
        min_value=0,
        max_value=32767,
        widget=forms.HiddenInput,
        error_messages={"required": "页面已过期，请重新打开"},
    )


class ConfirmForm(SeenRoundForm):
    """The two sentences a trainee confirms before a submission."""

    confirmed = forms.BooleanField(
        label="我已核对，以上信息真实、完整；姓名与电子照片可用于合格证书。",
        error_messages={"required": "请先勾选“我已核对，以上信息真实、完整”"},
    )
    consented = forms.BooleanField(
        label="我同意将身份证、人像照片提供给基地、市局、省厅用于本次资格审核。",
        error_messages={"required": "请先勾选“我同意将身份证、人像照片提供给基地、市局、省厅”"},
    )


class MarkForm(SeenRoundForm):
    """记一条问题: of one item, with a box (in per cent of the picture) or without."""

    code = forms.TypedChoiceField(
        label="原因",
        choices=ReasonCode,
        coerce=ReasonCode,
        error_messages={"required": "请选择原因", "invalid_choice": "请选择原因"},
    )
    on = forms.CharField(max_length=60, error_messages={"required": "请选择是哪一项的问题"})
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        error_messages={"max_length": "说明不超过 200 字，现在是 %(show_value)d 字"},
    )
    page = forms.UUIDField(required=False)
    left = _percent("左")
    top = _percent("上")
    width = _percent("宽")
    height = _percent("高")

    def clean_note(self) -> str:
        return " ".join(typed.clean(self.cleaned_data["note"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("code") == ReasonCode.R99 and not data.get("note"):
            self.add_error("note", "选择“其他”时请写明说明")
        edges = [data.get(name) for name in ("left", "top", "width", "height")]
        given = [edge for edge in edges if edge is not None]
        data["box"] = None
        if len(given) == len(edges):
            data["box"] = self._box(*given)
        elif given and not self.errors:
            self.add_error("left", "框的左、上、宽、高要么都填，要么都不填")
        return data

    def _box(self, left: float, top: float, width: float, height: float) -> tuple[float, ...] | None:
        """Its edges as fractions; a rounding error of the browser is no error of the person."""
        right, bottom = left + width, top + height
        if right > 100 + SLACK or bottom > 100 + SLACK or width <= 0 or height <= 0:
            self.add_error("left", OUTSIDE)
            return None
        return (left / 100, top / 100, min(right / 100, 1), min(bottom / 100, 1))


class DecisionForm(SeenRoundForm):
    """Shapes the input. Whether the decision is allowed is for ``rules`` and the database.

    ``noted`` is how many findings on items the reviewer has noted.
    """

    level = forms.TypedChoiceField(choices=Level, coerce=Level, widget=forms.HiddenInput)
    outcome = forms.TypedChoiceField(
        label="结论",
        choices=Outcome,
        coerce=Outcome,
        error_messages={"required": "请选择“通过”或“不通过”", "invalid_choice": "请选择“通过”或“不通过”"},
    )
    reasons = forms.TypedMultipleChoiceField(
        label="原因",
        choices=ReasonCode,
        coerce=ReasonCode,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"form": "decide"}),
    )
    opinion = forms.CharField(
        label="意见",
        max_length=200,
        required=False,
        error_messages={"max_length": "意见不超过 200 字，现在是 %(show_value)d 字"},
    )

    def __init__(self, *args: Any, noted: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noted = noted

    def clean_opinion(self) -> str:
        return " ".join(typed.clean(self.cleaned_data["opinion"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reasons, opinion = data.get("reasons") or [], data.get("opinion")
        if data.get("outcome") == Outcome.FAIL:
            if not reasons and not opinion and not self.noted:
                self.add_error("opinion", "不通过时请勾选原因或写明意见，学员将据此修改")
            elif ReasonCode.R99 in reasons and not opinion:
                self.add_error("opinion", "选择“其他”时请写明意见")
        elif data.get("outcome") == Outcome.PASS and reasons:
            self.add_error("reasons", "已勾选不通过的原因；如要通过，请先取消勾选")
        return data
