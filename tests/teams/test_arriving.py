"""Who is in Teams: people who add the bot and take it out, teams with their members, guests."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from bot.core.messages import say
from bot.platforms.teams import newcomers
from storage import outbox
from storage.models import Delivery, Identity, Person, Role
from tests.teams import said
from tests.teams.fake_connector import Outcome
from tests.teams.rules import check_card
from tests.teams.said import BOT, NOOR, PRIYA, TEAM, THOMAS
from tests.teams.tenant import Tenant, people, person, tell
from tests.world import World

pytestmark = pytest.mark.any_database


def test_whoever_adds_the_bot_is_welcomed_once_and_known_by_name_language_and_zone(
    world: World,
) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.installs(PRIYA)).status == 202
        assert await here.until(lambda: here.in_chat(PRIYA))
        check_card(here.last_card(PRIYA))
        await here.installs(PRIYA, "add-upgrade")
        await asyncio.sleep(0.2)
        assert len(here.in_chat(PRIYA)) == 1

    tell(world, story)
    priya = people(world)["Priya Nair"]
    assert (priya.locale, priya.time_zone, priya.country) == ("en", "Europe/London", "GB")
    assert priya.email == "priya@example.com"


def test_an_installation_that_teams_tells_twice_is_welcomed_once(world: World) -> None:
    async def story(here: Tenant) -> None:
        body = said.installed(PRIYA, service=here.fake.service)
        await here.sends(body)
        assert await here.until(lambda: here.in_chat(PRIYA))
        await here.sends(body)
        await asyncio.sleep(0.2)
        assert len(here.in_chat(PRIYA)) == 1

    tell(world, story)


def test_nobody_is_greeted_by_an_id(world: World) -> None:
    """An installation does not say what somebody is called, and Teams may not tell in time."""

    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(404, "ConversationNotFound"))
        body = said.installed(PRIYA, service=here.fake.service)
        del body["from"]["name"]
        await here.sends(body)
        assert await here.until(lambda: here.in_chat(PRIYA))
        assert here.in_chat(PRIYA) == ["Hello!"]

    tell(world, story)


def test_whoever_takes_the_bot_out_is_not_written_to_until_they_come_back(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        await here.installs(NOOR, "remove")
        _promise(world, "Een")
        await here.app.post()
        assert len(here.in_chat(NOOR)) == 1
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)
    states = [row.state.value for row in world.rows(select(Delivery)) if row.key == "test:Een"]
    assert states == ["unreachable"]


def _promise(world: World, text: str) -> None:
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == NOOR.name)).one()
        outbox.promise(session, noor, say(text), key=f"test:{text}", now=world.now)


def test_a_team_that_adds_the_bot_has_colleagues_to_name(world: World) -> None:
    guest = said.Someone("gast", "Gijs Gast", 9)

    async def story(here: Tenant) -> None:
        here.fake.pages[TEAM] = [
            [person(NOOR), person(THOMAS)],
            [person(guest, userRole="guest"), {"id": "28:x"}],
        ]
        await here.sends(said.in_team(NOOR, service=here.fake.service))
        added = said.update(
            NOOR, "teamMemberAdded", service=here.fake.service, membersAdded=[dict(BOT)]
        )
        await here.sends(added)
        assert await here.until(lambda: {"Thomas Bakker", "Gijs Gast"} <= set(people(world)))

    tell(world, story)
    assert people(world)["Gijs Gast"].kind.value == "guest"
    assert people(world)["Thomas Bakker"].kind.value == "employee"


def test_a_colleague_of_a_team_is_the_same_person_when_they_speak(world: World) -> None:
    """A list of members calls `objectId` what an activity calls `aadObjectId`."""

    async def story(here: Tenant) -> None:
        listed = person(THOMAS)
        listed["objectId"] = listed.pop("aadObjectId")
        here.fake.pages[TEAM] = [[listed]]
        added = said.update(
            NOOR, "teamMemberAdded", service=here.fake.service, membersAdded=[dict(BOT)]
        )
        await here.sends(added)
        assert await here.until(lambda: "Thomas Bakker" in people(world))
        await here.says(THOMAS, "help")
        assert await here.until(lambda: here.in_chat(THOMAS))

    tell(world, story)
    known = [row.user for row in world.rows(select(Identity))]
    assert sorted(known) == sorted((NOOR.user, THOMAS.user))


def test_whom_the_settings_name_becomes_administrator_when_they_come(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.says(NOOR, "help")
        await here.says(PRIYA, "help")
        await here.until(lambda: here.in_chat(PRIYA))

    tell(world, story, admin="priya@example.com")
    [role] = world.rows(select(Role))
    assert role.person_id == people(world)["Priya Nair"].id


def test_somebody_whom_teams_does_not_tell_of_is_answered_all_the_same(world: World) -> None:
    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(502))
        await here.says(NOOR, "help")
        assert await here.until(lambda: here.in_chat(NOOR), 10)

    tell(world, story)
    assert "Noor de Vries" in people(world)


def test_a_guest_stays_one_when_teams_does_not_tell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "FRESH", 0.0)  # a day later

    async def story(here: Tenant) -> None:
        here.fake.people[NOOR.member] = person(NOOR, userRole="guest")
        await here.says(NOOR, "help")
        assert await here.until(lambda: here.in_chat(NOOR))
        assert people(world)[NOOR.name].kind.value == "guest"
        here.fake.always("/members/", Outcome(404, "ConversationNotFound"))
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)
    assert people(world)[NOOR.name].kind.value == "guest"
