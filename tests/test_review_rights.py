"""Whose word counts in a review: coordinators of this programme, on the round that is open."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot.cards.approving import ApproveFrom, CountFrom
from bot.cards.matching import (
    Announce,
    ApproveAll,
    AskScore,
    LeftOut,
    ListRulings,
    Rerun,
    RoundSummary,
    TakeBack,
)
from bot.cards.pairs import (
    Approve,
    AskForbid,
    Exchange,
    Exchanges,
    FilterPairs,
    FindExchange,
    Forbid,
    Keep,
    ListPairs,
    OpenPair,
    OtherChoices,
    ReviewPair,
    ShowPairs,
    Swap,
    Unapprove,
    VoteNo,
)
from bot.cards.rulings import Lift
from bot.core.actions import Action, RunCommand
from storage import roles, rounds
from storage.models import (
    AuditEntry,
    Delivery,
    Organisation,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Ruling,
    Vote,
)
from tests.hands import Hands, meanings
from tests.reviewing import (
    announces,
    changes,
    coordinator,
    last_round,
    mentee,
    mentor,
    paired,
    proposed,
    reviews_one_pair,
)
from tests.world import World

pytestmark = pytest.mark.any_database

EVERY: dict[str, Callable[[int], Action]] = {
    "look at a pair": ReviewPair,
    "approve": Approve,
    "approve all": ApproveAll,
    "ask from which score": AskScore,
    "count from a score": lambda id_: CountFrom(id_, 50),
    "approve from a score": lambda id_: ApproveFrom(id_, 50),
    "take all back": lambda id_: TakeBack(id_, 1, 9),
    "list": ListPairs,
    "choose which": FilterPairs,
    "show these": ShowPairs,
    "rulings": ListRulings,
    "lift": lambda id_: Lift(id_, 1),
    "open": OpenPair,
    "vote no": VoteNo,
    "keep": Keep,
    "ask why": AskForbid,
    "exchanges": Exchanges,
    "find somebody": FindExchange,
    "exchange": lambda id_: Exchange(id_, 1),
    "exchange for good": lambda id_: Exchange(id_, 1, sure=True),
    "take back": Unapprove,
    "forbid": Forbid,
    "other choices": OtherChoices,
    "swap": lambda id_: Swap(id_, 1),
    "run again": Rerun,
    "left out": LeftOut,
    "overview": RoundSummary,
    "announce": Announce,
    "announce now": lambda id_: Announce(id_, sure=True),
}


@pytest.fixture
def thomas(thomas: Hands) -> Hands:
    """Reviews a round in which one pair is proposed: Bram and Noor."""
    return reviews_one_pair(thomas)


def standing(world: World) -> list[object]:
    """Everything that a review could change."""
    found: list[object] = []
    for table in (Round, Proposal, Vote, Ruling, Delivery):
        found += [row.model_dump() for row in world.rows(select(table))]
    return found


def a_participant(world: World) -> Hands:
    noor = world.people["Noor"]
    assert isinstance(noor, Hands)
    return noor


def somebody_from_another_programme(world: World) -> Hands:
    return coordinator(world, "Joost", programme=world.programme("Lead"))


def somebody_from_another_organisation(world: World) -> Hands:
    """With the same chat service, as an admin there."""
    joost = Hands(world, "Joost")
    with world.database.transaction() as session:
        elsewhere = Organisation(name="Elders")
        session.add(elsewhere)
        session.flush()
        person = session.get_one(Person, joost.row.id)
        person.organisation_id = elsewhere.id
        roles.appoint(session, person, None)
    return joost


@pytest.mark.parametrize(
    "who",
    [a_participant, somebody_from_another_programme, somebody_from_another_organisation],
)
def test_who_does_not_run_this_programme_changes_and_learns_nothing(
    world: World, thomas: Hands, who: Callable[[World], Hands]
) -> None:
    stranger = who(world)
    before = standing(world)
    for number, (what, action) in enumerate(EVERY.items(), 1):
        answer = stranger.forges(action(1))
        assert standing(world) == before, what
        assert answer is not None, what
        assert "Bram" not in repr(answer), what
        assert all(isinstance(each, RunCommand) for each in meanings(answer)), what
        noted = world.rows(select(AuditEntry).where(AuditEntry.person_id == stranger.row.id))
        assert len(noted) == number, what
        assert not noted[-1].allowed, what
        assert thomas.name not in noted[-1].did + noted[-1].subject, what


def test_who_is_no_coordinator_any_more_can_do_nothing_either(world: World, thomas: Hands) -> None:
    with world.database.transaction() as session:
        roles.dismiss(
            session, session.get_one(Person, thomas.row.id), session.get_one(Programme, 1)
        )
    before = standing(world)
    thomas.presses(ApproveAll)
    assert standing(world) == before


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("command", ["match", "review"])
def test_a_participant_who_types_a_coordinators_command_is_refused_kindly(
    world: World, locale: str, command: str
) -> None:
    world.programme()
    noor = mentee(world, "Noor", locale)
    noor.types(f"/mentor {command}")
    assert meanings(noor.card) == [RunCommand("home")]
    assert not world.rows(select(Round))


@pytest.mark.parametrize("number", [0, -1, 999, 2**31, 2**63, 10**30])
def test_a_made_up_number_names_nothing(world: World, thomas: Hands, number: int) -> None:
    before = standing(world)
    for what, action in EVERY.items():
        assert thomas.forges(action(number)) is not None, what
        assert standing(world) == before, what


@pytest.mark.parametrize("number", [0, -1, 2, 3, 999, 2**31, 2**63])
def test_only_a_mentor_of_this_programme_can_be_put_in_the_place(
    world: World, thomas: Hands, number: int
) -> None:
    """Participant 2 is Noor herself, 3 a mentor of another programme."""
    world.programme("Lead")
    mentor_elsewhere = Hands(world, "Eva")
    world.joins("Eva", {"role": ("mentor",), "rhythm": ("weekly",)}, programme=2)
    assert mentor_elsewhere.takes_part(2)
    before = standing(world)
    thomas.forges(Swap(1, number))
    assert standing(world) == before


# --- a round that is over ---


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_card_of_a_round_that_is_over_says_so_and_leads_to_the_review(
    world: World, thomas: Hands, locale: str
) -> None:
    changes(world, "Thomas", locale=locale)
    thomas.presses(Rerun)
    world.tick()
    before = standing(world)
    for what, action in EVERY.items():
        assert meanings(thomas.forges(action(1))) == [RunCommand("review")], what
        assert standing(world) == before, what
    thomas.types("/mentor review")
    assert ApproveAll(2) in thomas.offers

    announces(world, thomas)
    before = standing(world)
    one = max(row.id for row in world.rows(select(Proposal)))
    for what, action in EVERY.items():
        id_ = one if "proposal" in vars(action(one)) else 2
        assert meanings(thomas.forges(action(id_))) == [RunCommand("review")], what
        assert standing(world) == before, what
    thomas.types("/mentor review")
    assert meanings(thomas.card) == [RunCommand("match")]


# --- at the same moment ---


def test_two_coordinators_who_announce_at_the_same_moment_announce_once(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost")
    thomas.presses(ApproveAll)
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(lambda hands: hands.forges(Announce(1, sure=True)), (thomas, joost))
        )
    over = [meanings(answer) == [RunCommand("review")] for answer in answers]
    assert sorted(over) == [False, True]
    world.tick()
    assert paired(world) == {("Bram", "Noor")}
    announcing = [row for row in world.rows(select(AuditEntry)) if row.did == "announced"]
    assert len(announcing) == 1
    for name in ("Bram", "Noor"):
        hands = world.people[name]
        assert isinstance(hands, Hands)
        assert len(hands.received) == 1


def test_what_one_announces_another_cannot_match_again_or_approve_meanwhile(
    world: World, thomas: Hands
) -> None:
    """All at once, again and again: a round is announced or replaced, never both."""
    joost = coordinator(world, "Joost")
    for name in ("Eva", "Max"):
        mentor(world, name)
    for name in ("Sem", "Kim"):
        mentee(world, name)
    deeds = (
        (thomas, lambda id_: Announce(id_, sure=True)),
        (joost, Rerun),
        (thomas, ApproveAll),
        (joost, lambda id_: Announce(id_, sure=True)),
    )
    for _ in range(4):
        thomas.types("/mentor match")
        world.tick()
        id_ = last_round(world).id
        thomas.forges(ApproveAll(id_))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda deed: deed[0].forges(deed[1](id_)), deeds))  # noqa: B023
        for _ in range(3):
            world.tick()
    mentees = [pair[1] for pair in paired(world)]
    assert len(mentees) == len(set(mentees)) == 3
    announced = [row.round_id for row in world.rows(select(Proposal)) if row.state == "announced"]
    states = {row.id: row.state for row in world.rows(select(Round))}
    assert {states[id_] for id_ in announced} == {RoundState.ANNOUNCED}
    assert all(
        row.state is not ProposalState.APPROVED or states[row.round_id] is not RoundState.ANNOUNCED
        for row in world.rows(select(Proposal))
    )


def test_a_round_is_read_again_when_it_is_held(world: World, thomas: Hands) -> None:
    """Somebody else may have announced it between the first look and the lock."""
    if world.database.is_sqlite:
        return  # there one transaction waits for the other from its first look on
    with world.database.transaction() as session:
        assert session.get_one(Round, 1).state is RoundState.REVIEW
        with world.database.transaction() as other:
            other.get_one(Round, 1).state = RoundState.ANNOUNCING
        held = rounds.locked(session, 1)
        assert held is not None
        assert held.state is RoundState.ANNOUNCING
        programme = session.get_one(Programme, 1)
        rounds.request(session, programme, session.get_one(Person, thomas.row.id), world.now)
    assert [row.state for row in world.rows(select(Round))] == [
        RoundState.ANNOUNCING,
        RoundState.REQUESTED,
    ]
    assert proposed(world) == set()
