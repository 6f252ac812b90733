"""What is typed in 个人中心, and the pieces other desks build their forms of.

What is missing may be saved: only a submission asks for everything. A form may be sent in parts
(every field saves itself): what is not sent is not changed, what is wrong keeps nothing else from
being saved.
"""

from .exits import AppraisalForm, AssessmentForm, ConclusionForm, ReasonForm, SignatureForm, SummaryForm
from .inputs import PICK, Choice, Day, Text
from .plan import DatesForm, ExemptionForm, LeaveForm, PeopleForm, SchemeForm, StayForm
from .record import EducationForm, LicenceForm, RecordForm
from .typed import PartForm, TypedForm

__all__ = [
    "PICK",
    "AppraisalForm",
    "AssessmentForm",
    "Choice",
    "ConclusionForm",
    "DatesForm",
    "Day",
    "EducationForm",
    "ExemptionForm",
    "LeaveForm",
    "LicenceForm",
    "PartForm",
    "PeopleForm",
    "ReasonForm",
    "RecordForm",
    "SchemeForm",
    "SignatureForm",
    "StayForm",
    "SummaryForm",
    "Text",
    "TypedForm",
]
