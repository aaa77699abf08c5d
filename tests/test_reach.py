"""What belongs to whom: others are refused with a kind word, and see nothing of it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.joining import Leave
from bot.cards.questions import Reply, TellMore
from bot.core.actions import Expired
from handlers.router import Audience, router
from storage.models import (
    AuditEntry,
    Dialogue,
    Organisation,
    Person,
    Round,
)
from tests.hands import Hands, commands
from tests.world import World

THEIRS = [
    entry.name
    for entry in router.commands.values()
    if entry.access.audience is Audience.COORDINATORS
]


# --- what is not theirs ---


@pytest.mark.parametrize("name", THEIRS)
def test_what_is_a_coordinators_is_refused_to_others_with_a_kind_word_and_noted(
    noor: Hands, name: str
) -> None:
    noor.types(f"/mentor {name}")
    assert commands(noor.card) == [("home", "")]
    assert "coordinator" in noor.sees
    [entry] = noor.world.rows(select(AuditEntry))
    assert (entry.person_id, entry.allowed) == (noor.row.id, False)
    assert name in entry.did
    assert noor.world.rows(select(Round)) == []


def test_a_coordinator_of_one_programme_cannot_run_another(world: World) -> None:
    world.programme("Grow")
    thomas = world.coordinator("Thomas")
    world.programme("Lead")
    thomas.types("/mentor match lead")
    assert world.rows(select(Round)) == []
    assert "lead" in thomas.sees


def test_somebody_elses_conversation_is_out_of_reach(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    bram = Hands(noor.world, "Bram")
    here = noor.dialogue()
    answer = bram.forges(Reply(here.id, here.step), skills_wanted=("spying",))
    assert answer
    assert "Noor" not in answer.to_json()
    assert noor.told() == {"role": ("mentee",)}
    assert ("join", "") in commands(answer)  # Bram's own home
    assert bram.forges(TellMore(here.id, here.step))
    assert noor.dialogue() == here


@pytest.mark.parametrize("action", [Reply(999, 1), Reply(-1, 0), Leave(999), Expired()])
def test_a_button_of_nothing_at_all_shows_how_things_stand(
    noor: Hands, action: Reply | Leave | Expired
) -> None:
    answer = noor.forges(action)
    assert answer
    assert noor.world.rows(select(Dialogue)) == []


def test_another_organisations_programme_cannot_be_joined_seen_or_left(
    noor: Hands, other_house: int
) -> None:
    noor.types("/mentor join secret")
    assert noor.world.rows(select(Dialogue)) == []
    noor.types("/mentor join")
    assert noor.is_asked == "role"  # the only programme there is for her
    answer = noor.forges(Leave(other_house))
    assert answer
    assert "Secret" not in answer.to_json()


@pytest.fixture
def other_house(grow: World) -> int:
    """A programme of another employer in the same database."""
    return grow.programme(
        "Secret", organisation_id=another_organisation(grow), channel_workspace_id=None
    )


def another_organisation(world: World) -> int:
    with world.database.transaction() as session:
        other = Organisation(name="Elders")
        session.add(other)
        session.flush()
        return other.id


def test_an_admin_of_one_organisation_does_not_run_anothers(world: World) -> None:
    ada = world.admin("Ada")
    world.programme(
        "Secret", organisation_id=another_organisation(world), channel_workspace_id=None
    )
    ada.types("/mentor programme")
    assert "Secret" not in ada.sees
    ada.types("/mentor match secret")
    assert world.rows(select(Round)) == []


def test_somebody_who_left_the_company_is_not_answered(noor: Hands) -> None:
    with noor.world.database.transaction() as session:
        session.get_one(Person, noor.row.id).active = False
    noor.types("/mentor join")
    noor.types("hello")
    assert noor.all_seen == []
    assert noor.world.rows(select(Dialogue)) == []


# --- in a channel ---


@pytest.mark.parametrize("command", ["", "status", "help", "join", "join nosuch"])
def test_what_is_personal_is_answered_in_the_private_chat(noor: Hands, command: str) -> None:
    bram = Hands(noor.world, "Bram")
    noor.types(f"/mentor {command}", channel="#mentoring")
    assert len(noor.all_seen) == 1
    assert "private" in noor.sees_in("#mentoring")
    assert bram.sees_in("#mentoring") == ""
    assert bram.all_seen == []


def test_words_in_a_channel_are_not_for_the_bot(noor: Hands) -> None:
    noor.types("hello everyone, /mentor status", channel="#mentoring")
    assert noor.sees_in("#mentoring") == ""
    assert noor.all_seen == []
