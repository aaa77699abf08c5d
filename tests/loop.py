"""No database work on the event loop: who waits for it would make everybody wait."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

ROOT = Path(__file__).parent.parent
ROOMS = tuple(f"{ROOT / room}/" for room in ("bot", "handlers", "scheduler", "storage"))
STORIES = f"{ROOT / 'tests'}/"
seen: list[str] = []  # where the bot asked a database something on its event loop


def watched(create: Callable[..., Engine]) -> Callable[..., Engine]:
    """The same engines, and whoever asks them on an event loop is written down. A story may do so
    itself: nobody waits for it."""

    def made(*args: Any, **named: Any) -> Engine:
        engine = create(*args, **named)
        event.listen(engine, "before_cursor_execute", _note)
        return engine

    return made


def _note(*_: object) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    frames = list(_frames(sys._getframe(1)))
    if not any(frame.startswith(STORIES) for frame in frames):
        ours = [frame.removeprefix(f"{ROOT}/") for frame in frames if frame.startswith(ROOMS)]
        seen.append(" < ".join(ours))


def _frames(frame: FrameType | None) -> Iterator[str]:
    """The files that lead here, up to where the loop began."""
    while frame is not None and frame.f_code.co_name != "_run_once":
        yield f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
