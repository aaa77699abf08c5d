"""Somebody would like to talk: whom they chose reads it, and nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.advisers import SaveAnswerDays
from bot.cards.listening import InTouch, ReadTalk, TalkDone
from bot.cards.talks import LONGEST, EndTalk, SendTalk, TalkTo
from bot.core.actions import RunCommand
from bot.core.messages import Ask, Message
from storage.models import (
    AuditEntry,
    Identity,
    Participant,
    ParticipantState,
    Person,
    Programme,
    TalkState,
)
from tests.hands import Hands, commands, meanings
from tests.reviewing import changes, coordinator
from tests.talking import SECRET, asks, requests
from tests.world import World


@pytest.fixture
def noor(pair: tuple[Hands, Hands]) -> Hands:
    return pair[1]


# --- asking ---


def test_somebody_asks_an_adviser_who_reads_it_and_says_how_it_stands(
    world: World, noor: Hands, amira: Hands
) -> None:
    noor.types("/mentor praten")
    thomas = world.rows(select(Person).where(Person.name == "Thomas"))[0]
    assert meanings(noor.card) == [TalkTo(1, amira.row.id), TalkTo(1, thomas.id)]
    noor.presses(TalkTo(1, amira.row.id))
    assert "Amira leest wie je bent" in noor.sees  # before anything is written
    assert "woensdag 4 maart" in noor.sees
    noor.presses(SendTalk, words=SECRET)
    world.tick()
    assert "Iemand" not in amira.sees
    assert "Wednesday 4 March" in amira.sees
    assert "Noor" not in amira.sees  # a notification may be read over a shoulder
    amira.presses(ReadTalk)
    assert "Noor" in amira.sees
    assert SECRET in amira.sees
    amira.presses(InTouch)
    noor.types("/mentor status")
    assert "Amira zegt dat jullie contact hebben gehad" in noor.sees
    amira.presses(TalkDone)
    assert [(r.state, r.words) for r in requests(world)] == [(TalkState.DONE, "")]
    noor.types("/mentor status")
    assert "Amira" not in noor.sees


def test_a_check_in_leads_to_it_and_comes_back_afterwards(
    world: World, noor: Hands, amira: Hands
) -> None:
    world.now += timedelta(days=15)
    world.tick()
    noor.presses(RunCommand("talk", "grow"))
    noor.presses(TalkTo(1, amira.row.id))
    noor.presses(SendTalk, words="")
    assert "Met iemand praten" in noor.sees  # the check-in is still to be answered
    world.tick()
    amira.presses(ReadTalk)
    assert "They wrote nothing with it." in amira.sees


def test_whoever_takes_no_part_is_told_so_and_an_adviser_sees_what_they_were_asked(
    noor: Hands, amira: Hands
) -> None:
    amira.types("/mentor talk")
    assert commands(amira.card) == [("join", "")]
    asks(noor, amira)
    amira.types("/mentor talk")
    assert meanings(amira.card) == [ReadTalk(1)]
    assert "Noor" not in amira.sees


def test_too_many_words_are_kept_in_the_field_and_nothing_is_sent(
    world: World, noor: Hands, amira: Hands
) -> None:
    noor.types("/mentor talk")
    noor.presses(TalkTo(1, amira.row.id))
    noor.presses(SendTalk, words="x" * (LONGEST + 1))
    assert noor.card is not None
    [field] = noor.card.all(Ask)
    assert field.value == ("x" * (LONGEST + 1),)
    assert str(LONGEST) in field.error
    assert requests(world) == []
    noor.presses(SendTalk, words="Shorter.")
    assert [request.words for request in requests(world)] == ["Shorter."]


def test_sending_twice_asks_once(world: World, noor: Hands, amira: Hands) -> None:
    asks(noor, amira)
    noor.again()
    noor.forges(SendTalk(1, amira.row.id), words=("Once more",))
    assert [request.words for request in requests(world)] == [SECRET]
    world.tick()
    assert sum("ReadTalk" in message for message in amira.received) == 1


def test_whoever_needs_it_no_longer_takes_it_back_and_the_words_are_gone(
    world: World, noor: Hands, amira: Hands
) -> None:
    asks(noor, amira)
    noor.types("/mentor talk")
    noor.presses(EndTalk)
    noor.again()
    world.tick()
    assert [(r.state, r.words) for r in requests(world)] == [(TalkState.WITHDRAWN, "")]
    assert "no longer needs it" in amira.sees
    assert "Noor" not in amira.sees
    assert amira.forges(ReadTalk(1)) is not None
    assert SECRET not in repr(amira.forges(InTouch(1)))
    assert requests(world)[0].state is TalkState.WITHDRAWN


# --- the promised time ---


def test_whoever_was_asked_is_reminded_once_at_the_promised_time(
    world: World, noor: Hands, amira: Hands
) -> None:
    asks(noor, amira)
    [request] = requests(world)
    world.now = request.promised_at - timedelta(minutes=1)
    world.tick()
    assert not any("by today" in message for message in amira.received)
    for _ in range(3):
        world.now += timedelta(hours=12)
        world.tick()
    assert sum("by today" in message for message in amira.received) == 1
    assert not any("Noor" in message for message in amira.received)
    noor.types("/mentor status")
    assert "Ik heb Amira eraan herinnerd" in noor.sees


def test_whoever_was_in_touch_is_not_reminded(world: World, noor: Hands, amira: Hands) -> None:
    asks(noor, amira)
    world.tick()
    amira.presses(ReadTalk)
    amira.presses(InTouch)
    world.now += timedelta(days=9)
    world.tick()
    assert not any("by today" in message for message in amira.received)


def test_when_whom_they_asked_is_gone_they_hear_it_and_can_choose_again(
    world: World, noor: Hands, amira: Hands
) -> None:
    asks(noor, amira)
    changes(world, "Amira", active=False)
    world.tick()
    assert "Amira" in noor.sees
    assert commands(noor.card) == [("talk", "grow")]
    noor.presses(RunCommand("talk", "grow"))
    assert TalkTo(1, amira.row.id) not in meanings(noor.card)


def test_the_promise_counts_the_working_days_of_whoever_is_asked(
    world: World, noor: Hands, amira: Hands
) -> None:
    """Amira works on Mondays and Fridays: the second working day from Monday is a week later."""
    changes(world, "Amira", working_days="15")
    noor.types("/mentor talk")
    noor.presses(TalkTo(1, amira.row.id))
    assert "maandag 9 maart" in noor.sees


# --- coordinators name them ---


def test_coordinators_name_an_adviser_who_is_told_and_take_them_away(grow: World) -> None:
    world = grow
    thomas, eva = coordinator(world, "Tess"), Hands(world, "Eva", "nl")
    thomas.types("/mentor advisers add Eva")
    world.tick()
    assert "vertrouwenspersoon van Grow" in eva.sees
    assert "Eva" in thomas.sees
    thomas.types("/mentor advisers add Eva")
    assert "Nothing has changed" in thomas.sees
    thomas.types("/mentor vertrouwenspersonen verwijder Eva")
    assert "Eva" not in thomas.sees
    did = [e.did for e in world.rows(select(AuditEntry)) if e.person_id == thomas.row.id]
    assert did == ["named an adviser", "dropped an adviser"]
    thomas.types("/mentor advisers add Nobody")
    assert "Nobody" in thomas.sees


@pytest.mark.parametrize("given", ["0", "11", "-1", "soon", ""])
def test_a_wrong_number_of_days_is_answered_beside_the_field(grow: World, given: str) -> None:
    world = grow
    tess = coordinator(world, "Tess")
    tess.types("/mentor advisers")
    tess.presses(SaveAnswerDays, days=given)
    assert isinstance(tess.card, Message)
    [field] = tess.card.all(Ask)
    assert field.error
    assert world.rows(select(Programme))[0].answer_days == 2
    tess.presses(SaveAnswerDays, days="5")
    assert world.rows(select(Programme))[0].answer_days == 5


def test_whoever_left_can_still_talk(world: World, noor: Hands, amira: Hands) -> None:
    """A card that stands there goes on working: leaving may be what they want to talk about."""
    noor.types("/mentor talk")
    with world.database.transaction() as session:
        for part in session.exec(select(Participant).where(Participant.person_id == noor.row.id)):
            part.state = ParticipantState.LEFT
    noor.presses(TalkTo(1, amira.row.id))
    noor.presses(SendTalk, words=SECRET)
    assert [request.words for request in requests(world)] == [SECRET]


def test_nobody_is_offered_whom_nothing_can_reach(world: World, noor: Hands, amira: Hands) -> None:
    with world.database.transaction() as session:
        account = select(Identity).where(Identity.person_id == amira.row.id)
        session.exec(account).one().closed = True
    noor.types("/mentor talk")
    assert TalkTo(1, amira.row.id) not in meanings(noor.card)
    assert any(isinstance(action, TalkTo) for action in meanings(noor.card))
