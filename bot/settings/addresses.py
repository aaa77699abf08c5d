"""A database's address: as the rest of Koppel wants it, and as it may be shown."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}


def normalised(url: str) -> str:
    """A database URL as the rest of Koppel wants it; ValueError says plainly what is wrong."""
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise ValueError("this is not a database URL") from None
    if url.count("@") > 1:  # which part is the password is then anybody's guess
        raise ValueError("write @ as %40 within a name or a password")
    if parsed.drivername in _POSTGRESQL:
        if not parsed.database:
            raise ValueError("the name of the database is missing behind the last slash")
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if parsed.get_backend_name() != "sqlite":
        raise ValueError("Koppel keeps its data in SQLite or PostgreSQL, and nowhere else")
    if parsed.drivername != "sqlite":
        raise ValueError("write sqlite:/// without a driver's name")
    if not parsed.database or parsed.database == ":memory:":
        raise ValueError("a database in memory forgets everything: name a file")
    return parsed.render_as_string(hide_password=False)


def mask(url: str) -> str:
    """A database URL without its password, nor anything else of it that may be secret."""
    parsed = make_url(url)
    return parsed.set(query={}).render_as_string(hide_password=True)
