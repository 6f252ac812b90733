"""What is typed on the two exit forms, and why something is given back or opened again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from zhupei.lib import typed

from ..choices import Consent, Overall
from ..models import AssessmentTemplate, ExitAssessment, TemplateItem
from .inputs import Text

SCORES = ("theory_score", "skill_score")
TEXTS = ("skill_name", "examiner_1", "examiner_2")


class Words(forms.CharField):
    """Several lines, without what cannot be seen or stored."""

    def __init__(self, label: str, *, longest: int, rows: int = 4, **kwargs: Any) -> None:
        too_long = f"{label}不超过 {longest} 个字，现在是 %(show_value)d 个"
        errors = {"max_length": too_long, "required": f"请填写{label}"}
        widget = forms.Textarea(attrs={"rows": str(rows)})
        kwargs = {"required": False, "error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, max_length=longest, **kwargs)

    def to_python(self, value: Any) -> str:
        return typed.clean(super().to_python(value) or "").strip()


class Score(forms.DecimalField):
    """Points, 0–100 with at most one decimal, however the digits were typed."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        wrong = f"{label}应为 0 到 100 的数，最多一位小数"
        keys = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=100,
            max_digits=4,
            decimal_places=1,
            error_messages=dict.fromkeys(keys, wrong),
            widget=widget,
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = typed.half_width(typed.clean(value)[:20]).strip()
        return super().to_python(value)


class SummaryForm(forms.Form):
    """个人小结; ``submit`` when it is handed in and must say something."""

    personal_text = Words(
        "个人小结",
        longest=3000,
        rows=11,
        help_text="写收治与操作、掌握的病种和技能、教学与医德医风、不足与打算；200–800 字。"
        "请不要写患者姓名、住院号。",
    )

    def __init__(self, *args: Any, submit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personal_text"].required = submit


class SignedForm(forms.Form):
    """A part that may be signed with the stored signature of whoever fills it in."""

    sign = forms.BooleanField(label="用我的存储签名", required=False)


class SignatureForm(forms.Form):
    """A signature, as the pad of js/draw.js sends it or as it was photographed."""

    picture = forms.FileField(
        label="签名的照片",
        allow_empty_file=True,
        help_text="在白纸上用深色笔签名，拍照或扫描；平台只留下笔迹，去掉纸和阴影",
        error_messages={"required": "请先在框里签名，或选择签名的照片"},
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )


class AppraisalForm(SignedForm):
    """带教评价."""

    text = Words("带教评价", longest=1000, required=True)


class ReasonForm(forms.Form):
    """Why something is given back, or opened again."""

    reason = Words("原因", longest=200, rows=2, required=True)


class ConclusionForm(SignedForm):
    """科室评价 and 同意出科; ``seen_revision`` is the version of the 出科考核表 that was on the screen."""

    agrees = forms.ChoiceField(
        label="同意出科",
        choices=Consent,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否同意出科", "invalid_choice": "请选择是否同意出科"},
    )
    text = Words("科室评价", longest=1000, rows=3)
    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssessmentForm(SignedForm):
    """What 带教老师 fills in of the 出科考核表: the items of its template, scores, examiners, 总体评价.

    ``hand_on``: nothing may be missing. A draft may lack anything.
    """

    theory_score = Score("理论成绩", help_text="0–100 分")
    skill_name = Text("技能考核名称", longest=50)
    skill_score = Score("得分", help_text="0–100 分")
    examiner_1 = Text("考官 1", longest=50)
    examiner_2 = Text("考官 2", longest=50)
    overall = forms.ChoiceField(
        label="所在科室考核小组总体评价",
        choices=Overall,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请选择通过或不通过"},
    )

    def __init__(
        self,
        *args: Any,
        template: AssessmentTemplate,
        assessment: ExitAssessment | None,
        hand_on: bool = False,
        **kwargs: Any,
    ) -> None:
        rated = {row.item_id: row.value for row in assessment.ratings.all()} if assessment else {}
        names = (*SCORES, *TEXTS, "overall")
        stored = {name: getattr(assessment, name) for name in names} if assessment else {}
        super().__init__(*args, **kwargs)
        self.initial = {**stored, **self.initial}
        self.items: dict[str, TemplateItem] = {f"item-{item.pk}": item for item in template.items.all()}
        for name, item in self.items.items():
            self.fields[name] = _rated(item, rated.get(item.pk, ""))
        self.hand_on = hand_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.hand_on:
            for name, field in self.fields.items():
                if data.get(name) in (None, "") and name not in self.errors:
                    verb = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
                    self.add_error(name, f"{verb}{field.label}")
        return data

    @property
    def ratings(self) -> dict[UUID, str]:
        """What was ticked, by item; empty where nothing was."""
        return {item.pk: self.cleaned_data[name] for name, item in self.items.items()}

    @property
    def values(self) -> dict[str, Any]:
        """Everything but the ratings, as the actions take it."""
        return {name: self.cleaned_data[name] for name in (*SCORES, *TEXTS, "overall")}


def _rated(item: TemplateItem, value: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=item.label,
        choices=[(choice, choice) for choice in item.choices],
        initial=value,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"{item.label}只能是{'、'.join(item.choices)}"},
    )
