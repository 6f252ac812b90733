from typing import Any

from django import forms

from zhupei.lib import typed
from zhupei.organisations.choices import Level

from .choices import Outcome, ReasonCode, RegisterStatus


class RegisterForm(forms.Form):
    """培训登记手册完成情况, alone."""

    status = forms.ChoiceField(
        choices=RegisterStatus,
        error_messages={"required": "请选择“已完成”或“未完成”", "invalid_choice": "请选择“已完成”或“未完成”"},
    )


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


class DecisionForm(SeenRoundForm):
    """Shapes the input. Whether the decision is allowed is for ``rules`` and the database."""

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

    def clean_opinion(self) -> str:
        return " ".join(typed.clean(self.cleaned_data["opinion"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reasons, opinion = data.get("reasons") or [], data.get("opinion")
        if data.get("outcome") == Outcome.FAIL:
            if not reasons and not opinion:
                self.add_error("opinion", "不通过时请勾选原因或写明意见，学员将据此修改")
            elif ReasonCode.R99 in reasons and not opinion:
                self.add_error("opinion", "选择“其他”时请写明意见")
        elif data.get("outcome") == Outcome.PASS and reasons:
            self.add_error("reasons", "已勾选不通过的原因；如要通过，请先取消勾选")
        return data
