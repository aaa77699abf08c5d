"""Where the keys come from: the settings, or a file beside an SQLite database; and whether they fit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import inspect
from sqlmodel import select as of_models

from storage.database import Database, beside, file_of
from storage.models.own_data import ONLY_ROW, Installation
from storage.sealing import Seal, WrongKey, new_key

_OWNER_ONLY = 0o600
_SETTING = "KOPPEL_SECRET_KEYS"
KEYS = ".key"


class KeyTrouble(Exception):
    """The keys are not there, or are others than those that the database was sealed with."""


class KeysNeeded(KeyTrouble):
    """What people say in confidence is stored sealed, and there is no key."""

    def __init__(self) -> None:
        super().__init__(
            "KOPPEL_SECRET_KEYS is missing: what people say in confidence is stored sealed. Make a "
            "key with `koppel keys new`, and keep a copy of it apart from the backups."
        )


class LostKey(KeyTrouble):
    """The database is sealed, and the file with its keys is gone."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"The key of this database is gone: {file} is not there and KOPPEL_SECRET_KEYS is not "
            "set. Put the key back from where you keep it. Nothing was changed."
        )


class OtherKey(KeyTrouble):
    """None of the keys is one that the database was sealed with."""

    def __init__(self, url: str) -> None:
        file = beside(url, KEYS)
        where = f"{file}, nor in KOPPEL_SECRET_KEYS," if file and file.exists() else _SETTING
        super().__init__(
            f"No key in {where} opens what this database holds: put the former key back, behind "
            "the first. Nothing was changed."
        )


def seal_of(url: str, keys: Sequence[str] = ()) -> Seal:
    """The seal of a database: these keys, and behind them those in the file beside it, which is made
    where there is no key yet. Raises KeysNeeded for a server, which has nothing beside it, and
    LostKey."""
    file = beside(url, KEYS)
    if keys:
        return Seal([*keys, *(_kept(file) if file and file.exists() else ())])
    if file is None:
        raise KeysNeeded
    if not file.exists() and _is_sealed(url):
        raise LostKey(file)
    return Seal(_kept(file))


def fit(url: str, keys: Sequence[str] = ()) -> bool:
    """Whether the keys open what this database holds; False while nothing is sealed. Changes
    nothing. Raises KeyTrouble."""
    if not _is_sealed(url):
        if not keys and beside(url, KEYS) is None:
            raise KeysNeeded
        return False
    database = Database(url, seal_of(url, keys))
    try:
        with database.look() as session:
            return session.get(Installation, ONLY_ROW) is not None
    except WrongKey:
        raise OtherKey(url) from None
    finally:
        database.close()


def _is_sealed(url: str) -> bool:
    file = file_of(url)
    if file is not None and not file.exists():
        return False
    database = Database(url)
    try:
        with database.look() as session:
            if not inspect(session.connection()).has_table("installation"):
                return False
            return session.exec(of_models(Installation.id)).first() is not None
    finally:
        database.close()


def _kept(file: Path) -> list[str]:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    except FileExistsError:
        return file.read_text(encoding="utf-8").split()
    with os.fdopen(made, "w", encoding="utf-8") as opened:
        opened.write(f"{new_key()}\n")
    return _kept(file)
