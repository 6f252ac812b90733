"""What is typed in 个人中心. What is missing may be saved: only a submission asks for everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zhupei.accounts.models import User
from zhupei.lib import certificate_codes, email, phone, typed
from zhupei.web.forms import DayInput

from .choices import (
    ETHNIC_GROUPS,
    POLITICS,
    WORKPLACE_LABELS,
    Degree,
    DegreeType,
    LicenceCategory,
    LicenceLevel,
    PersonType,
    SchoolLevel,
)
from .models import Education, Licence, Profile

PICK = ("", "请选择")
FIRST_YEAR = 1940  # nobody in training was born, graduated or licensed before
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
FIELD_OF_CONSTRAINT = {
    "one_person_per_phone": "phone",
    "one_person_per_email": "email",
    "one_person_per_id_number": "id_number",
}


class Text(forms.CharField):
    """One line of text, without what cannot be seen or stored."""

    def __init__(self, label: str, *, longest: int, autocomplete: str = "off", **kwargs: Any) -> None:
        too_long = f"{label}不超过 {longest} 个字，现在是 %(show_value)d 个"
        errors = {"max_length": too_long, "required": f"请填写{label}"}
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, **kwargs.pop("attrs", {})})
        kwargs = {"required": False, "error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, max_length=longest, **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join(typed.clean(str(value or "")).split())


class Number(Text):
    """A certificate's number: half-width, without spaces and dashes, upper case."""

    def to_python(self, value: Any) -> str:
        return certificate_codes.normalise(super().to_python(value))


