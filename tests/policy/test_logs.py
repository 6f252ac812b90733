"""What is written into the log, and into addresses: ids, never values."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils.log import configure_logging

from tests.browsing import PASSWORD
from tests.factories import draft, jpeg, reviewer
from zhupei.accounts import actions as accounts
from zhupei.accounts.models import User
from zhupei.web.logs import MaskNumbers

ID, PHONE = "420106199308084515", "13911112222"
LINK = re.compile(r"(?:href|action|src|hx-[a-z]+)=\"([^\"]*)\"")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of the site as it is configured, into a text."""
    text = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:]
    configure_logging("logging.config.dictConfig", settings.LOGGING)
    [handler] = [found for found in root.handlers if found not in before]
    handler.setStream(text)  # type: ignore[attr-defined]
    yield text
    root.handlers[:] = before


# --- The filter ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "written"),
    (
        (ID, "420106********4515"),
        ("42010619930808451x", "420106********451x"),
        (f"code 202242110{ID}.", "code 202242110420106********4515."),
        (PHONE, "139****2222"),
        (f"+86{PHONE}", "+139****2222"),
        (f"a{PHONE}b {ID}", "a139****2222b 420106********4515"),
        ("019f0000-1234-7000-8000-123456789012", "019f0000-1234-7000-8000-123456789012"),
        ("1700000000000", "1700000000000"),
    ),
)
def test_numbers_of_people_are_masked(log: io.StringIO, said: str, written: str):
    logging.getLogger("zhupei.test").warning("seen: %s", said)

    assert log.getvalue().rstrip().endswith(f"seen: {written}")


def test_numbers_in_a_traceback_are_masked_too(log: io.StringIO):
    try:
        raise RuntimeError(f"cannot store {ID} of {PHONE}")  # noqa: TRY301
    except RuntimeError:
        logging.getLogger("zhupei.test").exception("failed for %s", ID)

    assert "Traceback" in log.getvalue()
    assert ID not in log.getvalue()
    assert PHONE not in log.getvalue()


def test_every_handler_has_the_filter():
    assert {name: handler["filters"] for name, handler in settings.LOGGING["handlers"].items()} == {
        "console": ["masked"]
    }
    assert settings.LOGGING["filters"]["masked"]["()"] == f"{MaskNumbers.__module__}.{MaskNumbers.__name__}"


# --- What strangers send --------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ("evil.example", "x" * 3000, "a b", "[::1"))
def test_another_hosts_name_is_refused_in_one_line(log: io.StringIO, client: Client, host: str):
    response = client.get("/login/", headers={"host": host})

    assert response.status_code == 400
    assert "Traceback" not in log.getvalue()
    assert len(log.getvalue().splitlines()) <= 2  # the refusal, and the 400


def test_a_fault_of_ours_keeps_its_traceback(
    log: io.StringIO, client: Client, monkeypatch: pytest.MonkeyPatch
):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"about {ID}")

    monkeypatch.setattr("zhupei.home.views.public.render", broken)
    client.raise_request_exception = False

    assert client.get("/").status_code == 500
    assert "RuntimeError: about 420106********4515" in log.getvalue()


# --- A whole story --------------------------------------------------------------------------------------


class Watched(Client):
    """Remembers every address it asks for, is sent to, or is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def request(self, **request: object) -> HttpResponse:
        response = super().request(**request)
        self.addresses.append(f"{request.get('PATH_INFO')}?{request.get('QUERY_STRING')}")
        self.addresses.append(response.headers.get("Location", ""))
        if not response.streaming and response.headers["Content-Type"].startswith("text/html"):
            self.addresses += LINK.findall(response.content.decode())
        return response


def signed_in_by_phone(user: User) -> Watched:
    accounts.set_password(user, password=PASSWORD, by=user)
    client = Watched()
    client.post("/login/", {"username": user.phone, "password": "错误的密码一二三四"})
    assert client.post("/login/", {"username": user.phone, "password": PASSWORD}).status_code == 302
    return client


def test_a_story_leaves_no_number_in_the_log_nor_in_an_address(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    application = draft()
    trainee, base = application.trainee, reviewer(application.base)
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # what the database gets is sealed
    logging.getLogger("django.template").setLevel(logging.INFO)

    mine, at = signed_in_by_phone(trainee), application.get_absolute_url()
    for page in ("/home/", "/training/profile/", at, f"{at}materials/", f"{at}check/", f"{at}form.pdf"):
        assert mine.get(page).status_code == 200
    mine.post("/training/profile/basic/", {"phone": trainee.phone + "x", "email": "no"})
    mine.post(
        "/training/profile/documents/diploma/",
        {"pictures": SimpleUploadedFile(f"{trainee.id_number}.jpg", jpeg())},
    )
    mine.post(
        "/training/profile/documents/diploma/", {"pictures": SimpleUploadedFile(f"{trainee.phone}.jpg", b"x")}
    )
    mine.post(f"{at}submit/", {"seen_round": 0, "confirmed": "on", "consented": "on"})
    mine.get(f"{at}receipts/1/")
    mine.get(f"{at}receipts/1.pdf")
    theirs, desk = signed_in_by_phone(base), f"/review/{application.pk}/"
    for page in (
        "/home/",
        "/review/",
        desk,
        "/base/trainees/",
        f"/base/trainees/{application.enrolment_id}/",
    ):
        assert theirs.get(page).status_code == 200
    theirs.post(f"{desk}claim/", {"seen_round": 1})
    theirs.post(
        f"{desk}decide/",
        {
            "seen_round": 1,
            "level": "base",
            "outcome": "fail",
            "opinion": f"证件号 {trainee.id_number} 不一致",
        },
    )
    theirs.get(f"/completion/{trainee.id_number}/")
    mine.get("/notices/")

    numbers = {trainee.id_number, trainee.phone, base.id_number, base.phone}
    asked = [at for at in mine.addresses + theirs.addresses if at != f"/completion/{trainee.id_number}/?"]
    assert [number for number in numbers if number in log.getvalue()] == []
    assert [at for at in asked if any(number in at for number in numbers)] == []
    assert application.trainee.applications.get().round == 1
