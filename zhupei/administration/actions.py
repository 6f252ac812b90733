"""What the desks do: 重置密码, 修改结业考核年份; 轮转方案 and 历史数据 from files."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.files import actions as files
from zhupei.files.importing import Deed, Line, Mode, Outcome, faults_of
from zhupei.files.intake import Fitted
from zhupei.files.models import Page
from zhupei.lib.columns import Row, Sheet
from zhupei.lib.verdicts import Refused
from zhupei.organisations import actions as organisations
from zhupei.organisations.models import Department, Specialty
from zhupei.training import actions as training
from zhupei.training.actions import DepartmentOf
from zhupei.training.models import Enrolment, Rotation, Scheme

from . import history_sheet, roster, rules, scheme_sheet


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


def import_history(sheet: Sheet, *, by: User, mode: Mode) -> Outcome:
    """Past rotations from ``sheet``, marked 历史数据; what is there already stays as it is.

    A trial goes trainee by trainee, so that nobody waits for the whole of it.
    """
    known = history_sheet.known_to(by, (row["id_number"] for row in sheet.rows))
    outcome = Outcome(faults=tuple(sheet.faults))
    if mode is Mode.ALL and sheet.faults:
        return outcome
    parts: Iterable[Iterable[Row]] = [sheet.rows]
    if mode is Mode.TRIAL:
        ordered = sorted(sheet.rows, key=itemgetter("id_number"))
        parts = [list(rows) for _, rows in groupby(ordered, key=itemgetter("id_number"))]
    for rows in parts:
        outcome += files.carry_out(rows, lambda row: _take_over(row, known, by), mode)
    return outcome


def _take_over(row: Row, known: history_sheet.Known, by: User) -> Line:
    history_sheet.check(row, timezone.localdate())
    start, end = row["start_date"], row["end_date"]
    enrolment = known.enrolment(row["id_number"], row["full_name"], start)
    department = known.department(enrolment, row["department"])
    text = f"{enrolment.user} {department} {start} 至 {end} {_result(row)}"
    there = Rotation.objects.with_tallies().filter(
        enrolment=enrolment, department=department, start_date=start, end_date=end
    )
    if found := there.first():
        if history_sheet.is_there(found, row):
            return Line(row.number, text, Deed.SAME)
        raise Refused("平台上已有这段轮转，数据与表格不同，没有改动；请在学员的轮转里核对")
    required, done = history_sheet.figures_of(row)
    training.take_over_rotation(
        enrolment,
        department,
        by=by,
        start_date=start,
        end_date=end,
        required_months=history_sheet.months_of(row),
        required=required,
        done=done,
        result=row["result"] or "",
        closed_date=row["closed_date"],
    )
    return Line(row.number, text)


def _result(row: Row) -> str:
    return row["result"].label if row["result"] else "未出科"


def import_papers(sheet: Sheet, pictures: Mapping[int, Fitted], *, by: User, mode: Mode) -> Outcome:
    """Signed papers to their rotations by the names of their files; ``pictures`` by the row of the name.

    The same picture again changes nothing; another one takes the place of the pages that lie there,
    unless its name says that it is a later page.
    """
    outcome = Outcome(faults=tuple(sheet.faults))
    if mode is Mode.ALL and sheet.faults:
        return outcome
    return outcome + files.carry_out(sheet.rows, lambda row: _lay(row, pictures[row.number], by), mode)


def _lay(row: Row, picture: Fitted, by: User) -> Line:
    name = history_sheet.PaperName.read(row["file"])
    enrolment = history_sheet.known_to(by, [name.number]).enrolment(name.number, name.name)
    rotations = Rotation.objects.filter(enrolment__user=enrolment.user_id, enrolment__base=enrolment.base_id)
    rotation = name.rotation_among(rotations.in_order())
    pages = Page.objects.filter(
        slot__signed_paper__rotation=rotation, slot__signed_paper__kind=name.kind, removed_at=None
    )
    addresses = set(pages.values_list("picture__address", flat=True))
    later = f" 第 {name.page} 页" if name.page > 1 else ""
    text = f"{enrolment.user} {rotation}（{rotation.dates}）{name.kind.label}{later}"
    if picture.address in addresses:
        return Line(row.number, text, Deed.SAME)
    training.lay_signed_paper(rotation, name.kind, [picture], by=by, replace=name.page == 1, is_imported=True)
    replaced = bool(addresses) and name.page == 1
    return Line(row.number, f"{text}（替换）" if replaced else text, Deed.CHANGED if replaced else Deed.NEW)


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
