"""一键修正: how a portrait is cut, in numbers that a person can type, and the consent to it."""

from __future__ import annotations

from typing import Any

from django import forms

from zhupei.imaging.crops import Crop

WHOLE = 100  # per cent


def _number(label: str, least: float, most: float) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "0.1", "autocomplete": "off"})
    beyond = f"{label}在 {least:g} 到 {most:g} 之间".replace("%", "%%")  # Django puts the limit in
    errors = {
        "required": f"请填写{label}",
        "invalid": f"{label}请填数字",
        "min_value": beyond,
        "max_value": beyond,
    }
    return forms.FloatField(
        label=label, min_value=least, max_value=most, widget=widget, error_messages=errors
    )


class CropForm(forms.Form):
    """A crop; ``left``, ``top`` and ``width`` in per cent of the turned picture."""

    turns = forms.TypedChoiceField(
        label="旋转",
        coerce=int,
        choices=[(0, "不转"), (3, "顺时针 90°"), (2, "180°"), (1, "逆时针 90°")],
        error_messages={"required": "请选择旋转", "invalid_choice": "请选择旋转"},
    )
    tilt = _number("拉平（度）", -20, 20)
    left = _number("左边（%）", -50, 100)
    top = _number("上边（%）", -50, 100)
    width = _number("宽度（%）", 5, 150)

    @property
    def crop(self) -> Crop:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        left, top, width = (typed[name] / WHOLE for name in ("left", "top", "width"))
        return Crop(typed["turns"], typed["tilt"], left, top, width)

    @staticmethod
    def data_of(crop: Crop) -> dict[str, Any]:
        """The fields of ``crop``, to a tenth."""
        parts = {name: round(getattr(crop, name) * WHOLE, 1) for name in ("left", "top", "width")}
        return {"turns": crop.turns, "tilt": round(crop.tilt, 1), **parts}


class ConsentForm(forms.Form):
    """``seen`` is the digest of the picture that was on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    agreed = forms.BooleanField(
        label="我看过修正前后两张，同意使用修正后的图片。原图保留在历史里。",
        error_messages={"required": "请先看过修正前后两张，再勾选同意"},
    )
