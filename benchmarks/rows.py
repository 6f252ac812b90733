"""A line of the table, and the bounds."""

from dataclasses import dataclass

MOST_QUERIES, MOST_BYTES = 15, 60 * 1024
PAGE, QUEUE_GROWTH, SUBMIT, DECIDE, UPLOAD = 1.5, 1.2, 4.0, 2.0, 1.5
SIGN_IN = 1 / 0.8  # hashes of CPU each: then there are 0.8 × (cores / cost of one hash) a second


@dataclass(frozen=True)
class Row:
    """What was measured beside its floor; both in milliseconds of CPU."""

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
        """The weight is bounded for every page, time and queries where the row has a bound."""
        is_light = self.size is None or self.size <= MOST_BYTES
        if self.bound is None:
            return is_light
        return is_light and self.ratio <= self.bound and (self.queries or 0) <= MOST_QUERIES
