"""The middle of a story about wishes: a programme in which people are asked."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.cards.wishes import EditWishes, SaveWishes
from bot.cards.wishings import CloseWishing, OpenWishing, PlanWishing
from bot.core.questions import Values
from storage.models import Participant, Person, Suggestion, Wish, Wisher, Wishing
from tests.hands import Hands
from tests.reviewing import by_participant
from tests.world import World

Wishes = list[tuple[str, int, str]]  # whom, rank, reason


def asks(thomas: Hands, **choices: str | Values) -> None:
    """The coordinator opens a wishing, and it goes out."""
    thomas.types("/mentor wishes")
    thomas.presses(PlanWishing, **choices)
    thomas.presses(OpenWishing)
    thomas.world.tick()


def closes(thomas: Hands) -> None:
    thomas.types("/mentor wishes")
    thomas.presses(CloseWishing)
    thomas.presses(CloseWishing)
    thomas.world.tick()


def wishes(hands: Hands, *names: str, **more: str | Values) -> None:
    """Put these candidates, known by name, in this order; the rest is as given."""
    opens(hands)
    fields = fields_of(hands)
    ranks = {f"rank_{fields[name]}": str(n) for n, name in enumerate(names, 1)}
    hands.presses(SaveWishes, **ranks, **more)


def opens(hands: Hands) -> None:
    hands.types("/mentor wishes mine")
    hands.presses(EditWishes)


def fields_of(hands: Hands) -> dict[str, str]:
    """The inputs of a person's suggestions and wishes, by the name of whom they are about."""
    world = hands.world
    names = by_participant(world)
    people = {person.id: person.name for person in world.rows(select(Person))}
    found = {names[s.other_id]: f"s{s.id}" for s in suggestions(world, hands.name)}
    for wish in world.rows(select(Wish)):
        if names[wish.participant_id] == hands.name:
            found.setdefault(people[wish.person_id], f"w{wish.id}")
    return found


def suggestions(world: World, name: str) -> list[Suggestion]:
    """Whom somebody is shown in the last wishing."""
    last = max(wishing.id for wishing in world.rows(select(Wishing)))
    names = by_participant(world)
    rows = world.rows(select(Suggestion).where(Suggestion.wishing_id == last))
    return [row for row in rows if names[row.participant_id] == name]


def shown(world: World, name: str) -> set[str]:
    names = by_participant(world)
    return {names[row.other_id] for row in suggestions(world, name)}


def kept(world: World, name: str) -> Wishes:
    """What is kept of somebody's wishes."""
    names = by_participant(world)
    people = {person.id: person.name for person in world.rows(select(Person))}
    rows = [w for w in world.rows(select(Wish)) if names[w.participant_id] == name]
    return [(people[w.person_id], w.rank, w.reason) for w in sorted(rows, key=lambda w: w.rank)]


def wishers(world: World) -> dict[str, Wisher]:
    names = by_participant(world)
    return {names[row.participant_id]: row for row in world.rows(select(Wisher))}


def participant(world: World, name: str) -> Participant:
    names = by_participant(world)
    return next(p for p in world.rows(select(Participant)) if names[p.id] == name)


def a_day(world: World) -> None:
    """Until the same hour tomorrow."""
    world.passes(timedelta(hours=1), days=1)
