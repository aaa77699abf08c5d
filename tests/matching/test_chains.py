"""Each link of a chain costs what it says, and who is held is no link of any."""

from __future__ import annotations

import numpy as np

from bot.matching.chains import Chains, chains
from bot.matching.flow import Network
from bot.matching.solver import NOBODY

FAR = float("inf")


def linked(held: bool) -> Chains:
    """Two mentees with a mentor each, who could have the other's as well; having one is worth 10."""
    every = Network(
        rows=np.array([0, 0, 1, 1]),
        columns=np.array([0, 1, 0, 1]),
        worth=np.array([5, 3, 5, 5]),
        home=np.array([10, 10]),
        capacity=np.array([1, 1]),
    )
    none, first = np.array([0, 0]), np.array([held, False])
    return chains(every, np.array([0, 1]), none, first)


def test_who_is_held_neither_stays_at_home_nor_goes_to_another_mentor() -> None:
    for held, stays_at_home, moves_on in ((False, 15, 2), (True, FAR, FAR)):
        links = linked(held)
        assert links.to(links.outside)[0].tolist()[0] == min(stays_at_home, moves_on + 15)
        assert links.to(1)[0].tolist()[0] == moves_on
        assert links.to(links.outside)[0].tolist()[1] == 15


def test_a_place_that_stays_empty_costs_its_price_and_one_that_was_empty_nothing() -> None:
    one = Network(
        rows=np.array([0]),
        columns=np.array([1]),
        worth=np.array([9]),
        home=np.array([0]),
        capacity=np.array([1, 1]),
    )
    links = chains(one, np.array([1]), np.array([0, 4]), np.array([False]))
    away, onward = links.to(1)
    assert away.tolist() == [4, 0, 4]
    assert links.path(0, onward) == [(NOBODY, 0, links.outside), (NOBODY, links.outside, 1)]
