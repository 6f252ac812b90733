"""How long somebody has to wait after wrong passwords. Pure numbers; ``actions`` keeps the rows."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

FREE_FAILURES = 5  # of one person from one address: typing errors are normal
FREE_FAILURES_OF_ADDRESS = 200  # of everybody behind one address: a hospital is one address
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=12)


def key(person: str, address: str) -> str:
    """The row of ``person`` (an id, or what was typed) at ``address``; "" stands for everybody there."""
    return salted_hmac("zhupei.throttle", f"{person}|{address}", algorithm="sha256").hexdigest()


def waits_until(failures: int, failed_at: datetime, *, free: int) -> datetime:
    """When the next try is welcome: at once for the first ``free`` failures, then 30 s, 1, 2, 4 … 15 min."""
    if failures < free:
        return failed_at
    wait = timedelta(seconds=30 * (1 << min(failures - free, 10)))
    return failed_at + min(wait, LONGEST_WAIT)