class Phone(Text):
    def to_python(self, value: Any) -> str:
        return phone.normalise(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (problems := phone.problems(value)):
            raise ValidationError(problems)


class Email(Text):
    def to_python(self, value: Any) -> str:
        return email.normalise(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (problems := email.problems(value)):
            raise ValidationError(problems)


class Day(forms.DateField):
    """A date, however it was typed; ``ahead``: days after today up to which it may lie."""

    def __init__(self, label: str, *, ahead: int = 0, **kwargs: Any) -> None:
        self.ahead = timedelta(days=ahead)
        errors = {"invalid": f"{label}应像 2018-11-30", "required": f"请填写{label}"}
        kwargs = {"required": False, "error_messages": errors, "widget": DayInput, **kwargs}
        super().__init__(label=label, input_formats=DAY_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = "".join(typed.half_width(typed.clean(value)).split())
        return super().to_python(value)

    def problems(self, value: date, today: date) -> Iterator[str]:
        if value.year < FIRST_YEAR:
            yield f"{self.label}的年份是 {value.year}，请核对"
        elif value > today + self.ahead:
            yield f"{self.label}不能晚于今天" if not self.ahead else f"{self.label}太晚了，请核对"


class Choice(forms.ChoiceField):
    """One of a code list, or nothing yet."""

    def __init__(self, label: str, choices: Any, **kwargs: Any) -> None:
        errors = {"required": f"请选择{label}", "invalid_choice": f"请从列表中选择{label}"}
        kwargs = {"required": False, "error_messages": errors, **kwargs}
        super().__init__(label=label, choices=[PICK, *getattr(choices, "choices", choices)], **kwargs)


class YesNo(forms.TypedChoiceField):
    """是, 否, or not answered yet (None)."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs = {"error_messages": {"invalid_choice": "请选择“是”或“否”"}, "required": False, **kwargs}
        choices = [PICK, ("yes", "是"), ("no", "否")]
        super().__init__(
            label=label, choices=choices, coerce=lambda value: value == "yes", empty_value=None, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class TypedForm(forms.Form):
    """A form of ours: dates are sensible as of ``today``, an action's refusal lands at its field."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, Day) and data.get(name):
                for problem in field.problems(data[name], self.today):
                    self.add_error(name, problem)
        return self.cleaned_data

    def take(self, error: ValidationError) -> None:
        """Show what the database would not have, each sentence at its field."""
        for key, errors in error.update_error_dict({}).items():
            for message in ValidationError(errors).messages:
                self.add_error(key if key in self.fields else self.field_of(message), message)

    def field_of(self, message: str) -> str | None:
        """The field that the violated constraint speaks of; None: the form as a whole."""
        for constraint in User._meta.constraints:
            if constraint.violation_error_message == message:
                return FIELD_OF_CONSTRAINT.get(constraint.name)
        return None

    def in_order(self, earlier: str, later: str, sentence: str) -> None:
        """``sentence`` at the later of two dates if it lies before the earlier."""
        first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
        if first and second and second < first:
            self.add_error(later, sentence)


class RecordForm(TypedForm):
    """基本信息 that the trainee keeps."""

    ethnic_group = Choice("民族", ETHNIC_GROUPS)
    phone = Phone(
        "手机", longest=40, autocomplete="tel", attrs={"inputmode": "tel"}, help_text="11 位，也是登录名"
    )
    email = Email(
        "邮箱", longest=300, autocomplete="email", attrs={"inputmode": "email"}, help_text="也是登录名"
    )
    politics = Choice("政治面貌", POLITICS)
    workplace = Text("工作单位", longest=100, autocomplete="organization")
    emergency_name = Text("紧急联系人姓名", longest=50)
    emergency_phone = Phone("紧急联系人手机", longest=40, attrs={"inputmode": "tel"})
    emergency_relation = Text("与本人关系", longest=20, help_text="如 父子、配偶")
    is_fresh_graduate = YesNo("是否应届生")
    is_oriented = YesNo("是否全科定向")
    is_military = YesNo("是否军队人员")

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        initial = {name: getattr(profile, name, "") for name in self.base_fields}
        contact = {"phone": profile.user.phone, "email": profile.user.email}
        super().__init__(*args, initial={**initial, **contact}, **kwargs)
        self.fields["workplace"].label = WORKPLACE_LABELS[PersonType(profile.person_type)]
        if profile.person_type == PersonType.OWN_STAFF and profile.workplace:
            del self.fields["workplace"]  # it is the base's own name, and the base keeps it

    def clean_emergency_phone(self) -> str:
        number: str = self.cleaned_data["emergency_phone"]
        if number and number == (self.data.get("phone") and phone.normalise(self.data["phone"])):
            raise ValidationError("请填写另一个人的手机号，不要与本人手机相同")
        return number


class EducationForm(TypedForm):
    """One 教育经历."""

    level = Choice("学历", SchoolLevel, required=True)
    degree = Choice("学位", Degree, required=True)
    degree_type = Choice("学位类型", DegreeType)
    school = Text("毕业院校", longest=100, required=True)
    major = Text("毕业专业", longest=100, required=True)
    graduated_date = Day("毕业时间", required=True, ahead=366)
    diploma_number = Number("毕业证书编号", longest=40, help_text="6–40 位字母或数字")
    degree_number = Number("学位证书编号", longest=40, help_text="见学位证书左下角；专业学位以 Z 开头")

    def __init__(self, *args: Any, education: Education | None = None, **kwargs: Any) -> None:
        self.education = education or Education()
        key = education.pk if education else "new"
        initial = {name: getattr(self.education, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, prefix=f"education-{key}", **kwargs)

    def clean_diploma_number(self) -> str:
        return _without(certificate_codes.diploma_problems, self.cleaned_data["diploma_number"])

    def clean_degree_number(self) -> str:
        number: str = self.cleaned_data["degree_number"]
        if not re.fullmatch(r"[0-9A-Z]*", number):
            raise ValidationError("学位证书编号只能是数字和字母")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("degree") == Degree.NONE:
            for name, sentence in (
                ("degree_type", "学位为“无学位”时，学位类型请选“请选择”"),
                ("degree_number", "学位为“无学位”时不填学位证书编号"),
            ):
                if data.get(name):
                    self.add_error(name, sentence)
        return self.cleaned_data

    def filled_in(self) -> Education:
        """The education with what was typed, to be saved by the action."""
        for name, value in self.cleaned_data.items():
            setattr(self.education, name, value)
        return self.education

    def warnings(self) -> list[str]:
        """What is kept, but should be looked at again."""
        kind = self.cleaned_data["degree_type"]
        professional = kind == DegreeType.PROFESSIONAL if kind else None
        graduated = self.cleaned_data["graduated_date"]
        return [
            *certificate_codes.diploma_warnings(self.cleaned_data["diploma_number"], graduated=graduated),
            *certificate_codes.degree_warnings(self.cleaned_data["degree_number"], professional=professional),
        ]


class LicenceForm(TypedForm):
    """医师资格 and 医师执业."""

    passed_exam = YesNo("是否通过医师资格考试")
    passed_date = Day("通过时间")
    qualified_date = Day("医师资格取得日期", help_text="见医师资格证书签发日期")
    licence_level = Choice("级别", LicenceLevel)
    licence_category = Choice("类别", LicenceCategory)
    certificate_code = Number("医师资格证书编码", longest=60, help_text="一般为 27 位，含本人证件号")
    certificate_pending = forms.BooleanField(label="证书暂无，以成绩单代替", required=False)
    practice_code = Number("医师执业证书编码", longest=40)
    practice_category = Choice("执业类型", LicenceCategory)
    practice_date = Day("执业取得日期")
    practice_scope = Text("执业范围", longest=50, help_text="与培训专业不一致时会提醒")
    practice_place = Text("执业地点", longest=100)

    OF_MODEL = {"licence_level": "level", "licence_category": "category"}

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        self.licence = licence
        initial = {name: getattr(licence, self.OF_MODEL.get(name, name)) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_certificate_code(self) -> str:
        own = self.licence.user.id_number
        return _without(
            lambda code: certificate_codes.physician_code_problems(code, id_number=own),
            self.cleaned_data["certificate_code"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("passed_exam") is False and data.get("passed_date"):
            self.add_error("passed_date", "没有通过医师资格考试时不填通过时间")
        if data.get("certificate_pending") and data.get("certificate_code"):
            self.add_error("certificate_pending", "已填写医师资格证书编码，请取消勾选“证书暂无”")
        self.in_order("passed_date", "qualified_date", "医师资格取得日期不能早于考试通过时间")
        self.in_order("qualified_date", "practice_date", "执业取得日期不能早于医师资格取得日期")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """By the names of ``Licence``."""
        return {self.OF_MODEL.get(name, name): value for name, value in self.cleaned_data.items()}

    def warnings(self) -> list[str]:
        """What is kept, but should be looked at again."""
        return certificate_codes.physician_code_warnings(self.cleaned_data["certificate_code"])


def _without(problems: Callable[[str], list[str]], code: str) -> str:
    """``code``, unless there are problems with it."""
    if found := problems(code):
        raise ValidationError(found)
    return code
