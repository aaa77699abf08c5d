"""Secrets on disk are sealed: whoever finds a copy of the database cannot use them."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, MetaData, Table, Text, TypeDecorator


class WrongKey(Exception):
    """No key in KOPPEL_SECRET_KEYS opens a stored token: put the former key back, behind the first."""

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


class Sealed(TypeDecorator[str]):
    """A column whose words are closed on the way in and opened on the way out."""

    impl = Text
    cache_ok = True

    def __init__(self, seal: Seal) -> None:
        super().__init__()
        self.seal = seal

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else self.seal.close(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else self.seal.open(value)


def sealed(table: Table, secrets: Sequence[str], seal: Seal) -> Table:
    """The same table, seen through a seal: whoever asks for a secret gets it in clear."""
    seen = table.to_metadata(MetaData())
    for name in secrets:
        if name in seen.c:
            seen.c[name].type = Sealed(seal)
    return seen
