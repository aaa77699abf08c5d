"""Whose word counts in a review: coordinators of this programme, on the round that is open."""

from __future__ import annotations

from collections.abc import Callable

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
from storage import roles
from storage.models import (
    AuditEntry,
    Delivery,
    Organisation,
    Person,
    Programme,
    Proposal,
    Round,
    Ruling,
    Vote,
)
from tests.hands import Hands, meanings
from tests.reviewing import (
    announces,
    changes,
    coordinator,
    mentee,
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
