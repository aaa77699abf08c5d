"""A mentor in Slack and a mentee in Teams: one pair, each in their own client."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.core.platform import opens_groups
from bot.platforms.local.screen import LocalPerson
from storage.models import CheckIn, Delivery, Identity, Person, Workspace, WorkspaceState
from tests.world import World


@pytest.fixture
def pair(world: World) -> tuple[LocalPerson, LocalPerson]:
    """Bram in Slack mentors Noor in Teams, every week."""
    world.opens("slack")
    world.opens("teams")
    world.programme(group_chat=True)
    return world.pair("Bram", "Noor", ("en", "nl"), on=("slack", "teams"), rhythm="weekly")


def arrived_on(world: World, name: str) -> set[str]:
    """The platforms on which something was sent to somebody."""
    query = (
        select(Workspace)
        .join(Delivery, col(Delivery.workspace_id) == Workspace.id)
        .join(Person, col(Person.id) == Delivery.person_id)
        .where(Person.name == name)
    )
    return {workspace.platform for workspace in world.rows(query)}


def groups(world: World) -> list[Delivery]:
    return list(world.rows(select(Delivery).where(col(Delivery.address).like("group:%"))))


def test_each_hears_of_the_other_in_their_own_client(
    world: World, pair: tuple[LocalPerson, LocalPerson]
) -> None:
    bram, noor = pair
    assert "Noor" in bram.sees
    assert "Bram" in noor.sees
    assert (arrived_on(world, "Bram"), arrived_on(world, "Noor")) == ({"slack"}, {"teams"})
    assert groups(world) == []  # they have no workspace in common


def test_each_is_asked_and_answers_in_their_own_client(
    world: World, pair: tuple[LocalPerson, LocalPerson]
) -> None:
    bram, noor = pair
    world.passes(timedelta(hours=1), days=8)
    bram.clicks("Yes, we met")
    noor.clicks("Ja, gesproken")
    answers = [one.answer for one in world.rows(select(CheckIn))]
    assert [answer and answer.value for answer in answers] == ["met", "met"]
    assert (arrived_on(world, "Bram"), arrived_on(world, "Noor")) == ({"slack"}, {"teams"})


def test_while_teams_keeps_the_bot_out_slack_goes_on(
    world: World, pair: tuple[LocalPerson, LocalPerson]
) -> None:
    bram, noor = pair
    heard = len(noor.all_seen)
    with world.database.transaction() as session:
        teams = session.get_one(Workspace, world.workspaces["teams"])
        teams.state, teams.since = WorkspaceState.PAUSED, world.now
    world.passes(timedelta(hours=1), days=8)
    bram.clicks("Yes, we met")
    assert len(noor.all_seen) == heard


def test_who_pauses_in_teams_is_away_for_a_partner_in_slack(
    pair: tuple[LocalPerson, LocalPerson],
) -> None:
    bram, noor = pair
    noor.types("pauze 2 weken")
    assert "Noor is away from the programme until" in bram.sees


# --- a chat of both ---


def test_in_teams_only_people_open_a_chat_of_several() -> None:
    assert [opens_groups(name) for name in ("slack", "teams", "local")] == [True, False, True]


def gets_account(world: World, name: str, platform: str) -> None:
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        account = Identity(
            person_id=person.id,
            workspace_id=world.workspaces[platform],
            user=name.casefold(),
            address=f"dm:{name.casefold()}",
        )
        session.add(account)


@pytest.mark.parametrize(("common", "where"), [(["teams"], []), (["teams", "slack"], ["slack"])])
def test_two_who_are_both_in_teams_are_greeted_together_only_where_a_bot_can_do_so(
    world: World, common: list[str], where: list[str]
) -> None:
    for platform in ("teams", "slack"):  # Teams was there first
        world.opens(platform)
    world.programme(group_chat=True)
    for name in ("Bram", "Noor"):
        world.person(name, on=common[0])
        for platform in common[1:]:
            gets_account(world, name, platform)
    world.matches("Bram", "Noor")
    names = {number: name for name, number in world.workspaces.items()}
    assert [names[one.workspace_id] for one in groups(world)] == where
