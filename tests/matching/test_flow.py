"""What the flow is asked, and what it refuses to guess."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.flow import EXACT, Network, flow


def network(worth: int) -> Network:
    """One mentee who may go to one mentor."""
    one = np.array([0])
    return Network(one, one, np.array([worth]), np.array([0]), np.array([1]))


def test_numbers_that_floats_add_up_exactly_are_taken() -> None:
    assert flow(network(EXACT)).tolist() == [0]


def test_larger_numbers_are_refused_rather_than_rounded() -> None:
    with pytest.raises(OverflowError):
        flow(network(EXACT + 1))
