"""Which function answers which command, button or words, and who may use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from bot.cards import common
from bot.core.actions import Action, RunCommand, StaleAction
from bot.core.events import Click, Command, HomeOpened, Typed
from bot.core.messages import Message
from handlers.turn import Turn
from storage import roles
from storage.models import PersonKind


def mark(text: str) -> str:
    """An English source sentence that is translated where it is shown."""
    return text


class Access(StrEnum):
    """Who may use a command or a button. The handler still checks whose thing it is."""

    EVERYONE = "everyone"
    COORDINATOR = "coordinator"  # of some programme, or an admin
    ADMIN = "admin"


A = TypeVar("A", bound=Action)
CommandHandler = Callable[[Turn, str], Message | None]
ActionHandler = Callable[[Turn, A], Message | None]


@dataclass(frozen=True)
class Entry:
    """A command: help, manifests and docs are made from this."""

    name: str
    summary: str  # an English source sentence
    run: CommandHandler
    args: str = ""
    access: Access = Access.EVERYONE
    aliases: tuple[str, ...] = ()  # the Dutch word, mostly


class Router:
    def __init__(self) -> None:
        self.commands: dict[str, Entry] = {}
        self.actions: dict[type[Action], tuple[ActionHandler[Any], Access]] = {}
        self._typed: Callable[[Turn, str], Message | None] | None = None
        self._home: Callable[[Turn], Message] | None = None
        self._afterwards: Callable[[Turn], None] | None = None

    def command(
        self,
        name: str,
        summary: str,
        *,
        args: str = "",
        access: Access = Access.EVERYONE,
        aliases: tuple[str, ...] = (),
    ) -> Callable[[CommandHandler], CommandHandler]:
        def register(handler: CommandHandler) -> CommandHandler:
            self.commands[name] = Entry(name, summary, handler, args, access, aliases)
            return handler

        return register

    def on(
        self, action: type[A], *, access: Access = Access.EVERYONE
    ) -> Callable[[ActionHandler[A]], ActionHandler[A]]:
        def register(handler: ActionHandler[A]) -> ActionHandler[A]:
            self.actions[action] = (handler, access)
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
            turn.audit(f"refused /{entry.name}", allowed=False)
            return common.refused(turn.t, admin=entry.access is Access.ADMIN)
        return entry.run(turn, args.strip())

    def close_to(self, word: str) -> str:
        """The command somebody probably meant, or nothing."""
        words = [w for entry in self.commands.values() for w in (entry.name, *entry.aliases)]
        hit = process.extractOne(word.casefold()[:40], words, scorer=fuzz.ratio, score_cutoff=70)
        return hit[0] if hit else ""

    def _act(self, turn: Turn, action: Action) -> Message | None:
        handler, access = self.actions[type(action)]
        if not may(turn, access):
            turn.audit(f"refused {type(action).__name__}", allowed=False)
            return common.refused(turn.t, admin=access is Access.ADMIN)
        try:
            return handler(turn, action)
        except StaleAction:
            return self._out_of_date(turn)

    def _out_of_date(self, turn: Turn) -> Message | None:
        current = self.run(turn, "home", "")
        return common.out_of_date(turn.t, current) if current else None


def may(turn: Turn, access: Access) -> bool:
    """Whether the person may do this at all."""
    if turn.person.kind is PersonKind.BOT:
        return False
    match access:
        case Access.EVERYONE:
            return True
        case Access.COORDINATOR:
            return roles.coordinates_any(turn.session, turn.person)
        case Access.ADMIN:
            return roles.is_admin(turn.session, turn.person)


router = Router()
