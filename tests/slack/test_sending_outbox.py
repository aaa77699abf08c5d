"""From a promise to Slack and back: what the outbox keeps, and what a coordinator reads of it."""

from __future__ import annotations

import pytest

from storage import sending
from storage.models import WorkspaceState
from tests.posting import FAILED, SENT, UNREACHABLE, WAITING
from tests.slack.fake_slack import (
    BROKEN,
    DROPPED_AFTER,
    HANGS_AFTER,
    Outcome,
)
from tests.slack.posting import POST, Office, tell
from tests.world import World


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (Outcome("user_disabled"), "gone", "Ben: this account was closed."),
        (Outcome("cannot_dm_bot"), "closed", "Ben: my messages do not arrive."),
        (Outcome("user_not_visible"), "not_allowed", "Ben: the rules of your organisation"),
        (Outcome("restricted_action"), "not_allowed", "Ben: the rules of your organisation"),
    ],
)
def test_a_person_who_is_not_reached_is_named_to_the_coordinators_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = office.programme("#mentoring")
        office.ben_joins(programme)
        office.slack.script(POST, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in office.needs(programme)

    tell(world, story)


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (Outcome("is_archived"), "archived", "#mentoring has been archived."),
        (Outcome("not_in_channel"), "not_invited", "I am not in #mentoring"),
        (Outcome("channel_not_found"), "not_invited", "I am not in #mentoring"),
        (Outcome("restricted_action"), "not_allowed", "My messages in #mentoring do not arrive."),
    ],
)
def test_a_channel_that_is_not_reached_is_told_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = office.programme("#mentoring")
        office.promises("T1", "#mentoring")
        office.slack.script(POST, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in office.needs(programme)

    tell(world, story)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_workspace_that_keeps_us_out_pauses_and_loses_nothing(world: World, error: str) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1", "U2")
        office.promises("T2", "U1")
        office.slack.always(POST, Outcome(error))
        await office.goes_round()
        office.slack.always(POST, None)
        assert office.states() == [WAITING] * 3
        assert {row.attempts for row in office.rows()} == {0}
        assert {one.state for one in office.workspaces()} == {WorkspaceState.PAUSED}
        office.passes(86_400)
        assert await office.goes_round() == 0
        office.workspace("T1")  # somebody installed it anew
        await office.goes_round()
        assert office.states() == [SENT, SENT, WAITING]

    tell(world, story)


def test_a_workspace_whose_token_is_gone_pauses_as_well(world: World) -> None:
    async def story(office: Office) -> None:
        office.slack.teams = set()
        office.promises("T1", "U1")
        await office.goes_round()
        assert [one.state for one in office.workspaces()] == [WorkspaceState.PAUSED]

    tell(world, story)


@pytest.mark.parametrize("outcome", [BROKEN, Outcome("service_unavailable"), Outcome("new_one")])
def test_what_surely_passes_is_tried_again_and_in_the_end_given_up(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "C1")
        office.slack.always(POST, outcome)
        for _ in range(sending.GIVE_UP_AFTER):
            assert office.states() == [WAITING]
            await office.goes_round()
            office.passes(14_401)
        assert office.states() == [FAILED]
        assert len(office.posted()) == sending.GIVE_UP_AFTER

    tell(world, story)


@pytest.mark.parametrize("outcome", [DROPPED_AFTER, HANGS_AFTER])
def test_a_doubt_costs_nothing_in_a_private_chat_and_one_repeat_in_a_channel(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1", "C1")
        office.slack.script(POST, outcome, outcome)
        await office.goes_round()
        assert {(row.state, row.in_doubt) for row in office.rows()} == {(WAITING, True)}
        office.passes(60)
        await office.goes_round()
        assert office.states() == [SENT, SENT]
        assert office.slack.stands("DU1") == ["letter 0"]
        assert office.slack.stands("C1") == ["letter 1", "letter 1"]

    tell(world, story)


def test_after_a_process_died_while_sending_the_next_looks_before_it_sends(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1", "U2")
        with world.database.transaction() as session:
            queue = sending.queues(session, world.now)[0]
            one, _ = sending.claim(session, queue, world.now, 10)
        await office.platform.send(one.letter)  # and then it dies
        with world.database.transaction() as session:
            sending.release_all(session)
        await office.goes_round()
        assert office.slack.stands("DU1") == ["letter 0"]
        assert office.slack.stands("DU2") == ["letter 1"]
        assert office.states() == [SENT, SENT]

    tell(world, story)


def test_while_looking_back_is_not_possible_the_message_waits_however_long(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1")
        office.slack.script(POST, DROPPED_AFTER)
        office.slack.always("conversations.history", BROKEN)
        await office.goes_round()
        for _ in range(2 * sending.GIVE_UP_AFTER):
            office.passes(61)
            await office.goes_round()
        assert [(row.state, row.attempts) for row in office.rows()] == [(WAITING, 1)]
        office.slack.always("conversations.history", None)
        office.passes(61)
        await office.goes_round()
        assert office.states() == [SENT]
        assert office.slack.stands("DU1") == ["letter 0"]

    tell(world, story)
