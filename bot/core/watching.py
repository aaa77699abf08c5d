"""Who looks on while the bot works: what happened, how often and how long it took; never what was said."""

from __future__ import annotations

from typing import Protocol

import structlog


class Watcher(Protocol):
    """What is counted; seconds are of real time."""

    def handled(self, kind: str, seconds: float, *, failed: bool) -> None:
        """An event was answered."""

    def tried(self, platform: str, outcome: str) -> None:
        """A message was sent, or how that went wrong."""

    def ran(self, job: str, seconds: float, *, failed: bool) -> None:
        """A job of the clock had its turn."""


class Nobody:
    """Counts nothing."""

    def handled(self, kind: str, seconds: float, *, failed: bool) -> None: ...

    def tried(self, platform: str, outcome: str) -> None: ...

    def ran(self, job: str, seconds: float, *, failed: bool) -> None: ...


NOBODY = Nobody()


def trace() -> str:
    """What ties the log lines of one event or job to those of the messages that came of it."""
    return str(structlog.contextvars.get_contextvars().get("trace", ""))
