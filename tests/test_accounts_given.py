"""What an import or the settings say of people holds beside what a platform tells of them."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.events import Command, Place, Who
from bot.core.news import Account, AccountsSeen, Installed, Kind, Uninstalled
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from bot.roster import parse
from handlers.routes import router
from storage import roster
from storage.models import Organisation, Person, Workspace
from storage.people import Defaults
from tests.world import World


def dispatcher(
    world: World, organisation: str = "", defaults: Defaults | None = None
) -> Dispatcher:
    return Dispatcher(
        world.database,
        router,
        world.content,
        lambda: world.now,
        organisation,
        defaults or Defaults(),
    )


def imports(world: World, *lines: str) -> None:
    with world.database.transaction() as session:
        read = parse("\n".join(("e-mail,kind", *lines)).encode())
        roster.bring_up_to_date(session, read.rows, session.get_one(Organisation, 1))


@pytest.mark.parametrize(
    ("given", "seen", "counts"),
    [
        ("guest", Kind.EMPLOYEE, "guest"),
        ("employee", Kind.GUEST, "guest"),
        ("guest", Kind.STRANGER, "stranger"),
        ("bot", Kind.EMPLOYEE, "bot"),
        ("", Kind.GUEST, "guest"),
        ("employee", Kind.EMPLOYEE, "employee"),
    ],
)
def test_of_what_an_import_and_a_platform_say_the_stricter_counts(
    world: World, given: str, seen: Kind, counts: str
) -> None:
    imports(world, f"noor@example.com,{given}")
    hear = dispatcher(world).hear
    hear(AccountsSeen("local", WORKSPACE, (Account("noor", "Noor", "noor@example.com"),)))
    hear(AccountsSeen("local", WORKSPACE, (Account("noor", "Noor", kind=seen),)))
    [noor] = world.rows(select(Person))
    assert noor.kind == counts


def test_who_is_no_guest_in_the_platform_any_more_is_what_the_import_said(world: World) -> None:
    imports(world, "noor@example.com,employee")
    for kind in (Kind.EMPLOYEE, Kind.GUEST, Kind.EMPLOYEE):
        account = Account("noor", "Noor", "noor@example.com", kind=kind)
        dispatcher(world).hear(AccountsSeen("local", WORKSPACE, (account,)))
    [noor] = world.rows(select(Person))
    assert noor.kind == "employee"


def test_whoever_acts_or_installs_before_they_are_known_gets_what_the_settings_say(
    world: World,
) -> None:
    dispatch = dispatcher(world, defaults=Defaults("nl", "Europe/Brussels", "BE"))
    dispatch(Command("1", Who("local", WORKSPACE, "noor"), Place("dm:noor"), "dm:noor", "help"))
    dispatch.hear(Installed("local", WORKSPACE, by="mo"))
    people = world.rows(select(Person).order_by(col(Person.id)))
    assert [(p.name, p.locale, p.time_zone, p.country) for p in people] == [
        ("noor", "nl", "Europe/Brussels", "BE"),
        ("mo", "nl", "Europe/Brussels", "BE"),
    ]


# --- whose workspace it is ---


def belongs_to(world: World, external: str) -> str:
    [place] = world.rows(select(Workspace).where(Workspace.external == external))
    [employer] = world.rows(select(Organisation).where(Organisation.id == place.organisation_id))
    return employer.name


def test_an_organisation_is_found_by_its_name_however_it_is_capitalised(world: World) -> None:
    dispatcher(world, "WATERKANT").hear(Installed("slack", "T1", name="Elsewhere"))
    assert belongs_to(world, "T1") == "Waterkant"
    assert len(world.rows(select(Organisation))) == 1


@pytest.fixture
def imported(world: World) -> World:
    """Somebody imported people before there was any workspace."""
    with world.database.transaction() as session:
        session.delete(session.get_one(Workspace, world.workspace))
    imports(world, "noor@example.com,employee")
    return world


def test_the_only_workspace_there_can_be_belongs_to_whom_people_were_imported_for(
    imported: World,
) -> None:
    hear = dispatcher(imported).hear
    hear(Installed("slack", "T1", name="Waterkant BV", only=True))
    hear(AccountsSeen("slack", "T1", (Account("U1", "Noor", "noor@example.com"),)))
    assert belongs_to(imported, "T1") == "Waterkant"
    assert len(imported.rows(select(Person))) == 1


def test_one_of_several_workspaces_takes_no_organisation_it_does_not_know(imported: World) -> None:
    dispatcher(imported).hear(Installed("slack", "T1", name="Polder"))
    assert belongs_to(imported, "T1") == "Polder"


def test_the_simulated_company_is_not_taken(world: World) -> None:
    dispatcher(world).hear(Installed("slack", "T1", name="Polder", only=True))
    assert belongs_to(world, "T1") == "Polder"


SLACK = Installed("slack", "T1", name="Waterkant BV", only=True)
TEAMS = Installed("teams", "tenant", name="waterkant.example", only=True)


@pytest.mark.parametrize("order", [(SLACK, TEAMS), (TEAMS, SLACK)])
def test_slack_and_teams_without_a_name_in_the_settings_are_one_employer(
    imported: World, order: tuple[Installed, Installed]
) -> None:
    for news in order:
        dispatcher(imported).hear(news)
    assert (belongs_to(imported, "T1"), belongs_to(imported, "tenant")) == ("Waterkant",) * 2


@pytest.mark.parametrize("order", [(SLACK, TEAMS), (TEAMS, SLACK)])
def test_the_first_of_the_two_makes_the_employer_where_nobody_was_imported(
    imported: World, order: tuple[Installed, Installed]
) -> None:
    with imported.database.transaction() as session:
        session.delete(session.exec(select(Person)).one())
        session.delete(session.exec(select(Organisation)).one())
    for news in order:
        dispatcher(imported).hear(news)
    assert belongs_to(imported, "T1") == belongs_to(imported, "tenant") == order[0].name


def test_a_workspace_beside_another_of_its_platform_is_of_somebody_else(imported: World) -> None:
    hear = dispatcher(imported).hear
    hear(SLACK)
    hear(Installed("slack", "T2", name="Polder", only=True))
    assert belongs_to(imported, "T2") == "Polder"


def test_after_a_removal_another_workspace_may_come_in_its_place(imported: World) -> None:
    hear = dispatcher(imported).hear
    hear(SLACK)
    hear(Uninstalled("slack", "T1"))
    hear(Installed("slack", "T2", name="Polder", only=True))
    assert belongs_to(imported, "T2") == "Waterkant"


def test_of_two_organisations_none_is_taken(imported: World) -> None:
    with imported.database.transaction() as session:
        session.add(Organisation(name="Elders"))
    dispatcher(imported).hear(TEAMS)
    assert belongs_to(imported, "tenant") == "waterkant.example"
