"""What every table shares: instants in UTC, and columns that say what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, TypeDecorator
from sqlmodel import Field

from storage.sealing import Sealed, SealedJson

# A number is never used again: avoid lists, keys of messages and the list of erasures go by it.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Utc(TypeDecorator[datetime]):
    """Aware in, aware out, always UTC. SQLite would forget the zone."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone is no instant")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def instant(*, index: bool = False) -> Any:
    """A moment that must be known."""
    return Field(sa_type=Utc, nullable=False, index=index)


def maybe_instant(*, index: bool = False) -> Any:
    """A moment that may not have come."""
    return Field(default=None, sa_type=Utc, nullable=True, index=index)


def _enum(values: type[StrEnum]) -> Any:
    """Stored as its word: readable in the database, checked in the code."""
    return Enum(
        values, native_enum=False, length=24, values_callable=lambda e: [m.value for m in e]
    )


def state(first: StrEnum) -> Any:
    """A state that begins as `first`."""
    return Field(default=first, sa_type=_enum(type(first)), nullable=False)


def word(values: type[StrEnum]) -> Any:
    """One of these, and it must be said which."""
    return Field(sa_type=_enum(values), nullable=False)


def maybe_word(values: type[StrEnum]) -> Any:
    return Field(default=None, sa_type=_enum(values), nullable=True)


# Before it calls a factory, pydantic reads its signature: that of a built-in it reads from a text,
# at every row.
def _empty_list() -> list[Any]:
    return []


def _empty_map() -> dict[str, Any]:
    return {}


def json_list() -> Any:
    return Field(default_factory=_empty_list, sa_type=JSON, nullable=False)


def json_map() -> Any:
    return Field(default_factory=_empty_map, sa_type=JSON, nullable=False)


def sealed_words() -> Any:
    """Words that somebody trusts us with; "" where there are none."""
    return Field(default="", sa_type=Sealed, nullable=False)


def sealed_list() -> Any:
    return Field(default_factory=_empty_list, sa_type=SealedJson, nullable=False)


def sealed_map() -> Any:
    return Field(default_factory=_empty_map, sa_type=SealedJson, nullable=False)


def key(default: Any = None) -> Any:
    """A primary key that the database hands out."""
    return Field(default=default, primary_key=True)


def to(column: str, *, index: bool = True) -> Any:
    """A reference that must point somewhere."""
    return Field(foreign_key=column, nullable=False, index=index)


def maybe_to(column: str, *, index: bool = True) -> Any:
    return Field(default=None, foreign_key=column, nullable=True, index=index)
