"""From a promise to Teams and back: what the outbox keeps, and what a coordinator reads of it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.core.platform import group_of
from storage import outbox, sending
from storage.models import Workspace, WorkspaceState
from tests.posting import FAILED, SENT, UNREACHABLE, WAITING
from tests.teams.fake_connector import BAD_GATEWAY, BLOCKED, DROPPED_AFTER, Outcome, limited
from tests.teams.posting import (
    HELLO,
    MENTORS,
    POSTS,
    Office,
    tell,
)
from tests.world import World


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (BLOCKED, "closed", "Ben: my messages do not arrive."),
        (
            Outcome(403, "ForbiddenOperationException"),
            "closed",
            "in Teams, to add me as an app first",
        ),
        (Outcome(403, "BotDisabledByAdmin"), "not_allowed", "Ben: the rules of your organisation"),
        (Outcome(404, "ConversationNotFound"), "gone", "Ben: this account was closed."),
    ],
)
def test_a_person_who_is_not_reached_is_named_to_the_coordinators_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = office.programme("#mentors")
        office.knows_people("ben")
        office.ben_joins(programme)
        office.teams.script(POSTS, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in office.needs(programme)

    tell(world, story)


def test_who_takes_the_bot_in_again_is_no_longer_named(world: World) -> None:
    async def story(office: Office) -> None:
        programme = office.programme("#mentors")
        office.knows_people("ben")
        office.ben_joins(programme)
        office.teams.script(POSTS, BLOCKED)
        await office.goes_round()
        assert "Ben" in office.needs(programme)
        office.knows_people("ben")  # he wrote to it
        with world.database.transaction() as session:
            ben = world._person(session, "Ben")
            outbox.promise(session, ben, HELLO, key="again", now=world.now)
        office.passes(2)  # a chat rests before another process may write in it
        await office.goes_round()
        assert office.states() == [UNREACHABLE, SENT]
        assert "Ben" not in office.needs(programme)

    tell(world, story)


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (Outcome(403, "BotNotInConversationRoster"), "not_invited", "I am not in #mentors"),
        (Outcome(404, "ConversationNotFound"), "gone", "I cannot find #mentors any more"),
        (Outcome(403, "NotEnoughPermissions"), "not_allowed", "#mentors do not arrive"),
    ],
)
def test_a_channel_that_is_not_reached_is_told_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = office.programme("#mentors")
        office.knows(office.teams.channel(MENTORS, name="Mentors"))
        office.promises("T1", "#mentors")
        office.teams.script(POSTS, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in office.needs(programme)

    tell(world, story)


def test_a_chat_of_two_that_a_bot_cannot_begin_is_over_at_once(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor", "ben")
        office.promises("T1", group_of(["noor", "ben"]))
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, "not_allowed")]

    tell(world, story)


def test_credentials_that_are_wrong_pause_the_tenant_and_lose_nothing(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor", "bram")
        office.promises("T1", "noor", "bram")
        office.teams.always(POSTS, Outcome(401, "BotNotRegistered"))
        await office.goes_round()
        office.teams.always(POSTS, None)
        assert office.states() == [WAITING] * 2
        found = world.rows(select(Workspace).where(Workspace.platform == "teams"))
        assert [each.state for each in found] == [WorkspaceState.PAUSED]
        office.passes(86_400)
        assert await office.goes_round() == 0
        office.workspace()  # somebody added it anew
        await office.goes_round()
        assert office.states() == [SENT, SENT]

    tell(world, story)


@pytest.mark.parametrize("outcome", [BAD_GATEWAY, Outcome(503), Outcome(403, "InvalidBotApiHost")])
def test_what_surely_passes_is_tried_again_and_in_the_end_given_up(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.promises("T1", "noor")
        office.teams.always(POSTS, outcome)
        for _ in range(sending.GIVE_UP_AFTER):
            assert office.states() == [WAITING]
            await office.goes_round()
            office.passes(14_401)
        assert office.states() == [FAILED]
        assert len(office.teams.called(POSTS)) == sending.GIVE_UP_AFTER

    tell(world, story)


def test_being_asked_to_wait_is_no_failure_however_often(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.promises("T1", "noor")
        office.teams.always(POSTS, limited(60))
        for _ in range(2 * sending.GIVE_UP_AFTER):
            await office.goes_round()
            office.passes(61)
        assert [(row.state, row.attempts) for row in office.rows()] == [(WAITING, 0)]
        office.teams.always(POSTS, None)
        await office.goes_round()
        assert office.states() == [SENT]

    tell(world, story)


def test_a_doubt_costs_one_repeat(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.promises("T1", "noor")
        office.teams.script(POSTS, DROPPED_AFTER)
        await office.goes_round()
        assert [(row.state, row.in_doubt) for row in office.rows()] == [(WAITING, True)]
        office.passes(60)
        await office.goes_round()
        assert office.states() == [SENT]
        assert office.teams.stands("a:noor") == ["letter 0"] * 2

    tell(world, story)


def test_a_conversation_gets_its_letters_in_order(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.promises("T1", *["noor"] * 30)
        while WAITING in office.states():
            await office.goes_round()
            office.passes(1)
        assert office.teams.stands("a:noor") == [f"letter {number}" for number in range(30)]

    tell(world, story)
