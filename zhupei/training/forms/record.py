"""The sections of 个人中心 that the trainee fills in."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from zhupei.lib import certificate_codes
from zhupei.web.forms import Tick

from ..choices import (
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
from ..models import Education, Licence, Profile
from ..practice import fits
from .inputs import Choice, Day, Email, Number, Phone, Text, YesNo
from .typed import PartForm


class RecordForm(PartForm):
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
        self.settle()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("emergency_phone") and data["emergency_phone"] == data.get("phone"):
            self.disagree("请填写另一个人的手机号，不要与本人手机相同", "emergency_phone", "phone")
        return self.cleaned_data


class EducationForm(PartForm):
    """One 教育经历; ``key`` tells it from the others on the page."""

    level = Choice("学历", SchoolLevel)
    degree = Choice("学位", Degree)
    degree_type = Choice("学位类型", DegreeType)
    school = Text("毕业院校", longest=100)
    major = Text("毕业专业", longest=100)
    graduated_date = Day("毕业时间", ahead=366)
    diploma_number = Number("毕业证书编号", longest=40, help_text="6–40 位字母或数字")
    degree_number = Number("学位证书编号", longest=40, help_text="见学位证书左下角；专业学位以 Z 开头")

    def __init__(self, *args: Any, education: Education, key: str, **kwargs: Any) -> None:
        self.education, self.key = education, key
        initial = {name: getattr(education, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, prefix=f"education-{key}", **kwargs)
        self.settle()

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
                    self.disagree(sentence, name, "degree")
        if self.education.user_id is None and not self.errors and not any(self.cleaned_data.values()):
            self.add_error("level", "请选择学历")
        return self.cleaned_data

    def doubts(self) -> dict[str, list[str]]:
        kind = self.now("degree_type")
        professional = kind == DegreeType.PROFESSIONAL if kind else None
        diploma, degree, graduated = (
            self.now(name) for name in ("diploma_number", "degree_number", "graduated_date")
        )
        return {
            "diploma_number": certificate_codes.diploma_warnings(diploma, graduated=graduated),
            "degree_number": certificate_codes.degree_warnings(degree, professional=professional),
        }


class LicenceForm(PartForm):
    """医师资格 and 医师执业."""

    passed_exam = YesNo("是否通过医师资格考试")
    passed_date = Day("通过时间")
    qualified_date = Day("医师资格取得日期", help_text="见医师资格证书签发日期")
    licence_level = Choice("级别", LicenceLevel)
    licence_category = Choice("类别", LicenceCategory)
    certificate_code = Number("医师资格证书编码", longest=60, help_text="一般为 27 位，含本人证件号")
    certificate_pending = forms.BooleanField(label="证书暂无，以成绩单代替", required=False, widget=Tick)
    practice_code = Number("医师执业证书编码", longest=40)
    practice_category = Choice("执业类型", LicenceCategory)
    practice_date = Day("执业取得日期")
    practice_scope = Text("执业范围", longest=50, help_text="与培训专业不一致时会提醒")
    practice_place = Text("执业地点", longest=100)

    OF_MODEL = {"licence_level": "level", "licence_category": "category"}

    def __init__(self, *args: Any, licence: Licence, specialty: str, **kwargs: Any) -> None:
        self.licence, self.specialty = licence, specialty
        initial = {name: getattr(licence, self.OF_MODEL.get(name, name)) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.settle()

    def clean_certificate_code(self) -> str:
        own = self.licence.user.id_number
        return _without(
            lambda code: certificate_codes.physician_code_problems(code, id_number=own),
            self.cleaned_data["certificate_code"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("passed_exam") is False and data.get("passed_date"):
            self.disagree("没有通过医师资格考试时不填通过时间", "passed_date", "passed_exam")
        if data.get("certificate_pending") and data.get("certificate_code"):
            sentence = "已填写医师资格证书编码，请取消勾选“证书暂无”"
            self.disagree(sentence, "certificate_pending", "certificate_code")
        self.in_order("passed_date", "qualified_date", "医师资格取得日期不能早于考试通过时间")
        self.in_order("qualified_date", "practice_date", "执业取得日期不能早于医师资格取得日期")
        return self.cleaned_data

    def store(self, save: Callable[..., object]) -> bool:
        """By the names of ``Licence``."""
        return super().store(
            lambda **values: save(**{self.OF_MODEL.get(name, name): value for name, value in values.items()})
        )

    def doubts(self) -> dict[str, list[str]]:
        scope = self.now("practice_scope")
        off = f"与培训专业“{self.specialty}”不同，审核时可能被问到"
        return {
            "certificate_code": certificate_codes.physician_code_warnings(self.now("certificate_code")),
            "practice_scope": [off] if scope and not fits(scope, self.specialty) else [],
        }


def _without(problems: Callable[[str], list[str]], code: str) -> str:
    """``code``, unless there are problems with it."""
    if found := problems(code):
        raise ValidationError(found)
    return code
