"""Two mentees exchange mentors: the cost is told before, and a rule that forbids it is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.cards.matching import Announce, Rerun
from bot.cards.pairs import (
    Approve,
    Exchange,
    Exchanges,
    FindExchange,
    Keep,
    ListPairs,
    OpenPair,
    Swap,
    Unapprove,
)
from bot.core.messages import Ask
from storage import dialogues
from storage.models import AuditEntry, Dialogue, Person, Programme, Proposal, ProposalState, Ruling
from tests.hands import Hands
from tests.reviewing import (
    by_participant,
    changes,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World

pytestmark = pytest.mark.any_database

APPROVED = ProposalState.APPROVED


@pytest.fixture
def thomas(world: World, thomas: Hands) -> Hands:
    """Reviews a round in which Bram mentors Noor and Eva mentors Sem."""
    mentor(world, "Bram", skills_offered=("presenting", "coaching"))
    mentor(world, "Eva", skills_offered=("python", "coaching"))
    mentee(world, "Noor", skills_wanted=("presenting", "coaching"))
    mentee(world, "Sem", skills_wanted=("python", "coaching"))
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Noor"), ("Eva", "Sem")}
    return thomas


def pair_of(world: World, name: str) -> int:
    """The proposal that this mentee is in now."""
    names = by_participant(world)
    rows = world.rows(select(Proposal).where(Proposal.round_id == last_round(world).id))
    live = [row for row in rows if row.state is not ProposalState.EXCHANGED]
    return next(row.id for row in live if names[row.mentee_id] == name)


def looks(world: World, thomas: Hands, name: str = "Noor") -> None:
    """Turn to this mentee's pair, and ask with whom they could exchange."""
    thomas.types("/mentor review")
    thomas.presses(ListPairs)
    thomas.presses(OpenPair(pair_of(world, name)))
    thomas.presses(Exchanges)


def total(world: World) -> float:
    rows = world.rows(select(Proposal))
    return sum(row.score for row in rows if row.state is not ProposalState.EXCHANGED)


def test_an_exchange_costs_what_was_said_and_stays(world: World, thomas: Hands) -> None:
    before = total(world)
    looks(world, thomas)
    thomas.presses(Exchange)
    cost = float(thomas.sees.split("loses ")[1].split(" points")[0])
    assert proposed(world, APPROVED) == set()
    thomas.presses(Exchange)
    assert "Noor and Sem have exchanged mentors." in thomas.sees
    assert proposed(world, APPROVED) == {("Eva", "Noor"), ("Bram", "Sem")}
    assert (before - total(world)) * 100 == pytest.approx(cost, abs=0.051)
    thomas.types("/mentor review")
    thomas.presses(Rerun)
    world.tick()
    assert proposed(world) == {("Eva", "Noor"), ("Bram", "Sem")}
    thomas.types("/mentor review")
    for _ in range(2):
        thomas.presses(Announce)
    world.tick()
    assert paired(world) == {("Eva", "Noor"), ("Bram", "Sem")}


def test_an_exchange_can_be_exchanged_back(world: World, thomas: Hands) -> None:
    for _ in range(2):
        looks(world, thomas)
        thomas.presses(FindExchange, name="sem")
        thomas.presses(Exchange)
    live = {(m, n) for m, n in proposed(world, APPROVED)}
    assert live == {("Bram", "Noor"), ("Eva", "Sem")}
    assert len(world.rows(select(Proposal))) == 4


def test_an_older_card_of_a_pair_that_was_exchanged_approves_nothing(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost")
    old = pair_of(world, "Noor")
    joost.types("/mentor review")
    joost.presses(ListPairs)
    joost.presses(OpenPair(old))
    looks(world, thomas)
    thomas.presses(Exchange)
    thomas.presses(Exchange)
    thomas.presses(Unapprove)
    joost.presses(Approve)
    assert "Noor has got another mentor meanwhile" in joost.sees
    assert "Eva mentors Noor" in joost.sees
    assert ("Eva", "Noor") not in proposed(world, APPROVED)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type a name."),
        ("Nobody", "I know no other mentee"),
        ("Noor", "I know no other mentee"),  # the mentee herself
        ("<!channel>", "I know no other mentee"),
        ("%", "I know no other mentee"),
        ("🎉" * 10_000, "under 61 characters"),
        ("m", "Several mentees are called that: Kim, Sem."),
    ],
)
def test_a_name_that_names_nobody_is_told_beside_the_field(
    world: World, thomas: Hands, typed: str, said: str
) -> None:
    mentor(world, "Max")
    mentee(world, "Kim")
    thomas.types("/mentor review")
    thomas.presses(Rerun)
    world.tick()
    looks(world, thomas)
    thomas.presses(FindExchange, name=typed)
    assert thomas.card is not None
    assert said in thomas.card.all(Ask)[0].error


