"""What a platform tells of accounts and workspaces, and what of it we take over."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.news import Account, AccountsSeen, Installed, Kind, News, Uninstalled
from bot.dispatcher import Dispatcher
from handlers.routes import router
from storage import roles
from storage.models import Duty, Identity, Person, PersonKind, Programme, Role, Workspace
from tests.world import World

NOOR = Account("U1", "Noor Visser", email="Noor@example.com", locale="nl", time_zone="Europe/Paris")


def hears(world: World, *news: News, organisation: str = "Waterkant") -> None:
    dispatcher = Dispatcher(world.database, router, world.content, lambda: world.now, organisation)
    for each in news:
        dispatcher.hear(each)


def seen(world: World, *accounts: Account, team: str = "T1", everyone: bool = False) -> None:
    hears(world, Installed("slack", team, name=team))
    hears(world, AccountsSeen("slack", team, accounts, everyone))


def people(world: World) -> list[Person]:
    return list(world.rows(select(Person).order_by(col(Person.id))))


def only(world: World) -> Person:
    [person] = people(world)
    return person


def change(world: World, **about: object) -> None:
    with world.database.transaction() as session:
        person = session.exec(select(Person)).one()
        for name, value in about.items():
            setattr(person, name, value)


def admins(world: World) -> list[str]:
    query = select(Person).join(Role, col(Role.person_id) == Person.id)
    return [person.name for person in world.rows(query.where(Role.duty == Duty.ADMIN))]


# --- who is who ---


def test_an_account_is_that_of_the_person_an_administrator_imported(world: World) -> None:
    with world.database.transaction() as session:
        noor = Person(organisation_id=world.organisation, name="N. Visser", function="Baker")
        noor.email = "noor@example.com"
        session.add(noor)
    seen(world, NOOR, Account("U2", "Noor Twee", email="noor@example.com"))
    first, second = people(world)
    assert (first.name, first.function) == ("Noor Visser", "Baker")
    assert (second.name, second.email) == ("Noor Twee", None)  # the address is hers already


def test_who_has_an_account_elsewhere_is_not_taken_for_the_same_by_an_address(
    world: World,
) -> None:
    seen(world, NOOR)
    seen(world, Account("U9", "Somebody Else", email="noor@example.com"), team="T2")
    assert [person.name for person in people(world)] == ["Noor Visser", "Somebody Else"]
    accounts = world.rows(select(Identity).order_by(col(Identity.id)))
    assert len({account.person_id for account in accounts}) == 2


def test_an_address_in_another_organisation_is_of_somebody_else(world: World) -> None:
    with world.database.transaction() as session:
        session.add(
            Person(organisation_id=world.organisation, name="Noor", email="noor@example.com")
        )
    hears(world, Installed("slack", "T7", name="Elders"), organisation="Elders")
    hears(world, AccountsSeen("slack", "T7", (NOOR,)))
    assert [person.name for person in people(world)] == ["Noor", "Noor Visser"]


def test_people_of_an_unknown_workspace_are_nobody(world: World) -> None:
    hears(world, AccountsSeen("slack", "T9", (NOOR,)))
    assert people(world) == []


@pytest.mark.parametrize("account", [Account("U1", active=False), Account("U1", kind=Kind.BOT)])
def test_who_the_bot_will_never_talk_with_is_not_remembered(world: World, account: Account) -> None:
    seen(world, account)
    assert people(world) == []


# --- what of them ---


def test_a_language_that_somebody_chose_stays_and_else_follows_the_account(world: World) -> None:
    seen(world, NOOR)
    assert only(world).locale == "nl"
    seen(world, Account("U1", locale="en"), Account("U1", locale="fi"), Account("U1"))
    assert only(world).locale == "en"
    change(world, locale="nl", locale_chosen=True)
    seen(world, Account("U1", locale="en"))
    assert only(world).locale == "nl"


def test_a_name_and_a_function_that_are_not_told_stay(world: World) -> None:
    seen(world, NOOR)
    change(world, function="Baker")
    seen(world, Account("U1", function="Head of Bread"))
    assert (only(world).name, only(world).function) == ("Noor Visser", "Baker")


def test_who_moves_has_the_holidays_of_the_new_country_unless_they_were_given(
    world: World,
) -> None:
    seen(world, NOOR)
    assert (only(world).time_zone, only(world).country) == ("Europe/Paris", "FR")
    seen(world, Account("U1", time_zone="Mars/Olympus"), Account("U1"))
    assert only(world).time_zone == "Europe/Paris"
    change(world, country="BE")
    seen(world, Account("U1", time_zone="Europe/Berlin"))
    assert (only(world).time_zone, only(world).country) == ("Europe/Berlin", "BE")


def test_who_leaves_and_comes_back_is_the_same_person(world: World) -> None:
    seen(world, NOOR)
    seen(world, Account("U1", active=False))
    assert not only(world).active
    seen(world, Account("U1"))
    assert only(world).active


@pytest.mark.parametrize("kind", [Kind.GUEST, Kind.STRANGER])
def test_who_is_from_outside_is_known_as_such_and_not_let_in(world: World, kind: Kind) -> None:
    seen(world, NOOR)
    seen(world, Account("U1", kind=kind))
    assert (only(world).kind, only(world).admitted) == (PersonKind(kind.value), False)
    seen(world, Account("U1"))
    assert only(world).kind is PersonKind.EMPLOYEE


def test_one_account_is_not_everybody(world: World) -> None:
    seen(world, NOOR)
    query = select(Workspace).where(Workspace.external == "T1")
    assert world.rows(query)[0].people_seen_at is None
    seen(world, everyone=True)
    assert world.rows(query)[0].people_seen_at == world.now


# --- who administers ---


def test_a_coordinator_is_no_administrator_so_whoever_installs_becomes_one(world: World) -> None:
    world.programme()
    seen(world, NOOR, Account("U2", "Bram"))
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor Visser")).one()
        roles.appoint(session, noor, session.get_one(Programme, 1))
    hears(world, Installed("slack", "T1", by="U2"))
    assert admins(world) == ["Bram"]


def test_the_administrator_of_another_organisation_does_not_count(world: World) -> None:
    seen(world, NOOR)
    hears(world, Installed("slack", "T1", by="U1"))
    hears(world, Installed("slack", "T7", name="Elders", by="U5"), organisation="Elders")
    assert admins(world) == ["Noor Visser", "U5"]


def test_the_same_account_in_another_workspace_is_not_appointed(world: World) -> None:
    seen(world, NOOR, team="T2")
    seen(world, Account("U1", "Bram"), team="T1")
    hears(world, Installed("slack", "T1", admin="U1"))
    assert admins(world) == ["Bram"]


def test_the_address_in_the_settings_may_be_in_capitals(world: World) -> None:
    seen(world, Account("U2", "Bram"), NOOR)
    hears(world, Installed("slack", "T1", admin="NOOR@Example.com"))
    assert admins(world) == ["Noor Visser"]


def test_who_is_nowhere_is_not_appointed(world: World) -> None:
    seen(world, NOOR)
    hears(world, Installed("slack", "T1", admin="nobody@example.com"), Installed("slack", "T1"))
    assert admins(world) == []


def test_after_a_workspace_came_back_everybody_is_looked_at_again(world: World) -> None:
    seen(world, NOOR, everyone=True)
    hears(world, Uninstalled("slack", "T1"), Installed("slack", "T1"))
    [workspace] = world.rows(select(Workspace).where(Workspace.external == "T1"))
    assert (workspace.people_seen_at, workspace.since) == (None, None)
