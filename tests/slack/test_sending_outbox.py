"""From a promise to Slack and back: what the outbox keeps, and what a coordinator reads of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.cards import attention as cards
from bot.core.markup import plain
from bot.core.messages import Text, say
from bot.core.news import Installed
from bot.platforms.slack.sending import SlackPlatform
from bot.texts import translator
from scheduler.delivery import BATCH, Post
from storage import attention, outbox, workspaces
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Person,
    Programme,
    Workspace,
    WorkspaceState,
)
from tests.slack.fake_slack import (
    BROKEN,
    DROPPED_AFTER,
    HANGS_AFTER,
    FakeSlack,
    Outcome,
    limited,
)
from tests.slack.test_sending import Time
from tests.world import MENTEE, World

SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
UNREACHABLE, FAILED = DeliveryState.UNREACHABLE, DeliveryState.FAILED
POST = "chat.postMessage"


@dataclass
class Office:
    """A world with workspaces of Slack, and the post that goes round there."""

    world: World
    slack: FakeSlack
    platform: SlackPlatform
    time: Time

    async def goes_round(self) -> int:
        return await Post(self.world.database, {"slack": self.platform}).round(self.world.now)

    def passes(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)
        self.time.now += seconds

    def workspace(self, team: str) -> Workspace:
        with self.world.database.transaction() as session:
            news = Installed("slack", team, name=team)
            return _kept(session, workspaces.installed(session, news, "Waterkant", self.world.now))

    def promises(self, team: str, *addresses: str) -> None:
        """One message to each address, called by its number."""
        workspace = self.workspace(team)
        with self.world.database.transaction() as session:
            for number, address in enumerate(addresses):
                outbox.promise_place(
                    session,
                    workspace.id,
                    self.world.organisation,
                    address,
                    say(f"letter {number}"),
                    key=f"{team}:{number}",
                    now=self.world.now,
                )

    def rows(self) -> Sequence[Delivery]:
        return self.world.rows(select(Delivery).order_by("id"))

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows()]

    def posted(self, team: str = "T1") -> list[str]:
        return [said["channel"] for said in self.slack.called(POST, team)]


def _kept(session: Session, workspace: Workspace) -> Workspace:
    session.flush()
    session.refresh(workspace)
    session.expunge(workspace)
    return workspace


Story = Callable[[Office], Awaitable[None]]


def tell(world: World, story: Story, per_minute: int = 200) -> None:
    async def whole() -> None:
        async with FakeSlack("T1", "T2") as slack:
            time = Time()
            platform = SlackPlatform(
                slack.clients, per_minute=per_minute, clock=time, sleep=time.sleep
            )
            await story(Office(world, slack, platform, time))

    asyncio.run(whole())


# --- pace ---


def test_a_workspace_that_asks_to_wait_does_not_slow_another_down(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1")
        office.slack.script(POST, limited(30))
        await office.goes_round()
        office.promises("T1", *(f"U{n}" for n in range(9)))
        office.promises("T2", *(f"U{n}" for n in range(9)))
        await office.goes_round()
        assert len(office.posted("T1")) == 1
        assert len(office.posted("T2")) == 9
        office.passes(29)
        await office.goes_round()
        assert len(office.posted("T1")) == 1
        office.passes(2)
        await office.goes_round()
        assert office.states() == [SENT] * len(office.rows())

    tell(world, story)


def test_one_letter_need_not_wait_for_five_hundred_of_another_workspace(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *(f"U{n}" for n in range(500)))
        office.promises("T2", "U1")
        await office.goes_round()
        teams = [call.team for call in office.slack.calls]
        assert teams.index("T2") <= 2 * BATCH
        assert teams.count("T1") == 200  # as much as a minute holds
        office.passes(61)
        await office.goes_round()
        office.passes(61)
        await office.goes_round()
        assert office.states() == [SENT] * 501
        assert len(office.posted()) == 500

    tell(world, story)


def test_more_than_a_minute_holds_waits_for_the_next_and_is_no_failure(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *(f"U{n}" for n in range(25)))
        for rounds in (10, 20, 25):
            await office.goes_round()
            assert office.states().count(SENT) == rounds
            office.passes(61)
        assert {row.attempts for row in office.rows()} == {1}

    tell(world, story, per_minute=10)


def test_in_one_channel_all_arrives_in_order_a_second_apart(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *["C1"] * (BATCH + 5))
        await office.goes_round()
        words = [f"letter {number}" for number in range(BATCH + 5)]
        assert office.slack.stands("C1") == words
        assert office.time.now >= BATCH + 4

    tell(world, story)


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (Outcome("user_disabled"), "gone", "Ben: this account was closed."),
        (Outcome("cannot_dm_bot"), "closed", "Ben: my messages do not arrive."),
        (Outcome("user_not_visible"), "not_allowed", "Ben: the rules of your workspace"),
        (Outcome("restricted_action"), "not_allowed", "Ben: the rules of your workspace"),
    ],
)
def test_a_person_who_is_not_reached_is_named_to_the_coordinators_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = programme_in(office, "#mentoring")
        ben_joins(office, programme)
        office.slack.script(POST, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in needs(office, programme)

    tell(world, story)


@pytest.mark.parametrize(
    ("outcome", "failure", "reads"),
    [
        (Outcome("is_archived"), "archived", "#mentoring is an archive now."),
        (Outcome("not_in_channel"), "not_invited", "I am not in #mentoring"),
        (Outcome("channel_not_found"), "not_invited", "I am not in #mentoring"),
        (Outcome("restricted_action"), "not_allowed", "My messages in #mentoring do not arrive."),
    ],
)
def test_a_channel_that_is_not_reached_is_told_with_what_to_do(
    world: World, outcome: Outcome, failure: str, reads: str
) -> None:
    async def story(office: Office) -> None:
        programme = programme_in(office, "#mentoring")
        office.promises("T1", "#mentoring")
        office.slack.script(POST, outcome)
        await office.goes_round()
        assert [(row.state, row.failure) for row in office.rows()] == [(UNREACHABLE, failure)]
        assert reads in needs(office, programme)

    tell(world, story)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope"])
def test_a_workspace_that_keeps_us_out_pauses_and_loses_nothing(world: World, error: str) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1", "U2")
        office.promises("T2", "U1")
        office.slack.always(POST, Outcome(error))
        await office.goes_round()
        office.slack.always(POST, None)
        assert office.states() == [WAITING] * 3
        assert {row.attempts for row in office.rows()} == {0}
        assert {one.state for one in slack_workspaces(office)} == {WorkspaceState.PAUSED}
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
        assert [one.state for one in slack_workspaces(office)] == [WorkspaceState.PAUSED]

    tell(world, story)


@pytest.mark.parametrize("outcome", [BROKEN, Outcome("service_unavailable"), Outcome("new_one")])
def test_what_surely_passes_is_tried_again_and_in_the_end_given_up(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "C1")
        office.slack.always(POST, outcome)
        for _ in range(outbox.GIVE_UP_AFTER):
            assert office.states() == [WAITING]
            await office.goes_round()
            office.passes(14_401)
        assert office.states() == [FAILED]
        assert len(office.posted()) == outbox.GIVE_UP_AFTER

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
            queue = outbox.queues(session, world.now)[0]
            one, _ = outbox.claim(session, queue, world.now, 10)
        await office.platform.send(one.letter)  # and then it dies
        with world.database.transaction() as session:
            outbox.release_all(session)
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
        for _ in range(2 * outbox.GIVE_UP_AFTER):
            office.passes(61)
            await office.goes_round()
        assert [(row.state, row.attempts) for row in office.rows()] == [(WAITING, 1)]
        office.slack.always("conversations.history", None)
        office.passes(61)
        await office.goes_round()
        assert office.states() == [SENT]
        assert office.slack.stands("DU1") == ["letter 0"]

    tell(world, story)


# --- who is there ---


def slack_workspaces(office: Office) -> Sequence[Workspace]:
    return office.world.rows(select(Workspace).where(Workspace.platform == "slack"))


def programme_in(office: Office, channel: str) -> int:
    """A programme whose coordinators meet in this channel of T1."""
    workspace = office.workspace("T1")
    return office.world.programme(channel_workspace_id=workspace.id, channel_address=channel)


def ben_joins(office: Office, programme: int) -> None:
    """Somebody on Slack who takes part, and for whom a message waits."""
    world, workspace = office.world, office.workspace("T1")
    with world.database.transaction() as session:
        ben = Person(organisation_id=world.organisation, name="Ben", introduced=True)
        session.add(ben)
        session.flush()
        identity = Identity(
            person_id=ben.id, workspace_id=workspace.id, user="U0BEN", address="U0BEN"
        )
        session.add(identity)
        session.flush()
        outbox.promise(session, ben, say("hello"), key="hello", now=world.now)
    world.joins("Ben", MENTEE, programme)


def needs(office: Office, programme: int) -> str:
    """What the coordinators' card says, in plain words."""
    with office.world.database.look() as session:
        found = attention.named(session, session.get_one(Programme, programme))
        card = cards.attention(translator("en"), found)
    return "\n".join(plain(text.body) for text in card.all(Text))
