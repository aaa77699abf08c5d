"""Every command and every button against every role, through the dispatcher: the table is the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

import pytest

from bot import reference, rights
from bot.cards import common
from bot.cards.home import ShowOpen
from bot.core.actions import Action, RunCommand
from bot.core.events import Click, Command
from bot.core.messages import Message
from bot.rights import MAY, Who
from bot.texts import LANGUAGES, translator
from handlers.router import Access, Router
from handlers.routes import router
from tests.databases import Sqlite
from tests.everybody import SECRET, Stage, stage
from tests.hands import meanings

# What a button carries beside the numbers of things; by button where one word means different things.
VALUES: dict[str, Any] = {"closes_on": 739700, "percent": 25, "kind": "guest", "says": "yes"}
OF: dict[str, dict[str, Any]] = {
    "AnswerCheckIn": {"answer": "met"},
    "AnswerFit": {"answer": "good"},
    "ApproveFrom": {"percent": 50},
    "CountFrom": {"percent": 50},
}
FIELDS = {"which": ("0",), "words": ("Hello",)}
# What everybody's event may leave behind, also where it was refused.
TRACES = {"seenevent", "auditentry"}


def _name(kind: type[Action]) -> str:
    return kind.__name__


KINDS = sorted(router.actions, key=_name)


@pytest.fixture(scope="module")
def here(migrated: tuple[Sqlite, str]) -> Iterator[Stage]:
    server, template = migrated
    url = server.create(template)
    made = stage(url)
    yield made
    made.close()
    server.drop(url)


def sample(kind: type[Action], ids: dict[str, Any]) -> Action:
    """A button of this kind about what is going on."""
    blank = {int: 0, bool: False, str: ""}
    hints = get_type_hints(kind)
    known = ids | VALUES | OF.get(kind.__name__, {})
    named = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: known.get(name, blank[hints[name]]) for name in named})


def refuses(here: Stage, who: Who, answer: Message | None) -> None:
    """A kind word that gives nothing away, a trace of who tried, and nothing has changed."""
    assert answer is not None, who
    assert answer.summary, who
    assert all(isinstance(each, RunCommand | ShowOpen) for each in meanings(answer)), who
    assert SECRET not in repr(answer), who
    assert here.database.wrote <= TRACES, (who, here.database.wrote)
    [(did, allowed, person)] = here.database.noted
    assert (allowed, person) == (False, here.people[who].row.id), (who, did)


def lets(here: Stage, who: Who, answer: Message | None, access: Access) -> None:
    """Not refused; and who changes something for others leaves a trace."""
    assert answer is not None, who
    assert all(allowed for _, allowed, _ in here.database.noted), (who, here.database.noted)
    stale = common.out_of_date(translator(here.people[who].row.locale), answer).summary
    assert answer.summary != stale, who
    changed = here.database.wrote - {"seenevent"}
    runs = access in (Access.COORDINATOR, Access.ANY_COORDINATOR, Access.ADMIN)
    if runs and changed:
        assert here.database.noted, (who, changed)


@pytest.mark.parametrize("name", sorted(router.commands))
def test_a_command_is_for_whom_the_table_says(here: Stage, name: str) -> None:
    entry = router.commands[name]
    args = "grow" if entry.access is Access.COORDINATOR else ""
    for who, hands in here.people.items():
        answer = here.does(Command(*hands.base(f"{name}-{who}"), name=name, args=args))
        if who in MAY[entry.access]:
            lets(here, who, answer, entry.access)
        else:
            refuses(here, who, answer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_is_for_whom_the_table_says(here: Stage, kind: type[Action]) -> None:
    access = router.actions[kind].access
    action = sample(kind, here.ids)
    for who, hands in here.people.items():
        click = Click(*hands.base(f"{kind.__name__}-{who}"), action=action, fields=FIELDS)
        answer = here.does(click)
        if who in MAY[access]:
            lets(here, who, answer, access)
        else:
            refuses(here, who, answer)


# Who has the role and is refused because of what the button is about.
OTHER = {
    Access.OWNER: Who.PARTNER,
    Access.ADVISER: Who.COORDINATOR,
    Access.PARTICIPANT: Who.ADVISER,
    Access.COORDINATOR: Who.ELSEWHERE,
}
ABOUT = [kind for kind in KINDS if router.actions[kind].about]


@pytest.mark.parametrize("kind", ABOUT)
def test_what_is_not_there_is_answered_like_what_is_somebody_elses(
    here: Stage, kind: type[Action]
) -> None:
    route = router.actions[kind]
    hands = here.people[OTHER[route.access]]
    theirs, nothing = (
        here.does(Click(*hands.base(kind.__name__), action=sample(kind, here.ids | also)))
        for also in ({}, {route.about: 10**6})
    )
    assert theirs == nothing


# --- that nobody can forget ---


@dataclass(frozen=True)
class Nameless(Action):
    """A button that does not say what it is about."""

    colour: int


@pytest.mark.parametrize(
    "access", [Access.OWNER, Access.ADVISER, Access.PARTICIPANT, Access.COORDINATOR]
)
def test_a_button_for_some_that_names_nothing_is_refused_when_it_is_made(access: Access) -> None:
    with pytest.raises(TypeError, match="Nameless does not say whose it is"):
        Router().on(Nameless, access=access)


def test_every_access_has_its_cells() -> None:
    assert set(MAY) == set(Access)
    assert {route.access for route in router.actions.values()} <= set(MAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_rights_is_up_to_date(language: str) -> None:
    path = reference.FOLDER / rights.FILES[language]
    assert path.read_text("utf-8") == rights.table(language), "run: make docs"
