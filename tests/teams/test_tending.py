"""Once a minute: whether Microsoft lets the bot in; once a day: who works in the teams that have it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import select

from bot.app import App
from bot.core.news import Installed
from bot.core.platform import Refused
from bot.platforms.teams.newcomers import Newcomers
from bot.platforms.teams.tending import Tending
from storage import backlog, teams
from storage.models import ConversationKind, Person, Workspace, WorkspaceState
from storage.people import workspace_of
from storage.teams import Reference
from tests.teams.said import NOOR, TEAM, TENANT, Json
from tests.teams.tenant import person
from tests.world import World

OTHER = "99999999-9999-9999-9999-999999999999"


@dataclass
class Microsoft:
    """What Teams and Microsoft would answer."""

    lets_in: bool = True
    asked: int = 0
    looked_at: list[str] = field(default_factory=list)

    async def token(self) -> str:
        self.asked += 1
        if not self.lets_in:
            raise Refused("invalid_client")
        return "a token"

    async def member(self, of: Reference, member: str) -> Json:
        raise AssertionError(f"nobody asks for {member} of {of}")

    async def members(self, of: Reference, conversation: str = "") -> AsyncIterator[list[Json]]:
        assert conversation == of.team
        self.looked_at.append(conversation)
        yield [person(NOOR)]


async def _nobody(_who: object) -> bool:
    return False


def tended(world: World, microsoft: Microsoft, tenant: str = TENANT) -> Tending:
    app = App(world.database, {}, now=lambda: world.now)
    newcomers = Newcomers(app.hear, microsoft, _nobody)
    return Tending(world.database, app, newcomers, microsoft.token, tenant, lambda: world.now)


def looks(tending: Tending, times: int = 1) -> None:
    async def told() -> None:
        for _ in range(times):
            await tending.look()

    asyncio.run(told())


def knows(world: World, tenant: str, **team: Any) -> None:
    """The bot is in a team of this tenant."""
    app = App(world.database, {}, now=lambda: world.now)
    asyncio.run(app.hear(Installed("teams", tenant)))
    with world.database.transaction() as session:
        given = {"service_url": "https://smba.example/", "bot": "28:koppel", "team": TEAM} | team
        channel = Reference(TEAM, ConversationKind.CHANNEL, **given)
        assert teams.remember(session, tenant, channel, world.now)


def pause(world: World, tenant: str) -> None:
    with world.database.transaction() as session:
        workspace = workspace_of(session, "teams", tenant)
        assert workspace is not None
        backlog.pause(session, workspace.id, world.now)


def states(world: World) -> dict[str, str]:
    rows = world.rows(select(Workspace).where(Workspace.platform == "teams"))
    return {row.external: row.state.value for row in rows}


def test_the_tenant_of_the_settings_is_greeted_once(world: World) -> None:
    microsoft = Microsoft()
    looks(tended(world, microsoft), 3)
    assert states(world) == {TENANT: "active"}
    assert microsoft.asked == 1


def test_a_tenant_that_kept_the_bot_out_is_knocked_at_until_it_does_not(world: World) -> None:
    microsoft = Microsoft()
    tending = tended(world, microsoft)
    looks(tending)
    pause(world, TENANT)
    microsoft.lets_in = False
    looks(tending)
    assert states(world) == {TENANT: WorkspaceState.PAUSED.value}
    microsoft.lets_in = True
    looks(tending)
    assert states(world) == {TENANT: WorkspaceState.ACTIVE.value}


def test_everybody_in_a_team_is_looked_at_once_a_day(world: World) -> None:
    knows(world, TENANT)
    microsoft = Microsoft()
    tending = tended(world, microsoft)
    looks(tending, 3)
    assert microsoft.looked_at == [TEAM]
    assert NOOR.name in [row.name for row in world.rows(select(Person))]
    world.now += timedelta(days=1)
    looks(tending)
    assert microsoft.looked_at == [TEAM, TEAM]


def test_a_tenant_that_the_settings_no_longer_name_is_left_alone(world: World) -> None:
    """Our token is for one tenant; another one's waiting queue is not opened by it."""
    knows(world, OTHER)
    pause(world, OTHER)
    microsoft = Microsoft()
    looks(tended(world, microsoft), 3)
    assert microsoft.asked == 1
    assert states(world) == {TENANT: "active", OTHER: "paused"}
    assert microsoft.looked_at == []


def test_a_team_of_another_tenant_is_not_looked_at(world: World) -> None:
    knows(world, OTHER)
    microsoft = Microsoft()
    looks(tended(world, microsoft), 2)
    assert microsoft.looked_at == []


def test_a_tenant_of_the_playground_goes_on_under_its_own_name(world: World) -> None:
    knows(world, OTHER)
    pause(world, OTHER)
    looks(tended(world, Microsoft(), tenant=""))
    assert states(world) == {OTHER: "active"}
