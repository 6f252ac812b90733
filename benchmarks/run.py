"""What is measured, and the bound of each."""

import io
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.hashers import check_password, make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from zhupei.accounts.models import User
from zhupei.completion import queue
from zhupei.completion.actions import application as trainees
from zhupei.completion.actions import review
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.demo.people import PASSWORD
from zhupei.files import storage
from zhupei.files.models import Page
from zhupei.organisations.models import Membership, Organisation

from . import floors
from .folders import Folder, lived_in
from .measure import best, counted

MOST_QUERIES, MOST_BYTES = 15, 60 * 1024
PAGE, QUEUE_GROWTH, SUBMIT, DECIDE, UPLOAD, SIGN_IN = 1.5, 1.2, 4.0, 2.0, 1.5, 1.25
DEEP = 4000  # rows behind the first page of a queue
KIB = 1024


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds of CPU."""

    what: str
    floor: float
    measured: float
    bound: float | None
    queries: int | None = None
    size: int | None = None  # bytes over the wire

    @property
    def ratio(self) -> float:
        return self.measured / self.floor

    @property
    def is_kept(self) -> bool:
        return (
            (self.bound is None or self.ratio <= self.bound)
            and (self.bound is None or self.queries is None or self.queries <= MOST_QUERIES)
            and (self.size is None or self.size <= MOST_BYTES)
        )


def everything(small: Folder, large: Folder, *, only: str | None = None) -> list[Row]:
    rows: list[Row] = []
    with lived_in(small):
        if only in (None, "pages"):
            rows += pages(small)
        if only in (None, "queues"):
            few = queues(small)
            rows += few
        if only in (None, "writes"):
            rows += [*writes(small), *uploads(small), sign_in(small)]
    if only in (None, "queues"):
        with lived_in(large):
            many = queues(large)
        rows += many
        for one, other in zip(few, many, strict=True):
            rows.append(Row(f"{other.what} against {one.what}", one.measured, other.measured, QUEUE_GROWTH))
    return rows


# --- Pages -------------------------------------------------------------------------------------------


def pages(folder: Folder) -> list[Row]:
    draft, waiting, approved = (folder.phone("trainee", state) for state in ("draft", "base", "approved"))
    office = signed_in(folder.phone("base"))
    trainee, other = signed_in(draft), signed_in(waiting)
    twice = _application(folder.phone("trainee", "round-2"))
    asked = [
        ("application, 填写中", trainee, _address(draft)),
        ("application, under review", other, _address(waiting)),
        ("application, 结业报考材料", trainee, f"{_address(draft)}materials/"),
        ("application, 审核状态", signed_in(approved), f"{_address(approved)}status/"),
        ("profile", trainee, reverse("training:profile")),
        ("review detail", office, _desk_address(_application(waiting))),
        ("review detail, second round", signed_in(_reviewer(twice)), _desk_address(twice)),
    ]
    rows = [page_row(what, client, address) for what, client, address in asked]
    home = signed_in(folder.phone("province"))
    return [*rows, page_row("home of the province", home, "/home/", bound=None)]


def queues(folder: Folder) -> list[Row]:
    """The province's queue: the longest there is."""
    client = signed_in(folder.phone("province"))
    office = Organisation.objects.get(level="province")
    rows = Application.objects.awaiting(office).order_by("submitted_at", "id")
    some = rows.select_related("trainee", "base")[len(rows) // 2]
    deep = min(DEEP, rows.count() - 2 * queue.PAGE)
    mark = rows[deep]
    views = {
        "first page": {},
        "one base": {"base": some.base_id},
        "退回修改": {"view": "returned"},
        "全部": {"view": "all"},
        "an ID number": {"view": "all", "q": some.trainee.id_number},
        "a beginning of names": {"view": "all", "q": some.trainee.full_name[:2]},
        "a surname": {"q": some.trainee.full_name[:1]},
        f"{deep:,} rows on": {"after": f"{mark.submitted_at.isoformat()}_{mark.pk}"},
    }
    return [
        page_row(f"queue of {folder.size:,}, {what}", client, reverse("review:queue"), asked)
        for what, asked in views.items()
    ]


def page_row(
    what: str,
    client: Client,
    address: str,
    asked: dict[str, object] | None = None,
    *,
    bound: float | None = PAGE,
) -> Row:
    get = partial(client.get, address, asked or {}, headers={"accept-encoding": "gzip"})
    floor_of = floor_client()
    floor = partial(floor_of.get, "/floor/page/", headers={"accept-encoding": "gzip"})
    answer = get()
    assert answer.status_code == 200, (what, answer.status_code)  # noqa: S101
    with counted() as statements:
        get()
    floor_ms, measured = best(floor, get)
    return Row(what, floor_ms, measured, bound, len(statements), len(answer.content))


# --- Writes ------------------------------------------------------------------------------------------


def writes(folder: Folder) -> Iterator[Row]:
    trainee = _user(folder.phone("trainee", "draft-ready"))
    client = signed_in(folder.phone("trainee", "draft-ready"))
    floor = partial(client.post, "/floor/write/")
    application = Application.objects.get(trainee=trainee)
    submit = _prepared(partial(_ready_to_submit, application), partial(_submit, client, application))
    office = _user(folder.phone("base"))
    desk = signed_in(folder.phone("base"))
    waiting = _waiting(office)
    decide = _prepared(partial(_claimed, waiting, office), partial(_decide, desk))
    floor_ms, submitted, decided = _best_prepared((lambda: None, lambda _: floor()), submit, decide)
    yield Row("submit", floor_ms, submitted, SUBMIT)
    yield Row("decide", floor_ms, decided, DECIDE)


Prepared = tuple[Callable[[], object], Callable[[object], object]]


def _prepared(before: Callable[[], object], act: Callable[[object], object]) -> Prepared:
    return before, act


def _best_prepared(*calls: Prepared, batches: int = 5, repeats: int = 9) -> list[float]:
    """As ``best``, with something to be prepared, untimed, before each call."""
    import statistics  # noqa: PLC0415

    from .measure import cpu  # noqa: PLC0415

    medians: list[list[float]] = [[] for _ in calls]
    for batch in range(batches + 1):
        for (before, act), found in zip(calls, medians, strict=True):
            times = [cpu(partial(act, before())) for _ in range(repeats if batch else 2)]
            if batch:
                found.append(statistics.median(times))
    return [min(found) for found in medians]


def _ready_to_submit(application: Application) -> int:
    application.refresh_from_db()
    if application.stage == Stage.BASE:
        trainees.withdraw(application, by=application.trainee)
    return application.round


def _submit(client: Client, application: Application, seen_round: object) -> None:
    address = reverse("completion:submit", args=[application.pk])
    answer = client.post(
        address,
        {"seen_round": seen_round, "confirmed": "on", "consented": "on", "attempt": secrets.token_hex(8)},
    )
    assert answer.status_code == 302, answer.status_code  # noqa: S101


def _waiting(office: User) -> Iterator[Application]:
    seat = Membership.objects.current().filter(user=office).first()
    rows = Application.objects.awaiting(seat.organisation).filter(claimed_at=None, round=1)
    return iter(list(rows.order_by("-submitted_at", "id")[:200]))


def _claimed(waiting: Iterator[Application], office: User) -> Application:
    return review.claim(next(waiting), by=office, seen_round=1)


def _decide(client: Client, application: object) -> None:
    assert isinstance(application, Application)  # noqa: S101
    answer = client.post(
        reverse("review:decide", args=[application.pk]),
        {"seen_round": 1, "level": "base", "outcome": "pass", "opinion": "", "attempt": secrets.token_hex(8)},
    )
    assert answer.status_code == 302, answer.status_code  # noqa: S101


def uploads(folder: Folder) -> Iterator[Row]:
    phone = folder.phone("trainee", "draft")
    client, application = signed_in(phone), _application(phone)
    rotation = application.enrolment.rotations.first()
    address = reverse("completion:lay_paper", args=[application.pk, rotation.pk, "summary"])
    shots = iter(_photographs())

    def post() -> None:
        file = SimpleUploadedFile("a.jpg", next(shots), "image/jpeg")
        answer = client.post(address, {"pictures": file, "mode": "replace"})
        assert answer.status_code == 302, answer.status_code  # noqa: S101

    floor, measured = best(lambda: floors.upload(next(shots)), post, batches=3, repeats=7)
    yield Row(f"upload of {len(next(shots)) // KIB} KB", floor, measured, UPLOAD)


def _photographs() -> Iterator[bytes]:
    """A paper of the demo as a phone would take it, about 600 KB, never twice the same."""
    page = Page.objects.filter(slot__material__isnull=False).select_related("picture").first()
    paper = Image.open(io.BytesIO(storage.get(page.picture.address))).convert("RGB").resize((1600, 2263))
    noise = Image.effect_noise(paper.size, 24).convert("RGB")
    shot = Image.blend(paper, noise, 0.22)
    while True:
        shot.putpixel((0, 0), tuple(secrets.token_bytes(3)))
        file = io.BytesIO()
        shot.save(file, "JPEG", quality=80, comment=secrets.token_bytes(8))
        yield file.getvalue()


def sign_in(folder: Folder) -> Row:
    """≥ 0.8 × (cores / cost of one hash) sign-ins a second: at most 1.25 hashes of CPU each."""
    phone, hashed = folder.phone("trainee", "approved"), make_password(PASSWORD)

    def post() -> None:
        answer = Client().post("/login/", {"username": phone, "password": PASSWORD})
        assert answer.status_code == 302, answer.status_code  # noqa: S101

    floor, measured = best(lambda: check_password(PASSWORD, hashed), post, batches=5, repeats=7)
    rate = (os.cpu_count() or 1) * 1000 / measured
    return Row(f"sign-in ({rate:.0f}/s on {os.cpu_count()} cores)", floor, measured, SIGN_IN)


# --- People --------------------------------------------------------------------------------------------


def signed_in(phone: str | User) -> Client:
    client = Client()
    client.force_login(phone if isinstance(phone, User) else _user(phone))
    return client


def floor_client() -> Client:
    """A trainee: the cheapest frame there is."""
    first = Application.objects.filter(stage=Stage.APPROVED).select_related("trainee").order_by("id")
    client = signed_in(first[0].trainee)
    session = client.session
    keys = Application.objects.order_by("id").values_list("pk", flat=True)[: floors.READS]
    session["floor_keys"] = [str(key) for key in keys]
    session["seen_at"] = int(timezone.now().timestamp())
    session.save()
    return client


def _user(phone: str) -> User:
    return User.objects.identified_by(phone).get()


def _application(phone: str) -> Application:
    return Application.objects.for_page().get(trainee=_user(phone))


def _address(phone: str) -> str:
    return _application(phone).get_absolute_url()


def _desk_address(application: Application) -> str:
    return reverse("review:application", args=[application.pk])


def _reviewer(application: Application) -> User:
    office = application.reviewer()
    return Membership.objects.current().filter(organisation=office).select_related("user")[0].user
