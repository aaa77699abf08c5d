"""How long a round takes and what memory: from the database to proposed pairs with their reasons.

Each figure comes from a process of its own (`python -m tests.benchmarks matching`).
Processor time, of all threads; memory is the most the process ever held, its libraries included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.matching import flow, match
from storage import profiles
from storage.database import has_read
from storage.models import Programme
from tests import sealed
from tests.benchmarks.loading import NOW, filled
from tests.matching.invented import company

SIZES = (
    (300, 150),
    (1_000, 500),
    (2_000, 1_000),
    (3_000, 1_500),
    (10_000, 5_000),
    (30_000, 15_000),
    (100_000, 50_000),
)
METHODS = {
    "whole": "whole matrix, SciPy",
    "scipy": "candidates, SciPy",
    "ortools": "candidates, OR-tools",
    "": "as chosen by size",
}
LARGEST = {"whole": 3_000, "scipy": 30_000}  # mentees; beyond, these take too long
PATIENCE = 3_600  # seconds that one figure may take


def _fill(mentees: int, mentors: int, folder: str) -> None:
    filled(Path(folder), company(mentees, mentors)).close()


def _measure(folder: str, method: str) -> dict[str, Any]:
    database = sealed.opened(f"sqlite:///{(Path(folder) / 'round.db').as_posix()}")
    before = time.process_time()
    with database.transaction() as session:
        people = profiles.of_programme(session, session.get_one(Programme, 1), NOW)
        has_read(session)
    loaded, held = time.process_time(), _most_held()
    outcome = match(people, seed=1, engine=method)
    stats = outcome.stats
    return {
        "seconds": time.process_time() - before,
        "loading": loaded - before,
        "engine": outcome.engine,
        "held": _most_held(),
        "people": held,
        "total": stats.total,
        "alone": stats.mentees - stats.matched,
        "proven": stats.proven,
        "gap": stats.gap,
        "rounds": stats.rounds,
    }


def _most_held() -> float:
    """In MiB; `getrusage` would count what the process that started this one held."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def _in_a_process(*asked: str) -> str:
    command = [sys.executable, "-m", __spec__.name, *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return done.stdout


def bench_matching(largest: int) -> None:
    """Print a table: every size up to this many mentees, by every method that is here."""
    sys.stdout.write(
        "| mentees × mentors | method | CPU s (loading) | peak MB (before matching) "
        "| total / optimum | unmatched | proven |\n|---|---|---:|---:|---:|---:|---|\n"
    )
    for mentees, mentors in SIZES:
        if mentees <= largest:
            with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
                _in_a_process("fill", str(mentees), str(mentors), folder)
                _compare(mentees, mentors, folder)


def _compare(mentees: int, mentors: int, folder: str) -> None:
    best = 0.0
    for method, name in METHODS.items():
        if not _sensible(method, mentees):
            continue
        found = json.loads(_in_a_process("measure", folder, method))
        best = best or found["total"]  # the first method's answer is proven best
        sys.stdout.write(
            f"| {mentees:,} × {mentors:,} | {name} ({found['engine']}) "
            f"| {found['seconds']:.2f} ({found['loading']:.2f}) "
            f"| {found['held']:.0f} ({found['people']:.0f}) | {found['total'] / best:.6f} "
            f"| {found['alone']} | {found['proven']}, gap {found['gap']:.0e}, "
            f"{found['rounds']} rounds |\n"
        )
        sys.stdout.flush()


def _sensible(method: str, mentees: int) -> bool:
    """Whether this method is here, and done within the hour."""
    if method == "ortools":
        return flow.has_ortools()
    return mentees <= LARGEST.get(method, mentees)


if __name__ == "__main__":
    what, *asked = sys.argv[1:]
    if what == "fill":
        _fill(int(asked[0]), int(asked[1]), asked[2])
    else:
        sys.stdout.write(json.dumps(_measure(asked[0], asked[1])))
