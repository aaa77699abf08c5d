"""What a programme's coordinators may take along: facts and frozen figures, never people's words.

Left out on purpose: answers to the intake, whom somebody would rather avoid, reasons of a match,
who was asked in a survey, its answers and comments.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.core.insights import End
from storage import freezing
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Member,
    Mentorship,
    Organisation,
    Part,
    Participant,
    Person,
    Programme,
    Wave,
)

# A spreadsheet runs a cell that begins with one of these; the last four are their wide twins.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001

# Where nearly all chose an end of the scale, the mean itself is not told.
_BOUNDS: Mapping[End, str] = {"": "", "high": "or more", "low": "or less"}

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Table:
    """One file: its name without ending, and its rows."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def find(session: Session, slug: str, organisation: str | None = None) -> list[Programme]:
    """The programmes that go by this word; more than one when several organisations have it."""
    query = select(Programme).where(Programme.slug == slug.casefold())
    if organisation:
        query = query.join(Organisation, col(Organisation.id) == Programme.organisation_id).where(
            func.lower(Organisation.name) == organisation.lower()
        )
    return list(session.exec(query.order_by(col(Programme.id))))


def which(session: Session, found: Sequence[Programme]) -> str:
    """What to say when not exactly one programme was found."""
    if found:
        return "Several organisations have a programme of this name: add --organisation."
    slugs = sorted(set(session.exec(select(Programme.slug))))
    if not slugs:
        return "There is no programme yet."
    return f"There is no programme of this name; there are: {', '.join(slugs)}."


def tables(session: Session, programme: Programme) -> list[Table]:
    """Everything that leaves the house about one programme."""
    zone = ZoneInfo(programme.time_zone)
    return [
        Table(
            "participants",
            (
                "name", "e-mail", "department", "team", "function", "location", "state", "mentor",
                "mentee", "capacity", "rhythm", "joined on", "left on", "rounds waited",
            ),
            list(_participants(session, programme, zone)),
        ),
        Table(
            "mentorships",
            (
                "mentorship", "mentor", "mentor e-mail", "mentee", "mentee e-mail", "state",
                "rhythm", "started on", "ended on", "stuck since",
            ),
            list(_mentorships(session, programme, zone)),
        ),
        Table(
            "check_ins",
            ("mentorship", "name", "part", "due on", "answered", "met"),
            list(_check_ins(session, programme)),
        ),
        Table(
            "surveys",
            ("wave", "closed on", "question", "group", "mean", "bound", "answers", "invited", "answered"),
            list(_surveys(session, programme, zone)),
        ),
    ]  # fmt: skip


def write(tables: Sequence[Table], folder: Path, separator: str = ",") -> list[Path]:
    """The tables as CSV files that a spreadsheet opens without running anything in them.

    Earlier files of the same names are replaced. Only their owner may read them.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        write_file(table, path, separator)
        paths.append(path)
    return paths


def write_file(table: Table, path: Path, separator: str = ",") -> None:
    """One table in the place of an earlier file of this name."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(table.header)
        writer.writerows([harmless(cell) for cell in row] for row in table.rows)


def harmless(cell: Cell) -> str | int | float:
    """A cell that a spreadsheet shows and never runs; a quote before it keeps it words."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else cell


def _participants(
    session: Session, programme: Programme, zone: ZoneInfo
) -> Iterator[tuple[Cell, ...]]:
    rows = session.exec(
        select(Participant, Person)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Participant.programme_id == programme.id)
        .order_by(col(Participant.id))
    )
    for taking_part, person in rows:
        yield (
            person.name,
            person.email,
            person.department,
            person.team,
            person.function,
            person.location,
            taking_part.state.value,
            _yes(taking_part.mentor),
            _yes(taking_part.mentee),
            taking_part.capacity if taking_part.mentor else None,
            taking_part.rhythm,
            _day(taking_part.consented_at, zone),
            _day(taking_part.left_at, zone),
            taking_part.priority,
        )


def _mentorships(
    session: Session, programme: Programme, zone: ZoneInfo
) -> Iterator[tuple[Cell, ...]]:
    members: defaultdict[tuple[int, Part], list[Person]] = defaultdict(list)
    rows = session.exec(
        select(Member, Person)
        .join(Person, col(Person.id) == Member.person_id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(Mentorship.programme_id == programme.id)
        .order_by(col(Member.id))
    )
    for member, person in rows:
        members[member.mentorship_id, member.part].append(person)
    own = select(Mentorship).where(Mentorship.programme_id == programme.id)
    for each in session.exec(own.order_by(col(Mentorship.id))):
        yield (
            each.id,
            *_names(members[each.id, Part.MENTOR]),
            *_names(members[each.id, Part.MENTEE]),
            each.state.value,
            each.rhythm,
            each.started_on,
            _day(each.ended_at, zone),
            _day(each.stuck_since, zone),
        )


def _check_ins(session: Session, programme: Programme) -> Iterator[tuple[Cell, ...]]:
    """Answered or not, met or not; "planned" and "not yet" are both "not met"."""
    rows = session.exec(
        select(CheckIn, Member, Person)
        .join(Member, col(Member.id) == CheckIn.member_id)
        .join(Person, col(Person.id) == Member.person_id)
        .join(Mentorship, col(Mentorship.id) == CheckIn.mentorship_id)
        .where(Mentorship.programme_id == programme.id)
        .order_by(col(CheckIn.mentorship_id), col(CheckIn.due_on), col(CheckIn.id))
    )
    for check_in, member, person in rows:
        met = _yes(check_in.answer is CheckInAnswer.MET) if check_in.answer else None
        yield (
            check_in.mentorship_id, person.name, member.part.value, check_in.due_on,
            _yes(check_in.answer is not None), met,
        )  # fmt: skip


def _surveys(session: Session, programme: Programme, zone: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    """The figures that were frozen when a wave closed; a hidden one is empty."""
    own = select(Wave).where(Wave.programme_id == programme.id).order_by(col(Wave.opens_at))
    for wave in session.exec(own):
        results = freezing.results(programme, wave)
        for shown in results.figures if results else ():
            for group, figure in (("all", shown.total), *shown.groups):
                yield (
                    wave.moment.value,
                    _day(wave.closes_at, zone),
                    shown.question,
                    group,
                    figure.mean if figure else None,
                    _BOUNDS[figure.end] if figure else None,
                    figure.n if figure else None,
                    results.invited if results else None,
                    results.answered if results else None,
                )


def _names(people: Sequence[Person]) -> tuple[str, str]:
    return (
        "; ".join(person.name for person in people),
        "; ".join(person.email or "" for person in people),
    )


def _day(instant: datetime | None, zone: ZoneInfo) -> date | None:
    return instant.astimezone(zone).date() if instant else None


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
