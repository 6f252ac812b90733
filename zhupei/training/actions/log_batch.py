"""Many 登记 at once from a spreadsheet, through the same doors as one."""

from __future__ import annotations

from django.db import transaction

from zhupei.accounts.models import User
from zhupei.files import actions as files
from zhupei.files.importing import Deed, Line, Mode, Outcome
from zhupei.lib.columns import Row, Sheet
from zhupei.lib.verdicts import Refused

from .. import log_sheet, rules
from ..choices import ACTIVITY, LOG_KINDS, ActivityKind
from ..models import Activity, LogEntry, Rotation
from .approval import submit_entries
from .logbook import write_activity, write_entry
from .storing import hold_rotation


@transaction.atomic
def write_log(rotation: Rotation, sheet: Sheet, *, by: User, hands_in: bool, mode: Mode) -> Outcome:
    """The rows of ``sheet`` as drafts, or handed in at once; what the log has already stays as it is.

    In mode ALL one wrong row is enough to write nothing.
    """
    rotation = hold_rotation(rotation)  # a second click waits, and finds what the first has written
    outcome = Outcome(faults=tuple(sheet.faults))
    if mode is Mode.ALL and sheet.faults:
        return outcome
    written: list[LogEntry | Activity] = []

    def write(row: Row) -> Line:
        text = f"{LOG_KINDS[row['kind']]} {row['item']} {row['happened_date']}"
        if log_sheet.is_there(rotation, row):
            return Line(row.number, text, Deed.SAME)
        entry = _write(rotation, row, by, hands_in=hands_in)
        written.append(entry)
        return Line(row.number, text)

    outcome += files.carry_out(sheet.rows, write, mode)
    if hands_in and written and (mode is Mode.REST or (mode is Mode.ALL and not outcome.faults)):
        submit_entries(written, by=by)
    return outcome


def _write(rotation: Rotation, row: Row, by: User, *, hands_in: bool) -> LogEntry | Activity:
    if row["kind"] == ACTIVITY:
        given = log_sheet.of_activity(row)
        if not given["kind"]:
            raise Refused(f"活动的形式没有“{row['item']}”；可以填：{'、'.join(ActivityKind.labels)}")
        if not given["speaker"]:
            raise Refused("活动请填写主讲人")
        return write_activity(rotation, by=by, **given)
    entry = write_entry(rotation, by=by, **log_sheet.of_entry(row))
    if hands_in and (lacking := rules.missing(entry)):
        raise Refused(log_sheet.lacking(lacking))
    return entry
