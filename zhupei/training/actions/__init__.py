"""Everything that can happen to a trainee's record: the person, the plan, the log, the exit forms."""

from .approval import (
    approve_entries,
    nudge,
    return_entry,
    submit_entries,
    withdraw_entry,
)
from .assessment import (
    confirm_assessment,
    draft_assessment,
    fill_assessment,
    make_template,
    reopen,
    return_assessment,
    template_in_force,
)
from .counting import (
    count,
    recount,
)
from .enrolment import (
    change_year,
    correct,
    enrol,
)
from .history import (
    attest_paper,
    lay_signed_paper,
    take_over_rotation,
)
from .log_batch import write_log
from .logbook import (
    change_activity,
    change_entry,
    discard,
    write_activity,
    write_entry,
)
from .looking_again import look_again
from .person import (
    lay_document,
    lock_documents,
    remove_document_page,
    remove_education,
    save_education,
    set_portrait_aside,
    unlock_documents,
    update_licence,
    update_record,
    use_mended,
)
from .rotation import (
    assign,
    cancel_leave,
    drop_rotation,
    exempt,
    move_rotation,
    plan_from_scheme,
    plan_rotation,
    record_leave,
    take_back_exemption,
)
from .scheme import (
    DepartmentOf,
    drop_scheme,
    make_scheme,
    remake_scheme,
)
from .signature import drop_signature, keep_signature
from .summary import (
    appraise_summary,
    conclude_summary,
    return_summary,
    submit_summary,
    write_summary,
)

__all__ = [
    "DepartmentOf",
    "appraise_summary",
    "approve_entries",
    "assign",
    "attest_paper",
    "cancel_leave",
    "change_activity",
    "change_entry",
    "change_year",
    "conclude_summary",
    "confirm_assessment",
    "correct",
    "count",
    "discard",
    "draft_assessment",
    "drop_rotation",
    "drop_scheme",
    "drop_signature",
    "enrol",
    "exempt",
    "fill_assessment",
    "keep_signature",
    "lay_document",
    "lay_signed_paper",
    "lock_documents",
    "look_again",
    "make_scheme",
    "make_template",
    "move_rotation",
    "nudge",
    "plan_from_scheme",
    "plan_rotation",
    "record_leave",
    "recount",
    "remake_scheme",
    "remove_document_page",
    "remove_education",
    "reopen",
    "return_assessment",
    "return_entry",
    "return_summary",
    "save_education",
    "set_portrait_aside",
    "submit_entries",
    "submit_summary",
    "take_back_exemption",
    "take_over_rotation",
    "template_in_force",
    "unlock_documents",
    "update_licence",
    "update_record",
    "use_mended",
    "withdraw_entry",
    "write_activity",
    "write_entry",
    "write_log",
    "write_summary",
]
