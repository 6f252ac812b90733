"""Who is who in a data folder, and their applications."""

from zhupei.accounts.models import User
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Membership, Organisation

from .visitor import Visitor


def user_of(phone: str) -> User:
    user: User = User.objects.identified_by(phone).get()
    return user


def visitor_of(phone: str) -> Visitor:
    return Visitor.signed_in(user_of(phone))


def application_of(phone: str) -> Application:
    application: Application = Application.objects.for_page().get(trainee=user_of(phone))
    return application


def province() -> Organisation:
    return Organisation.objects.get(level=Level.PROVINCE)


def reviewer_of(office: Organisation) -> User:
    seats = Membership.objects.current().filter(organisation=office, role=REVIEWER_OF[Level(office.level)])
    user: User = seats.select_related("user")[0].user
    return user


def somebody() -> Visitor:
    """A trainee who is through: the cheapest frame there is, for the floors."""
    through = Application.objects.filter(stage=Stage.APPROVED).select_related("trainee").order_by("id")
    return Visitor.signed_in(through[0].trainee)
