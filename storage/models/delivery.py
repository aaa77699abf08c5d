"""What was promised, what came in, and who did what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.base import instant, key, maybe_instant, maybe_to, sealed_words, state, to


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    UNREACHABLE = "unreachable"  # the address will never work again
    FAILED = "failed"  # given up after many tries
    HELD = "held"  # stood in a backup that was put back; an administrator decides


class Delivery(SQLModel, table=True):
    """A message that must arrive, written in the same transaction as its reason."""

    __table_args__ = (
        Index("ix_delivery_waiting", "state", "due_at", "id"),
        Index("ix_delivery_queue", "workspace_id", "state", "due_at", "id"),
    )

    id: int = key()
    key: str = Field(unique=True)  # why it is sent; a second promise with this key is dropped
    organisation_id: int = to("organisation.id")
    workspace_id: int = to("workspace.id", index=False)
    person_id: int | None = maybe_to("person.id")  # none for a channel
    asked_by: int | None = maybe_to("person.id", index=False)  # who gets it when it cannot arrive
    address: str
    message: str = sealed_words()  # gone once it arrived, or never will
    state: DeliveryState = state(DeliveryState.WAITING)
    due_at: datetime = instant()
    attempts: int = 0
    leased_until: datetime | None = maybe_instant()  # by the database's clock, not the programme's
    sent_at: datetime | None = maybe_instant()
    in_doubt: bool = False  # a try may have arrived: the process died, or the connection broke
    trace: str = ""  # what ties the log lines of its reason to those of its sending
    failure: str = ""  # why it did not arrive: one of `Why`, or the name of an exception


class Burst(SQLModel, table=True):
    """Some letters of one process in one conversation: what all processes together send is counted
    by these, and who is in a conversation is let finish. Kept for minutes, on PostgreSQL only."""

    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_until", "workspace_id", "until"),)

    id: int = key()
    workspace_id: int = to("workspace.id", index=False)
    address: str  # "" where the whole workspace has to wait
    posts: int  # 0 where a platform asked to wait
    until: datetime = instant()  # by the database's clock: after it, nothing of this is posted


class SeenEvent(SQLModel, table=True):
    """A platform's delivery id that was handled; kept for a few days."""

    id: str = Field(primary_key=True)
    at: datetime = instant(index=True)


class AuditEntry(SQLModel, table=True):
    """What a coordinator or admin did: ids only, never words. Rows are added and never changed, so
    the number of a person stays when the person is no more."""

    id: int = key()
    organisation_id: int = to("organisation.id")
    person_id: int = Field(index=True)
    at: datetime = instant(index=True)
    did: str
    subject: str = ""
    allowed: bool = True
