from collections.abc import Iterator

import pytest
from django.db import transaction

from .world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Made once for all tests of a module; what a test changes is undone behind it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
