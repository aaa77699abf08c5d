"""Figures that are right, and figures that stay hidden."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.insights import (
    Answer,
    CheckInFact,
    Disclosed,
    Figure,
    GoalFigure,
    Trend,
    Week,
    digest,
    disclose,
    meeting_rate,
    response_rate,
    weekly_series,
)

WEEK = timedelta(weeks=1)
MONDAY = date(2026, 11, 2)
SUNDAY = date(2026, 11, 8)

surveys = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.integers(1, 5).map(float), max_size=12)
)


def sizes(*counts: int) -> dict[str, list[float]]:
    return {chr(ord("a") + number): [4.0] * count for number, count in enumerate(counts)}


def visible(shown: Disclosed) -> str:
    return "".join(name for name, figure in shown.groups if figure)


def said(mentorship: int, week: date, *answers: Answer | None) -> list[CheckInFact]:
    return [CheckInFact(mentorship, week, answer) for answer in answers]


@given(surveys, st.integers(0, 8))
@settings(max_examples=500, deadline=None)
def test_no_hidden_mean_follows_by_any_arithmetic_from_what_is_shown(
    groups: dict[str, list[float]], k: int
) -> None:
    """The attacker knows every group's size, so each figure shown is one linear equation."""
    shown, least = disclose(groups, k), max(k, 3)
    names = [name for name in groups if groups[name]]
    figures = dict(shown.groups)
    known = [[float(name == other) for other in names] for name in names if figures[name]]
    if shown.total:
        known.append([1.0] * len(names))
    rank = np.linalg.matrix_rank(np.array(known)) if known else 0
    for name in names:
        wanted = [float(name == other) for other in names]
        follows = rank == np.linalg.matrix_rank(np.array([*known, wanted]))
        assert follows == bool(figures[name]), name
    hidden = sum(len(groups[name]) for name in names if not figures[name])
    assert not shown.total or hidden == 0 or hidden >= least


@given(surveys, st.integers(0, 8))
def test_what_is_shown_comes_from_enough_answers_and_is_right(
    groups: dict[str, list[float]], k: int
) -> None:
    shown = disclose(groups, k)
    assert [name for name, _ in shown.groups] == list(groups)
    everybody = list(chain.from_iterable(groups.values()))
    for answers, figure in [
        *((groups[name], figure) for name, figure in shown.groups),
        (everybody, shown.total),
    ]:
        if figure:
            assert figure.n == len(answers) >= max(k, 3)
            assert figure.mean == round(sum(answers) / len(answers), 1)
    assert bool(shown.total) == (len(everybody) >= max(k, 3))


@pytest.mark.parametrize(
    ("counts", "seen", "total"),
    [
        ((5, 6, 7), "abc", True),
        ((4, 6, 7), "c", True),  # 4 alone would follow from the total: the next smallest goes too
        ((4, 7, 6), "b", True),
        ((4, 4, 7), "c", True),  # 8 hidden answers from two groups
        ((2, 2, 7), "", True),  # 4 hidden answers are too few, though from two groups
        ((2, 2, 6, 7), "d", True),
        ((4, 0, 7, 6), "c", True),  # an empty group hides nobody
        ((0, 6), "b", True),
        ((4,), "", False),
        ((2, 2), "", False),
        ((2, 3), "", True),
        ((), "", False),
    ],
)
def test_a_second_group_is_hidden_when_the_first_could_be_subtracted(
    counts: tuple[int, ...], seen: str, total: bool
) -> None:
    shown = disclose(sizes(*counts))
    assert (visible(shown), bool(shown.total)) == (seen, total)


def test_the_threshold_never_goes_below_three() -> None:
    assert visible(disclose(sizes(2, 3, 3), k=1)) == "c"
    assert disclose(sizes(2), k=-4).total is None


def test_a_figure_has_one_decimal() -> None:
    shown = disclose({"mentors": [4, 4, 5, 4, 4, 4]})
    assert shown == Disclosed((("mentors", Figure(4.2, 6)),), Figure(4.2, 6))


def test_a_trend_needs_two_figures() -> None:
    assert Trend(0.6, 0.5).direction == "up"
    assert Trend(0.5, 0.6).direction == "down"
    assert Trend(0.0, 0.0).direction == "same"
    assert Trend(0.6).direction == "unknown"
    assert Trend(None, 0.6).direction == "unknown"


