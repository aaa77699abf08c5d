"""Four bots on one PostgreSQL send to a Slack that says no, and says nothing; every few seconds one is
killed, and once the database goes away."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bot.core.platform import Limit
from storage import schema
from storage.sending import LEASE
from tests import sealed
from tests.counting import CountingSlack, Habits, counting_slack
from tests.databases import Postgres, postgres
from tests.replica import Circumstances
from tests.replicas import CHANNELS, PEOPLE, Kind, Replicas, promise, replicas

BOTS, WORKSPACES, EACH = 4, 10, 2  # of either kind; letters for an address
EVERY = 5.0  # seconds between two kills
LOOK, TELL = 0.5, 10.0
HABITS = Habits(Limit(200, 60.0), takes=0.1, silent=500, closes=300, closed_for=10.0)


def bench_replicas(deliveries: int, away: int) -> None:
    """Half of the letters go to people, where the bot may look what arrived, half to channels."""
    with postgres() as server, tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = server.create()
        schema.upgrade(url)
        database = sealed.opened(url)
        promise(database, deliveries // 2, WORKSPACES, EACH)
        with counting_slack(HABITS) as slack:
            log = Path(folder) / "log"
            given = Circumstances(
                url,
                slack.url,
                HABITS.limit,
                lease=LEASE.total_seconds(),
                patience=5.0,
                began=time.time(),
                log=str(log),
            )
            with replicas(database, slack, given, BOTS) as bots:
                seconds = _run(server, bots, deliveries, away)
                _tell(bots, slack, seconds, away, log.read_text())
        database.close()
        server.drop(url)


def _run(server: Postgres, bots: Replicas, deliveries: int, away: int) -> float:
    """Until all is delivered; how long that took."""
    began = killed = told = time.monotonic()
    while left := bots.left():
        time.sleep(LOOK)
        if away and left < deliveries / 2:
            with server.away():
                time.sleep(away)
            away, killed = 0, time.monotonic()
        if time.monotonic() - killed > EVERY:
            bots.kill()
            killed = time.monotonic()
        if time.monotonic() - told > TELL:
            told = time.monotonic()
            _say(
                f"  {told - began:.0f} s: {deliveries - left} delivered, {len(bots.killed)} killed"
            )
    return time.monotonic() - began


def _tell(bots: Replicas, slack: CountingSlack, seconds: float, away: int, log: str) -> None:
    total = sum(slack.arrived.values())
    _say(
        f"replicas: {BOTS} processes, {len(bots.killed)} killed, database away for {away} s: "
        f"{seconds:.0f} s = {total / seconds:.0f}/s"
    )
    for name in (PEOPLE, CHANNELS):
        _say(_line(name, bots.came_of(name)))
    _say(
        f"  429: {slack.too_many} above the limit, {slack.told_to_wait} while a workspace wanted none; "
        f"the log said {log.count('database.away')} times that the database was away and "
        f"{log.count('database.back')} times that it was back"
    )


def _line(name: str, kind: Kind) -> str:
    return (
        f"  to {name}: promised {kind.promised}, delivered {kind.delivered}, twice {kind.twice}, "
        f"in flight at the kills {kind.at_kills}, ambiguous time-outs {kind.ambiguous}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
