"""The key of every story, and its databases opened with it."""

from __future__ import annotations

from storage.database import Database
from storage.sealing import Seal
from tests.slack.installing import KEY

SEAL = Seal([KEY])


def opened(url: str) -> Database:
    """A database that reads and writes what is confidential."""
    return Database(url, SEAL)
