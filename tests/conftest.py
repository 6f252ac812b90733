import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

HERE = Path(__file__).parent
WITHOUT_DATABASE = {"lib", "imaging", "journeys"}  # pure rooms; a journey has a server of its own

NOT_COUNTED = re.compile(r'(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b|.*"django_session"', re.DOTALL)
FETCHES_THE_SESSION = re.compile(r'SELECT .* FROM "django_session"', re.DOTALL)
FETCHES_WHO_ASKS = re.compile(  # accounts.backends
    r'SELECT .* FROM "accounts_user" '
    r'WHERE \("accounts_user"\."disabled_at" IS NULL AND "accounts_user"\."id" = ',
    re.DOTALL,
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Nearly every test of ours touches the database; say so once. Journeys come last.

    Last, because Playwright keeps an event loop running in this thread from its first page
    until the end, and Django refuses to touch a database beside a running loop.
    """
    for item in items:
        room = item.path.relative_to(HERE).parts[0]
        if room == "journeys":
            item.add_marker(pytest.mark.journey)
        if room not in WITHOUT_DATABASE and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db)
    yield
    items.sort(key=lambda item: item.get_closest_marker("journey") is not None)


REAL_PASSWORD_HASHERS = settings.PASSWORD_HASHERS


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords_and_plain_static_files() -> Iterator[None]:
    """The two settings that differ in tests; the journeys run a server of their own, with the real ones.

    Passwords: Argon2id takes 30 ms each on purpose, and factories make thousands. Nothing shown
    with MD5 is about how hard a password is to guess; a test about that takes ``real_passwords``.
    Static files: the site's storage wants ``collectstatic`` first, a page in a test does not.
    """
    static_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": static_files},
    ):
        yield


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """The password hashers of the site, for a test that is about them."""
    with override_settings(PASSWORD_HASHERS=REAL_PASSWORD_HASHERS):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in production: in one that lies in memory threads do not wait for each other."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA / "tests.sqlite3")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the SQL of what runs inside, without what every request pays.

    Left out: BEGIN, COMMIT, savepoints, everything about the session, and the one fetch of
    the user that follows a fetch of the session.
    """
    counted: list[str] = []
    just_signed_in = False

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal just_signed_in
        if just_signed_in and FETCHES_WHO_ASKS.match(sql):
            just_signed_in = False
        elif NOT_COUNTED.match(sql):
            just_signed_in = just_signed_in or FETCHES_THE_SESSION.match(sql) is not None
        else:
            counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield counted


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """``with queries() as counted: …``, then ``assert len(counted) <= 18``."""
    return counted_queries
