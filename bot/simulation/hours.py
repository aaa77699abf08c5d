"""The clock that is wound: from hour to hour, but not through hours in which nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

AT_A_LOOK = 12  # hours that are looked ahead
HOUR = timedelta(hours=1)


def ahead(now: datetime, until: datetime) -> list[datetime]:
    """The next whole hours, and the end if it is among them."""
    return [*islice(_hours(now, until), AT_A_LOOK)]


def _hours(now: datetime, until: datetime) -> Iterator[datetime]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    while (hour := hour + HOUR) < until:
        yield hour
    yield max(until, now)
