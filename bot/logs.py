"""How the log is written: for people to read, or a line of JSON each for machines."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def begin(level: str, form: str) -> None:
    """Write from this level on (DEBUG … ERROR), as `text` or `json`; a line has the trace that it
    belongs to."""
    last: Any = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    if form == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
