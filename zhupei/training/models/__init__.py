from .activity import Activity
from .assessment_template import AssessmentTemplate, TemplateItem
from .attendance import Leave
from .enrolment import Enrolment
from .exit import ExitAssessment, ExitSummary, Rating, Reopening
from .logbook import LogEntry
from .person import Document, Education, Licence, Profile
from .rotation import Rotation
from .scheme import Requirement, Scheme, SchemeDepartment
from .signature import Signing, StoredSignature
from .signed_paper import SignedPaper
from .tally import RotationRequirement, Tally

__all__ = [
    "Activity",
    "AssessmentTemplate",
    "Document",
    "Education",
    "Enrolment",
    "ExitAssessment",
    "ExitSummary",
    "Leave",
    "Licence",
    "LogEntry",
    "Profile",
    "Rating",
    "Reopening",
    "Requirement",
    "Rotation",
    "RotationRequirement",
    "Scheme",
    "SchemeDepartment",
    "SignedPaper",
    "Signing",
    "StoredSignature",
    "Tally",
    "TemplateItem",
]
