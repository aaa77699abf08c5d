"""What the bot may ask of Slack, Teams or the simulated workspace, and what they ask of the bot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.core.events import Event, Who
from bot.core.messages import Message
from bot.core.news import News

SIMULATED = "local"  # the platform on which everybody is invented
_TITLES = {"slack": "Slack", "teams": "Microsoft Teams"}
_GROUP = "group:"
_ONLY_PEOPLE_OPEN_GROUPS = frozenset({"teams"})


class Limit(NamedTuple):
    """So many posts in any so many seconds."""

    posts: int
    seconds: float


@dataclass(frozen=True)
class Pace:
    """What a platform takes of all processes together: so much in a workspace, and so many seconds
    between one process and the next in a conversation."""

    workspace: tuple[Limit, ...] = ()
    apart: float = 0.0


FREELY = Pace()


class Scope(StrEnum):
    """What has to wait when a platform says «later»."""

    LETTER = "letter"
    CONVERSATION = "conversation"
    WORKSPACE = "workspace"


class TryLater(Exception):
    """Not now; the platform says how long to wait, and with what."""

    def __init__(self, wait: timedelta, scope: Scope = Scope.LETTER) -> None:
        super().__init__(f"try again in {wait.total_seconds():.0f} s")
        self.wait, self.scope = wait, scope


class Why(StrEnum):
    """Why nothing arrives at an address, as far as the platform tells."""

    GONE = "gone"  # the account was closed, or the channel no longer exists
    CLOSED = "closed"  # the person does not take messages from the bot
    ARCHIVED = "archived"  # the channel is an archive now
    NOT_INVITED = "not_invited"  # the bot is not a member of the channel
    NOT_ALLOWED = "not_allowed"  # the workspace's rules keep the bot out of it


class Unreachable(Exception):
    """Nothing sent to this address arrives, and trying again does not help: somebody must act."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Refused(Exception):
    """The workspace does not let the bot in any more: what waits for it is kept, nothing is sent."""


class Unsure(Exception):
    """Nobody knows whether the message arrived: the connection broke after it was sent."""


@dataclass(frozen=True)
class Letter:
    """One message on its way: `key` says why it is sent, the same key is the same message.

    `again`: an earlier try may have arrived, so a platform that can tell looks before it sends.
    """

    key: str
    workspace: str
    address: str
    message: Message
    again: bool = False


class Bot(Protocol):
    """What a platform may ask of the running bot."""

    async def act(self, event: Event) -> Message | None:
        """What should now stand where the person acted; never fails."""

    def admits(self, who: Who) -> bool:
        """Whether somebody may do one thing more; not who does more than anybody can."""

    async def too_often(self, event: Event) -> Message:
        """What to say to somebody who is not admitted."""

    async def hear(self, news: News) -> bool:
        """Have it remembered; False when it was heard before."""


class Platform(Protocol):
    name: str
    pace: Pace  # which several processes keep together, by what stands in their database

    def room(self, workspace: str) -> int:
        """How many letters the workspace takes of this process now; 0 while it asks to wait."""

    async def send(self, letter: Letter) -> None:
        """Deliver; raises TryLater, Unreachable, Refused, Unsure, or anything else for «it did not
        arrive, try again with back-off»."""


def title(platform: str) -> str:
    """What people call it."""
    return _TITLES.get(platform, platform.capitalize())


def opens_groups(platform: str) -> bool:
    """Whether the bot can open a chat of several people there."""
    return platform not in _ONLY_PEOPLE_OPEN_GROUPS


def group_of(users: Iterable[str]) -> str:
    """The address of a chat between these accounts and the bot."""
    return _GROUP + "+".join(users)


def members_of(address: str) -> tuple[str, ...]:
    """The accounts of a group's address; () for any other address."""
    return tuple(address.removeprefix(_GROUP).split("+")) if address.startswith(_GROUP) else ()
