"""The list of who was erased, kept apart: a backup that is put back knows nothing of it.

A line for each: the mark of the database, the person's number, and when. Nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import erasing
from storage.database import Database, is_id
from storage.models import Erasure, Installation, Person, Round, RoundState

_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Erased:
    """A line of the list."""

    mark: str
    person: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.mark} {self.person} {self.at.astimezone(UTC).isoformat()}"


def apply(database: Database) -> int:
    """Erase again whoever a backup brought back; how many that were. Their numbers are given to
    nobody else."""
    with database.transaction() as session:
        listed = [one for one in read(database.erasures) if one.mark == own_mark(session)]
        if listed:
            _never_again(session, max(one.person for one in listed))
        back = [one for one in listed if _is_back(session, one)]
        for one in back:
            erasing.erase(session, session.get_one(Person, one.person), one.at)
    if back:
        write_down(database, datetime.now(UTC))
    return len(back)


def waits(session: Session) -> bool:
    """Whether somebody was erased who does not stand in the list yet."""
    return session.exec(_WAITING.limit(1)).first() is not None


_WAITING = select(Erasure).where(col(Erasure.listed_at).is_(None)).order_by(col(Erasure.id))


def write_down(database: Database, now: datetime) -> int:
    """Put who was erased on the list, and leave nothing of them in the file; how many that were.
    While a round is being computed it waits: what that writes is swept too."""
    with database.transaction() as session:
        computing = select(Round.id).where(Round.state == RoundState.COMPUTING).limit(1)
        if session.exec(computing).first() is not None:
            return 0
        waiting = session.exec(_WAITING.with_for_update(skip_locked=True)).all()
        for one in waiting:
            erasing.sweep(session, session.get_one(Person, one.person_id), one.at)
        known = {one.person for one in read(database.erasures) if one.mark == own_mark(session)}
        new = [Erased(own_mark(session), one.person_id, one.at) for one in waiting]
        _append(database.erasures, [one for one in new if one.person not in known])
        for one in waiting:
            one.listed_at = now
    if waiting:
        database.scrub()
    return len(waiting)


def own_mark(session: Session) -> str:
    """What tells this database from others; "" while it has no keys yet."""
    ours = session.exec(select(Installation)).first()
    return ours.mark if ours else ""


def read(file: Path | None) -> Iterator[Erased]:
    """The list; a line that was cut off in a crash is none."""
    if file is None or not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        match line.split():
            case [mark, number, at] if number.isdecimal() and is_id(int(number)):
                yield Erased(mark, int(number), datetime.fromisoformat(at))


def _append(file: Path | None, lines: Sequence[Erased]) -> None:
    if file is None or not lines:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, _OWNER_ONLY)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.writelines(f"{line}\n" for line in lines)
        opened.flush()
        os.fsync(opened.fileno())


def _is_back(session: Session, one: Erased) -> bool:
    person = session.get(Person, one.person)
    return person is not None and person.erased_at is None


def _never_again(session: Session, number: int) -> None:
    """People who come are numbered above this, also in a backup from before."""
    connection = session.connection()
    given = {"number": number}
    if connection.dialect.name == "sqlite":
        seen = "SELECT seq FROM sqlite_sequence WHERE name = 'person'"
        if connection.execute(text(seen)).first() is None:
            connection.execute(text("INSERT INTO sqlite_sequence VALUES ('person', 0)"))
        raised = "UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = 'person'"
    else:
        name = "pg_get_serial_sequence('person', 'id')"
        raised = f"SELECT setval({name}, greatest(:number, nextval({name})))"
    connection.execute(text(raised), given)
