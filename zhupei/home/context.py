"""The frame of every page: the platform's name and phones, who am I, the side menu, unread notices."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.completion.models import Application
from zhupei.completion.queue import COUNTED, count_text
from zhupei.notifications.models import Notice
from zhupei.organisations.choices import REVIEWER_OF, Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.training import exit_queue, log_queue
from zhupei.training.models import Enrolment

from .phones import service_phones

# What each role administers: the word in the menu, the page, whose it is.
DESKS = (
    ("学员名单", "administration:trainees", {Role.BASE}),
    ("科室", "administration:departments", {Role.BASE}),
    ("历史数据", "administration:history", {Role.BASE}),
    ("考核年度", "administration:seasons", {Role.PROVINCE}),
    ("轮转方案", "administration:schemes", {Role.PROVINCE, Role.ADMIN}),
    ("学员查询", "administration:support_trainees", {Role.SUPPORT, Role.PROVINCE}),
    ("账号", "administration:people", {Role.BASE, Role.CITY, Role.PROVINCE, Role.ADMIN}),
    ("后台任务", "worker:tasks", {Role.ADMIN}),
)
TEACHING = {Role.TEACHER, Role.HEAD}
OF_DEPARTMENT = {Role.HEAD, Role.SECRETARY}
# Whose start page would be empty: they begin with a search.
SEARCHES = {
    Role.SUPPORT: ("查找学员", "重置密码、修改结业考核年份、查看审核状态", "administration:support_trainees"),
    Role.ADMIN: ("查找账号", "重置学员和工作人员的登录密码", "administration:people"),
}

FRAMELESS = {"review:application"}  # fills the window: its frame is not asked for


class Entry(TypedDict):
    text: str
    url: str
    count: str
    current: bool


class Group(TypedDict):
    title: str
    entries: list[Entry]


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor. A constant number of queries: seats, enrolment, waiting, unread."""
    user = getattr(request, "user", None)
    context: dict[str, object] = {"site": site(), "menu": [], "seat": None, "unread": 0}
    match = getattr(request, "resolver_match", None)
    if match is not None and match.view_name in FRAMELESS:
        return context
    if user is not None and user.is_authenticated:
        seats = list(Membership.objects.of(user))
        is_trainee = Enrolment.objects.filter(user=user).exists()
        context["seats"] = seats
        context["seat"] = _seat(seats, is_trainee=is_trainee)
        context["searches"] = [SEARCHES[Role(seat.role)] for seat in seats if seat.role in SEARCHES]
        context["menu"] = _menu(request.path, user, seats, is_trainee=is_trainee)
        context["unread"] = Notice.objects.visible_to(user).unread().count()
    return context


def site() -> dict[str, object]:
    """The province's own words."""
    return {
        "name": settings.PLATFORM_NAME,
        "phones": service_phones(),
        "hours": settings.SERVICE_HOURS,
        "chrome_url": settings.CHROME_URL,
        "guide_url": reverse("home:guide"),
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
        waiting = [_waiting(seat.organisation, user, is_trainee=is_trainee) for seat in reviewing]
        queue = reverse("review:queue")
        groups.append(
            Group(
                title="结业审核",
                entries=[
                    _entry(path, "待我审核", queue, count=count_text(sum(waiting))),
                    _entry("", "全部", f"{queue}?view=all"),
                ],
            )
        )
    groups += _teaching_menu(path, user, seats)
    roles = {seat.role for seat in seats}
    groups += _exit_menu(path, user, roles)
    entries = [_entry(path, text, reverse(name)) for text, name, of in DESKS if roles & of]
    if entries:
        groups.append(Group(title="管理", entries=entries))
    if groups or path != reverse("home:home"):  # a trainee's start page has its two doors instead of a menu
        groups.append(_help(path))
    return _with_one_current(groups)


def _with_one_current(groups: list[Group]) -> list[Group]:
    """Of an address and the one below it only the longer is where one is."""
    current = [entry for group in groups for entry in group["entries"] if entry["current"]]
    for entry in sorted(current, key=lambda entry: len(entry["url"]))[:-1]:
        entry["current"] = False
    return groups


def _teaching_menu(path: str, user: User, seats: list[Membership]) -> list[Group]:
    """What waits for a 带教老师 or 科主任, counted as far as it is shown; the department's rotations."""
    entries = []
    if teaching := [seat for seat in seats if seat.role in TEACHING]:
        pending = log_queue.waiting_for(user, teaching).count_up_to(log_queue.COUNTED)
        entries.append(_entry(path, "待审登记", reverse("teaching:queue"), count=count_text(pending)))
    if any(seat.role in OF_DEPARTMENT for seat in seats):
        entries.append(_entry(path, "科室轮转", reverse("arranging:rotations")))
    return [Group(title="带教", entries=entries)] if entries else []


def _help(path: str) -> Group:
    guide = reverse("home:guide")
    return Group(
        title="帮助", entries=[_entry(path, "操作指南", guide), _entry("", "我有问题", f"{guide}#help")]
    )


def _waiting(office: Organisation, user: User, *, is_trainee: bool) -> int:
    """What waits for the desk, counted as far as it is shown: this is on every page."""
    rows = Application.objects.awaiting(office)
    return (rows.not_of(user) if is_trainee else rows).count_up_to(COUNTED)


def _exit_menu(path: str, user: User, roles: set[str]) -> list[Group]:
    """The exit forms that wait for 带教老师, 教学秘书 and 科主任."""
    if not exit_queue.HANDLERS & roles:
        return []
    count = exit_queue.count_text(user, timezone.localdate())
    return [Group(title="出科", entries=[_entry(path, "出科考核", reverse("exits:queue"), count=count)])]


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
    if path == reverse("home:home"):
        return []
    return [Group(title="结业管理", entries=[_entry(path, "考核申请", reverse("completion:entry"))])]


def _entry(path: str, text: str, url: str, *, count: str = "") -> Entry:
    return Entry(text=text, url=url, count=count, current=path.startswith(url))
