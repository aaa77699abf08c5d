"""Somebody would like to talk: whom they chose reads it, and nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from bot.cards.advisers import SaveAnswerDays
from bot.cards.listening import InTouch, ReadTalk, TalkDone
from bot.cards.talks import LONGEST, EndTalk, SendTalk, TalkTo
from bot.core.actions import RunCommand
from bot.core.messages import Ask, Message
from storage import roles
from storage.models import (
    AuditEntry,
    Delivery,
    Duty,
    Identity,
    Participant,
    ParticipantState,
    Person,
    Programme,
    TalkRequest,
    TalkState,
)
from tests.hands import Hands, appoint, commands, matched, meanings, opens_home
from tests.reviewing import changes, coordinator
from tests.world import World

SECRET = "My mentor shouts at me, and I dread Thursdays."


def adviser(world: World, name: str = "Amira", locale: str = "en") -> Hands:
    hands = Hands(world, name, locale)
    appoint(hands, Duty.ADVISER, 1)
    return hands


def asks(person: Hands, reader: Hands, words: str = SECRET) -> None:
    person.types("/mentor talk")
    person.presses(TalkTo(1, reader.row.id))
    person.presses(SendTalk, words=words)


def requests(world: World) -> list[TalkRequest]:
    return list(world.rows(select(TalkRequest)))


@pytest.fixture
def pair(world: World) -> tuple[Hands, Hands]:
    """Bram (English) mentors Noor (Dutch); Thomas coordinates."""
    return matched(world)


@pytest.fixture
def noor(pair: tuple[Hands, Hands]) -> Hands:
    return pair[1]


@pytest.fixture
def amira(noor: Hands) -> Hands:
    """A confidential adviser of the programme that Noor takes part in."""
    return adviser(noor.world)


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


# --- who learns of it ---


def test_a_partner_who_coordinates_or_advises_is_nobody_to_talk_to(
    world: World, pair: tuple[Hands, Hands], amira: Hands
) -> None:
    bram, noor = pair
    appoint(bram, Duty.ADVISER, 1)
    appoint(bram, Duty.COORDINATOR, 1)
    appoint(noor, Duty.ADVISER, 1)
    noor.types("/mentor talk")
    mine = {action.reader for action in meanings(noor.card) if isinstance(action, TalkTo)}
    assert amira.row.id in mine
    assert not {bram.row.id, noor.row.id} & mine
    for reader in (bram.row.id, noor.row.id, 999, -1):
        noor.forges(SendTalk(1, reader), words=(SECRET,))
    assert requests(world) == []


def test_nobody_but_the_two_learns_of_it(
    world: World, pair: tuple[Hands, Hands], amira: Hands
) -> None:
    """Whatever the others look at in the weeks after it, and whatever they press."""
    bram, noor = pair
    thomas, ada = world.people["Thomas"], Hands(world, "Ada")
    appoint(ada, Duty.ADMIN)
    asks(noor, amira)
    told = len(noor.received)
    for word in ("home", "status", "talk", "digest grow", "advisers grow", "audit", "coordinators"):
        for person in (bram, thomas, ada):
            person.types(f"/mentor {word}")
    for action in (ReadTalk(1), InTouch(1), TalkDone(1), EndTalk(1)):
        for person in (bram, ada):
            answer = person.forges(action)
            assert answer is not None
            assert SECRET not in repr(answer)
    assert opens_home(bram).summary
    for _ in range(4):
        world.now += timedelta(days=5)
        world.tick()
    assert requests(world)[0].state is TalkState.ASKED
    assert len(noor.received) >= told
    seen = [d.message for d in world.rows(select(Delivery)) if d.person_id != noor.row.id]
    assert not any(SECRET in message for message in seen)
    two = noor.row.id, amira.row.id
    others = [d.message for d in world.rows(select(Delivery)) if d.person_id not in two]
    assert not any("ReadTalk" in message for message in others)
    assert not any("Amira" in message and "Noor" in message for message in others)
    allowed = [e for e in world.rows(select(AuditEntry)) if e.allowed]
    assert not any("talk" in e.did + e.subject for e in allowed)


def test_what_was_written_stands_in_one_column_and_nowhere_else(
    world: World, noor: Hands, amira: Hands
) -> None:
    asks(noor, amira)
    world.tick()
    amira.presses(ReadTalk)
    amira.presses(InTouch)
    noor.types("/mentor talk")
    noor.types("/mentor status")
    holding = [
        table.name
        for table in SQLModel.metadata.sorted_tables
        for row in rows_of(world, table.name)
        if SECRET in row
    ]
    assert holding == ["talkrequest"]


def rows_of(world: World, table: str) -> list[str]:
    with world.database.look() as session:
        return [repr(row) for row in session.execute(SQLModel.metadata.tables[table].select())]


def test_an_adviser_runs_nothing_and_sees_no_more_than_anybody(world: World, amira: Hands) -> None:
    for name in ("match", "review", "digest", "settings", "advisers", "audit"):
        amira.types(f"/mentor {name} grow")
        assert commands(amira.card) == [("home", "")], name
    with world.database.look() as session:
        programme = session.get_one(Programme, 1)
        assert not roles.coordinates(session, amira.row, programme)
        assert [p.name for p in roles.coordinators(session, programme)] == ["Thomas"]


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
