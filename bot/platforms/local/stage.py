"""What the page needs of the product: the caller implements it, so the page knows nothing of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.events import Event
from bot.core.messages import Message
from bot.platforms.local.chat import Account

Progress = Callable[[datetime], Awaitable[None]]


@dataclass(frozen=True)
class Happened:
    """Something that happened while the clock was wound: English source sentences, one and many."""

    at: datetime
    one: str
    many: str
    count: int
    week: bool = False  # counted over the week that it stands in


@dataclass(frozen=True)
class Proposal:
    """A good thing to do on a first visit: whom to be, where, and what to write or press."""

    user: str
    text: str  # an English source sentence
    conversation: str = ""
    say: str = ""  # waits in the composer
    done: bool = False


@dataclass(frozen=True)
class Pane:
    """Something to look at behind the glass, in mark-up: rows of a label and what it is."""

    title: str
    rows: tuple[tuple[str, str], ...]
    note: str = ""


class Stage(Protocol):
    """The company, its clock, and the bot behind the chat."""

    @property
    def accounts(self) -> Sequence[Account]:
        """Everybody whom a visitor may be, in the order in which the page lists them."""

    async def proposals(self) -> Sequence[Proposal]:
        """What to do on a first visit, in this order."""

    def now(self) -> datetime:
        """The simulated time, in UTC."""

    async def end(self) -> datetime:
        """When the programme is over."""

    def commands(self, language: str) -> list[tuple[str, str]]:
        """What may follow `/mentor`, and what it does, in this language."""

    async def glass(self, user: str, conversation: str, language: str) -> Sequence[Pane]:
        """What the bot knows behind this conversation, what is due, and why then."""

    async def act(self, event: Event) -> Message | None:
        """Have the event handled, and return what should stand where the person acted."""

    async def wind(self, until: datetime, progress: Progress) -> list[Happened]:
        """Let time pass, telling where the clock is; return what happened, the oldest first."""

    async def start_over(self) -> None:
        """Forget everything, the chats too, and begin again."""
