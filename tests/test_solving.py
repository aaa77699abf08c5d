"""A large round is solved in a process of its own, which ends when nobody wants it any more."""

from __future__ import annotations

from multiprocessing import active_children

import pytest

from bot.matching import Cancelled, Rules, match
from scheduler import solving
from tests.matching.invented import company

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round counts as a large one."""
    monkeypatch.setattr(solving, "HERE", -1)
    monkeypatch.setattr(solving, "PAUSE", 0.01)


def test_the_answer_is_the_one_of_match_and_the_way_there_is_told() -> None:
    people, heard = company(40, 20), list[float]()
    assert solving.solve(people, Rules(), 7, heard.append) == match(people, Rules(), 7)
    assert heard == sorted(heard)
    assert heard[0] == 0.0
    assert not active_children()


def test_whoever_stops_it_ends_the_process_too() -> None:
    def unwanted(_done: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        solving.solve(company(40, 20), Rules(), 7, unwanted)
    assert not active_children()


def test_what_goes_wrong_there_is_raised_here() -> None:
    people = company(4, 2)
    with pytest.raises(ValueError, match="one id"):
        solving.solve([*people, people[0]], Rules(), 7, lambda _: None)


def test_a_process_that_dies_is_no_answer() -> None:
    def kills(_done: float) -> None:
        for process in active_children():
            process.kill()

    with pytest.raises(EOFError):
        solving.solve(company(400, 200), Rules(), 7, kills)
