from .application import LEASE, Application
from .review import Finding, Review
from .season import CityWindow, Extension, Season
from .submission import Material, Submission, SubmissionPage, Supplement

__all__ = [
    "LEASE",
    "Application",
    "CityWindow",
    "Extension",
    "Finding",
    "Material",
    "Review",
    "Season",
    "Submission",
    "SubmissionPage",
    "Supplement",
]
