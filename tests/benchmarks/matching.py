"""How long a round takes and what memory: from profiles to proposed pairs with their reasons.

Each figure comes from a process of its own (`python -m tests.benchmarks.matching 1000 500 scipy`).
Processor time, of all threads; memory is the most the process ever held, the people included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bot.matching import flow, match, rounds
from tests.matching.invented import company

SIZES = (
    (300, 150),
    (1_000, 500),
    (2_000, 1_000),
    (3_000, 1_500),
    (10_000, 5_000),
    (30_000, 15_000),
)
METHODS = {
    "whole": "whole matrix, SciPy",
    "scipy": "candidates, SciPy",
    "ortools": "candidates, OR-tools",
    "chosen": "as chosen by size",
}
LARGEST_WHOLE = 3_000  # mentees; beyond, the whole matrix takes minutes
PATIENCE = 1_800  # seconds that one figure may take


def _measure(mentees: int, mentors: int, method: str) -> dict[str, Any]:
    if method != "chosen":
        rounds.SMALL = sys.maxsize if method == "whole" else 0
    if method == "scipy":
        flow.has_ortools = lambda: False
    people = company(mentees, mentors)
    before, held = time.process_time(), _most_held()
    stats = match(people, seed=1).stats
    return {
        "seconds": time.process_time() - before,
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


def _in_a_process(mentees: int, mentors: int, method: str) -> dict[str, Any]:
    command = [sys.executable, "-m", __spec__.name, str(mentees), str(mentors), method]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bench_matching(largest: int) -> None:
    """Print a table: every size up to this many mentees, by every method that is here."""
    sys.stdout.write(
        "| mentees × mentors | method | CPU s | peak MB (people alone) | total / optimum | unmatched |"
        " proven |\n|---|---|---:|---:|---:|---:|---|\n"
    )
    for mentees, mentors in SIZES:
        if mentees > largest:
            break
        best = 0.0
        for method, name in METHODS.items():
            too_large = method == "whole" and mentees > LARGEST_WHOLE
            if too_large or (method == "ortools" and not flow.has_ortools()):
                continue
            found = _in_a_process(mentees, mentors, method)
            best = best or found["total"]  # the first method's answer is proven best
            sys.stdout.write(
                f"| {mentees:,} × {mentors:,} | {name} | {found['seconds']:.2f} "
                f"| {found['held']:.0f} ({found['people']:.0f}) | {found['total'] / best:.6f} "
                f"| {found['alone']} | {found['proven']}, gap {found['gap']:.0e}, "
                f"{found['rounds']} rounds |\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.stdout.write(json.dumps(_measure(int(asked[0]), int(asked[1]), asked[2])))
