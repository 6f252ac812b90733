"""What is typed at the desks about a trainee: by the base (B in domain §4), by 客服, by the province."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from zhupei.accounts.choices import IdKind
from zhupei.lib import id_number, typed
from zhupei.lib.id_number import Kind
from zhupei.organisations.models import Specialty
from zhupei.training.choices import PersonType, Sex, TrainingCategory
from zhupei.training.forms import PICK, Choice, Day, Text, TypedForm
from zhupei.training.models import Enrolment

FIRST_GRADE = 2010  # 规范化培训 began in most provinces; earlier is a slip of the keyboard
LAST_YEAR = 2099
LONG_AHEAD = 366 * 6  # days; a training may end that long after today


class Name(Text):
    def to_python(self, value: Any) -> str:
        return typed.name(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if problems := typed.name_problems(value):
            raise ValidationError(problems)


class Year(forms.IntegerField):
    """A calendar year of four digits; ``called`` in sentences where the label alone says too little."""

    def __init__(self, label: str, *, called: str = "", **kwargs: Any) -> None:
        name = called or label
        wrong = f"{name}应为 {FIRST_GRADE}–{LAST_YEAR} 之间的年份"
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), wrong) | {"required": f"请填写{name}"}
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        kwargs = {"error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, min_value=FIRST_GRADE, max_value=LAST_YEAR, **kwargs)


class TraineeForm(TypedForm):
    """The person and the training, as the base keeps them."""

    full_name = Name("姓名", longest=100, required=True)
    id_kind = Choice("证件类型", IdKind, required=True)
    id_number = Text(
        "证件号码", longest=60, required=True, help_text="也是登录名；居民身份证末位的 x 大小写都可以"
    )
    sex = Choice("性别", Sex, help_text="证件号能得出时以证件号为准")
    birth_date = Day("出生日期", help_text="证件号能得出时以证件号为准")
    person_type = Choice("人员类型", PersonType, required=True)
    workplace = Text("工作单位", longest=100, help_text="委培单位人填委培单位，在校专硕填在读院校")

    category = Choice("培训类别", TrainingCategory, required=True)
    specialty = Choice("培训专业", [], required=True)
    partner_base = Text("协同基地", longest=100, help_text="没有的不填")
    grade = Year("入培年级")
    years = forms.TypedChoiceField(
        label="培训年限",
        choices=[(3, "3 年"), (2, "2 年"), (1, "1 年")],
        coerce=int,
        help_text="不满 3 年的须上传减免证明",
        error_messages={"required": "请选择培训年限", "invalid_choice": "培训年限应为 1、2 或 3 年"},
    )
    start_date = Day("培训开始日期", required=True, ahead=366)
    end_date = Day("培训结束日期", required=True, ahead=LONG_AHEAD)

    OF_USER = ("full_name", "id_kind", "id_number")
    OF_PROFILE = ("sex", "birth_date", "person_type", "workplace")

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        self.enrolment = enrolment
        super().__init__(*args, initial=self._initial(), **kwargs)
        self.fields["specialty"].choices = [PICK, *self._specialties()]  # type: ignore[attr-defined]

    def _initial(self) -> dict[str, Any]:
        user, profile = self.enrolment.user, self.enrolment.user.profile
        of = dict.fromkeys(self.OF_USER, user) | dict.fromkeys(self.OF_PROFILE, profile)
        values = {name: getattr(of.get(name, self.enrolment), name) for name in self.base_fields}
        return {**values, "specialty": str(self.enrolment.specialty_id)}

    def _specialties(self) -> list[tuple[str, str]]:
        """Those that the base may train, and the one that stands there."""
        of_base = Q(pk__in=self.enrolment.base.specialty_bases.values("specialty"))
        found = Specialty.objects.filter(of_base | Q(pk=self.enrolment.specialty_id)).order_by("code")
        return [(str(specialty.pk), specialty.name) for specialty in found]

    def clean_specialty(self) -> Specialty:
        return Specialty.objects.get(pk=self.cleaned_data["specialty"])

    def clean_id_number(self) -> str:
        number = id_number.normalise(self.cleaned_data["id_number"])
        kind = self.cleaned_data.get("id_kind")
        if kind and (problems := id_number.problems(Kind(kind), number, today=self.today)):
            raise ValidationError(problems)
        return number

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._follow_the_number()
        self._check_years()
        first, last = self.cleaned_data.get("start_date"), self.cleaned_data.get("end_date")
        if first and last and last <= first:
            self.add_error("end_date", "培训结束日期应晚于开始日期")
        return self.cleaned_data

    def _follow_the_number(self) -> None:
        """性别 and 出生日期 are what the number says; a number that says nothing leaves them to be typed."""
        data = self.cleaned_data
        if not (data.get("id_kind") and data.get("id_number")):
            return
        kind = Kind(data["id_kind"])
        stated = {
            "sex": id_number.sex(kind, data["id_number"]),
            "birth_date": id_number.birth_date(kind, data["id_number"]),
        }
        for name, value in stated.items():
            if value:
                data[name] = value
                self.errors.pop(name, None)
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])

    def _check_years(self) -> None:
        data, enrolment = self.cleaned_data, self.enrolment
        grade, years, year = data.get("grade"), data.get("years"), enrolment.completion_year
        if grade and years and year < grade + years:
            before = f"结业考核年份（{year}）不能早于入培年级加培训年限（{grade + years}）"
            self.add_error("grade", f"{before}，请先修改结业考核年份")
        others = Enrolment.objects.filter(user=enrolment.user_id).exclude(pk=enrolment.pk)
        if grade and others.filter(specialty=data.get("specialty"), grade=grade).exists():
            self.add_error("grade", "该学员已有同专业、同年级的培训记录")


class YearForm(TypedForm):
    """修改结业考核年份."""

    year = Year("改为", called="结业考核年份")
    reason = Text(
        "修改的原因", longest=200, required=True, help_text="记入日志并告知学员，如“招录导入时年级误登记”"
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        self.enrolment = enrolment
        super().__init__(*args, **kwargs)

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        earliest = self.enrolment.grade + self.enrolment.years
        if year < earliest:
            raise ValidationError(f"结业考核年份不能早于入培年级加培训年限（{earliest}）")
        return year


class NoteForm(TypedForm):
    """On whose call something is done for another's trainee."""

    note = Text(
        "工单号或说明", longest=200, required=True, help_text="记入日志，如“来电登记 0318-07，已核对本人”"
    )
