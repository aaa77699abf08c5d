from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.matching import Rules
from bot.matching.best import BEST, first_look
from bot.matching.blocks import sheet
from bot.matching.candidates import CLOSED, Pinned, Seen
from bot.matching.rules import blocked
from bot.matching.scores import GRAIN, score_matrix, weights_used
from bot.matching.solver import NOBODY
from tests.matching.invented import company
from tests.matching.test_large import crowd


def test_any_part_of_a_sheet_is_that_part_of_the_whole_matrix_to_the_bit() -> None:
    profiles = company(330, 70, seed=2)
    mentors, mentees = profiles[:70], profiles[70:]
    rules = Rules(floor=0.3)
    whole_matrix = score_matrix(mentees, mentors, weights_used({}))
    closed = blocked(mentees, mentors, rules) | (whole_matrix < 0.3)
    expected = np.where(closed, np.float32(CLOSED), whole_matrix)
    looked = sheet(mentees, mentors, rules)
    random = np.random.default_rng(0)
    for rows, columns in [
        (np.arange(330), np.arange(70)),
        (random.permutation(330)[:50], random.permutation(70)[:9]),
        (np.array([5]), np.array([], np.intp)),
        (np.array([], np.intp), np.array([3])),
    ]:
        assert (looked.at(rows, columns) == expected[np.ix_(rows, columns)]).all()


def test_tags_beyond_counting_in_a_dense_product_are_counted_all_the_same() -> None:
    profiles = [
        replace(
            p,
            skills_offered=p.skills_offered | {f"o{p.id % 1500}"},
            skills_wanted=p.skills_wanted | {f"o{p.id - 1500}"},
        )
        for p in company(1500, 1500)
    ]
    mentors, mentees = profiles[:1500], profiles[1500:]
    rows, columns = np.arange(0, 1500, 31), np.arange(0, 1500, 7)
    looked = sheet(mentees, mentors, Rules(floor=0)).at(rows, columns)
    some = score_matrix([mentees[k] for k in rows], [mentors[k] for k in columns], weights_used({}))
    assert (looked[looked >= 0] == some[looked >= 0]).all()
    assert (looked >= 0).mean() > 0.5


def test_the_first_look_keeps_the_best_of_every_mentee_and_misses_no_mentor() -> None:
    field = crowd(200, 120, open_=0.8)
    found, limits = first_look(field, np.ones(120, np.int64), most=5)
    steps = np.where(field.scores >= 0, np.rint(field.scores / GRAIN), -1).astype(np.int64)
    kept = np.zeros(steps.shape, bool)
    kept[found.rows, found.columns] = True
    assert (steps[kept] >= 0).all()
    assert (np.where(kept, -1, steps).max(axis=1) <= limits).all()
    assert (kept.sum(axis=1) >= 5).all()
    assert (kept.sum(axis=0) >= 5).all()
    assert BEST == 32


def test_a_pinned_mentee_has_one_mentor_and_a_closed_cell_is_closed() -> None:
    field = Seen(np.full((3, 3), 0.5, np.float32))
    pinned = Pinned(field, np.array([1, NOBODY, NOBODY]), ((2, 0), (1, 1)))
    looked = pinned.at(np.array([2, 0, 1]), np.array([1, 0]))
    assert looked.tolist() == [[0.5, CLOSED], [0.5, CLOSED], [CLOSED, 0.5]]
    assert (field.scores == 0.5).all()
