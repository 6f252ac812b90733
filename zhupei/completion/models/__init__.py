from .application import LEASE, Application
from .fix import Answer, Unlocking
from .pointed import Pointed
from .review import DraftFinding, Finding, Review
from .season import CityWindow, Extension, Season
from .submission import Material, Submission, SubmissionPage, Supplement

__all__ = [
    "LEASE",
    "Answer",
    "Application",
    "CityWindow",
    "DraftFinding",
    "Extension",
    "Finding",
    "Material",
    "Pointed",
    "Review",
    "Season",
    "Submission",
    "SubmissionPage",
    "Supplement",
    "Unlocking",
]
