"""What somebody asked to talk about is between the two: nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from bot.cards.listening import InTouch, ReadTalk, TalkDone
from bot.cards.talks import EndTalk, SendTalk, TalkTo
from storage import roles
from storage.models import (
    AuditEntry,
    Delivery,
    Duty,
    Programme,
    TalkState,
)
from tests.hands import Hands, appoint, commands, meanings, opens_home
from tests.talking import SECRET, asks, requests
from tests.world import World


@pytest.fixture
def noor(pair: tuple[Hands, Hands]) -> Hands:
    return pair[1]


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