def test_a_mentorship_met_when_either_member_says_so_and_disagreement_is_a_signal() -> None:
    facts = [
        *said(1, MONDAY, "not_met", "met"),
        *said(2, MONDAY, "not_met", "met"),
        *said(3, MONDAY, "not_met", "not_met"),
        *said(4, MONDAY, None, "not_met"),
        *said(5, MONDAY, None, None),
    ]
    (week,) = weekly_series(facts, SUNDAY, weeks=1)
    assert week == Week(MONDAY, met=2, not_met=2, silent=1, disagreements=2)


def test_both_members_count_as_one_mentorship_when_asked_on_different_days_of_a_week() -> None:
    facts = [*said(1, MONDAY, None), *said(1, SUNDAY, "met"), *said(1, SUNDAY + WEEK, None)]
    this, following = weekly_series(facts, SUNDAY + WEEK, weeks=2)
    assert (this.met, this.silent) == (1, 0)
    assert (following.met, following.silent) == (0, 1)


def test_weeks_without_questions_are_in_the_series_and_older_ones_are_not() -> None:
    facts = [*said(1, MONDAY - 2 * WEEK, "met"), *said(1, MONDAY - 8 * WEEK, "met")]
    series = weekly_series(facts, SUNDAY)
    assert [week.start for week in series] == [MONDAY - ago * WEEK for ago in range(7, -1, -1)]
    assert [week.met for week in series] == [0, 0, 0, 0, 0, 1, 0, 0]


def test_a_series_runs_over_new_year_from_monday_to_monday() -> None:
    starts = [week.start for week in weekly_series([], date(2027, 1, 1), weeks=2)]
    assert starts == [date(2026, 12, 21), date(2026, 12, 28)]


def test_the_meeting_rate_leaves_out_the_silent_and_the_response_rate_counts_them() -> None:
    facts = [
        *said(1, MONDAY, "met", None),
        *said(2, MONDAY, "not_met", None),
        *said(3, MONDAY, None),
    ]
    assert meeting_rate(weekly_series(facts, SUNDAY)) == 0.5
    assert response_rate(facts) == 0.4
    assert meeting_rate([Week(MONDAY, silent=3)]) is None
    assert response_rate([]) is None


def test_a_digest_compares_the_last_four_weeks_with_the_four_before() -> None:
    facts = [
        *said(1, MONDAY - 4 * WEEK, "not_met", "not_met"),
        *said(2, MONDAY - 4 * WEEK, "met", "met"),
        *said(1, MONDAY - 3 * WEEK, "met", "not_met"),
        *said(2, MONDAY, "met", None),
        *said(3, MONDAY + WEEK, "met", "met"),  # after the digest's week
    ]
    goal = GoalFigure("Newcomers at home after 90 days", 62, 80, "%")
    told = digest(
        "Spring 2026",
        SUNDAY,
        joined=9,
        matched=6,
        facts=facts,
        goals=[goal],
        stuck=1,
        undelivered=2,
    )
    assert (told.starts, told.ends) == (MONDAY, SUNDAY)
    assert (told.joined, told.matched, told.met) == (9, 6, 2)
    assert told.meeting_rate == Trend(1.0, 0.5)
    assert told.response_rate == 0.75
    assert told.satisfaction.direction == "unknown"
    assert told.goals == (goal,)
    assert (told.stuck, told.undelivered, told.disagreements) == (1, 2, 1)
    assert len(told.weeks) == 8
    assert told.weeks[-1] == Week(MONDAY, met=1)


@pytest.mark.parametrize("weeks", [1, 8, 12])
def test_the_picture_has_as_many_weeks_as_asked_and_the_rates_do_not_depend_on_it(
    weeks: int,
) -> None:
    facts = [*said(1, MONDAY - 5 * WEEK, "met"), *said(1, MONDAY, "not_met")]
    told = digest("Spring", SUNDAY, joined=2, matched=2, facts=facts, weeks=weeks)
    assert len(told.weeks) == weeks
    assert told.meeting_rate == Trend(0.0, 1.0)


def test_a_digest_of_a_programme_without_anybody_is_all_zeros_and_unknowns() -> None:
    told = digest("Spring", SUNDAY, joined=0, matched=0, facts=[])
    assert told.meeting_rate.direction == "unknown"
    assert told.response_rate is None
    assert told.met == told.disagreements == 0
    assert all(week.answered + week.silent == 0 for week in told.weeks)
