"""What is typed to plan a training: departments and months, dates, people, leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from zhupei.accounts.models import User
from zhupei.lib import months, typed
from zhupei.organisations.models import Department

from .. import planning
from ..arranging import Candidates
from ..choices import Indicator, LeaveKind
from ..models import Enrolment, Rotation, Scheme, SchemeDepartment
from .inputs import Choice, Day, Text
from .typed import TypedForm

LONGEST = 36  # months of one rotation
MOST_CASES = 9999
ALONG = "后面还没开始的科室一起移动"
WHY_ALONG = "不勾选时，不能与后面的科室重叠"
MOST_DAYS = 400  # by which a rotation may be extended at once
LONG_AHEAD = 366 * 8  # days; a plan may reach that far
HALF = Decimal("0.5")


class Halves(forms.DecimalField):
    """A number in halves, however the digits were typed; ``unit`` is 个月 or 天."""

    def __init__(self, label: str, *, most: int, unit: str, **kwargs: Any) -> None:
        wrong = f"{label}应为 0.5 到 {most} {unit}，以半{unit[-1]}为单位"
        keys = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")
        errors = dict.fromkeys((*keys, "step_size"), wrong) | {"required": f"请填写{label}"}
        super().__init__(
            label=label,
            min_value=HALF,
            max_value=most,
            max_digits=5,
            decimal_places=1,
            error_messages=errors,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "data-size": "count"}
            ),
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(_digits(value))

    def run_validators(self, value: Any) -> None:
        """Halves only of what is in range: of 1e308 there is no remainder."""
        super().run_validators(value)
        if value not in self.empty_values and value % HALF:
            raise ValidationError(self.error_messages["invalid"])


class Whole(forms.IntegerField):
    """A whole number from 0 to ``most``; nothing typed is 0."""

    def __init__(self, label: str, *, most: int, **kwargs: Any) -> None:
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), f"{label}应为 0 到 {most} 的整数")
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        kwargs = {"required": False, "error_messages": errors, "widget": widget, **kwargs}
        super().__init__(label=label, min_value=0, max_value=most, **kwargs)

    def to_python(self, value: Any) -> int:
        return super().to_python(_digits(value)) or 0


def _digits(value: Any) -> Any:
    return typed.half_width(typed.clean(value)[:20]).strip() if isinstance(value, str) else value


class InOrderForm(TypedForm):
    """Has two dates, the later not before the earlier."""

    EARLIER, LATER, SENTENCE = "start_date", "end_date", "轮转结束日期不能早于开始日期"

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get(self.EARLIER), self.cleaned_data.get(self.LATER)
        if first and last and last < first:
            self.add_error(self.LATER, self.SENTENCE)
        return self.cleaned_data


class DatesForm(InOrderForm):
    """调整时间 of a rotation."""

    start_date = Day("开始日期", required=True, ahead=LONG_AHEAD)
    end_date = Day("结束日期", required=True, ahead=LONG_AHEAD)
    moves_later = forms.BooleanField(label=ALONG, required=False, help_text=WHY_ALONG)

    def __init__(self, *args: Any, rotation: Rotation, **kwargs: Any) -> None:
        initial = {"start_date": rotation.start_date, "end_date": rotation.end_date}
        super().__init__(*args, initial=initial, **kwargs)


class StayForm(InOrderForm):
    """加一个科室: where, when, how many months, and how many cases of each indicator."""

    department = Choice("科室", [], required=True)
    start_date = Day("开始日期", required=True, ahead=LONG_AHEAD)
    end_date = Day("结束日期", required=True, ahead=LONG_AHEAD)
    required_months = Halves("月数", most=LONGEST, unit="个月")
    case = Whole("病历", most=MOST_CASES)
    disease = Whole("病种", most=MOST_CASES)
    skill = Whole("操作", most=MOST_CASES)
    surgery = Whole("手术", most=MOST_CASES)

    def __init__(self, *args: Any, departments: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(department.pk): department for department in departments}
        listed = [(key, department.name) for key, department in self.departments.items()]
        self.fields["department"].choices = [*self.fields["department"].choices, *listed]  # type: ignore[attr-defined]

    def clean_department(self) -> Department:
        return self.departments[self.cleaned_data["department"]]

    @property
    def totals(self) -> dict[Indicator, int]:
        """What is required, in cases."""
        return {indicator: self.cleaned_data[indicator.value] for indicator in Indicator}

    @property
    def counts(self) -> list[BoundField]:
        """The fields of the four indicators."""
        return [self[indicator.value] for indicator in Indicator]


class SchemeForm(TypedForm):
    """A plan from a scheme: the first day, and per department of the scheme where and for how long.

    Chosen beforehand: the department of the same name, of a 选轮组 only the first; the months of
    the scheme, shortened for a shortened training.
    """

    begins = Day("第一个科室的开始日期", required=True, ahead=LONG_AHEAD)

    def __init__(
        self,
        *args: Any,
        enrolment: Enrolment,
        scheme: Scheme,
        departments: Sequence[Department],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"begins": enrolment.start_date}, **kwargs)
        self.enrolment, self.parts = enrolment, list(scheme.departments.all())
        self.departments = {str(department.pk): department for department in departments}
        share, met = planning.share_of(enrolment, scheme), set[str]()
        for part in self.parts:
            same = next((key for key, found in self.departments.items() if found.name == part.name), "")
            if same and part.is_elective:
                same = "" if part.elective_group in met else same
                met.add(part.elective_group)
            self.fields[f"department-{part.pk}"] = self._department(part, same)
            shown = months.plain(planning.shortened(part.months, share))
            self.fields[f"months-{part.pk}"] = Halves(
                f"{part}的月数", most=LONGEST, unit="个月", initial=shown
            )

    def _department(self, part: SchemeDepartment, same: str) -> Choice:
        field = Choice(f"{part}对应的科室", [], initial=same)
        listed = [(key, department.name) for key, department in self.departments.items()]
        field.choices = [("", "不安排"), *listed]
        return field

    def clean(self) -> dict[str, Any]:
        """The months of a department that is left out do not matter."""
        super().clean()
        for part in self.parts:
            if self.cleaned_data.get(f"department-{part.pk}") == "":
                self.errors.pop(f"months-{part.pk}", None)
        return self.cleaned_data

    def clean_begins(self) -> date:
        begins: date = self.cleaned_data["begins"]
        first, last = self.enrolment.start_date, self.enrolment.end_date
        if not first <= begins <= last:
            raise ValidationError(f"开始日期应在培训期间（{first} 至 {last}）")
        return begins

    @property
    def rows(self) -> Iterator[tuple[SchemeDepartment, BoundField, BoundField]]:
        """Each department of the scheme with its two fields."""
        for part in self.parts:
            yield part, self[f"department-{part.pk}"], self[f"months-{part.pk}"]

    @property
    def chosen(self) -> dict[UUID, Department]:
        """By the id of the scheme's department, where of the base."""
        keys = {part.pk: self.cleaned_data[f"department-{part.pk}"] for part in self.parts}
        return {pk: self.departments[key] for pk, key in keys.items() if key}

    @property
    def months_of(self) -> dict[UUID, Decimal]:
        """By the id of the scheme's department."""
        return {pk: self.cleaned_data[f"months-{pk}"] for pk in self.chosen}


