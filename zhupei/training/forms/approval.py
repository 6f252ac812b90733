"""What a teacher decides on what stands in the log."""

from typing import Any

from django import forms

from .inputs import Text

APPROVE, RETURN = "approve", "return"


class ApprovalForm(forms.Form):
    """通过 or 退回 of what was looked at; ``seen_at`` is when the list on the screen was made."""

    deed = forms.ChoiceField(
        label="处理",
        choices=((APPROVE, "通过"), (RETURN, "退回")),
        widget=forms.HiddenInput,
        error_messages={"required": "请选择通过或退回", "invalid_choice": "请选择通过或退回"},
    )
    seen_at = forms.DateTimeField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "页面已过期，请刷新后再操作"),
    )
    reason = Text("退回原因", longest=200, help_text="学员将据此修改")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deed") == RETURN and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "请填写退回原因，学员将据此修改")
        return data
