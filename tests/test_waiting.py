"""Who waits after a round hears it kindly, goes first in the next; and all of it happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.matching import Announce, RoundSummary
from bot.cards.pairs import Approve, ReviewPair
from scheduler import announcing, clock
from storage.models import (
    Delivery,
    Mentorship,
    Participant,
    Person,
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Ruling,
)
from tests.hands import Hands
from tests.reviewing import (
    approves_all,
    both,
    by_participant,
    coordinator,
    goes_round,
    last_round,
    many_take_part,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
    waiting,
)
from tests.world import World

pytestmark = pytest.mark.any_database

[ANNOUNCEMENTS] = [job for job in clock.JOBS if job.name == "announcements"]


def priorities(world: World) -> dict[str, int]:
    names = by_participant(world)
    return {names[part.id]: part.priority for part in world.rows(select(Participant))}


# --- in which words ---


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_without_a_match_people_hear_when_the_next_round_is_and_that_they_go_first(
    world: World, thomas: Hands, locale: str
) -> None:
    mentor(world, "Bram")
    lonely = mentor(world, "Eva", locale, languages=("de",))
    mentee(world, "Noor")
    sem = mentee(world, "Sem", locale, languages=("fr",))
    goes_round(world, thomas)
    assert set(waiting(world)) == {"Eva", "Sem"}
    day = "16 maart" if locale == "nl" else "16 March"
    for hands in (lonely, sem):
        assert day in hands.sees
    first = "Je bent dan als eerste aan de beurt" if locale == "nl" else "first"
    assert priorities(world) == {"Bram": 0, "Eva": 0, "Noor": 0, "Sem": 1}
    if locale == "en":
        assert first in sem.sees
        assert first not in lonely.sees
    assert "2" in thomas.sees.split("people wait")[0]


def test_what_they_hear_names_no_rule_and_nobody_and_is_the_same_for_every_reason(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    mentor(world, "Eva", languages=("de",))
    strange: dict[str, Any] = {"languages": ("fr",)}
    for name, about in (("Noor", {}), ("Sem", {}), ("Kim", strange)):
        mentee(world, name, **about)
    goes_round(world, thomas)
    told = waiting(world)
    texts = {text for name, text in told.items() if name != "Eva"}
    assert len(told) == 3
    assert len(texts) == 1  # no place left, no common language: the same words
    assert not [name for name in world.people if name in " ".join(told.values())]
    assert "language" not in " ".join(told.values()).casefold()


def test_near_the_end_no_round_is_promised(world: World) -> None:
    world.programme(weeks=5, next_round_on=None)
    thomas = coordinator(world)
    mentor(world, "Bram")
    for name in ("Noor", "Sem"):
        mentee(world, name)
    goes_round(world, thomas)
    [text] = waiting(world).values()
    assert "March" not in text
    assert "April" not in text


# --- who does ---


def test_whose_pair_was_not_approved_waits_on_both_sides(world: World, thomas: Hands) -> None:
    for name in ("Bram", "Eva"):
        mentor(world, name)
    for name in ("Noor", "Sem"):
        mentee(world, name)
    matches(world, thomas)
    for action in (ReviewPair, Approve, RoundSummary, Announce, Announce):
        thomas.presses(action)
    world.tick()
    [(head, other)] = paired(world)
    assert set(waiting(world)) == {"Bram", "Eva", "Noor", "Sem"} - {head, other}


def test_a_mentor_without_a_mentor_of_their_own_waits_for_one(world: World, thomas: Hands) -> None:
    both(world, "Bram")
    mentee(world, "Noor")
    goes_round(world, thomas)
    assert paired(world) == {("Bram", "Noor")}
    assert set(waiting(world)) == {"Bram"}
    assert priorities(world) == {"Bram": 1, "Noor": 0}


def test_who_has_a_mentor_is_not_told_that_there_is_none(world: World, thomas: Hands) -> None:
    """Sem offers a place too, which nobody needs."""
    mentor(world, "Bram")
    both(world, "Sem", skills_offered=("welding",))
    goes_round(world, thomas)
    assert paired(world) == {("Bram", "Sem")}
    assert waiting(world) == {}
    mentor(world, "Eva", languages=("de",))
    mentee(world, "Kim", languages=("de",))
    goes_round(world, thomas)
    assert ("Eva", "Kim") in paired(world)
    assert waiting(world) == {}
    assert priorities(world)["Sem"] == 0


def test_who_is_paused_hears_nothing_and_is_told_of_the_next_round(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    noor, sem = mentee(world, "Noor"), mentee(world, "Sem")
    matches(world, thomas)
    [(_, matched)] = proposed(world)
    lonely = sem if matched == "Noor" else noor
    lonely.types("/mentor pause 1-4-2026")
    heard = len(lonely.received)
    thomas.clicks("Approve all")
    thomas.presses(Announce)
    thomas.presses(Announce)
    world.tick()
    assert waiting(world) == {}
    assert len(lonely.received) == heard


def test_who_waited_is_matched_first_in_the_next_round_and_then_waits_no_more(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor", skills_wanted=("presenting", "coaching"))
    mentee(world, "Sem", skills_wanted=("python",))
    goes_round(world, thomas)
    assert paired(world) == {("Bram", "Noor")}
    mentor(world, "Eva")
    mentee(world, "Kim", skills_wanted=("presenting", "coaching"))
    goes_round(world, thomas)
    assert paired(world) == {("Bram", "Noor"), ("Eva", "Sem")}
    assert priorities(world) == {"Bram": 0, "Noor": 0, "Sem": 0, "Eva": 0, "Kim": 1}


# --- once ---


def test_announcing_twice_is_announcing_once(world: World, thomas: Hands) -> None:
    bram, noor = mentor(world, "Bram"), mentee(world, "Noor")
    mentee(world, "Sem")
    approves_all(world, thomas)
    thomas.presses(Announce)
    for _ in range(3):
        thomas.again()
        thomas.forges(Announce(1, sure=True))
        world.tick()
    assert len(world.rows(select(Mentorship))) == 1
    assert len(bram.received) == 1
    assert len(noor.received) == 1
    assert len(waiting(world)) == 1
    assert max(priorities(world).values()) == 1
    assert last_round(world).state is RoundState.ANNOUNCED
    [programme] = world.rows(select(Programme))
    assert programme.state is ProgrammeState.RUNNING
    assert not world.rows(select(Ruling))
    told = [row for row in world.rows(select(Delivery)) if "round-announced" in row.key]
    assert len(told) == 1


def test_a_hundred_and_twenty_pairs_are_told_in_batches_each_of_them_once(
    world: World, thomas: Hands
) -> None:
    many_take_part(world, 120)
    approves_all(world, thomas)
    thomas.presses(Announce)
    batches = []
    while last_round(world).state is RoundState.ANNOUNCING:
        with world.database.transaction() as session:
            batches.append(announcing.announce(session, world.now, world.content))
    assert batches == [50, 50, 20, 1]
    told = [row.key for row in world.rows(select(Delivery)) if row.key.startswith("announced:")]
    assert len(told) == len(set(told)) == 240
    assert len(paired(world)) == 120


def test_what_a_crash_interrupts_goes_on_where_it_was(world: World, thomas: Hands) -> None:
    for name in ("Bram", "Eva", "Max"):
        mentor(world, name)
    for name in ("Noor", "Sem", "Kim"):
        mentee(world, name)
    approves_all(world, thomas)
    thomas.presses(Announce)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(announcing, "BATCH", 1)
        with world.database.transaction() as session:
            announcing.announce(session, world.now, world.content)
        with pytest.raises(ZeroDivisionError), world.database.transaction() as session:
            announcing.announce(session, world.now, world.content)
            raise ZeroDivisionError
    assert len(paired(world)) == 1
    assert len([r for r in world.rows(select(Delivery)) if r.key.startswith("announced:")]) == 2
    world.tick()
    assert len(paired(world)) == 3
    assert len([r for r in world.rows(select(Delivery)) if r.key.startswith("announced:")]) == 6


def test_several_processes_announce_each_pair_once(world: World, thomas: Hands) -> None:
    many_take_part(world, 12)
    approves_all(world, thomas)
    thomas.presses(Announce)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(4) as threads:
        patch.setattr(announcing, "BATCH", 3)
        for _ in range(8):
            jobs = [
                threads.submit(
                    clock.run_job, world.database, ANNOUNCEMENTS, world.content, world.now
                )
                for _ in range(4)
            ]
            assert all(job.exception() is None for job in jobs)
    assert last_round(world).state is RoundState.ANNOUNCED
    assert len(world.rows(select(Mentorship))) == len(paired(world)) == 12
    told = [row for row in world.rows(select(Delivery)) if row.key.startswith("announced:")]
    assert len(told) == 24


def test_whoever_acts_at_that_very_moment_is_announced_a_moment_later(
    world: World, thomas: Hands
) -> None:
    if world.database.is_sqlite:
        return  # there one transaction waits for the other
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    mentor(world, "Eva")
    mentee(world, "Sem")
    approves_all(world, thomas)
    thomas.presses(Announce)
    with world.database.transaction() as acting:
        session_person = select(Person).where(Person.id == noor.row.id)
        acting.exec(session_person.with_for_update(key_share=True)).one()
        world.tick()
        assert len(paired(world)) == 1
        assert last_round(world).state is RoundState.ANNOUNCING
    world.tick()
    assert len(paired(world)) == 2
    assert last_round(world).state is RoundState.ANNOUNCED
    states = {row.state for row in world.rows(select(Proposal))}
    assert states == {ProposalState.ANNOUNCED}
    assert len(world.rows(select(Round))) == 1
