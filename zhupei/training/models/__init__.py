from .enrolment import Enrolment
from .person import Document, Education, Licence, Profile
from .rotation import Rotation, Tally

__all__ = ["Document", "Education", "Enrolment", "Licence", "Profile", "Rotation", "Tally"]
