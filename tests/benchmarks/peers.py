"""Koppel beside published matchers, on one generated input in one run: `make bench ARGS=peers`.

Everybody gets our scores and is told which pairs may not be; two also show what their own rules make
of the same people. Each package lives in an environment of its own, in .bench/ (`mentor-match` and
`matching` both call themselves `matching`). Processor time; memory is what was added to what the
process held with its input.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching import Profile, Rules, assign, match
from bot.matching.rules import blocked
from bot.matching.scores import Scores, score_matrix, weights_used
from bot.matching.solver import NOBODY, Chosen
from tests.matching.invented import company

FORBIDDEN = 0.55  # of all pairs are below the floor; hard rules come on top of it
PACKAGES = {"matching": "1.4.3", "mentormatch": "1.1", "mentor-match": "7.0.1"}
ROWS = {
    "matching": "PyPI `matching`, our scores",
    "mentormatch": "PyPI `mentormatch`, our scores",
    "mentormatch-own": "PyPI `mentormatch`, its own rules",
    "mentor-match": "PyPI `mentor-match`, our scores",
    "mentor-match-own": "PyPI `mentor-match`, its own rules",
}
FOLDER = Path(".bench")


def bench_peers(mentees: int, mentors: int, patience: int) -> None:
    """Print a table of one input; each peer may take `patience` seconds."""
    people = company(mentees, mentors)
    guides, learners = people[:mentors], people[mentors:]
    scores = score_matrix(learners, guides, weights_used({}))
    rules = Rules(floor=float(np.quantile(scores, FORBIDDEN)))
    scores[blocked(learners, guides, rules) | (scores < np.float32(rules.floor))] = -1
    capacity = np.array([p.capacity for p in guides], np.int64)
    _say(f"{mentees:,} × {mentors:,}, {(scores >= 0).mean():.0%} of the pairs may be")
    _say("| method | CPU s | added MB | total / optimum | unmatched | hard rules broken |")
    _say("|---|---:|---:|---:|---:|---:|")
    best = _ours(people, rules, scores)
    for name, way in _simple(scores, capacity).items():
        _row(name, scores, capacity, best, *_measured(way))
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        (Path(folder) / "input.json").write_text(json.dumps(_plain(learners, guides, scores)))
        for peer, name in ROWS.items():
            found = _in_its_environment(peer, folder, patience)
            if isinstance(found, str):
                _say(f"| {name} | {found} | – | – | – | – |")
            else:
                chosen = np.array(found["chosen"], np.intp)
                _row(name, scores, capacity, best, chosen, found["seconds"], found["held"])


def _ours(people: list[Profile], rules: Rules, scores: Scores) -> float:
    """Koppel's own row, in which scores and reasons are counted in; its total is proven best."""
    began = time.process_time()
    outcome = match(people, rules, seed=1)
    seconds, stats = time.process_time() - began, outcome.stats
    assert stats.proven
    _say(
        f"| **Koppel** ({outcome.engine}), with scoring and reasons | {seconds:.2f} | – "
        f"| 1.0000, proven | {len(scores) - stats.matched} | 0 |"
    )
    return stats.total


def _simple(scores: Scores, capacity: NDArray[np.int64]) -> dict[str, Callable[[], Chosen]]:
    return {
        "SciPy `linear_sum_assignment`, a column a place": lambda: assign(
            np.maximum(scores, 0), scores >= 0, capacity
        ),
        "greedy, best pair first": lambda: _greedy(scores, capacity),
        "random": lambda: _random(len(scores), capacity),
    }


def _greedy(scores: Scores, capacity: NDArray[np.int64]) -> Chosen:
    chosen, left = np.full(len(scores), NOBODY, np.intp), capacity.copy()
    for cell in np.argsort(-scores, axis=None, kind="stable").tolist():
        row, column = divmod(cell, scores.shape[1])
        if scores[row, column] < 0:
            break
        if chosen[row] == NOBODY and left[column] > 0:
            chosen[row] = column
            left[column] -= 1
    return chosen


def _random(mentees: int, capacity: NDArray[np.int64]) -> Chosen:
    places = np.random.default_rng(1).permutation(np.repeat(np.arange(len(capacity)), capacity))
    chosen = np.full(mentees, NOBODY, np.intp)
    chosen[: len(places)] = places[:mentees]
    return chosen


def _measured(way: Callable[[], Chosen]) -> tuple[Chosen, float, float]:
    began = time.process_time()
    way()
    seconds = time.process_time() - began
    tracemalloc.start()
    chosen = way()
    held = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return chosen, seconds, held


def _row(
    name: str,
    scores: Scores,
    capacity: NDArray[np.int64],
    best: float,
    chosen: Chosen,
    seconds: float,
    held: float,
) -> None:
    """A line of the table; a pair that breaks a rule scores nothing and leaves its mentee unmatched."""
    rows = np.flatnonzero(chosen != NOBODY)
    given = scores[rows, chosen[rows]]
    load = np.bincount(chosen[rows], minlength=len(capacity))
    broken = int((given < 0).sum() + np.maximum(load - capacity, 0).sum())
    total = float(given[given >= 0].sum(dtype=np.float64))
    unmatched = len(scores) - int((given >= 0).sum())
    _say(f"| {name} | {seconds:.2f} | {held:.0f} | {total / best:.4f} | {unmatched} | {broken} |")


def _plain(learners: list[Profile], guides: list[Profile], scores: Scores) -> dict[str, Any]:
    return {
        "scores": scores.tolist(),
        "capacity": [p.capacity for p in guides],
        "mentors": [_person(p) for p in guides],
        "mentees": [_person(p) for p in learners],
    }


def _person(profile: Profile) -> dict[str, Any]:
    return {
        "places": profile.capacity,
        "grade": profile.seniority if profile.seniority is not None else 3 * profile.mentor,
        "team": profile.team,
        "department": profile.department,
        "skills": sorted(profile.skills_wanted | profile.skills_offered),
    }


def _in_its_environment(peer: str, folder: str, patience: int) -> dict[str, Any] | str:
    """What a peer answered, or why it did not."""
    package = peer.removesuffix("-own")
    python = FOLDER / package / "bin" / "python"
    script = Path(__file__).with_name("peer.py")
    try:
        if not python.exists():
            _make(package)
        done = subprocess.run(
            [str(python), "-P", str(script), peer, folder],  # -P: our matching.py is not theirs
            capture_output=True,
            text=True,
            check=True,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return f"> {patience}"
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or "").strip().splitlines() or ["no word"]
        return (
            f"cannot be had here: {lines[-1]:.80}"
            if "pip" in error.cmd
            else f"fails: {lines[-1]:.80}"
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _make(package: str) -> None:
    """An environment with this package alone; half made it would look whole, so it is made aside."""
    home, aside = FOLDER / package, FOLDER / f"{package}.new"
    quiet = {"capture_output": True, "text": True, "check": True}
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(aside)], **quiet)  # type: ignore[call-overload]
    wanted = f"{package}=={PACKAGES[package]}"
    subprocess.run(
        [str(aside / "bin" / "python"), "-m", "pip", "install", "--quiet", wanted],
        **quiet,  # type: ignore[call-overload]
    )
    aside.rename(home)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
