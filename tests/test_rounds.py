"""A matching round: asked for in a moment, computed by a job, heard of by its coordinators only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot.cards.matching import Announce, ApproveAll, LeftOut, Rerun, RoundSummary
from bot.cards.pairs import ReviewPair
from scheduler import clock
from storage.models import (
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from tests.hands import Hands
from tests.reviewing import (
    announces,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World

# --- asked for, computed, told ---


def test_a_round_is_computed_by_a_job_and_only_its_coordinators_hear_of_it(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost", "nl")
    bram, noor = mentor(world, "Bram"), mentee(world, "Noor", "nl")
    thomas.types("/mentor match")
    assert last_round(world).state is RoundState.REQUESTED
    assert not world.rows(select(Proposal))

    world.tick()
    assert last_round(world).state is RoundState.REVIEW
    for hands in (thomas, joost):
        assert {ReviewPair(1), ApproveAll(1), Rerun(1)} <= set(hands.offers)
    assert (thomas.buttons[1], joost.buttons[1]) == ("Approve all", "Alles goedkeuren")
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}

    for _ in range(3):
        world.passes(days=1)
    assert bram.received == noor.received == []
    assert len(joost.received) == 1


def test_nothing_is_told_before_announce_whatever_the_coordinator_looks_at(
    world: World, thomas: Hands
) -> None:
    people = [mentor(world, "Bram"), mentee(world, "Noor"), mentee(world, "Sem", locale="nl")]
    matches(world, thomas)
    for action in (LeftOut(1), RoundSummary(1), ReviewPair(1), RoundSummary(1)):
        thomas.presses(action)
    thomas.presses(ApproveAll)
    thomas.presses(Announce)  # "Are you sure?"
    world.passes(days=2)
    assert [hands.received for hands in people] == [[], [], []]


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("who", [(), (mentor,), (mentee,)])
def test_without_both_sides_there_is_no_round_and_the_coordinator_reads_why(
    world: World, locale: str, who: tuple[Callable[[World, str], Hands], ...]
) -> None:
    world.programme()
    thomas = coordinator(world, locale=locale)
    for joins in who:
        joins(world, "Bram")
    thomas.types("/mentor match")
    world.tick()
    assert not world.rows(select(Round))
    assert f"{int(mentor in who)}" in thomas.sees
    assert f"{int(mentee in who)}" in thomas.sees


def test_who_is_paused_or_full_is_nobody_to_match(world: World, thomas: Hands) -> None:
    bram = mentor(world, "Bram")
    mentee(world, "Noor")
    bram.types("/mentor pause until 1 April")
    thomas.types("/mentor match")
    assert not world.rows(select(Round))
    bram.types("/mentor resume")
    announces(world, _matched(world, thomas))
    mentee(world, "Sem")
    thomas.types("/mentor match")
    assert len(world.rows(select(Round))) == 1


def _matched(world: World, thomas: Hands) -> Hands:
    matches(world, thomas)
    return thomas


def test_in_the_channel_the_answer_stays_private(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    thomas.types("/mentor match", "#mentoring")
    world.tick()
    assert last_round(world).state is RoundState.REVIEW
    assert "Bram" not in thomas.sees_in("#mentoring")
    assert ApproveAll(1) in thomas.offers


# --- asked for again ---


def test_asking_twice_while_one_waits_gives_one_round(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    for _ in range(3):
        thomas.types("/mentor match")
    thomas.again()  # the same event once more
    world.tick()
    assert [row.number for row in world.rows(select(Round))] == [1]
    assert len(thomas.received) == 1


def test_asking_again_under_review_gives_a_new_round_that_keeps_what_was_approved(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram", capacity=("2",))
    mentor(world, "Eva")
    for name in ("Noor", "Sem"):
        mentee(world, name)
    matches(world, thomas)
    thomas.presses(ApproveAll)
    before = proposed(world)
    mentee(world, "Kim", skills_wanted=("coaching",))
    matches(world, thomas)
    assert [row.state for row in world.rows(select(Round))] == [
        RoundState.REPLACED,
        RoundState.REVIEW,
    ]
    assert proposed(world, ProposalState.APPROVED) == before
    assert len(proposed(world)) == 3


def test_a_round_waits_until_an_earlier_one_has_been_announced(world: World, thomas: Hands) -> None:
    """Else people whose pair is about to be told would be matched a second time."""
    mentor(world, "Bram", capacity=("2",))
    mentor(world, "Eva")
    mentee(world, "Noor")
    matches(world, thomas)
    for action in (ApproveAll, Announce, Announce):
        thomas.presses(action)
    thomas.types("/mentor match")
    for _ in range(3):
        world.tick()
    assert [row.state for row in world.rows(select(Round))] == [
        RoundState.ANNOUNCED,
        RoundState.REVIEW,
    ]
    assert len(paired(world)) == 1
    assert proposed(world) == set()  # Noor has a mentor


def test_two_coordinators_who_ask_at_the_same_moment_get_one_round(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost")
    mentor(world, "Bram")
    mentee(world, "Noor")
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda hands: hands.types("/mentor match"), (thomas, joost)))
    world.tick()
    assert [row.number for row in world.rows(select(Round))] == [1]
    assert len(joost.received) == len(thomas.received) == 1


def test_two_processes_compute_a_round_once(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    thomas.types("/mentor match")
    [job] = [job for job in clock.LONG_JOBS if job.name == "rounds"]
    with ThreadPoolExecutor(4) as threads:
        done = threads.map(
            lambda _: clock.run_long_job(world.database, job, lambda: world.now, lambda: False),
            range(4),
        )
    assert sum(done) == 1
    assert len(world.rows(select(Proposal))) == 1
    assert len(thomas.received) == 1


def test_who_joins_while_a_round_is_under_review_comes_in_the_next(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    matches(world, thomas)
    mentor(world, "Eva")
    mentee(world, "Sem")
    announces(world, thomas)
    assert paired(world) == {("Bram", "Noor")}
    announces(world, _matched(world, thomas))
    assert paired(world) == {("Bram", "Noor"), ("Eva", "Sem")}
