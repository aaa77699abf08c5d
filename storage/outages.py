"""A server that goes away for a while: said once when it goes, and once when it is back."""

from __future__ import annotations

import logging
import threading
import time

import structlog
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import OperationalError

log = structlog.get_logger()
logging.getLogger("psycopg").setLevel(logging.ERROR)  # of each connection that broke


class Away(OperationalError):
    """The database does not answer. The log has said so; whoever meets it tries again later."""


class Outage:
    """Watches an engine: a server that was there and cannot be reached is `Away`, with a line in the
    log for the first failure. One that never was there is an error of whoever starts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._was_there = False
        self._since: float | None = None
        self._lock = threading.Lock()
        event.listen(engine, "handle_error", self._failed, retval=True)
        event.listen(engine, "connect", self._connected)

    def _failed(self, context: ExceptionContext) -> BaseException | None:
        if not self._is_away(context):
            return None
        with self._lock:
            first, self._since = self._since is None, self._since or time.monotonic()
        cause = context.original_exception
        if first:
            why = getattr(cause, "sqlstate", None) or type(cause).__name__
            log.error("database.away", why=why, then="goes on by itself when it is back")
        lost = context.is_disconnect
        return Away(None, None, cause, hide_parameters=True, connection_invalidated=lost)

    def _is_away(self, context: ExceptionContext) -> bool:
        """Whether our server cannot be reached; an old connection that is found dead is no news."""
        ours = context.engine is not None and context.engine.pool is self._engine.pool
        lost = context.is_disconnect or context.connection is None
        return self._was_there and ours and lost and not context.is_pre_ping

    def _connected(self, *_connection: object) -> None:
        with self._lock:
            since, self._since, self._was_there = self._since, None, True
        if since is not None:
            log.info("database.back", after=round(time.monotonic() - since))
