"""Where the keys come from: the settings, or a file beside an SQLite database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.sealing import Seal, new_key

_OWNER_ONLY = 0o600


class KeysNeeded(Exception):
    """KOPPEL_SECRET_KEYS is missing: what people say in confidence is stored sealed. Make a key with
    `koppel keys new` and keep a copy of it where no backup of the database goes."""

    def __init__(self) -> None:
        super().__init__(" ".join(str(self.__doc__).split()))


def seal_of(url: str, keys: Sequence[str] = ()) -> Seal:
    """The seal of a database: these keys, or those in the file beside it, which is made where there
    is none. A server has nothing beside it: there KeysNeeded."""
    file = beside(url)
    if keys:
        return Seal(keys)
    if file is None:
        raise KeysNeeded
    return Seal(_kept(file))


def beside(url: str) -> Path | None:
    """The file of keys of an SQLite database: data/koppel.key beside data/koppel.db."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(parsed.database or "koppel.db").with_suffix(".key")


def _kept(file: Path) -> list[str]:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    except FileExistsError:
        return file.read_text(encoding="utf-8").split()
    with os.fdopen(made, "w", encoding="utf-8") as opened:
        opened.write(f"{new_key()}\n")
    return _kept(file)