class PeopleForm(TypedForm):
    """指定带教老师和科主任, among those who hold the role today; nobody is possible."""

    teacher = Choice("带教老师", [])
    head = Choice("科主任", [])

    def __init__(self, *args: Any, rotation: Rotation, candidates: Candidates, **kwargs: Any) -> None:
        now = {"teacher": rotation.teacher_id or "", "head": rotation.head_id or ""}
        super().__init__(*args, initial={name: str(pk) for name, pk in now.items()}, **kwargs)
        self.candidates = candidates
        here, elsewhere = candidates.teachers_here, candidates.teachers_elsewhere
        groups = [(f"{rotation}", _named(here)), ("本基地其他科室", _named(elsewhere))]
        self._offer("teacher", [group for group in groups if group[1]], rotation.teacher, (*here, *elsewhere))
        self._offer("head", _named(candidates.heads), rotation.head, candidates.heads)

    def _offer(self, name: str, choices: list[Any], now: User | None, known: Sequence[User]) -> None:
        """Who is assigned and has lost the role still stands there, to be replaced."""
        gone = [(str(now.pk), f"{now}（已不任职）")] if now and now not in known else []
        self.fields[name].choices = [("", "未指定"), *gone, *choices]  # type: ignore[attr-defined]

    def clean_teacher(self) -> User | None:
        return self._person("teacher")

    def clean_head(self) -> User | None:
        return self._person("head")

    def _person(self, name: str) -> User | None:
        label, chosen = self.fields[name].label, self.cleaned_data[name]
        try:
            return self.candidates.found(UUID(chosen)) if chosen else None
        except KeyError:
            raise ValidationError(f"原来的{label}已不任职，请另选或选“未指定”") from None


class LeaveForm(InOrderForm):
    """请假登记."""

    EARLIER, LATER, SENTENCE = "first_date", "last_date", "请假结束日期不能早于开始日期"

    kind = Choice("种类", LeaveKind, required=True)
    first_date = Day("请假开始日期", required=True, ahead=LONG_AHEAD)
    last_date = Day("请假结束日期", required=True, ahead=LONG_AHEAD)
    days = Halves("请假天数", most=MOST_DAYS, unit="天", help_text="实际缺勤的天数，休息日不计，可填半天")
    extends_days = Whole(
        "顺延天数", most=MOST_DAYS, help_text="轮转结束日期往后推几天，不顺延填 0", initial=0
    )
    moves_later = forms.BooleanField(label=ALONG, required=False, help_text=WHY_ALONG)
    reason = Text("原因", longest=200, help_text="可不填；请不要写病情细节")

    def __init__(self, *args: Any, may_plan: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_plan:  # other departments are the base's to move
            del self.fields["moves_later"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last, days = (self.cleaned_data.get(name) for name in ("first_date", "last_date", "days"))
        if first and last and days and last >= first and days > (last - first).days + 1:
            self.add_error("days", f"{first} 至 {last} 没有 {months.plain(days)} 天")
        return self.cleaned_data


class ExemptionForm(TypedForm):
    """减免 a rotation."""

    reason = Text("减免原因", longest=200, required=True, help_text="学员可见，如“入培前已在该科工作满两年”")


def _named(users: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(user.pk), str(user)) for user in users]
