"""What a large round holds in memory, and what it goes without."""

from __future__ import annotations

import subprocess
import sys

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
