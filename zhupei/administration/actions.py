"""What the desks do: 重置密码, 修改结业考核年份; 轮转方案 from a spreadsheet."""

from django.core.exceptions import ValidationError
from django.db import transaction

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.files.importing import Deed, Line, Mode, Outcome, faults_of
from zhupei.lib.columns import Sheet
from zhupei.lib.verdicts import Refused
from zhupei.organisations import actions as organisations
from zhupei.organisations.models import Department, Specialty
from zhupei.training import actions as training
from zhupei.training.actions import DepartmentOf
from zhupei.training.models import Enrolment, Scheme

from . import roster, rules, scheme_sheet


@transaction.atomic
def reset_password(enrolment: Enrolment, *, by: User, note: str = "") -> str:
    """重置密码: the trainee's password and sessions end; returns the code, once, to be handed over.

    ``note`` is asked of everybody but the base. Raises Refused, ValidationError.
    """
    rules.may_reset_password(by, enrolment).or_raise()
    _ask_for(note, "note", by, enrolment)
    office = rules.office_of(by, enrolment)
    return organisations.hand_out_code(enrolment.user, by=by, office=office, note=note)


@transaction.atomic
def change_year(enrolment: Enrolment, *, by: User, year: int, reason: str) -> Enrolment:
    """修改结业考核年份, with a reason: logged with old and new, the trainee is told.

    The application is held meanwhile: a decision of the base and a change of the year follow each other.
    Raises Refused, ValidationError.
    """
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)  # before its own
    list(Application.objects.select_for_update(no_key=True).filter(enrolment=enrolment))
    rules.may_change_year(by, enrolment, roster.latest_of(enrolment)).or_raise()
    if not reason:
        raise ValidationError({"reason": "请写明修改的原因，将记入日志并告知学员"})
    if year == enrolment.completion_year:
        raise ValidationError({"year": f"结业考核年份已经是 {year}"})
    office = rules.office_of(by, enrolment)
    return training.change_year(enrolment, by=by, office=office, year=year, reason=reason)


def import_scheme(
    sheet: Sheet,
    *,
    by: User,
    mode: Mode,
    specialty: Specialty,
    name: str,
    grade_from: int,
    years: int,
    is_sample: bool,
) -> Outcome:
    """A new version of a scheme from ``sheet``; nothing if the version before says just this.

    In mode ALL one wrong row is enough to make nothing; in mode REST the others make the scheme.
    """
    departments, faults = scheme_sheet.draw_up(sheet.rows)
    outcome = Outcome(faults=(*sheet.faults, *faults))
    before = (
        Scheme.objects.with_items()
        .filter(specialty=specialty, grade_from=grade_from)
        .order_by("-version")
        .first()
    )
    if scheme_sheet.is_same(before, departments):
        lines = [Line(0, scheme_sheet.described(it), Deed.SAME) for it in departments]
        return outcome + Outcome(tuple(lines), doubts=(f"与{before}相同，不需要新版本",))
    if not departments or (mode is Mode.ALL and outcome.faults):
        return outcome
    try:
        with transaction.atomic():
            training.make_scheme(
                specialty,
                by=by,
                name=name,
                grade_from=grade_from,
                departments=departments,
                years=years,
                is_sample=is_sample,
            )
            transaction.set_rollback(mode is Mode.TRIAL)
    except (Refused, ValidationError) as error:
        return outcome + Outcome(faults=tuple(faults_of(sheet.rows[0], error)))
    lines = scheme_sheet.compared(before, departments)
    return outcome + Outcome(tuple(lines), doubts=_unknown_departments(departments))


def _unknown_departments(departments: list[DepartmentOf]) -> tuple[str, ...]:
    """A department that no base has may be misspelt."""
    names = [it.name for it in departments]
    known = set(Department.objects.filter(name__in=names).values_list("name", flat=True))
    strange = [name for name in names if name not in known]
    if not strange:
        return ()
    return (f"各基地都没有叫“{'”“'.join(strange)}”的科室，请核对名称；安排轮转时由基地选择对应的科室",)


def _ask_for(note: str, field: str, by: User, enrolment: Enrolment) -> None:
    if not note and rules.needs_note(by, enrolment):
        raise ValidationError({field: "请填写工单号或说明，将记入日志"})
