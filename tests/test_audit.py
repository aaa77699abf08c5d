"""Who did what is written down by numbers, stays as it was, and is read by administrators."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.cards.audit import SAID, ReadAudit
from bot.cards.matching import RoundSummary
from bot.core.actions import RunCommand
from bot.core.deeds import Deed
from bot.core.messages import Text
from storage import audit, merging
from storage.models import AuditEntry, Organisation, Person
from tests.hands import Hands, admin, meanings
from tests.reviewing import coordinator, goes_round, one_of_each
from tests.world import World


@pytest.fixture
def ada(grow: World) -> Hands:
    return admin(grow, "Ada")


@pytest.fixture
def after_a_round(thomas: Hands) -> World:
    """Thomas asked for a round, approved and announced it."""
    one_of_each(thomas.world)
    goes_round(thomas.world, thomas)
    return thomas.world


def lines(person: Hands) -> list[str]:
    assert person.card is not None
    return [part.body for part in person.card.all(Text)]


def executes(world: World, statement: str) -> None:
    with world.database.transaction() as session:
        session.connection().execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE auditentry SET did = 'nothing'",
        "UPDATE auditentry SET allowed = allowed",
        "DELETE FROM auditentry",
        "DELETE FROM auditentry WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_lose_an_entry(after_a_round: World, change: str) -> None:
    before = [row.model_dump() for row in after_a_round.rows(select(AuditEntry))]
    assert before
    with pytest.raises(DBAPIError, match="only added to"):
        executes(after_a_round, change)
    assert [row.model_dump() for row in after_a_round.rows(select(AuditEntry))] == before


def test_it_is_not_emptied_at_one_blow(after_a_round: World) -> None:
    empty = "DELETE FROM" if after_a_round.database.is_sqlite else "TRUNCATE"
    with pytest.raises(DBAPIError, match="only added to"):
        executes(after_a_round, f"{empty} auditentry")


def test_it_holds_numbers_and_no_names_or_words(after_a_round: World) -> None:
    kept = repr([(e.did, e.subject) for e in after_a_round.rows(select(AuditEntry))])
    assert not any(name in kept for name in ("Thomas", "Noor", "Bram", "Grow"))


def test_an_administrator_reads_the_newest_first_in_their_language(after_a_round: World) -> None:
    ada = admin(after_a_round, "Ada", "nl")
    ada.types("/mentor logboek")
    told = lines(ada)
    assert len(told) == 3
    assert "2 maart 2026 10:00" in told[0]
    assert "**Thomas**: maakte een ronde bekend · Grow · ronde 1" in told[0]
    assert "keurde een aantal koppels goed" in told[1]
    assert "vroeg om een ronde" in told[2]


def test_a_refusal_stands_in_it_too(ada: Hands) -> None:
    noor = Hands(ada.world, "Noor")
    noor.types("/mentor match")
    noor.forges(RoundSummary(1))
    ada.types("/mentor audit")
    newest, before = lines(ada)
    assert "**Noor**: was refused “RoundSummary”" in newest
    assert "**Noor**: was refused “/match”" in before


def test_a_long_trail_is_read_page_by_page_and_back(ada: Hands) -> None:
    fill(ada.world, 25)
    ada.types("/mentor audit")
    seen = lines(ada)
    assert meanings(ada.card) == [ReadAudit(16), RunCommand("home")]
    ada.presses(ReadAudit)
    seen += lines(ada)
    ada.presses(ReadAudit(6))
    seen += lines(ada)
    assert [line.rpartition(" · ")[2] for line in seen] == [f"round:{n}" for n in range(25, 0, -1)]
    assert meanings(ada.card) == [ReadAudit(0), RunCommand("home")]
    ada.presses(ReadAudit(0))
    assert lines(ada) == seen[:10]


def fill(world: World, number: int) -> None:
    with world.database.transaction() as session:
        person = session.get_one(Person, 1)
        for one in range(1, number + 1):
            audit.write(session, person, Deed.ASKED_ROUND, f"round:{one}", now=world.now)


def test_an_empty_trail_says_so(ada: Hands) -> None:
    ada.types("/mentor audit")
    assert lines(ada) == ["Nothing has been written down yet."]


@pytest.mark.parametrize("before", [-1, 2**31 - 1])
def test_a_made_up_page_is_a_page(ada: Hands, before: int) -> None:
    assert ada.forges(ReadAudit(before)) is not None


def test_another_organisation_reads_nothing_of_it(after_a_round: World) -> None:
    world = after_a_round
    eve = admin(world, "Eve")
    with world.database.transaction() as session:
        elsewhere = Organisation(name="Elders")
        session.add(elsewhere)
        session.flush()
        session.get_one(Person, eve.row.id).organisation_id = elsewhere.id
    eve.types("/mentor audit")
    assert lines(eve) == ["Nothing has been written down yet."]


def test_names_follow_whoever_a_record_became_and_the_trail_stays_as_it_was(ada: Hands) -> None:
    """Two records turn out to be one person: the entries of both are theirs."""
    world = ada.world
    tess, twin = coordinator(world, "Tess"), coordinator(world, "T. Visser")
    twin.types("/mentor match lead")  # nothing to note: there is no such programme
    twin.types("/mentor advisers add Ada")
    with world.database.transaction() as session:
        gone, owner = (session.get_one(Person, one.row.id) for one in (twin, tess))
        number = gone.id
        assert merging.absorb(session, gone, owner)
        audit.write(session, owner, Deed.JOINED_ACCOUNTS, f"person:{number}", now=world.now)
    assert {e.person_id for e in world.rows(select(AuditEntry))} == {number, tess.row.id}
    ada.types("/mentor audit")
    assert all("**Tess**" in line for line in lines(ada))


def test_every_deed_has_words_in_every_language() -> None:
    assert set(SAID) == set(Deed)
