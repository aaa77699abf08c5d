"""Somebody who works in Slack and in Teams, as both tell of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from bot.core.news import Account, AccountsSeen
from bot.dispatcher import Dispatcher
from bot.platforms.local import chat
from bot.platforms.local.screen import LocalPerson
from handlers.routes import router
from storage.models import Identity, Link, Person
from tests.world import World

NAMES = {"slack": "Noor Visser", "teams": "N. Visser"}
ADDRESS = "noor@example.com"


def tells(world: World, platform: str, **about: Any) -> None:
    """What a platform tells of Noor's account there."""
    known = {"name": NAMES[platform], "email": ADDRESS, "locale": "en"} | about
    account = Account("noor", **known)
    news = AccountsSeen(platform, world.platform(platform).workspace, (account,))
    Dispatcher(world.database, router, world.content, lambda: world.now).hear(news)


def arrives(world: World, platform: str, **about: Any) -> LocalPerson:
    """Noor has an account there from now on."""
    world.platform(platform).chat.welcome(chat.Account("noor", NAMES[platform], "en"))
    tells(world, platform, **about)
    with world.database.transaction() as session:
        for person in session.exec(select(Person)):
            person.introduced = True
    return LocalPerson(world.platform(platform), "noor", world.dispatch)


def noor_twice(world: World) -> tuple[LocalPerson, LocalPerson]:
    """Noor in Slack, and Noor in Teams."""
    world.opens("slack")
    world.opens("teams")
    return arrives(world, "slack"), arrives(world, "teams")


def known(world: World) -> list[str]:
    """Everybody called Visser, by name."""
    query = select(Person).where(col(Person.name).like("%Visser")).order_by(col(Person.id))
    return [person.name for person in world.rows(query)]


def links(world: World) -> list[Link]:
    return list(world.rows(select(Link)))


def preferred(world: World) -> dict[str, bool]:
    """Which of the accounts, by platform, is preferred."""
    places = {id_: name for name, id_ in world.workspaces.items()}
    accounts = world.rows(select(Identity).where(Identity.user == "noor"))
    return {places[account.workspace_id]: account.preferred for account in accounts}


def acts(person: LocalPerson, world: World, words: str = "/mentor status") -> None:
    """They do something, and a minute goes by."""
    person.types(words)
    world.passes(timedelta(minutes=1), minutes=1)


def is_asked(person: LocalPerson) -> bool:
    return "Yes, that is me" in person.buttons


def times_asked(person: LocalPerson) -> int:
    return sum("Is this also you?" in seen for seen in person.all_seen)


def says_yes_in_both(world: World, first: LocalPerson, last: LocalPerson) -> None:
    acts(first, world)
    first.clicks("Yes, that is me")
    world.tick()
    last.clicks("Yes, that is me")
    world.tick()
