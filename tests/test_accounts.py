"""What a platform tells of accounts, and what becomes of the people behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from bot.core.messages import say
from bot.core.news import Account, AccountsSeen, Installed, Kind, News
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from handlers.routes import router
from storage import outbox, roles
from storage.models import Answer, Delivery, Duty, Identity, Member, Person, PersonKind, Role
from tests.hands import Hands
from tests.world import MENTEE, World


def hears(world: World, *news: News) -> None:
    dispatcher = Dispatcher(world.database, router, world.content, lambda: world.now)
    for each in news:
        dispatcher.hear(each)


def seen(world: World, *accounts: Account) -> None:
    hears(world, AccountsSeen("local", WORKSPACE, accounts))


def second_account(world: World, name: str, user: str) -> None:
    """Somebody has another account in the same workspace."""
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        session.add(
            Identity(
                person_id=person.id, workspace_id=world.workspace, user=user, address=f"dm:{user}"
            )
        )


def everybody(world: World) -> Sequence[Person]:
    return world.rows(select(Person).order_by(col(Person.id)))


# --- accounts that are closed ---


@pytest.mark.parametrize("order", [("noor", "noor2"), ("noor2", "noor")])
def test_who_has_two_accounts_is_active_until_both_are_closed(
    world: World, order: tuple[str, str]
) -> None:
    noor = Hands(world, "Noor")
    second_account(world, "Noor", "noor2")
    first, last = order
    seen(world, Account(first, "Noor", active=False))
    story = [noor.row.active]
    seen(world, Account(first, "Noor", active=False), Account(last, "Noor", active=False))
    story.append(noor.row.active)
    seen(world, Account(first, "Noor"))
    assert [*story, noor.row.active] == [True, False, True]


def test_what_is_promised_goes_to_an_account_that_is_open(world: World) -> None:
    noor = Hands(world, "Noor")
    second_account(world, "Noor", "noor2")
    seen(world, Account("noor", "Noor", active=False))
    with world.database.transaction() as session:
        outbox.promise(
            session, session.get_one(Person, noor.row.id), say("Hi"), key="hi", now=world.now
        )
    [hi] = world.rows(select(Delivery).where(Delivery.key == "hi"))
    assert hi.address == "dm:noor2"


# --- who was met before their address was known ---


def imported(world: World, name: str = "Noor Visser", **about: Any) -> int:
    """Somebody whom HR told of, without an account."""
    with world.database.transaction() as session:
        person = Person(
            organisation_id=world.organisation,
            name=name,
            **{"email": "noor@example.com", "department": "HR", **about},
        )
        session.add(person)
        session.flush()
        return person.id


NOOR = Account("noor", "Noor Visser", "noor@example.com")


def test_whoever_installs_it_is_the_person_that_was_imported_and_stays_administrator(
    world: World,
) -> None:
    known = imported(world)
    hears(world, Installed("local", WORKSPACE, by="noor"))
    seen(world, NOOR)
    [noor] = everybody(world)
    assert (noor.id, noor.department, noor.email) == (known, "HR", "noor@example.com")
    [role] = world.rows(select(Role))
    assert (role.person_id, role.duty) == (known, Duty.ADMIN)
    [account] = world.rows(select(Identity))
    assert account.person_id == known


def test_a_role_that_both_have_is_had_once(world: World) -> None:
    known = imported(world)
    bare = Hands(world, "noor")
    programme = world.programme()
    with world.database.transaction() as session:
        for id_ in (known, bare.row.id):
            session.add(Role(person_id=id_, duty=Duty.ADMIN))
            for duty in (Duty.COORDINATOR, Duty.ADVISER):
                session.add(Role(person_id=id_, programme_id=programme, duty=duty))
    seen(world, NOOR)
    roles = world.rows(select(Role))
    assert {(r.person_id, r.duty) for r in roles} == {(known, duty) for duty in Duty}
    assert len(roles) == len(Duty)


def test_what_somebody_did_before_their_address_was_known_stays_theirs(world: World) -> None:
    known = imported(world, locale="nl")
    world.pair("noor", "Mo", ("en", "en"))
    before = counted(world)
    seen(world, NOOR)
    assert counted(world) == before | {"person": before["person"] - 1}
    members = {m.person_id for m in world.rows(select(Member))}
    assert known in members
    noor = world.people["noor"]
    noor.types("/mentor status")
    assert "Mo" in noor.sees


def counted(world: World) -> dict[str, int]:
    with world.database.look() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


def test_who_would_rather_not_be_paired_with_them_still_is_not(world: World) -> None:
    known = imported(world)
    world.programme()
    bare = Hands(world, "noor")
    Hands(world, "Mo")
    world.joins("Mo", MENTEE | {"avoid": (str(bare.row.id), "99")})
    seen(world, NOOR)
    [answer] = world.rows(select(Answer).where(Answer.question == "avoid"))
    assert answer.values == [str(known), "99"]


def test_two_who_both_take_part_are_kept_apart_and_the_log_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    known = imported(world)
    world.programme()
    noor = Hands(world, "noor")
    world.joins("noor", MENTEE)
    world.joins("Noor Visser", MENTEE)
    id_ = noor.row.id
    seen(world, NOOR)
    assert {person.id for person in everybody(world)} == {known, id_}
    logged = capsys.readouterr()
    assert "accounts.address_of_another" in logged.out + logged.err
    assert "example.com" not in logged.out + logged.err


def test_an_address_of_somebody_with_an_account_or_another_address_makes_nobody_the_same(
    world: World,
) -> None:
    Hands(world, "Noor", email="noor@example.com")
    Hands(world, "Other")
    imported(world, "Third", email="third@example.com")
    seen(world, Account("other", "Other", "noor@example.com"))
    seen(world, Account("noor", "Noor", "third@example.com"))
    assert {(p.name, p.email) for p in everybody(world)} == {
        ("Noor", "noor@example.com"),
        ("Other", None),
        ("Third", "third@example.com"),
    }


@pytest.mark.parametrize("more", [{"kind": Kind.STRANGER}, {"active": False}])
def test_a_stranger_and_a_closed_account_are_nobody_who_was_imported(
    world: World, more: dict[str, Any]
) -> None:
    Hands(world, "noor")
    imported(world)
    seen(world, replace(NOOR, **more))
    assert len(everybody(world)) == 2


# --- the first administrator ---


def installs(world: World, by: str = "", admin: str = "") -> list[str]:
    """Who is administrator afterwards."""
    hears(world, Installed("local", WORKSPACE, by=by, admin=admin))
    with world.database.look() as session:
        return [person.name for person in roles.admins(session, world.organisation)]


def test_an_administrator_who_has_left_is_none(world: World) -> None:
    Hands(world, "Noor")
    Hands(world, "Mo")
    assert installs(world, by="noor") == ["Noor"]
    seen(world, Account("noor", "Noor", active=False))
    assert installs(world, by="mo") == ["Mo"]


def test_a_coordinator_without_a_programme_is_no_administrator(world: World) -> None:
    noor = Hands(world, "Noor")
    with world.database.transaction() as session:
        session.add(Role(person_id=noor.row.id, duty=Duty.COORDINATOR))
    assert installs(world, by="noor") == ["Noor"]


@pytest.mark.parametrize(
    "about", [{"active": False}, {"kind": PersonKind.GUEST}, {"kind": PersonKind.BOT}]
)
def test_only_an_employee_who_is_there_is_appointed(world: World, about: dict[str, Any]) -> None:
    Hands(world, "Noor", email="noor@example.com", **about)
    assert installs(world, by="noor") == []
    assert installs(world, admin="noor@example.com") == []


def test_the_log_says_who_was_appointed_or_that_nobody_fits(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    noor = Hands(world, "Noor", email="noor@example.com")
    assert installs(world, admin="nor@example.com") == []
    assert "admin" not in capsys.readouterr().out  # nobody is known yet
    hears(world, AccountsSeen("local", WORKSPACE, (), everyone=True))
    assert installs(world, admin="nor@example.com") == []
    assert "admin.nobody_fits" in capsys.readouterr().out
    assert installs(world, admin="Noor@example.com") == ["Noor"]
    logged = capsys.readouterr().out
    assert "admin.appointed" in logged
    assert str(noor.row.id) in logged
    assert "example.com" not in logged
    installs(world, admin="Noor@example.com")
    assert "admin" not in capsys.readouterr().out
