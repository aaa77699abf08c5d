"""Which function answers which command, button or words, and who may use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar, cast

from rapidfuzz import fuzz, process

from bot.cards import common, joining
from bot.core.actions import Action, RunCommand, StaleAction
from bot.core.events import Click, Command, HomeOpened, Typed
from bot.core.messages import Message
from bot.texts import mark as mark
from handlers.turn import Turn
from storage import belonging, people, programmes, roles


class Access(StrEnum):
    """Whom a command or a button is for. A button names in a field what it is about, and the router
    looks up whose that is: no handler has to ask."""

    EVERYONE = "everyone"
    WELCOME = "welcome"  # who may take part: colleagues, and guests who were let in
    PARTICIPANT = "participant"  # who takes part in the programme it is about
    OWNER = "owner"  # the one person it was made for
    ADVISER = "adviser"  # whom somebody asked to talk
    COORDINATOR = "coordinator"  # who runs the programme it is about, or an admin
    ANY_COORDINATOR = "any coordinator"  # of some programme, or an admin
    ADMIN = "admin"

    @property
    def audience(self) -> Audience:
        """Under which heading it stands in help and in the list of commands."""
        if self is Access.ADMIN:
            return Audience.ADMINISTRATORS
        coordinators = (Access.COORDINATOR, Access.ANY_COORDINATOR)
        return Audience.COORDINATORS if self in coordinators else Audience.EVERYONE


class Audience(StrEnum):
    EVERYONE = "everyone"
    COORDINATORS = "coordinators"
    ADMINISTRATORS = "administrators"


# What a button that is for these people has to name, in a field of that name.
ABOUT: dict[Access, tuple[str, ...]] = {
    Access.PARTICIPANT: ("programme",),
    Access.OWNER: tuple(what for what in belonging.PEOPLE_OF if what != "talk"),
    Access.ADVISER: ("talk",),
    Access.COORDINATOR: tuple(belonging.PROGRAMME_OF),
}


A = TypeVar("A", bound=Action)
CommandHandler = Callable[[Turn, str], Message | None]
ActionHandler = Callable[[Turn, A], Message | None]


@dataclass(frozen=True)
class Route:
    """A button: what it does, whom it is for, and the field that names what it is about."""

    run: ActionHandler[Any]
    access: Access
    about: str = ""


@dataclass(frozen=True)
class Entry:
    """A command: help, manifests and docs are made from this."""

    name: str
    summary: str  # an English source sentence
    run: CommandHandler
    access: Access
    args: str = ""
    aliases: tuple[str, ...] = ()  # the Dutch word, mostly


class Router:
    def __init__(self) -> None:
        self.commands: dict[str, Entry] = {}
        self.actions: dict[type[Action], Route] = {}
        self._typed: Callable[[Turn, str], Message | None] | None = None
        self._home: Callable[[Turn], Message] | None = None
        self._afterwards: Callable[[Turn], None] | None = None

    def command(
        self,
        name: str,
        summary: str,
        *,
        access: Access,
        args: str = "",
        aliases: tuple[str, ...] = (),
    ) -> Callable[[CommandHandler], CommandHandler]:
        def register(handler: CommandHandler) -> CommandHandler:
            self.commands[name] = Entry(name, summary, handler, access, args, aliases)
            return handler

        return register

    def on(
        self, action: type[A], *, access: Access
    ) -> Callable[[ActionHandler[A]], ActionHandler[A]]:
        about = _about(action, access)

        def register(handler: ActionHandler[A]) -> ActionHandler[A]:
            self.actions[action] = Route(handler, access, about)
            return handler

        return register

    def typed(
        self, handler: Callable[[Turn, str], Message | None]
    ) -> Callable[[Turn, str], Message | None]:
        self._typed = handler
        return handler

    def home(self, handler: Callable[[Turn], Message]) -> Callable[[Turn], Message]:
        self._home = handler
        return handler

    def afterwards(self, handler: Callable[[Turn], None]) -> Callable[[Turn], None]:
        """What may be promised once somebody has their answer, whatever they did."""
        self._afterwards = handler
        return handler

    def named(self, word: str) -> Entry | None:
        """The command behind a typed word, in either language."""
        word = word.casefold()
        return self.commands.get(word) or next(
            (entry for entry in self.commands.values() if word in entry.aliases), None
        )

    def handle(self, turn: Turn) -> Message | None:
        """The answer to an event, and what comes after it."""
        answer = self._answer(turn)
        if self._afterwards is not None and not isinstance(turn.event, HomeOpened):
            self._afterwards(turn)
        return answer

    def _answer(self, turn: Turn) -> Message | None:
        """The answer; a button nobody knows any more shows how things stand."""
        match turn.event:
            case Command(name=name, args=args):
                return self.run(turn, name, args)
            case Click(action=RunCommand(name=name, args=args)):
                return self.run(turn, name, args)
            case Click(action=action) if type(action) in self.actions:
                return self._act(turn, action)
            case Typed(text=text) if self._typed is not None:
                return self._typed(turn, text)
            case HomeOpened() if self._home is not None:
                return self._home(turn)
        return self._out_of_date(turn)

    def run(self, turn: Turn, name: str, args: str) -> Message | None:
        """Do what a command says, or say kindly why not."""
        entry = self.named(name or "home")
        if entry is None:
            return common.unknown_command(turn.t, name, self.close_to(name))
        if not may(turn, entry.access):
            turn.audit_refusal(f"/{entry.name}")
            return _refused(turn, entry.access)
        return entry.run(turn, args.strip())

    def close_to(self, word: str) -> str:
        """The command somebody probably meant, or nothing."""
        words = [w for entry in self.commands.values() for w in (entry.name, *entry.aliases)]
        hit = process.extractOne(word.casefold()[:40], words, scorer=fuzz.ratio, score_cutoff=70)
        return hit[0] if hit else ""

    def _act(self, turn: Turn, action: Action) -> Message | None:
        """Only for whom it was made: a forwarded or forged button is as if there were none."""
        route = self.actions[type(action)]
        if not may(turn, route.access):
            turn.audit_refusal(type(action).__name__)
            return _refused(turn, route.access)
        if route.about:
            id_ = getattr(action, route.about)
            theirs = _is_theirs(turn, route, id_)
            if theirs is False:
                turn.audit_refusal(type(action).__name__, f"{route.about}:{id_}")
            if not theirs:
                return self._not_theirs(turn, route)
        try:
            return route.run(turn, action)
        except StaleAction:
            return self._out_of_date(turn)

    def _not_theirs(self, turn: Turn, route: Route) -> Message | None:
        """The same words whether it is somebody else's or not there: nobody learns which."""
        if route.access is Access.COORDINATOR:
            return common.refused(turn.t, admin=False)
        return self._out_of_date(turn)

    def _out_of_date(self, turn: Turn) -> Message | None:
        current = self.run(turn, "home", "")
        return common.out_of_date(turn.t, current) if current else None


