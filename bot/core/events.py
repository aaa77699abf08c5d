"""What people do, in words that fit every platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.actions import Action


@dataclass(frozen=True)
class Who:
    """One account on one platform."""

    platform: str
    workspace: str
    user: str


@dataclass(frozen=True)
class Place:
    """Where something happened; only the platform can read the address.

    `whispers`: an answer here can be for the eyes of one person, also where others read along.
    """

    address: str
    private: bool = True
    whispers: bool = True


@dataclass(frozen=True)
class Event:
    """`id` is the platform's delivery id: seen twice, handled once.

    `home` is the address of the private chat with this person, wherever the event happened.
    """

    id: str
    who: Who
    place: Place
    home: str


@dataclass(frozen=True)
class Command(Event):
    name: str = ""
    args: str = ""


@dataclass(frozen=True)
class Click(Event):
    action: Action = field(kw_only=True)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed(Event):
    text: str = ""


@dataclass(frozen=True)
class HomeOpened(Event):
    """Somebody looks at the page that always stands there; its answer is that page. Looking changes
    nothing."""
