"""One dialect for all databases of a kind: what was compiled for one test serves all others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import Engine, event

STATEMENTS = 10_000  # all that Koppel knows, with room; each test would compile its own again


def speaking_alike(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """As `make`, but every engine takes over what the first one that connected has compiled.

    SQLAlchemy keeps compiled statements for each engine, and a story has an engine of its own:
    compiling took a third of its time. Only the connections are a test's own.
    """
    elders: dict[str, Engine] = {}

    @wraps(make)
    def engine(url: str, **options: Any) -> Engine:
        made = make(url, query_cache_size=STATEMENTS, **options)
        elder = elders.get(made.name)
        if elder is None:
            event.listen(made, "engine_connect", lambda _: elders.setdefault(made.name, made))
            return made
        made.dialect = made.pool._dialect = elder.dialect
        made._compiled_cache = elder._compiled_cache
        return made

    return engine