def avoids(world: World) -> None:
    """Noor told the solver that it must not be Eva."""
    with world.database.transaction() as session:
        ids = {person.name: person.id for person in session.exec(select(Person))}
        mine = session.exec(select(Dialogue).where(Dialogue.person_id == ids["Noor"])).one()
        dialogues.keep(session, mine, "avoid", (str(ids["Eva"]),))


def too_high_a_floor(world: World) -> None:
    with world.database.transaction() as session:
        session.get_one(Programme, 1).floor = 0.99


def reports(world: World) -> None:
    changes(world, "Noor", manager_id=world.rows(select(Person).where(Person.name == "Eva"))[0].id)


def speaks_german(world: World) -> None:
    with world.database.transaction() as session:
        eva = session.exec(select(Person).where(Person.name == "Eva")).one()
        mine = session.exec(select(Dialogue).where(Dialogue.person_id == eva.id)).one()
        dialogues.keep(session, mine, "languages", ("de",))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (reports, "The rule that forbids it: above or below them in the reporting line."),
        (speaks_german, "The rule that forbids it: no language in common."),
        (avoids, "They do not fit well enough within the rules of this programme."),
        (too_high_a_floor, "They do not fit well enough within the rules of this programme."),
    ],
)
def test_what_a_rule_forbids_is_refused_by_name_and_what_is_private_in_general_words(
    world: World, thomas: Hands, why: Callable[[World], None], said: str
) -> None:
    one, other = pair_of(world, "Noor"), pair_of(world, "Sem")
    eva = next(row.mentor_id for row in world.rows(select(Proposal)) if row.id == other)
    why(world)
    looks(world, thomas)
    assert not any(isinstance(action, Exchange) for action in thomas.offers)
    before = proposed(world)
    for action in (Exchange(one, other), Exchange(one, other, sure=True), Swap(one, eva)):
        answer = repr(thomas.forges(action))
        assert f"Eva and Noor cannot be a pair. {said}" in answer
        assert "%" not in answer
    assert proposed(world) == before
    assert not any("avoid" in entry.did for entry in world.rows(select(AuditEntry)))
    assert last_round(world).number == 1


def test_made_up_exchanges_change_nothing(world: World, thomas: Hands) -> None:
    one = pair_of(world, "Noor")
    before = [row.model_dump() for row in world.rows(select(Proposal))]
    for other in (one, 0, -1, 999, 2**31 - 1):
        assert thomas.forges(Exchange(one, other, sure=True)) is not None
        assert thomas.forges(Exchange(other, one, sure=True)) is not None
    assert [row.model_dump() for row in world.rows(select(Proposal))] == before


def test_a_pair_that_is_kept_stays_in_every_round_without_being_approved(
    world: World, thomas: Hands
) -> None:
    """Max would suit Noor as well as Bram does: from a certain moment on it is one of them."""
    looks(world, thomas)
    thomas.presses(OpenPair)
    thomas.presses(Keep)
    assert "kept together" in thomas.sees
    mentor(world, "Max", skills_offered=("presenting", "coaching"), interests=("music",))
    for _ in range(2):
        thomas.types("/mentor review")
        thomas.presses(Rerun)
        world.tick()
        assert ("Bram", "Noor") in proposed(world, ProposalState.PROPOSED)
    thomas.types("/mentor review")
    thomas.presses(ListPairs)
    thomas.presses(OpenPair(pair_of(world, "Noor")))
    thomas.presses(Keep)
    assert "kept together" not in thomas.sees
    assert world.rows(select(Ruling)) == []
