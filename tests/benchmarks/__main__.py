"""Measures the product on this machine: `make bench`, or `make bench ARGS="simulate --people 200"`."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.content.company import crowd, plausible_answers
from bot.platforms.local.chat import Chat
from bot.simulation.actors import Actor
from bot.simulation.company import furnish
from bot.simulation.headless import Headless
from bot.simulation.run import simulate
from storage import schema
from tests import sealed
from tests.benchmarks.due import bench_due
from tests.benchmarks.fairness import bench_fairness, memory
from tests.benchmarks.groups import bench_groups
from tests.benchmarks.matching import bench_matching
from tests.benchmarks.ols import bench_ols
from tests.benchmarks.path import bench_path
from tests.benchmarks.peers import bench_peers
from tests.benchmarks.replicas import bench_replicas
from tests.benchmarks.rounds import bench_rounds
from tests.benchmarks.slack import bench_slack
from tests.benchmarks.teams import bench_teams

REAL = "../shared/data/ols"  # cohorts of Open Life Science, where they are at hand
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def bench_simulate(people: int, weeks: int) -> None:
    """A whole programme on SQLite, and what memory it holds after two weeks and at the end."""
    held: dict[int, float] = {}

    def progress(phase: str, done: int, _total: int) -> None:
        if phase == "run":
            held[done] = memory()

    began = time.process_time()
    report = simulate(people=people, weeks=weeks, progress=progress)
    used = time.process_time() - began
    seconds = report.as_dict()["seconds"]
    say(f"simulate {people} people x {weeks} weeks: {seconds}, {used:.0f} s of CPU")
    say(f"  lost {report.lost}, doubled {report.messages.duplicate}, sent {report.messages.sent}")
    if 2 in held and weeks in held:
        ratio = held[weeks] / held[2]
        say(f"  memory: week 2 {held[2]:.0f} MiB, week {weeks} {held[weeks]:.0f} MiB ({ratio:.2f})")


def bench_events(people: int) -> None:
    """The event path without HTTP: people join, one event after the other."""
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = f"sqlite:///{(Path(folder) / 'events.db').as_posix()}"
        schema.upgrade(url)
        database, chat = sealed.opened(url), Chat(clock=lambda: START)
        company = crowd(people, 1)
        with database.transaction() as session:
            furnish(
                session,
                chat,
                company,
                programme="Bench",
                starts_on=START.date(),
                ends_on=START.date().replace(month=6),
            )
        bot, took = Headless(database, chat, lambda: START), list[float]()
        dispatch = bot.dispatch

        def timed(event):  # type: ignore[no-untyped-def]
            began = time.perf_counter()
            answer = dispatch(event)
            took.append(time.perf_counter() - began)
            return answer

        bot.dispatch = timed  # type: ignore[method-assign]
        for number, one in enumerate(company):
            if one.kind == "employee":
                rng = Random(number)
                Actor(bot.person(one.user), plausible_answers(one, rng), rng).joins()
        bot.close()
        database.close()
    took.sort()
    say(
        f"events: {len(took)} in {sum(took):.1f} s = {len(took) / sum(took):.0f}/s, "
        f"median {statistics.median(took) * 1000:.1f} ms, "
        f"99th percentile {took[int(len(took) * 0.99)] * 1000:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        default=[],
        help="due, fairness, path, simulate, events, groups, matching, round, peers, slack, teams, "
        "replicas; or: ols FOLDER, real cohorts as CSV",
    )
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--largest", type=int, default=3000, help="mentees in the largest round")
    parser.add_argument("--mentees", type=int, default=1000, help="beside peers; half the mentors")
    parser.add_argument("--patience", type=int, default=300, help="seconds that a peer may take")
    parser.add_argument("--deliveries", type=int, default=10_000, help="of the replicas")
    parser.add_argument("--away", type=int, default=60, help="seconds without their database")
    chosen = parser.parse_args()
    benches: dict[str, Callable[[], None]] = {
        "matching": lambda: bench_matching(chosen.largest),
        "groups": lambda: bench_groups(say),
        "round": lambda: bench_rounds(chosen.largest),
        "peers": lambda: bench_peers(chosen.mentees, chosen.mentees // 2, chosen.patience),
        "events": lambda: bench_events(100),
        "path": lambda: bench_path(say),
        "due": lambda: bench_due(say),
        "fairness": lambda: bench_fairness(say),
        "slack": lambda: say("\n".join(bench_slack())),
        "teams": lambda: say("\n".join(bench_teams())),
        "replicas": lambda: bench_replicas(chosen.deliveries, chosen.away),
        "simulate": lambda: bench_simulate(chosen.people, chosen.weeks),
    }
    if chosen.what[:1] == ["ols"]:
        for line in bench_ols(Path(*chosen.what[1:2] or [REAL])):
            say(line)
        return
    unknown = set(chosen.what) - benches.keys()
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}: {', '.join(benches)}, ols")
    for name in chosen.what or benches:
        benches[name]()


if __name__ == "__main__":
    main()
