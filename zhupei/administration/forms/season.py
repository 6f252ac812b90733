"""What the province types: a season's windows and limits, a city's own window, a trainee's extension."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from zhupei.completion.models import Season
from zhupei.lib import typed
from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
from zhupei.training.choices import TrainingCategory
from zhupei.training.forms import Choice, Day, Text, TypedForm
from zhupei.web.forms import MomentInput

from .trainee import FIRST_GRADE, LAST_YEAR, Year

MOMENT_FORMATS = [
    f"{day}{between}{clock}"
    for day in ("%Y-%m-%d", "%Y/%m/%d")
    for between in ("T", " ")
    for clock in ("%H:%M:%S", "%H:%M")
]
LONG_AHEAD = 366 * 3  # days
WHO = {"trainee": "学员", Level.BASE.value: "基地", Level.CITY.value: "市局", Level.PROVINCE.value: "省厅"}


class Moment(forms.DateTimeField):
    """A moment in Shanghai, to the minute or to the second."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        errors = {"invalid": f"{label}应像 2026-03-27 23:59:59", "required": f"请填写{label}"}
        widget = MomentInput(attrs={"aria-label": label, "autocomplete": "off"})
        kwargs = {"error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, input_formats=MOMENT_FORMATS, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            value = " ".join(typed.half_width(typed.clean(value)).split())
        return super().to_python(value)

    def validate(self, value: datetime | None) -> None:
        super().validate(value)
        if value and not FIRST_GRADE <= value.year <= LAST_YEAR:
            raise ValidationError(f"{self.label}的年份是 {value.year}，请核对")


class Whole(forms.IntegerField):
    """A whole number between two others."""

    def __init__(self, label: str, *, least: int, most: int, **kwargs: Any) -> None:
        wrong = f"{label}应为 {least}–{most} 之间的整数"
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), wrong) | {"required": f"请填写{label}"}
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        kwargs = {"error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, min_value=least, max_value=most, **kwargs)


class SeasonForm(TypedForm):
    """The windows and limits of a season; 年份 and 培训类别 only of a new one."""

    trainee_opens_at = Moment("学员申请开始")
    trainee_closes_at = Moment("学员申请截止")
    base_opens_at = Moment("基地审核开始")
    base_closes_at = Moment("基地审核截止")
    city_opens_at = Moment("市局审核开始")
    city_closes_at = Moment("市局审核截止")
    province_opens_at = Moment("省厅审核开始")
    province_closes_at = Moment("省厅审核截止")
    correction_days = Whole(
        "退回后的补正期限（工作日）", least=1, most=30, help_text="自退回起；最迟不晚于省厅审核截止"
    )
    supplement_date = Day(
        "补交截止日期",
        required=True,
        ahead=LONG_AHEAD,
        help_text="提交时还没结束的轮转，材料最迟补交到这一天",
    )
    ratio_warning = Whole("比例提醒线", least=0, most=100, help_text="百分比；低于此值只提醒，不拦截")
    accepts_stored_signatures = forms.BooleanField(
        label="认可存储签名",
        required=False,
        help_text="带教老师和科主任都用存储签名签过的出科小结、出科考核表，学员不用再打印、签字、拍照上传",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for who, name in WHO.items():
            opens, closes = data.get(f"{who}_opens_at"), data.get(f"{who}_closes_at")
            if opens and closes and closes <= opens:
                self.add_error(f"{who}_closes_at", f"{name}的截止应晚于开始")
        self._check_last()
        day, ends = data.get("supplement_date"), data.get("trainee_closes_at")
        if day and ends and day < ends.date():
            self.add_error("supplement_date", "补交截止日期不能早于学员申请截止")
        return self.cleaned_data

    def _check_last(self) -> None:
        """The province closes last (domain §2: the later rounds are decided until then)."""
        ends = {who: self.cleaned_data.get(f"{who}_closes_at") for who in WHO}
        last = ends.pop(Level.PROVINCE)
        late = [WHO[who] for who, end in ends.items() if last and end and end > last]
        if late:
            self.add_error("province_closes_at", f"省厅审核应最后截止，不能早于{'、'.join(late)}的截止")

    @property
    def windows(self) -> list[tuple[str, BoundField, BoundField]]:
        """Rows of the table: who, 开始, 截止."""
        return [(name, self[f"{who}_opens_at"], self[f"{who}_closes_at"]) for who, name in WHO.items()]

    @staticmethod
    def values_of(season: Season, *, years_later: int = 0) -> dict[str, Any]:
        """A season's values as the form shows them, moved by whole years for a copy."""
        values = {name: getattr(season, name) for name in SeasonForm.base_fields}
        if not years_later:
            return values
        for name, value in values.items():
            if name.endswith(("_at", "_date")):
                values[name] = value + timedelta(days=364 * years_later)  # the same day of the week
        return values


class NewSeasonForm(SeasonForm):
    """A season of another year."""

    year = Year("考核年份")
    category = Choice("培训类别", TrainingCategory, required=True)

    field_order = ("year", "category")


class CityWindowForm(TypedForm):
    """市州单独安排."""

    city = Choice("市州", [], required=True)
    opens_at = Moment("市局审核开始")
    closes_at = Moment("市局审核截止")

    def __init__(self, *args: Any, cities: list[Organisation], **kwargs: Any) -> None:
        self.cities = {str(city.pk): city for city in cities}
        super().__init__(*args, **kwargs)
        names = [(key, city.name) for key, city in self.cities.items()]
        self.fields["city"].choices = [*self.fields["city"].choices, *names]  # type: ignore[attr-defined]

    def clean_city(self) -> Organisation:
        return self.cities[self.cleaned_data["city"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "市局的截止应晚于开始")
        return self.cleaned_data


class ExtensionForm(TypedForm):
    """个人延期."""

    closes_at = Moment("延期至")
    reason = Text("原因与依据", longest=200, required=True, help_text="告知学员，如“住院分娩，见诊断证明”")
