from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidates import Candidates

SHAPE = (5, 7)
cells = st.tuples(st.integers(0, SHAPE[0] - 1), st.integers(0, SHAPE[1] - 1))
pairs = st.lists(st.tuples(cells, st.integers(0, 9)), max_size=40)
Pairs = list[tuple[tuple[int, int], int]]


def with_more(known: Candidates, more: Pairs) -> Candidates:
    rows = np.array([row for (row, _), _ in more], np.intp)
    columns = np.array([column for (_, column), _ in more], np.intp)
    return known.with_more(rows, columns, np.array([steps for _, steps in more], np.int64))


@given(pairs, pairs)
def test_who_joins_the_candidates_stands_there_once_and_in_order_and_changes_nobody(
    known: Pairs, more: Pairs
) -> None:
    nothing = np.zeros(0, np.intp)
    found = with_more(Candidates(SHAPE, nothing, nothing, np.zeros(0, np.int64)), known)
    found = with_more(found, more)
    told = zip(
        zip(found.rows.tolist(), found.columns.tolist(), strict=True),
        found.steps.tolist(),
        strict=True,
    )
    assert list(told) == sorted(dict([*reversed(more), *reversed(known)]).items())
