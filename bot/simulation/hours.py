"""The clock that is wound: from hour to hour, but not through hours in which nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from bot.simulation.autopilot import Autopilot, Outcome
from bot.simulation.headless import Headless

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


class Wound(Protocol):
    """A company without a server, on a clock that is wound."""

    now: datetime
    bot: Headless
    autopilot: Autopilot


def lived(company: Wound, until: datetime) -> Iterator[list[Outcome]]:
    """Let the hours pass: what came of those in which somebody acted, one after the other."""
    while company.now < until:
        hours = ahead(company.now, company.autopilot.next_at(until))
        idle = company.bot.idle(hours)
        company.now = hours[min(idle, len(hours) - 1)]
        if idle < len(hours):
            company.bot.tick()
        outcomes = company.autopilot.act(company.autopilot.due(company.now))
        company.autopilot.show(outcomes)
        yield outcomes
