"""Who waits for a mentor: their place, who goes first, and newcomers for whom there is room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.hands import Hands, commands
from tests.reviewing import coordinator, goes_round, mentee, mentor, paired
from tests.world import World


@pytest.fixture
def thomas(world: World) -> Hands:
    """Coordinates Grow: one mentor for three mentees, announced once."""
    world.programme(weeks=40)
    thomas = coordinator(world)
    mentor(world, "Bram")
    for name in ("Noor", "Sem", "Yara"):
        mentee(world, name)
    goes_round(world, thomas)
    return thomas


def alone(world: World) -> list[Hands]:
    [(_, matched)] = paired(world)
    names = [name for name in ("Noor", "Sem", "Yara") if name != matched]
    return [hands for name in names if isinstance(hands := world.people[name], Hands)]


@pytest.mark.usefixtures("thomas")
def test_everybody_sees_their_own_place_and_who_has_a_mentor_sees_none(world: World) -> None:
    first, second = alone(world)
    for place, person in ((1, first), (2, second)):
        person.types("/mentor status")
        assert f"waiting list: {place}." in person.sees
    [(_, matched)] = paired(world)
    world.people[matched].types("/mentor status")
    assert "waiting list" not in world.people[matched].sees


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_the_coordinator_sees_who_waits_since_when_and_that_nobody_has_room(
    world: World, thomas: Hands, locale: str
) -> None:
    first, second = alone(world)
    if locale == "nl":
        thomas.types("/mentor language nl")
    thomas.types("/mentor waiting" if locale == "en" else "/mentor wachtlijst")
    assert thomas.sees.index(f"1. {first.name}") < thomas.sees.index(f"2. {second.name}")
    assert {"en": "1 round waited", "nl": "1 ronde gewacht"}[locale] in thomas.sees
    assert {"en": "No mentor has room", "nl": "Geen enkele mentor"}[locale] in thomas.sees
    assert commands(thomas.card) == []


def test_who_waited_longest_gets_the_next_place_and_leaves_the_list(
    world: World, thomas: Hands
) -> None:
    first, second = alone(world)
    mentee(world, "Kim")
    world.passes(timedelta(hours=12), days=1)
    mentor(world, "Eva")
    goes_round(world, thomas)
    others = {name for _, name in paired(world)}
    assert "Kim" not in others
    assert len(others & {first.name, second.name}) == 1
    thomas.types("/mentor waiting")
    assert "2 people look for a mentor" in thomas.sees
    [left] = [person for person in (first, second) if person.name not in others]
    assert f"1. {left.name}" in thomas.sees
    assert "2 rounds waited" in thomas.sees


def test_newcomers_are_told_of_once_when_there_is_room_and_the_paired_stay(
    world: World, thomas: Hands
) -> None:
    before = paired(world)
    world.passes(timedelta(hours=12), days=2)
    heard = len(thomas.received)
    mentor(world, "Eva", capacity=("3",))
    kim = mentee(world, "Kim", "nl")
    world.passes(timedelta(hours=12), days=3)
    news = [message for message in thomas.received[heard:] if "joined Grow" in message]
    assert len(news) == 1
    world.passes(timedelta(hours=12), days=9)
    news = [message for message in thomas.received[heard:] if "joined Grow" in message]
    assert len(news) == 1
    goes_round(world, thomas)
    assert before < paired(world)
    assert ("Eva", kim.name) in paired(world)


def test_without_room_or_with_a_round_at_hand_nobody_is_told(world: World, thomas: Hands) -> None:
    heard = len(thomas.received)
    mentee(world, "Kim")
    world.passes(timedelta(hours=12), days=2)
    assert not any("joined Grow" in message for message in thomas.received[heard:])


def test_an_empty_list_is_calm(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    thomas.types("/mentor waiting")
    assert "Nobody in Grow waits" in thomas.sees
