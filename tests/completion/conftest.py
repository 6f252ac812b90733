from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from tests.factories import clock


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], datetime]:
    """``it_is(moment)``: time stands still there until the test, or the next ``it_is``, says otherwise."""
    return partial(clock.stop, monkeypatch)
