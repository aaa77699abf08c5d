"""What a platform tells by itself: who has an account there, and whether the bot still has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What sort of account it is."""

    EMPLOYEE = "employee"
    GUEST = "guest"  # somebody from outside with an account in this workspace
    STRANGER = "stranger"  # somebody of another organisation, in a channel shared with it
    BOT = "bot"


@dataclass(frozen=True)
class Account:
    """An account as the platform describes it; what it does not tell is empty."""

    user: str
    name: str = ""
    email: str = ""
    locale: str = ""  # a language, such as "nl"
    time_zone: str = ""
    function: str = ""
    kind: Kind = Kind.EMPLOYEE
    active: bool = True
    owner: bool = False  # of the workspace


@dataclass(frozen=True)
class News:
    platform: str
    workspace: str
    id: str = field(
        default="", kw_only=True
    )  # of the platform's delivery: heard twice, it counts once


@dataclass(frozen=True)
class AccountsSeen(News):
    """How these accounts are now; `everyone` when there are no others in the workspace."""

    accounts: tuple[Account, ...]
    everyone: bool = False


@dataclass(frozen=True)
class Installed(News):
    """The bot may work in this workspace, as of now or again."""

    name: str = ""  # of the workspace
    by: str = ""  # the account that installed it, where that is known
    only: bool = False  # no other workspace of this platform can be installed
    admin: str = ""  # e-mail address or account that the settings name as administrator


@dataclass(frozen=True)
class Uninstalled(News):
    """The bot was removed from this workspace."""
