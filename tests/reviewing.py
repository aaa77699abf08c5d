"""The middle of a round's story: who takes part, what was proposed, who is paired."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from bot.cards.matching import Announce, ApproveAll
from bot.core.questions import Values
from bot.platforms.local.screen import draw
from storage import dialogues, roles
from storage.models import (
    Delivery,
    Leftover,
    Member,
    Part,
    Participant,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from storage.profiles import INTAKE
from tests.hands import Hands
from tests.world import MENTEE, MENTOR, World

Pairs = set[tuple[str, str]]  # names: mentor, mentee


def mentor(world: World, name: str, locale: str = "en", **answers: Values) -> Hands:
    hands = Hands(world, name, locale)
    world.joins(name, MENTOR | answers)
    return hands


def mentee(world: World, name: str, locale: str = "en", **answers: Values) -> Hands:
    hands = Hands(world, name, locale)
    world.joins(name, MENTEE | answers)
    return hands


def both(world: World, name: str, locale: str = "en", **answers: Values) -> Hands:
    """Somebody who is a mentor and looks for one."""
    hands = Hands(world, name, locale)
    world.joins(name, MENTOR | MENTEE | {"role": ("both",)} | answers)
    return hands


def one_of_each(world: World) -> tuple[Hands, Hands]:
    """Bram mentors and Noor looks for a mentor; they fit."""
    return mentor(world, "Bram"), mentee(world, "Noor")


def many_take_part(world: World, pairs: int) -> None:
    """So many mentors and as many mentees."""
    for number in range(pairs):
        mentor(world, f"Mentor{number}")
        mentee(world, f"Mentee{number}")


def coordinator(
    world: World, name: str = "Thomas", locale: str = "en", programme: int = 1
) -> Hands:
    hands = Hands(world, name, locale)
    with world.database.transaction() as session:
        roles.appoint(session, hands.row, session.get_one(Programme, programme))
    return hands


def changes(world: World, name: str, **about: Any) -> None:
    """What the organisation knows of a person is different from now on."""
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        for field, value in about.items():
            setattr(person, field, value)


def says_now(world: World, name: str, **answers: Values) -> None:
    """Somebody has changed what they answered when they joined the first programme."""
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        mine = dialogues.find(session, person, INTAKE, 1)
        assert mine
        for question, values in answers.items():
            dialogues.keep(session, mine, question, values)


def matches(world: World, thomas: Hands) -> Round:
    """Ask for a round and wait for it."""
    thomas.types("/mentor match")
    world.tick()
    return last_round(world)


def reviews_one_pair(thomas: Hands) -> Hands:
    """In the round that Thomas asked for Bram and Noor are proposed, and nobody else."""
    one_of_each(thomas.world)
    matches(thomas.world, thomas)
    return thomas


def announces(world: World, thomas: Hands) -> None:
    """Approve what is proposed, announce it, and let it be told."""
    thomas.presses(ApproveAll)
    thomas.presses(Announce)
    thomas.presses(Announce)
    world.tick()


def goes_round(world: World, thomas: Hands) -> None:
    """A whole round, from asking to telling."""
    matches(world, thomas)
    announces(world, thomas)


def approves_all(world: World, thomas: Hands) -> None:
    """Everything is ready to be announced; nothing is."""
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.presses(Announce)


def last_round(world: World, programme: int = 1) -> Round:
    query = select(Round).where(Round.programme_id == programme).order_by(col(Round.id).desc())
    return world.rows(query)[0]


def round_states(world: World) -> list[RoundState]:
    """How each round stands, the first one first."""
    return [row.state for row in world.rows(select(Round).order_by(col(Round.id)))]


def proposed(world: World, *states: ProposalState) -> Pairs:
    """The pairs of the last round, in these states or any."""
    names = by_participant(world)
    rows = world.rows(select(Proposal).where(Proposal.round_id == last_round(world).id))
    wanted = states or tuple(ProposalState)
    return {(names[row.mentor_id], names[row.mentee_id]) for row in rows if row.state in wanted}


def by_participant(world: World) -> dict[int, str]:
    people = {person.id: person.name for person in world.rows(select(Person))}
    return {part.id: people[part.person_id] for part in world.rows(select(Participant))}


def paired(world: World) -> Pairs:
    """Who is or was in a mentorship, by name."""
    people = {person.id: person.name for person in world.rows(select(Person))}
    found: dict[int, dict[Part, str]] = {}
    for member in world.rows(select(Member)):
        found.setdefault(member.mentorship_id, {})[member.part] = people[member.person_id]
    return {(pair[Part.MENTOR], pair[Part.MENTEE]) for pair in found.values()}


def waiting(world: World) -> dict[str, str]:
    """Who was told that they wait, and in which words."""
    names = {
        hands.row.id: hands.name for hands in world.people.values() if isinstance(hands, Hands)
    }
    rows = world.rows(select(Delivery).where(col(Delivery.key).startswith("waiting:")))
    return {names[row.person_id or 0]: row.message for row in rows}


def card_of(hands: Hands) -> str:
    """The card somebody sees, undrawn and drawn: everything that could give something away."""
    card = hands.card
    return f"{card!r}\n{draw(card)}" if card else ""


def left_over(world: World, programme: int = 1) -> dict[str, dict[str, int]]:
    """Who has no match in the last round, and what each rule took from them."""
    names = by_participant(world)
    round_ = last_round(world, programme)
    rows = world.rows(select(Leftover).where(Leftover.round_id == round_.id))
    return {names[row.participant_id]: row.reasons for row in rows}


def decides(world: World, programme: int = 1, **about: Any) -> None:
    """The programme is so from now on."""
    with world.database.transaction() as session:
        row = session.get_one(Programme, programme)
        for name, value in about.items():
            setattr(row, name, value)
