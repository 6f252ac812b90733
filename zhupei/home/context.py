"""The frame of every page: the platform's name and phones, who am I, the side menu, unread notices."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import REVIEWER_OF, Role
from zhupei.organisations.models import Membership
from zhupei.training.models import Enrolment


class Entry(TypedDict):
    text: str
    url: str
    count: int | None
    current: bool


class Group(TypedDict):
    title: str
    entries: list[Entry]


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor. A constant number of queries: seats, enrolment, waiting, unread."""
    user = getattr(request, "user", None)
    context: dict[str, object] = {"site": site(), "menu": [], "seat": None, "unread": 0}
    if user is not None and user.is_authenticated:
        seats = list(Membership.objects.of(user))
        is_trainee = Enrolment.objects.filter(user=user).exists()
        context["seats"] = seats
        context["seat"] = _seat(seats, is_trainee=is_trainee)
        context["menu"] = _menu(request.path, user, seats, is_trainee=is_trainee)
        context["unread"] = Notice.objects.visible_to(user).unread().count()
    return context


def site() -> dict[str, object]:
    """The province's own words."""
    pairs = [pair.partition(":") for pair in settings.SERVICE_PHONES.split(",") if pair.strip()]
    return {
        "name": settings.PLATFORM_NAME,
        "phones": [{"label": label.strip(), "number": number.strip()} for label, _, number in pairs],
        "hours": settings.SERVICE_HOURS,
        "chrome_url": settings.CHROME_URL,
        "guide_url": "",
        "is_demo": settings.IS_DEMO,
    }


def _seat(seats: list[Membership], *, is_trainee: bool) -> dict[str, str] | None:
    if seats:
        return {"role": Role(seats[0].role).label, "organisation": str(seats[0].organisation)}
    return {"role": "学员", "organisation": ""} if is_trainee else None


def _menu(path: str, user: User, seats: list[Membership], *, is_trainee: bool) -> list[Group]:
    groups: list[Group] = []
    if is_trainee:
        groups += _trainee_menu(path)
    reviewing = [seat for seat in seats if seat.role in REVIEWER_OF.values()]
    if reviewing:
        waiting = sum(
            Application.objects.awaiting(seat.organisation).exclude(trainee=user).count()
            for seat in reviewing
        )
        queue = reverse("review:queue")
        groups.append(
            Group(
                title="结业审核",
                entries=[
                    _entry(path, "待我审核", queue, count=waiting),
                    _entry("", "全部", f"{queue}?view=all"),
                ],
            )
        )
    if any(seat.role == Role.BASE for seat in seats):
        entry = _entry(path, "学员名单", reverse("administration:trainees"))
        groups.append(Group(title="学员", entries=[entry]))
    return groups


def _trainee_menu(path: str) -> list[Group]:
    """The guide's own menu words, of the system one is in."""
    if path.startswith("/training/"):
        return [
            Group(
                title="过程管理",
                entries=[
                    _entry(path, "个人中心", reverse("training:profile")),
                    _entry(path, "过程轮转", reverse("training:rotations")),
                ],
            )
        ]
    if path.startswith("/completion/"):
        return [Group(title="结业管理", entries=[_entry(path, "考核申请", reverse("completion:entry"))])]
    return []


def _entry(path: str, text: str, url: str, *, count: int | None = None) -> Entry:
    return Entry(text=text, url=url, count=count, current=path.startswith(url))
