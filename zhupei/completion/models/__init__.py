from .application import LEASE, Application
from .review import Finding, Review
from .season import Season
from .submission import Material, Submission, SubmissionPage, Supplement

__all__ = [
    "LEASE",
    "Application",
    "Finding",
    "Material",
    "Review",
    "Season",
    "Submission",
    "SubmissionPage",
    "Supplement",
]
