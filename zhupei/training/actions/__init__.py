"""Everything that can happen to a trainee's record: the person, the certificates, the training."""

from .enrolment import change_year, correct, enrol
from .person import (
    lay_document,
    lock_documents,
    remove_document_page,
    remove_education,
    save_education,
    unlock_documents,
    update_licence,
    update_record,
)
from .rotation import count, plan_rotation

__all__ = [
    "change_year",
    "correct",
    "count",
    "enrol",
    "lay_document",
    "lock_documents",
    "plan_rotation",
    "remove_document_page",
    "remove_education",
    "save_education",
    "unlock_documents",
    "update_licence",
    "update_record",
]
