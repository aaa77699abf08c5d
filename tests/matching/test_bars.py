"""The prepared rules keep apart whom the plain functions keep apart, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from bot.matching import Profile, Rules, bars, blocks, rules
from bot.matching.bars import answers
from bot.matching.blocks import sheet
from bot.matching.masks import Mask
from bot.matching.rules import NAMED, PAIRS, UNNAMED, People, blocked
from tests.matching.invented import company
from tests.matching.test_rounds import programmes


def apart(profiles: list[Profile], decided: Rules) -> tuple[Mask, Mask]:
    """By the sheet and by the plain functions."""
    decided = replace(decided, floor=0)
    mentees, mentors = [p for p in profiles if p.mentee], [p for p in profiles if p.mentor]
    rows, columns = np.arange(len(mentees)), np.arange(len(mentors))[::-1]
    looked = sheet(mentees, mentors, decided).at(rows, columns) < 0
    return looked, blocked(mentees, mentors, decided)[:, columns]


def everything() -> tuple[list[Profile], Rules]:
    """A company in which every rule keeps somebody apart."""
    people = company(90, 60)
    odd = {3: {"paused": True}, 5: {"guest": True}, 7: {"bot": True}, 9: {"capacity": 0}}
    odd |= {70: {"paused": True}, 71: {"guest": True}, 72: {"avoids": frozenset({10_001})}}
    odd |= {20: {"busy_elsewhere": True}, 21: {"above": frozenset({10_085})}}
    odd |= {11: {"avoids": frozenset({10_080, 10_081})}, 12: {"mentee": True}}
    odd |= {80: {"manager": 10_013}, 14: {"manager": 10_081}, 15: {"languages": frozenset({"fr"})}}
    people = [replace(p, **odd.get(p.id, {})) for p in people]  # type: ignore[arg-type]
    past, forbidden = frozenset({(10_016, 10_090), (10_091, 10_017)}), frozenset({(18, 92)})
    return people, Rules(
        allow_same_team=False,
        mixed=frozenset({"Finance"}),
        excluded=frozenset({("people", "Commerce "), (10_022, 10_095), (10_096, "projects")}),
        past_pairs=past,
        forbidden=forbidden,
    )


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_prepared_rules_are_the_plain_ones(programme: tuple[list[Profile], Rules]) -> None:
    looked, plain = apart(*programme)
    assert (looked == plain).all()


@pytest.mark.parametrize(("most", "area"), [(2**25, 2**22), (2**25, 300), (0, 2**22), (0, 300)])
def test_every_rule_keeps_apart_the_same_as_a_table_and_as_a_list(
    most: int, area: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "TABLE", most)
    monkeypatch.setattr(bars, "AREA", area)
    people, decided = everything()
    mentees, mentors = [p for p in people if p.mentee], [p for p in people if p.mentor]
    for name, rule in (*NAMED.items(), *UNNAMED.items()):
        assert rule(mentees, mentors, decided).any(), f"{name} keeps nobody apart here"
    looked, plain = apart(people, decided)
    assert (looked == plain).all()


def test_a_rule_that_nobody_prepared_is_kept_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlucky(mentees: People, mentors: People, decided: Rules) -> Mask:
        del decided
        return np.array([[(a.id + b.id) % 13 == 0 for b in mentors] for a in mentees], bool)

    monkeypatch.setitem(rules.NAMED, "unlucky", unlucky)
    looked, plain = apart(*everything())
    assert (looked == plain).all()


def test_every_rule_is_prepared_in_one_way() -> None:
    """A new rule goes into `answers` of bars.py or PAIRS of rules.py, or a large round takes minutes."""
    asked = answers(Rules())
    assert {*asked, *PAIRS} == {*NAMED, *UNNAMED}
    assert not asked.keys() & PAIRS.keys()
