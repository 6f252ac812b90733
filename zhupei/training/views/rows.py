"""The rows of 个人中心: what the trainee types, and what others keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhupei.lib import id_number
from zhupei.lib.id_number import Kind
from zhupei.web.templatetags.zhupei import icon, mark

from ..choices import Degree
from ..documents import FULL_YEARS
from ..forms import EducationForm, LicenceForm, PartForm, RecordForm
from .person import Person

BY_BASE = "基地维护"
BY_NUMBER = "由证件号得出"
# Beside these the box is as long as what is typed there.
SIZES = {"phone": "id", "emergency_phone": "id"}
DATES = ("passed_date", "qualified_date", "practice_date", "graduated_date")
SIZES |= dict.fromkeys(DATES, "date")
# A change of the one changes what is to be said beside the others.
AFFECTS = {
    "degree": {"degree_type", "degree_number"},
    "degree_type": {"degree_number"},
    "graduated_date": {"diploma_number"},
    "passed_exam": {"passed_date"},
    "certificate_pending": {"qualified_date", "certificate_code"},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that somebody else keeps, as text. Links end at ``id_<key>``."""

    key: str
    label: str
    value: str
    by: str
    must: bool

    @property
    def can_be_asked_for(self) -> bool:
        """申请修改 leads to the base; what follows from the ID number changes with it."""
        return self.by == BY_BASE


@dataclass(frozen=True, slots=True)
class Typed:
    """A field that the trainee keeps, with what is to be said beside its label."""

    field: BoundField
    must: bool
    missing: bool
    aside: SafeString
    size: str
    doubts: Sequence[str]


Row = Kept | Typed


def basic(person: Person, form: RecordForm) -> list[Row]:
    """基本信息, in the order of the guide."""
    user, profile = person.profile.user, person.profile
    kind = Kind(user.id_kind)
    of_number = BY_NUMBER if id_number.birth_date(kind, user.id_number) else BY_BASE
    typed = {row.field.name: row for row in record(form)}
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


def record(form: RecordForm, saved_at: datetime | None = None) -> list[Typed]:
    """What the trainee types of 基本信息."""
    return list(_typed(form, {"phone", "workplace"}, saved_at))


def education(form: EducationForm, saved_at: datetime | None = None) -> list[Typed]:
    """One 教育经历; 学位证书编号 is asked for iff there is a degree."""
    must = {"level", "degree", "school", "major", "graduated_date", "diploma_number"}
    if form.now("degree") != Degree.NONE:
        must.add("degree_number")
    return list(_typed(form, must, saved_at))


def licence(form: LicenceForm, saved_at: datetime | None = None) -> list[Typed]:
    """医师资格 and 医师执业; without the card (暂无) the 成绩单 stands in."""
    must = {"passed_exam", "passed_date", "licence_level", "licence_category"}
    if not form.now("certificate_pending"):
        must |= {"qualified_date", "certificate_code"}
    return list(_typed(form, must, saved_at))


def concerned(form: PartForm, rows: Iterable[Typed]) -> list[Typed]:
    """Those of what was sent, and of what that changes."""
    names = set(form.sent).union(*(AFFECTS.get(name, set()) for name in form.sent))
    return [row for row in rows if row.field.name in names]


def _typed(form: PartForm, must: Collection[str], saved_at: datetime | None) -> Iterator[Typed]:
    """Every field of ``form``; ``must``: the names of those that a submission asks for."""
    unsaved = form.unsaved if form.is_bound else set()
    saved = set(form.sent) - unsaved if saved_at else set()
    doubts = form.doubts()
    for bound in form:
        name = bound.name
        empty = bound.value() in (None, "", False)
        missing = empty and name in must and name not in unsaved
        if name in unsaved:
            aside = _state("unsaved", "wait", "warn", "未保存")
        elif name in saved and not missing:
            aside = _state("saved", "good", "check", f"已保存 {timezone.localtime(saved_at):%H:%M:%S}")
        else:
            aside = _filled_in(bound, empty=empty, must=name in must)
        yield Typed(bound, name in must, missing, aside, SIZES.get(name, ""), doubts.get(name, ()))


def _filled_in(bound: BoundField, *, empty: bool, must: bool) -> SafeString:
    if empty and must:
        return mark("missing")
    if bound.widget_type == "checkbox":
        return SafeString("")  # one sees whether it is ticked
    return _said("选填，未填写" if empty else "已填写")


@cache
def _said(words: str) -> SafeString:
    return format_html('<span class="mark">{}</span>', words)


def _state(state: str, tone: str, symbol: str, words: str) -> SafeString:
    """Of one field: js/autosave.js reads ``data-save``."""
    return format_html(
        '<span class="save" data-save="{}" data-tone="{}">{}{}</span>', state, tone, icon(symbol), words
    )
