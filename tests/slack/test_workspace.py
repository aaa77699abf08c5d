"""Who works in a workspace, and whether the bot may be there: what Slack tells, and what it keeps to."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from bot.core.messages import say
from bot.core.news import Installed
from bot.platforms.slack import wire
from storage import accounts, outbox, workspaces
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Person,
    Role,
    Workspace,
    WorkspaceState,
)
from tests.slack.office import TEAM, Office, account
from tests.slack.test_adapter import BRAM, NOOR, tell
from tests.world import World


def test_everybody_is_known_by_name_language_and_zone_and_bots_are_nobody(world: World) -> None:
    bot = account("U0ROBOT", "Robot", is_bot=True)
    gone = account("U0GONE", "Gone", deleted=True)

    async def story(here: Office) -> None:
        del here

    tell(world, story, NOOR, bot, gone, account("U0KAI", "Kai", tz="Europe/Berlin"))
    people = {p.name: p for p in world.rows(select(Person))}
    assert set(people) == {"Noor Visser", "Kai"}
    assert people["Noor Visser"].locale == "nl"
    assert (people["Kai"].time_zone, people["Kai"].country) == ("Europe/Berlin", "DE")


def test_a_newcomer_is_known_before_the_first_answer(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.people["U0NEW"] = account("U0NEW", "Nina Nieuw", "nl-NL")
        reply = await here.command("U0NEW", "help")
        assert "privébericht" in reply.json["text"]
        await here.command("U0NEW", "status")
        assert len(here.fake.called("users.info", TEAM)) == 1

    tell(world, story)
    assert "Nina Nieuw" in {p.name for p in world.rows(select(Person))}


def test_who_leaves_is_no_longer_answered_and_who_changes_their_name_has_it(world: World) -> None:
    async def story(here: Office) -> None:
        for user in (NOOR | {"deleted": True}, account("U02BRAM", "Bram de Wit")):
            body = {
                "type": "event_callback",
                "team_id": TEAM,
                "event_id": f"Ev{user['id']}",
                "event": {"type": "user_change", "user": user},
            }
            assert (await here.sends(body)).status == 200
        assert (await here.command("U01NOOR", "help")).text == ""

    tell(world, story)
    people = {p.name: p.active for p in world.rows(select(Person))}
    assert people == {"Noor Visser": False, "Bram de Wit": True}


@pytest.mark.parametrize(
    ("admin", "chosen"),
    [("bram@example.com", "Bram Jansen"), ("U01NOOR", "Noor Visser"), ("", "Olga Owner")],
)
def test_the_first_administrator_is_whom_the_settings_name_else_the_owner(
    world: World, admin: str, chosen: str
) -> None:
    async def story(here: Office) -> None:
        await here.until(lambda: world.rows(select(Role)))

    tell(world, story, NOOR, BRAM, account("U09", "Olga Owner", is_primary_owner=True), admin=admin)
    [role] = world.rows(select(Role))
    [person] = world.rows(select(Person).where(Person.id == role.person_id))
    assert person.name == chosen


def test_a_stranger_who_claims_an_address_is_not_taken_for_its_owner(world: World) -> None:
    world.person("Thomas", email="thomas@example.com")
    claims = account("U0THOMAS", "Thomas Fake", team_id="T_ELSEWHERE", is_stranger=True)
    claims["profile"]["email"] = "thomas@example.com"

    async def story(here: Office) -> None:
        await here.until(lambda: world.rows(select(Person).where(Person.name == "Thomas Fake")))

    tell(world, story, NOOR, claims, admin="thomas@example.com")
    people = {p.name: p.email for p in world.rows(select(Person))}
    assert people["Thomas"] == "thomas@example.com"
    assert people["Thomas Fake"] is None
    assert not world.rows(select(Role))


def test_a_command_that_says_the_word_that_bolt_looks_for_is_a_command(world: World) -> None:
    async def story(here: Office) -> None:
        reply = await here.command("U02BRAM", "payload help", channel="DU02BRAM")
        assert "I do not know" in reply.json["text"]
        refused = await here.command("U02BRAM", "payload", secret="guessed")
        assert refused.status == 401

    tell(world, story)


def test_a_removal_that_is_told_again_does_not_undo_a_new_installation(world: World) -> None:
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev-removed",
        "event": {"type": "app_uninstalled"},
    }

    async def story(here: Office) -> None:
        await here.sends(body)
        await here.app.hear(Installed("slack", TEAM))
        assert (await here.sends(body, retry=1)).status == 200

    tell(world, story)
    [workspace] = world.rows(select(Workspace).where(Workspace.platform == "slack"))
    assert workspace.state is WorkspaceState.ACTIVE


def test_a_token_of_another_workspace_speaks_in_no_other(world: World) -> None:
    with world.database.transaction() as session:
        old = workspaces.installed(session, Installed("slack", "T_OLD"), "Waterkant", world.now)
        anna = accounts.meet(session, old, "U_ANNA")
        outbox.promise(session, anna, say("figures"), key="figures", now=world.now)

    async def story(here: Office) -> None:
        await here.app.post()
        assert "figures" not in str(here.fake.calls)

    tell(world, story)
    [figures] = world.rows(select(Delivery))
    assert figures.state is DeliveryState.WAITING
    people = {p.name for p in world.rows(select(Person))}
    assert people == {"U_ANNA", "Noor Visser", "Bram Jansen"}


def test_what_is_being_sent_when_the_bot_is_stopped_arrives_and_is_noted(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.slow = 0.5
        with world.database.transaction() as session:
            noor = session.exec(select(Person).where(Person.name == "Noor Visser")).one()
            outbox.promise(session, noor, say("on its way"), key="k", now=world.now)
        here.posting = asyncio.create_task(here.app.post())
        await here.until(lambda: here.fake.slow_now)

    tell(world, story)
    [row] = world.rows(select(Delivery))
    assert (row.state, row.in_doubt) == (DeliveryState.SENT, False)


def test_a_form_of_somebody_from_another_organisation_belongs_to_the_workspace_with_the_bot() -> (
    None
):
    view = {"app_installed_team_id": TEAM, "private_metadata": ""}
    assert wire.workspace({"team": {"id": "T_THEIRS"}, "view": view}) == TEAM


def test_a_workspace_that_removes_the_bot_is_not_written_to(world: World) -> None:
    async def story(here: Office) -> None:
        event = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1"}
        assert (await here.sends({**event, "event": {"type": "app_uninstalled"}})).status == 200

    tell(world, story)
    [workspace] = world.rows(select(Workspace).where(Workspace.platform == "slack"))
    assert workspace.state is WorkspaceState.GONE
    assert world.rows(select(Identity).where(Identity.workspace_id == workspace.id))


def test_no_card_is_lost_to_what_people_are_called(world: World) -> None:
    hostile = account("U0EVIL", "<!channel> *Bobby* & =1+1 😀")

    async def story(here: Office) -> None:
        await here.event("U0EVIL", "app_home_opened")
        [home] = await here.until(lambda: here.fake.homes.get("U0EVIL"))
        assert "<!channel>" not in [
            block["text"]["text"]
            for block in home["blocks"]
            if block.get("text", {}).get("type") == "mrkdwn"
        ]
        await here.types("U0EVIL", "é" * 40_000)
        assert await here.until(lambda: here.in_chat("U0EVIL"))

    tell(world, story, hostile)