def _about(action: type[Action], access: Access) -> str:
    """The field that says whose this button is; a route without one is refused when it is made."""
    if access not in ABOUT:
        return ""
    named = {each.name for each in fields(cast(Any, action))}
    found = [each for each in ABOUT[access] if each in named]
    if not found:
        raise TypeError(f"{action.__name__} does not say whose it is: {', '.join(ABOUT[access])}")
    return found[0]


def may(turn: Turn, access: Access) -> bool:
    """Whether the person may do this at all, whatever it is about."""
    match access:
        case Access.WELCOME:
            return people.may_take_part(turn.person)
        case Access.COORDINATOR | Access.ANY_COORDINATOR:
            return roles.coordinates_any(turn.session, turn.person)
        case Access.ADMIN:
            return roles.is_admin(turn.session, turn.person)
        case _:
            return True


def _is_theirs(turn: Turn, route: Route, id_: int) -> bool | None:
    """Whether what a button names is for whoever pressed it; None when there is no such thing."""
    session, person = turn.session, turn.person
    if route.access in (Access.OWNER, Access.ADVISER):
        return belonging.is_made_for(session, route.about, id_, person)
    programme = belonging.programme_of(session, route.about, id_)
    if programme is None:
        return None
    if route.access is Access.PARTICIPANT:
        return programmes.participation(session, person, programme) is not None
    return roles.coordinates(session, person, programme)


def _refused(turn: Turn, access: Access) -> Message:
    if access is Access.WELCOME:
        return joining.not_for_guests(turn.t)
    return common.refused(turn.t, admin=access is Access.ADMIN)


router = Router()
