"""What is learned of how pairs went: figures with their doubts, and proposals that chance rarely makes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import CRITERIA, Importance
from bot.matching.learning import ENOUGH, FEWEST, Lesson, Lived, lessons, proposed


def lived(count: int, *, by: str = "values", noise: float = 0.2, seed: int = 1) -> list[Lived]:
    """Pairs that do well as far as one criterion's value is high; the others are chance."""
    random = np.random.default_rng(seed)
    pairs = []
    for _ in range(count):
        values = {c.key: float(random.random()) for c in CRITERIA}
        went = np.clip(values[by] + noise * random.normal(), 0, 1)
        pairs.append(Lived(values, float(went)))
    return pairs


def test_what_went_with_good_pairs_stands_first_and_is_proposed() -> None:
    found = lessons(lived(60))
    assert found[0].criterion == "values"
    assert found[0].low > 0.5
    assert found[0].low < found[0].together < found[0].high
    assert proposed(found, {}) == {"values": Importance.IMPORTANT}


def test_what_went_with_bad_pairs_is_proposed_to_count_less() -> None:
    upside_down = [Lived(one.values, 1 - one.went) for one in lived(60)]
    assert proposed(lessons(upside_down), {}) == {"values": Importance.A_LITTLE}


def test_with_few_pairs_nothing_is_proposed_and_with_fewer_nothing_is_said() -> None:
    few = lessons(lived(ENOUGH - 1, noise=0.01))
    assert few[0].together > 0.9
    assert proposed(few, {}) == {}
    assert lessons(lived(FEWEST - 1)) == ()


def test_chance_alone_hardly_ever_proposes_anything() -> None:
    """In 40 programmes of 40 pairs where nothing matters; one in twenty may be wrong, by design."""
    wrong = 0
    for seed in range(40):
        random = np.random.default_rng(1000 + seed)
        pairs = [Lived(one.values, float(random.random())) for one in lived(40, seed=seed)]
        wrong += bool(proposed(lessons(pairs), {}))
    assert wrong <= 5


def test_a_criterion_that_never_varies_or_was_seldom_answered_is_left_out() -> None:
    pairs = [Lived({"values": one.values["values"], "skills": 0.5}, one.went) for one in lived(40)]
    pairs = [
        Lived({**one.values, **({"hours": 0.1 * k} if k < FEWEST - 1 else {})}, one.went)
        for k, one in enumerate(pairs)
    ]
    assert [lesson.criterion for lesson in lessons(pairs)] == ["values"]


def test_pairs_that_all_went_alike_teach_nothing() -> None:
    assert lessons([Lived(one.values, 1.0) for one in lived(40)]) == ()
    assert lessons([]) == ()


@pytest.mark.parametrize(
    ("now", "step", "after"),
    [
        (Importance.NORMAL, 1, Importance.IMPORTANT),
        (Importance.IMPORTANT, -1, Importance.NORMAL),
        (Importance.VERY_IMPORTANT, 1, None),
        (Importance.A_LITTLE, -1, None),  # nothing falls out of use by itself
        (Importance.NOT_USED, 1, None),  # nor comes into it
        (Importance.NORMAL, 0, None),
    ],
)
def test_importance_moves_one_step_and_never_out_of_use(
    now: Importance, step: int, after: Importance | None
) -> None:
    lesson = Lesson("values", 50, 0.4, 0.2, 0.6, step)
    expected = {} if after is None else {"values": after}
    assert proposed([lesson], {"values": now}) == expected


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda p: Lived({"goal": p[0]}, p[1])),
        max_size=40,
    )
)
def test_figures_stay_within_their_intervals_and_repeat(pairs: list[Lived]) -> None:
    found = lessons(pairs)
    assert found == lessons(pairs)
    for lesson in found:
        assert -1 <= lesson.low <= lesson.high <= 1
        assert -1 <= lesson.together <= 1
