"""What people say in confidence, and what opens their chats, is sealed on disk: whoever finds a copy
of the database reads none of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Engine, MetaData, Table, Text, TypeDecorator

T = TypeVar("T")
_TOKEN = "gAAAAA"  # what all that is sealed begins with: a version, and the time in our century


class WrongKey(Exception):
    """No key in KOPPEL_SECRET_KEYS opens what is stored: put the former key back, behind the first."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


class NoKey(Exception):
    """This database was opened without the keys that what is confidential is sealed with."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


class Seal:
    """Closes with the first key and opens with any: that is how a key is replaced."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def close(self, words: str) -> str:
        """The words as they may be stored."""
        return self._keys.encrypt(words.encode()).decode()

    def open(self, sealed: str) -> str:
        """The words again, or WrongKey."""
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            raise WrongKey from None

    def renew(self, sealed: str) -> str:
        """The same words, closed with the first key; or WrongKey."""
        return self.close(self.open(sealed))


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()


# Every engine has a dialect of its own, and a column is told which one asks.
_seals: WeakKeyDictionary[Dialect, Seal] = WeakKeyDictionary()


def seal_with(engine: Engine, seal: Seal) -> None:
    """From now on this engine closes and opens sealed columns."""
    _seals[engine.dialect] = seal


def seal_in_use(dialect: Dialect) -> Seal:
    """The seal of the engine that asks; NoKey when it has none."""
    if (seal := _seals.get(dialect)) is None:
        raise NoKey
    return seal


class Confidential(TypeDecorator[T], Generic[T]):
    """Closed on the way in and opened on the way out: with a seal of its own, or the engine's."""

    impl = Text
    cache_ok = True

    def __init__(self, seal: Seal | None = None) -> None:
        super().__init__()
        self.seal = seal

    nothing: frozenset[str] = frozenset({""})  # what is stored as it is: it says nothing

    def _close(self, words: str, dialect: Dialect) -> str:
        if words in self.nothing:
            return words
        return (self.seal or seal_in_use(dialect)).close(words)

    def _open(self, stored: str, dialect: Dialect) -> str:
        if stored in self.nothing:
            return stored
        return (self.seal or seal_in_use(dialect)).open(stored)

    def closed(self, seal: Seal, stored: str) -> str:
        """What is stored, sealed where it is not yet."""
        is_closed = stored in self.nothing or stored.startswith(_TOKEN)
        return stored if is_closed else seal.close(stored)

    def renewed(self, seal: Seal, stored: str) -> str:
        """What is stored, sealed with the first key; or WrongKey."""
        return stored if stored in self.nothing else seal.renew(stored)


_NOTHING: dict[str, Callable[[], Any]] = {"[]": list, "{}": dict, "null": lambda: None}


class Sealed(Confidential[str]):
    """A column of words. No two are stored alike, so none can be looked for; nothing stays nothing,
    so that it takes no key to see that nothing was said."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self._close(value, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self._open(value, dialect)


class SealedJson(Confidential[Any]):
    """A column of what JSON can say; an empty list stays one."""

    nothing = frozenset(_NOTHING)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return self._close(json.dumps(value), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None or value in _NOTHING:  # most are, and a round reads a million of them
            return _NOTHING[value or "null"]()
        return json.loads(self._open(value, dialect))


def sealed(table: Table, secrets: Sequence[str], seal: Seal) -> Table:
    """The same table, seen through a seal: whoever asks for a secret gets it in clear."""
    seen = table.to_metadata(MetaData())
    for name in secrets:
        if name in seen.c:
            seen.c[name].type = Sealed(seal)
    return seen
