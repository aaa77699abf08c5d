"""Whether Microsoft lets us in, and who is in the teams that have the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlmodel import select

from bot.app import App
from bot.core.platform import Refused
from bot.platforms.teams.names import MESSAGES
from bot.platforms.teams.newcomers import Newcomers
from bot.platforms.teams.serving import Teams
from bot.platforms.teams.tending import Tending
from bot.settings import load
from storage import backlog, teams
from storage.models import ConversationKind, Person, Role, Workspace, WorkspaceState
from storage.teams import Reference
from tests.teams import passports, said
from tests.teams.passports import office, token
from tests.teams.said import NOOR, PRIYA, SERVICE, TEAM, TENANT, THOMAS, Json
from tests.teams.tenant import person
from tests.teams.test_tokens import Microsoft
from tests.world import World

NOWHERE = "https://127.0.0.1:9/"  # nobody listens there


class Roster:
    """Who is in which team; a team that is not named here does not answer."""

    def __init__(self, **teams: list[Json]) -> None:
        self.teams, self.asked = teams, 0

    async def member(self, of: Reference, member: str) -> Json:
        raise AssertionError((of, member))

    async def members(self, of: Reference, conversation: str = "") -> AsyncIterator[list[Json]]:
        assert conversation == of.team
        self.asked += 1
        for each in self.teams[of.team]:
            yield [each]


class Look:
    """One look after another at a tenant."""

    def __init__(self, world: World, roster: Roster, admin: str = "") -> None:
        self.world, self.lets_in = world, True
        app = App(world.database, {}, now=lambda: world.now)
        newcomers = Newcomers(app.hear, roster, admin)
        self.tending = Tending(
            world.database, app, newcomers, self._token, TENANT, app.now, admin=admin
        )

    async def _token(self) -> str:
        if not self.lets_in:
            raise Refused
        return "a token"

    def looks(self) -> None:
        asyncio.run(self.tending.look())

    def remembers(self, *references: Reference) -> None:
        with self.world.database.transaction() as session:
            for each in references:
                assert teams.remember(session, TENANT, each, self.world.now)

    @property
    def state(self) -> WorkspaceState | None:
        found = self.world.rows(select(Workspace).where(Workspace.platform == "teams"))
        return found[0].state if found else None


def channel(team: str, name: str = "general") -> Reference:
    return Reference(f"{team}:{name}", ConversationKind.CHANNEL, SERVICE, team=team)


def test_a_tenant_is_known_once_microsoft_lets_us_in(world: World) -> None:
    look = Look(world, Roster())
    look.lets_in = False
    look.looks()
    assert look.state is None
    look.lets_in = True
    look.looks()
    assert look.state is WorkspaceState.ACTIVE


def test_a_tenant_that_kept_us_out_is_asked_again_every_minute(world: World) -> None:
    look = Look(world, Roster())
    look.looks()
    with world.database.transaction() as session:
        [row] = session.exec(select(Workspace).where(Workspace.platform == "teams"))
        backlog.pause(session, row.id, world.now)
    look.lets_in = False
    look.looks()
    assert look.state is WorkspaceState.PAUSED
    look.lets_in = True
    look.looks()
    state: object = look.state
    assert state == WorkspaceState.ACTIVE


def test_everybody_in_a_team_with_the_bot_is_known_and_looked_at_once_a_day(world: World) -> None:
    roster = Roster(one=[person(NOOR), person(THOMAS)], two=[person(PRIYA)])
    look = Look(world, roster, admin=THOMAS.user)
    look.looks()
    look.remembers(channel("one"), channel("one", "mentors"), channel("silent"), channel("two"))
    with world.database.transaction() as session:
        [row] = session.exec(select(Workspace).where(Workspace.platform == "teams"))
        row.people_seen_at = None
    look.looks()
    people = {each.id: each.name for each in world.rows(select(Person))}
    assert {"Noor de Vries", "Thomas Bakker", "Priya Nair"} <= set(people.values())
    assert [people[role.person_id] for role in world.rows(select(Role))] == ["Thomas Bakker"]
    assert roster.asked == 3  # each team once, however many channels it has
    look.looks()
    assert roster.asked == 3
    world.now += timedelta(days=1)
    look.looks()
    assert roster.asked == 6


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({}, True),
        ({"channelData": {"tenant": {"id": "22222222-2222-2222-2222-222222222222"}}}, False),
        ({"channelData": {}, "conversation": {"id": "a:noor"}}, False),
    ],
)
def test_only_the_tenant_of_the_settings_is_served(
    world: World, tmp_path: Path, given: Json, known: bool
) -> None:
    """From the request with its token to what is remembered; what is said in answer goes nowhere."""
    file = tmp_path / "teams.env"
    lines = (
        f"TEAMS_APP_ID={passports.APP}",
        f"TEAMS_TENANT_ID={TENANT}",
        "TEAMS_APP_PASSWORD=not~a.real-secret-of-forty-characters-x",
        "KOPPEL_PUBLIC_URL=https://koppel.example.com",
    )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Look(world, Roster()).looks()

    async def story() -> None:
        async with office() as keys:
            url = f"{keys.url}/metadata"
            served = Teams(load(file), world.database, keys_url=url, microsoft=Microsoft())
            app = App(world.database, {}, now=lambda: world.now)
            application = web.Application()
            working = served.working(app, application.router, app.now)
            async with (
                served.connected(),
                working,
                TestServer(application, host="127.0.0.1") as server,
                ClientSession() as http,
            ):
                here = server.make_url(MESSAGES)
                body = said.message(NOOR, "help", service=NOWHERE) | given
                headers = {"Authorization": token(serviceurl=NOWHERE)}
                async with http.post(here, json=body, headers=headers) as answer:
                    assert answer.status == 202
                async with http.post(here, json=body) as answer:
                    assert answer.status == 401

    asyncio.run(story())
    assert (NOOR.name in {each.name for each in world.rows(select(Person))}) is known


def test_a_team_is_one_of_its_channels(world: World) -> None:
    look = Look(world, Roster())
    look.looks()
    look.remembers(channel(TEAM), channel(TEAM, "b"))
    with world.database.look() as session:
        assert len(teams.channels(session, TENANT)) == 2
