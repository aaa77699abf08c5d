"""The chats of the simulated workspace on disk, so that they are there again after a restart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.core.messages import Message
from bot.platforms.local.posted import Posted

_TABLES = """
CREATE TABLE IF NOT EXISTS posted (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, author TEXT NOT NULL,
    content TEXT NOT NULL, is_card INTEGER NOT NULL, at TEXT NOT NULL, serial INTEGER NOT NULL,
    key TEXT NOT NULL, version INTEGER NOT NULL, only_for TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS read_mark (
    user TEXT, conversation TEXT, id INTEGER NOT NULL, PRIMARY KEY (user, conversation)
);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class ChatFile:
    """Writes each change at once: what was shown survives the end of the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._sql.executescript(_TABLES)
        self._sql.execute("PRAGMA journal_mode = WAL")
        self._sql.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        self._sql.close()

    def posts(self) -> Iterator[Posted]:
        """Every message, in the order in which they were posted."""
        columns = "id, conversation, author, content, is_card, at, serial, key, version, only_for"
        for row in self._sql.execute(f"SELECT {columns} FROM posted ORDER BY id"):
            id, conversation, author, words, is_card, at, *rest = row
            content = _card(words) if is_card else words
            yield Posted(id, conversation, author, content, datetime.fromisoformat(at), *rest)

    def write(self, posted: Posted) -> None:
        content, is_card = posted.content, posted.card is not None
        words = content.to_json() if isinstance(content, Message) else content
        self._sql.execute(
            "INSERT OR REPLACE INTO posted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                posted.id,
                posted.conversation,
                posted.author,
                words,
                is_card,
                posted.at.isoformat(),
                posted.serial,
                posted.key,
                posted.version,
                posted.only_for,
            ),
        )

    def read_marks(self) -> dict[tuple[str, str], int]:
        rows = self._sql.execute("SELECT user, conversation, id FROM read_mark")
        return {(user, conversation): id for user, conversation, id in rows}

    def mark(self, user: str, conversation: str, id: int) -> None:
        self._sql.execute(
            "INSERT OR REPLACE INTO read_mark VALUES (?, ?, ?)", (user, conversation, id)
        )

    def notes(self) -> dict[str, str]:
        return dict(self._sql.execute("SELECT name, value FROM note"))

    def note(self, name: str, value: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def clear(self) -> None:
        self._sql.executescript("DELETE FROM posted; DELETE FROM read_mark; DELETE FROM note;")


def _card(words: str) -> Message:
    """The card as it was kept; of one that a later version can no longer read, its summary."""
    try:
        return Message.from_json(words)
    except ValueError:
        return Message(str(json.loads(words)["summary"]))


def beside(url: str) -> Path:
    """The file of the chats: beside an SQLite database, else in the data folder."""
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "data/koppel.db"
    file = Path(path).with_suffix(".chat.db")
    file.parent.mkdir(parents=True, exist_ok=True)
    return file
