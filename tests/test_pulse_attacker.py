"""Somebody who sees every figure and knows who answered, and what they said themselves, works out
nobody's answer: not from a figure, not by subtracting, not from all who agree, not over time."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import freezing
from tests.attacking import USEFUL, Everybody, Somebody, doubt, shown, summing_to

group = st.lists(st.integers(1, 5), max_size=7)
extreme = st.builds(lambda end, n: [end] * n, st.sampled_from([1, 5]), st.integers(0, 7))
nearly = st.builds(
    lambda end, n, one: [end] * n + [one],
    st.sampled_from([1, 5]), st.integers(2, 6), st.integers(1, 5),
)  # fmt: skip
some = group | extreme | nearly


def frozen(mentors: Sequence[int], mentees: Sequence[int], k: int) -> str:
    """All that is ever shown of one question, by anybody, in any digest."""
    said = [("mentor", str(one)) for one in mentors] + [("mentee", str(one)) for one in mentees]
    numbers = range(len(said))
    crowd = {
        "all": frozenset(numbers),
        "mentor": frozenset(numbers[: len(mentors)]),
        "mentee": frozenset(numbers[len(mentors) :]),
    }
    return json.dumps(freezing.freeze(USEFUL, said, k, crowd))


def sums(n: int) -> range:
    return range(n, 5 * n + 1)


@given(some, some, st.integers(3, 6))
@settings(max_examples=60, deadline=None)
def test_nobody_who_sees_all_figures_and_knows_who_answered_can_tell_a_hidden_one(
    mentors: list[int], mentees: list[int], k: int
) -> None:
    """The attacker tries every way in which people may have answered, and keeps those that would
    have looked the same. No hidden sum is certain; nor is it, for one of them who takes off their
    own answer, that all others of a group said the same."""
    seen = frozen(mentors, mentees, k)
    possible = [
        (one, other)
        for one in sums(len(mentors))
        for other in sums(len(mentees))
        if frozen(summing_to(one, len(mentors)), summing_to(other, len(mentees)), k) == seen
    ]
    figures = json.loads(seen)
    for side, (name, said) in enumerate((("mentor", mentors), ("mentee", mentees))):
        could_be = {pair[side] for pair in possible}
        assert sum(said) in could_be
        if said and figures[name] is None:
            assert len(could_be) > 1, f"the hidden figure of {len(said)} {name}s is certain"
        for own in {0, *said}:
            others = len(said) - (own > 0)
            left = {total - own for total in could_be} & set(sums(others))
            assert not others or left not in ({others}, {5 * others}), (name, own)


@given(some, some, st.integers(-2, 9))
def test_no_figure_ever_comes_from_fewer_answers_than_promised(
    mentors: list[int], mentees: list[int], k: int
) -> None:
    figures = json.loads(frozen(mentors, mentees, k))
    for name, given_ in (("mentor", mentors), ("mentee", mentees), ("all", mentors + mentees)):
        if figures[name] is not None:
            mean, n, end = figures[name]
            assert n == len(given_) >= max(3, k)
            true = sum(given_) / n
            bounded = {"high": true >= mean, "low": true <= mean, "": abs(mean - true) <= 0.051}
            assert bounded[end]


# --- over time ---

ALWAYS = frozenset({0, 1})
people = st.lists(
    st.builds(
        Somebody,
        side=st.sampled_from(["mentor", "mentee"]),
        says=st.integers(1, 5) | st.sampled_from([1, 5]),
        waves=st.sampled_from([ALWAYS, ALWAYS, ALWAYS, frozenset({0}), frozenset({1})]),
        erased=st.sampled_from([False, False, False, True]),
    ),
    min_size=2,
    max_size=14,
).map(tuple)


somebody = st.integers(0, 13)
ALL_LEAVERS_AGREE = tuple(
    Somebody("mentor", says, waves) for says, waves in [(5, frozenset({0}))] * 5 + [(3, ALWAYS)] * 5
)
ONE_IS_ERASED = (
    Somebody("mentor", 1, frozenset({0}), erased=True),
    *[Somebody("mentor", 3, ALWAYS)] * 9,
)


@given(people, st.integers(3, 5), somebody, st.none() | somebody)
@example(ALL_LEAVERS_AGREE, 5, 0, None)
@example(ONE_IS_ERASED, 5, 0, None)
@settings(max_examples=120, deadline=None)
def test_nobody_can_tell_what_one_said_although_some_leave_and_nobody_changes_their_mind(
    everybody: Everybody, k: int, one: int, another: int | None
) -> None:
    """The worst that can be: all answer the same again, so whoever left or was erased is all that
    two surveys differ by. The attacker may even be one of those who answered."""
    victim = one % len(everybody)
    insider = None if another is None else another % len(everybody)
    assert doubt(everybody, victim, k, 2, insider=None if insider == victim else insider)


def seven_of_twelve(leavers: Sequence[int]) -> Everybody:
    stay = [Somebody("mentor", says, ALWAYS) for says in (2, 3, 4, 5, 1, 3, 4)]
    return (*stay, *(Somebody("mentor", says, frozenset({0})) for says in leavers))


def test_the_difference_of_two_surveys_is_a_figure_too_and_needs_as_many_answers() -> None:
    first, second = shown(seven_of_twelve([2, 4, 3]), 5, 2)
    assert first["all"]
    assert second["all"] is None
    first, second = shown(seven_of_twelve([2, 4, 3, 2, 4]), 5, 2)
    assert first["all"] == [3.1, 12, ""]
    assert second["all"] == [3.1, 7, ""]


def test_the_same_people_may_be_shown_again() -> None:
    first, second = shown(seven_of_twelve([]), 5, 2)
    assert first["all"] == second["all"] == [3.1, 7, ""]
