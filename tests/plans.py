"""What a database is asked, so that a test can look at how it goes about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

SMALL = {"programme", "workspace", "wave", "round", "wishing", "organisation"}  # few of each


@contextmanager
def asked(of: Engine | Connection) -> Iterator[list[tuple[str, Any]]]:
    """Every statement while the body runs, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    event.listen(of, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(of, "before_cursor_execute", note)
