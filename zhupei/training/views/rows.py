"""The rows of 个人中心: what the trainee types, and what others keep."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhupei.lib import id_number
from zhupei.lib.id_number import Kind
from zhupei.web.templatetags.zhupei import mark

from ..choices import Degree
from ..documents import FULL_YEARS
from ..forms import EducationForm, LicenceForm, RecordForm, TypedForm
from .person import Person

BY_BASE = "基地维护"
BY_NUMBER = "由证件号得出"
# Beside these the box is as long as what is typed there.
SIZES = {"phone": "id", "emergency_phone": "id"}
DATES = ("passed_date", "qualified_date", "practice_date", "graduated_date")
SIZES |= dict.fromkeys(DATES, "date")


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that somebody else keeps, as text. Links end at ``id_<key>``."""

    key: str
    label: str
    value: str
    by: str
    must: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """A field that the trainee keeps, with what is to be said beside its label."""

    field: BoundField
    must: bool
    missing: bool
    aside: SafeString
    size: str


Row = Kept | Typed


def basic(person: Person, form: RecordForm) -> list[Row]:
    """基本信息, in the order of the guide."""
    user, profile = person.profile.user, person.profile
    kind = Kind(user.id_kind)
    of_number = BY_NUMBER if id_number.birth_date(kind, user.id_number) else BY_BASE
    typed = {row.field.name: row for row in typed_rows(form, {"phone", "workplace"})}
    rows: list[Row] = [
        Kept("full_name", "姓名", user.full_name, BY_BASE, must=True),
        Kept("sex", "性别", profile.get_sex_display(), of_number, must=True),
        Kept("id_kind", "证件类型", user.get_id_kind_display(), BY_BASE, must=True),
        Kept("id_number", "证件号码", user.id_number, BY_BASE, must=True),
        Kept("birth_date", "出生日期", profile.birth_date.isoformat(), of_number, must=True),
        *(typed.pop(name) for name in ("ethnic_group", "phone", "email", "politics")),
        Kept("person_type", "人员类型", profile.get_person_type_display(), BY_BASE, must=True),
    ]
    if "workplace" not in typed:
        rows.append(Kept("workplace", "工作单位", profile.workplace, BY_BASE, must=True))
    return [*rows, *typed.values()]


def education(form: EducationForm) -> list[Row]:
    must = {"level", "degree", "school", "major", "graduated_date", "diploma_number"}
    if form["degree"].value() != Degree.NONE:
        must.add("degree_number")
    return list(typed_rows(form, must))


def licence(form: LicenceForm) -> list[Row]:
    must = {"passed_exam", "passed_date", "licence_level", "licence_category"}
    if not form.licence.certificate_pending:
        must |= {"qualified_date", "certificate_code"}
    return list(typed_rows(form, must))


def training(person: Person) -> list[Row]:
    """培训信息: all of it is kept by the base."""
    enrolment = person.enrolment
    resit = f"补考（{enrolment.first_exam_year} 年首考）" if enrolment.is_resit else "初考"
    values = [
        ("category", "培训类别", enrolment.get_category_display()),
        ("specialty", "培训专业", enrolment.specialty.name),
        ("base", "培训基地", enrolment.base.name),
        ("partner_base", "协同基地", enrolment.partner_base or "无"),
        ("grade", "入培年级", str(enrolment.grade)),
        ("years", "培训年限", f"{enrolment.years} 年"),
        ("reduction", "减免证明", "需要" if enrolment.years < FULL_YEARS else "不需要"),
        ("training_dates", "培训起止日期", f"{enrolment.start_date} 至 {enrolment.end_date}"),
        ("completion_year", "结业考核年份", str(enrolment.completion_year)),
        ("resit", "初考 / 补考", resit),
    ]
    optional = {"partner_base", "reduction", "resit"}
    return [Kept(key, label, value, BY_BASE, must=key not in optional) for key, label, value in values]


def typed_rows(form: TypedForm, must: Collection[str]) -> Iterator[Typed]:
    """Every field of ``form``; ``must``: the names of those that a submission asks for."""
    unsaved = form.changed_data if form.is_bound else []
    for bound in form:
        empty = bound.value() in (None, "", False)
        name = bound.name
        missing = empty and name in must and name not in unsaved
        aside = _aside(empty=empty, must=name in must, unsaved=name in unsaved)
        yield Typed(bound, name in must, missing, aside, SIZES.get(name, ""))


def _aside(*, empty: bool, must: bool, unsaved: bool) -> SafeString:
    if unsaved:
        return mark("warning", "未保存")
    if empty and must:
        return mark("missing")
    return format_html('<span class="mark">{}</span>', "选填，未填写" if empty else "已填写")
