"""Who was erased is put on the list that outlives a restore, and nothing of them stays in a file."""

from __future__ import annotations

from scheduler.rounds import Moment, Stopped
from storage import erasures
from storage.database import Database


def write_down(database: Database, now: Moment, _stopped: Stopped) -> int:
    """A minute after somebody asked, at the latest."""
    return erasures.write_down(database, now())
