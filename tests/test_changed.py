"""Between the working out of a round and its announcement the world goes on; the bot notices."""

from __future__ import annotations

import pytest

from bot.cards.changed import LeaveOut
from bot.cards.matching import Announce, ApproveAll, RoundSummary
from storage import dialogues
from storage.models import ProposalState
from tests.hands import Hands
from tests.reviewing import (
    card_of,
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


@pytest.fixture
def thomas(world: World) -> Hands:
    """Coordinates Grow, where nobody is matched within a team; two pairs are approved."""
    world.programme(allow_same_team=False)
    thomas = coordinator(world)
    for name, team in (("Bram", "Sales"), ("Eva", "IT")):
        mentor(world, name)
        changes(world, name, department=team)
    for name, team, avoided in (("Noor", "Finance", "Eva"), ("Sem", "Legal", "Bram")):
        others = world.people[avoided]
        assert isinstance(others, Hands)
        mentee(world, name, avoid=(str(others.row.id),))
        changes(world, name, department=team)
    matches(world, thomas)
    thomas.presses(ApproveAll)
    assert proposed(world) == {("Bram", "Noor"), ("Eva", "Sem")}
    return thomas


def test_nothing_changed_and_nothing_is_asked(world: World, thomas: Hands) -> None:
    thomas.presses(Announce)
    thomas.presses(Announce(last_round(world).id, sure=True))
    world.tick()
    assert paired(world) == {("Bram", "Noor"), ("Eva", "Sem")}


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_an_import_that_puts_two_in_one_team_is_seen_before_anybody_hears(
    world: World, thomas: Hands, locale: str
) -> None:
    changes(world, "Thomas", locale=locale)
    changes(world, "Noor", department="Sales")
    thomas.presses(Announce)
    assert "Bram – Noor" in thomas.sees
    assert "Eva" not in thomas.sees
    assert {"en": "in the same team", "nl": "in hetzelfde team"}[locale] in thomas.sees
    thomas.presses(LeaveOut)
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == {("Eva", "Sem")}


def test_what_a_coordinator_keeps_all_the_same_is_announced(world: World, thomas: Hands) -> None:
    changes(world, "Noor", department="Sales")
    thomas.presses(Announce)
    thomas.presses(Announce)
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == {("Bram", "Noor"), ("Eva", "Sem")}


def test_what_changes_once_more_while_the_coordinator_reads_is_shown_too(
    world: World, thomas: Hands
) -> None:
    changes(world, "Noor", department="Sales")
    thomas.presses(Announce)
    thomas.presses(Announce)
    changes(world, "Sem", department="IT")
    thomas.presses(Announce)
    assert "Eva – Sem" in thomas.sees
    world.tick()
    assert paired(world) == set()
    changes(world, "Sem", department="Legal")
    thomas.presses(LeaveOut)
    assert "Eva" not in thomas.sees  # not the mark of the card: what stands is shown again
    assert "Noor" in thomas.sees


def test_the_last_pair_left_out_leaves_nothing_to_announce(world: World, thomas: Hands) -> None:
    changes(world, "Noor", department="Sales")
    changes(world, "Sem", department="IT")
    thomas.presses(Announce)
    thomas.presses(LeaveOut)
    assert proposed(world, ProposalState.APPROVED) == set()
    assert "nothing to announce" in thomas.sees


def test_a_mentor_who_takes_fewer_is_noticed(world: World, thomas: Hands) -> None:
    world.people["Bram"].types("/mentor pause 2 weeks")
    thomas.presses(Announce)
    assert "paused" in thomas.sees
    assert thomas.offers[-1] == RoundSummary(last_round(world).id)


def test_somebody_avoided_since_is_left_out_and_no_card_tells_why(
    world: World, thomas: Hands
) -> None:
    noor, bram = world.people["Noor"], world.people["Bram"]
    assert isinstance(noor, Hands) and isinstance(bram, Hands)
    with world.database.transaction() as session:
        dialogue = dialogues.find(session, noor.row, "intake", 1)
        assert dialogue is not None
        eva = world.people["Eva"]
        assert isinstance(eva, Hands)
        dialogues.keep(session, dialogue, "avoid", (str(eva.row.id), str(bram.row.id)))
    thomas.presses(Announce)
    assert "changed" not in card_of(thomas)
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == {("Eva", "Sem")}
    assert "left, is paused or changed their answers" in thomas.sees
