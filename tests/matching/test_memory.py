"""What a large round holds in memory, and what it goes without."""

from __future__ import annotations

import gc
import subprocess
import sys

from bot.matching import match
from bot.matching.candidates import Candidates
from bot.matching.large import SOLVED
from tests.matching.invented import company

A_LARGE_ROUND = """
import sys
from bot.matching import match
from tests.matching.invented import company
match(company(900, 300))
sys.stdout.write(" ".join(sys.modules))
"""


def test_a_large_round_loads_no_library_that_only_small_ones_need() -> None:
    command = [sys.executable, "-c", A_LARGE_ROUND]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    loaded = done.stdout.split()
    assert "scipy.sparse" in loaded
    assert "scipy.optimize" not in loaded


def known() -> int:
    """How many lists of candidates there are."""
    return sum(isinstance(one, Candidates) for one in gc.get_objects())


def test_what_was_learnt_of_the_pairs_is_let_go_before_they_get_their_reasons() -> None:
    gc.collect()
    before, while_solving, then = known(), list[int](), list[int]()

    def told(done: float) -> None:
        (then if done >= SOLVED else while_solving).append(known())

    match(company(900, 300), progress=told)
    assert max(while_solving) > before
    assert set(then) == {before}
