"""Where Teams' conversations are: a bot may only speak where it was added, and by what it heard
there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.models.base import instant, key, to, word


class ConversationKind(StrEnum):
    PERSONAL = "personal"
    GROUP = "group"
    CHANNEL = "channel"


class TeamsConversation(SQLModel, table=True):
    """A chat or channel in which the bot was added, as its connector wants it named."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "external"),
        Index("ix_teamsconversation_user", "workspace_id", "user"),
    )

    id: int = key()
    workspace_id: int = to("workspace.id", index=False)
    kind: ConversationKind = word(ConversationKind)
    external: str  # Teams' own id, without the message of a thread
    service_url: str
    bot: str = ""  # our account there, such as 28:…
    user: str = ""  # whose personal chat it is: an account as in Identity.user
    member: str = ""  # the same person as the connector names them, such as 29:…
    team: str = ""  # of a channel
    name: str = ""  # of a channel, where Teams told it
    open: bool = True  # False since the bot was taken out
    heard_at: datetime = instant()
