"""A round can be repeated exactly, tells how far it is, and can be stopped."""

from __future__ import annotations

import pytest

from bot.matching import Cancelled, Profile, Rules, board, candidates, flow, match
from bot.matching.flow import ORTOOLS, SCIPY, has_ortools
from bot.matching.solver import WHOLE
from tests.matching.invented import company

ENGINES = [WHOLE, SCIPY, *([ORTOOLS] if has_ortools() else [])]
PEOPLE = company(120, 60)
TWINS = [Profile(id=k, person=k, mentor=k <= 30, mentee=k > 30) for k in range(1, 81)]
OPEN = Rules(floor=0)


def test_an_outcome_names_the_engine_that_solved_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert match(PEOPLE).engine == WHOLE
    monkeypatch.setattr(board, "SMALL", 0)
    monkeypatch.setattr(flow, "has_ortools", lambda: False)
    assert match(PEOPLE).engine == SCIPY


@pytest.mark.parametrize("engine", ENGINES)
def test_the_engine_asked_for_solves_whatever_the_size_and_repeats_itself(engine: str) -> None:
    """Among twins only the seed and the engine decide."""
    first = match(TWINS, OPEN, 7, engine)
    assert first.engine == engine
    assert match(TWINS[::-1], OPEN, 7, first.engine) == first
    assert match(TWINS, OPEN, 8, engine).pairs != first.pairs


@pytest.mark.parametrize("engine", ["cplex", ORTOOLS])
def test_an_engine_that_is_not_here_is_refused(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "has_ortools", lambda: False)
    with pytest.raises(ValueError, match=engine):
        match(PEOPLE, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_round_tells_how_far_it_is_and_ends_at_one(engine: str) -> None:
    heard: list[float] = []
    match(PEOPLE, engine=engine, progress=heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] == 1


def test_a_large_round_tells_it_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "AREA", 600)
    monkeypatch.setattr(candidates, "HEIGHT", 1)
    heard: list[float] = []
    match(PEOPLE, engine=SCIPY, progress=heard.append)
    assert heard == sorted(heard)
    assert len({round(part, 2) for part in heard}) > 10


@pytest.mark.parametrize("engine", ENGINES)
def test_a_round_that_nobody_waits_for_stops_at_once(engine: str) -> None:
    heard: list[float] = []

    def enough(part: float) -> None:
        heard.append(part)
        raise Cancelled

    with pytest.raises(Cancelled):
        match(PEOPLE, engine=engine, progress=enough)
    assert len(heard) == 1


@pytest.mark.parametrize("people", [[], PEOPLE[:1], PEOPLE[-1:]])
def test_a_round_without_anybody_to_match_ends_at_one_too(people: list[Profile]) -> None:
    heard: list[float] = []
    for engine in ENGINES:
        match(people, engine=engine, progress=heard.append)
        assert heard[-1] == 1
