"""When two may be a pair again, and how many mentees a mentor may have over all programmes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.matching import LeftOut
from storage import mentorships
from storage.models import (
    Mentorship,
    MentorshipState,
    Programme,
    ProgrammeState,
)
from tests.hands import Hands
from tests.reviewing import (
    announces,
    coordinator,
    decides,
    goes_round,
    last_round,
    left_over,
    matches,
    mentee,
    mentor,
    one_of_each,
    proposed,
)
from tests.world import MENTEE, MENTOR, World


def are_a_pair(world: World, thomas: Hands) -> None:
    """Bram mentors Noor in Grow, and both know."""
    one_of_each(world)
    goes_round(world, thomas)


# --- a pair again ---


def stops(world: World) -> None:
    """Everybody's mentorship ends today, and both look for somebody again."""
    with world.database.transaction() as session:
        for mentorship in session.exec(select(Mentorship)):
            mentorship.state, mentorship.ended_at = MentorshipState.ENDED, world.now


@pytest.mark.parametrize(
    ("months", "days", "again"),
    [(0, 900, False), (6, 180, False), (6, 186, True), (12, 364, False), (12, 367, True)],
)
def test_two_who_stopped_may_be_a_pair_again_after_so_many_months(
    world: World, thomas: Hands, months: int, days: int, again: bool
) -> None:
    decides(world, repeat_after_months=months)
    are_a_pair(world, thomas)
    stops(world)
    world.now += timedelta(days=days)
    decides(world, ends_on=world.now.date() + timedelta(days=90))
    matches(world, thomas)
    assert proposed(world) == ({("Bram", "Noor")} if again else set())
    assert left_over(world).get("Noor", {}) == ({} if again else {"past_pair": 1})


def test_who_still_is_a_pair_elsewhere_is_no_new_pair_however_long_ago_it_began(
    world: World, thomas: Hands
) -> None:
    are_a_pair(world, thomas)
    world.now += timedelta(days=400)
    decides(world, ends_on=world.now.date() + timedelta(days=90))
    lead = _lead(world, repeat_after_months=6)
    matches_in(world, lead)
    assert left_over(world, 2)["Noor"] == {"past_pair": 1}
    decides(world, state=ProgrammeState.ARCHIVED, ends_on=world.now.date() - timedelta(days=20))
    matches_in(world, lead)
    assert left_over(world, 2)["Noor"] == {"past_pair": 1}
    decides(world, ends_on=world.now.date() - timedelta(days=190))
    matches_in(world, lead)
    assert proposed_in(world) == 1


def test_a_mentorship_that_nobody_ended_counts_until_its_programme_is_archived(
    world: World, thomas: Hands
) -> None:
    are_a_pair(world, thomas)
    long_ago = world.now.date() - timedelta(days=400)
    for state, count in ((ProgrammeState.RUNNING, 1), (ProgrammeState.ARCHIVED, 0)):
        decides(world, ends_on=long_ago, repeat_after_months=6, state=state)
        with world.database.look() as session:
            programme = session.get_one(Programme, 1)
            assert len(mentorships.past_pairs(session, programme, world.now)) == count


def _lead(world: World, **about: Any) -> Hands:
    """A second programme with the same two people, and who runs it."""
    world.programme("Lead", **about)
    world.joins("Bram", MENTOR, programme=2)
    world.joins("Noor", MENTEE, programme=2)
    return coordinator(world, "Lena", programme=2)


def matches_in(world: World, lena: Hands) -> None:
    lena.types("/mentor match lead")
    world.tick()


def proposed_in(world: World) -> int:
    return int(last_round(world, 2).figures["matched"])


# --- load over all programmes ---


def test_a_mentor_with_enough_mentees_elsewhere_takes_none_and_is_not_called_full(
    world: World, thomas: Hands
) -> None:
    are_a_pair(world, thomas)
    lena = _lead(world, most_mentees=1)
    mentor(world, "Eva", languages=("de",))
    world.joins("Eva", MENTOR | {"languages": ("de",)}, programme=2)
    Hands(world, "Sem")
    world.joins("Sem", MENTEE, programme=2)
    matches_in(world, lena)
    assert left_over(world, 2)["Sem"] == {"busy_elsewhere": 1, "no_common_language": 1}
    assert "Bram" not in left_over(world, 2)
    lena.presses(LeftOut)
    assert "1 of 2 candidates: enough mentees already, other programmes counted" in lena.sees
    decides(world, 2, most_mentees=2)
    matches_in(world, lena)
    assert proposed_in(world) == 1
    lena.types("/mentor review")
    assert "Busy mentors, all programmes together: Bram 2/2" in lena.sees


def test_nobody_is_called_busy_without_a_limit_or_without_mentees_elsewhere(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram", capacity=("2",))
    mentee(world, "Noor")
    decides(world, most_mentees=1)
    matches(world, thomas)
    thomas.types("/mentor review")
    assert "Busy mentors" not in thomas.sees
    announces(world, thomas)
    lena = _lead(world)
    Hands(world, "Sem")
    world.joins("Sem", MENTEE, programme=2)
    matches_in(world, lena)
    lena.types("/mentor review")
    assert "Busy mentors" not in lena.sees
    mentor(world, "Eva", languages=("de",))
    mentee(world, "Kim")
    matches(world, thomas)
    assert left_over(world)["Kim"] == {"busy_elsewhere": 1, "no_common_language": 1}


def test_who_is_full_here_is_called_full_however_few_mentees_they_have_in_all(
    world: World, thomas: Hands
) -> None:
    decides(world, most_mentees=5)
    are_a_pair(world, thomas)
    mentor(world, "Eva", languages=("de",))
    mentee(world, "Kim")
    matches(world, thomas)
    assert left_over(world)["Kim"] == {"capacity": 1, "no_common_language": 1}


def test_mentees_of_a_programme_that_is_over_are_no_load(world: World, thomas: Hands) -> None:
    are_a_pair(world, thomas)
    decides(world, state=ProgrammeState.ARCHIVED)
    lena = _lead(world, most_mentees=1)
    Hands(world, "Sem")
    world.joins("Sem", MENTEE, programme=2)
    matches_in(world, lena)
    assert proposed_in(world) == 1
