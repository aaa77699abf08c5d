"""A chat of both partners: a hello in both languages, once, where nobody reads along."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.cards.checkins import AnswerCheckIn
from bot.cards.matching import Announce
from bot.core.platform import Letter, Unreachable, Why, members_of
from bot.platforms.local.platform import LocalPlatform
from storage.models import (
    Delivery,
    Identity,
    Mentorship,
    Programme,
    Workspace,
    WorkspaceState,
)
from tests.asking import check_ins, days_pass
from tests.cohort import told
from tests.hands import Hands
from tests.reviewing import approves_all, coordinator, goes_round, mentee, mentor
from tests.world import World

GROUP = "group:bram bos+noor nijs"


@pytest.fixture
def thomas(world: World) -> Hands:
    world.programme(group_chat=True)
    return coordinator(world)


def hellos(world: World) -> list[Delivery]:
    query = select(Delivery).where(col(Delivery.key).startswith("together:"))
    return list(world.rows(query))


def test_both_partners_are_greeted_in_one_chat_in_both_languages(
    world: World, thomas: Hands
) -> None:
    bram, noor = mentor(world, "Bram Bos", "en"), mentee(world, "Noor Nijs", "nl")
    goes_round(world, thomas)
    assert members_of(GROUP) == ("bram bos", "noor nijs")
    for person in (bram, noor):
        seen = person.sees_in(GROUP)
        assert "Bram and Noor, meet each other" in seen
        assert "Bram en Noor" in seen
        assert "I do not read along here" in seen
    assert thomas.sees_in(GROUP) == ""
    assert len(hellos(world)) == 1


def test_partners_with_one_language_are_greeted_in_that_one_only(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram Bos", "nl")
    mentee(world, "Noor Nijs", "nl")
    goes_round(world, thomas)
    assert "ik lees hier niet mee" in bram.sees_in(GROUP).casefold()
    assert "read along" not in bram.sees_in(GROUP)


class _Closed(LocalPlatform):
    """A workspace in which no chat of several people can be opened."""

    async def send(self, letter: Letter) -> None:
        if members_of(letter.address):
            raise Unreachable(Why.CLOSED)
        await super().send(letter)


def test_a_chat_that_cannot_be_opened_is_told_to_the_coordinator_until_the_two_have_met(
    world: World, thomas: Hands
) -> None:
    world.local = _Closed(world.chat)
    mentor(world, "Bram Bos")
    noor = mentee(world, "Noor Nijs")
    goes_round(world, thomas)
    thomas.types("/mentor digest")
    needs = "I could not open a chat for Bram Bos and Noor Nijs: they have to find each other"
    assert any(needs in seen for seen in thomas.all_seen)
    assert told(world).digest.undelivered == 1
    days_pass(world, 15)
    noor.presses(AnswerCheckIn(min(check_in.id for check_in in check_ins(world, noor)), "met"))
    assert told(world).digest.undelivered == 0


def test_the_chat_is_opened_in_a_workspace_that_lets_the_bot_in(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram Bos")
    mentee(world, "Noor Nijs")
    with world.database.transaction() as session:
        other = Workspace(organisation_id=world.organisation, platform="other", external="T2")
        session.add(other)
        session.flush()
        elsewhere = other.id
        for account in session.exec(select(Identity)).all():
            there = Identity(
                person_id=account.person_id,
                workspace_id=elsewhere,
                user=account.user,
                address=account.address,
                preferred=False,
            )
            session.add(there)
    approves_all(world, thomas)
    with world.database.transaction() as session:
        session.get_one(Workspace, world.workspace).state = WorkspaceState.PAUSED
    thomas.presses(Announce)
    world.tick()
    assert [row.workspace_id for row in hellos(world)] == [elsewhere]


def test_the_bot_does_not_answer_what_is_said_there(world: World, thomas: Hands) -> None:
    bram = mentor(world, "Bram Bos")
    noor = mentee(world, "Noor Nijs")
    goes_round(world, thomas)
    deeds = len(noor.deeds)
    before = bram.sees_in(GROUP)
    noor.types("Hi Bram! Tuesday at ten?", GROUP)
    assert len(noor.deeds) == deeds
    assert bram.sees_in(GROUP) == before
    assert next(p.content for p in world.chat.newest_first("bram bos", GROUP)) == (
        "Hi Bram! Tuesday at ten?"
    )
    noor.types("/mentor status", GROUP)  # what is personal stays private
    assert "Next check-in" not in bram.sees_in(GROUP)


def test_without_the_setting_there_is_no_chat(world: World, thomas: Hands) -> None:
    with world.database.transaction() as session:
        session.get_one(Programme, 1).group_chat = False
    bram = mentor(world, "Bram Bos")
    mentee(world, "Noor Nijs")
    goes_round(world, thomas)
    assert hellos(world) == []
    assert bram.sees_in(GROUP) == ""


def test_partners_without_a_workspace_in_common_are_matched_all_the_same(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram Bos")
    noor = mentee(world, "Noor Nijs")
    with world.database.transaction() as session:
        session.delete(session.exec(select(Identity).where(Identity.user == noor.user)).one())
    goes_round(world, thomas)
    assert len(world.rows(select(Mentorship))) == 1
    assert hellos(world) == []
