"""What an import or the settings say of people holds beside what a platform tells of them."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.events import Command, Place, Who
from bot.core.news import Account, AccountsSeen, Installed, Kind
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
