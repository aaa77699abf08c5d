"""A chat of both partners: a hello in both languages, once, where nobody reads along."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.platform import members_of
from storage.models import Delivery, Identity, Mentorship, Programme
from tests.hands import Hands
from tests.reviewing import coordinator, goes_round, mentee, mentor
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
