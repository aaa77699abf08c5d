"""What people answer at the door reaches the matching, and what comes of it is told."""

from __future__ import annotations

import pytest

from tests.hands import Hands
from tests.reviewing import announces, changes, matches, mentee, mentor, proposed
from tests.world import World

pytestmark = pytest.mark.any_database


def test_noor_gets_the_mentor_who_would_meet_as_often_and_both_hear_what_was_not_looked_at(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram", rhythm=("monthly",))
    els = mentor(world, "Els", rhythm=("weekly",))
    noor = mentee(world, "Noor", rhythm=("weekly",))
    matches(world, thomas)
    assert proposed(world) == {("Els", "Noor")}
    announces(world, thomas)
    for somebody in (noor, els):
        assert "What I did not look at: gender, age" in somebody.sees


@pytest.mark.parametrize(("near", "far"), [("Bram", "Els"), ("Els", "Bram")])
def test_noor_gets_the_mentor_who_works_where_she_does(
    world: World, thomas: Hands, near: str, far: str
) -> None:
    for name in ("Bram", "Els"):
        mentor(world, name)
    mentee(world, "Noor")
    for name, place in ((near, "Zwolle"), (far, "Gent"), ("Noor", "Zwolle")):
        changes(world, name, location=place)
    matches(world, thomas)
    assert proposed(world) == {(near, "Noor")}
