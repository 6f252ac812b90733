"""The pages that people wait for, beside the floor page; and the weight of all the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.urls import reverse

from zhupei.completion import queue
from zhupei.completion.models import Application

from . import floors
from .folders import Folder
from .measure import Task, best, counted
from .people import application_of, province, reviewer_of, somebody, visitor_of
from .rows import PAGE, Row
from .visitor import SITE, Environ, Visitor

DEEP = 4000  # rows behind the first page of a queue


@dataclass(frozen=True)
class Page:
    what: str
    visitor: Visitor
    address: str
    asked: Mapping[str, object] | None = None

    def task(self) -> Task:
        return Task(lambda: self.visitor.get(self.address, self.asked), _ask)


def pages(folder: Folder) -> Iterator[Row]:
    """What the bounds speak of."""
    trainee, waiting, approved = (
        application_of(folder.phone("trainee", state)) for state in ("draft", "base", "approved")
    )
    twice = application_of(folder.phone("trainee", "round-2"))
    yield from measured_pages(
        Page("application: being filled in", _trainee(trainee), trainee.get_absolute_url()),
        Page("application: under review", _trainee(waiting), waiting.get_absolute_url()),
        Page("application: 结业报考材料", _trainee(trainee), _tab(trainee, "materials")),
        Page("application: 审核状态", _trainee(approved), _tab(approved, "status")),
        Page("profile", _trainee(trainee), reverse("training:profile")),
        Page("review detail", _reviewer(waiting), _desk(waiting)),
        Page("review detail: second round", _reviewer(twice), _desk(twice)),
    )


def others(folder: Folder) -> Iterator[Row]:
    """Pages without a bound on time, for their weight."""
    draft = application_of(folder.phone("trainee", "draft"))
    ready = application_of(folder.phone("trainee", "draft-ready"))
    visitor, nobody = _trainee(draft), Visitor()
    anonymous = [
        Page(name.partition(":")[2], nobody, reverse(name))
        for name in ("home:portal", "home:guide", "home:downloads", "accounts:login")
    ]
    homes = [
        Page(f"home of {role}", visitor_of(folder.phone(role)), reverse("home:home"))
        for role in ("base", "city", "province", "support", "admin")
    ]
    desks = [
        Page("学员名单", visitor_of(folder.phone("base")), reverse("administration:trainees")),
        Page("考核年度", visitor_of(folder.phone("province")), reverse("administration:seasons")),
    ]
    yield from measured_pages(
        *anonymous,
        Page("home of a trainee", visitor, reverse("home:home")),
        Page("过程轮转", visitor, reverse("training:rotations")),
        Page("提交前核对", _trainee(ready), f"{ready.get_absolute_url()}check/"),
        *homes,
        *desks,
        bound=None,
    )


def queues(folder: Folder) -> Iterator[Row]:
    """The province's queue, the longest there is; and that of a base, the most used."""
    office = province()
    rows = Application.objects.awaiting(office).order_by("submitted_at", "id")
    some = rows.select_related("trainee", "base")[len(rows) // 2]
    deep = min(DEEP, rows.count() - 2 * queue.PAGE)
    asked: dict[str, dict[str, object]] = {
        "first page": {},
        "of one base": {"base": some.base_id},
        "退回修改": {"view": "returned"},
        "全部": {"view": "all"},
        "an ID number": {"view": "all", "q": some.trainee.id_number},
        "a beginning of names": {"view": "all", "q": some.trainee.full_name[:2]},
        "a surname": {"q": some.trainee.full_name[:1]},
        "far behind": {"after": f"{rows[deep].submitted_at.isoformat()}_{rows[deep].pk}"},
    }
    visitor, address = Visitor.signed_in(reviewer_of(office)), reverse("review:queue")
    title = f"queue of {folder.size:,}"
    of_a_base = Page(f"{title}: a base", Visitor.signed_in(reviewer_of(some.base)), address)
    yield from measured_pages(
        *(Page(f"{title}: {what}", visitor, address, query) for what, query in asked.items()), of_a_base
    )


def measured_pages(*asked: Page, bound: float | None = PAGE) -> Iterator[Row]:
    floor = _floor()
    for page in asked:
        answer = SITE.expect(HTTPStatus.OK, page.task().prepare())
        with counted() as statements:
            _ask(page.task().prepare())
        floor_ms, measured = best(floor.task(), page.task())
        yield Row(page.what, floor_ms, measured, bound, len(statements), len(answer.body))


def _floor() -> Page:
    keys = Application.objects.order_by("id").values_list("pk", flat=True)[: floors.READS]
    return Page("floor", somebody(), "/floor/page/", {"key": list(keys)})


def _ask(question: Environ) -> None:
    SITE.expect(HTTPStatus.OK, question)


def _trainee(application: Application) -> Visitor:
    return Visitor.signed_in(application.trainee)


def _reviewer(application: Application) -> Visitor:
    return Visitor.signed_in(reviewer_of(application.reviewer()))


def _tab(application: Application, name: str) -> str:
    return f"{application.get_absolute_url()}{name}/"


def _desk(application: Application) -> str:
    return reverse("review:application", args=[application.pk])
