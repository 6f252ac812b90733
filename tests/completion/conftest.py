from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from tests.factories import clock, season
from tests.factories.clock import at
from zhupei.completion.models import Season


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], datetime]:
    """``it_is(moment)``: time stands still there until the test, or the next ``it_is``, says otherwise."""
    return partial(clock.stop, monkeypatch)


@pytest.fixture
def tight(it_is: Callable[[datetime], datetime]) -> Season:
    """Everybody has one week after the other, and the province until Friday of the fourth."""
    it_is(at(2026, 3, 16, 9, 0))
    return season(
        trainee_opens_at=at(2026, 3, 16),
        trainee_closes_at=at(2026, 3, 20, 23, 59, 59),
        base_opens_at=at(2026, 3, 16),
        base_closes_at=at(2026, 3, 27, 23, 59, 59),
        city_opens_at=at(2026, 3, 30),
        city_closes_at=at(2026, 4, 3, 23, 59, 59),
        province_opens_at=at(2026, 4, 6),
        province_closes_at=at(2026, 4, 10, 18, 0),
    )
