"""A file with the people of an organisation, as rows and as problems. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from bot.roster import cells, places, reading
from bot.roster.columns import Columns, recognise
from bot.roster.reading import DELIMITERS, NotReadable, Record

__all__ = ["NotReadable", "Problem", "Roster", "Row", "parse"]


@dataclass(frozen=True, slots=True)
class Row:
    """One person. None is "not said": what is known of them stays as it is."""

    line: int
    email: str | None = None  # lower case
    user: str | None = None  # their account in the chat
    name: str | None = None
    department: str | None = None
    team: str | None = None
    function: str | None = None
    manager: str | None = None  # an e-mail address, chat id or name; "" for nobody
    location: str | None = None
    time_zone: str | None = None
    country: str | None = None
    languages: tuple[str, ...] | None = None
    locale: str | None = None
    working_days: str | None = None  # "12345"
    hours: tuple[time, time] | None = None
    kind: str | None = None
    roles: tuple[tuple[str, str], ...] | None = None  # (admin or coordinator, programme)
    likely_time_zone: str = ""  # what follows from the country, for somebody new
    likely_country: str = ""  # and from the time zone


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on one line, in words that may be shown on a terminal."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.reason}" + (f" (it says “{self.value}”)" if self.value else "")


@dataclass(frozen=True)
class Roster:
    """What a file says. Each of its `records` is a row, or has at least one problem."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    records: int
    encoding: str
    delimiter: str
    columns: Mapping[str, str] = field(default_factory=dict)  # what we read, and its header
    ignored: tuple[str, ...] = ()

    @property
    def refused(self) -> frozenset[int]:
        """The lines of the people who are left out."""
        return frozenset(problem.line for problem in self.problems)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "email": cells.email,
    "user": cells.user,
    "name": str,
    "department": cells.free,
    "team": cells.free,
    "function": cells.free,
    "manager": cells.free,
    "location": cells.free,
    "time_zone": places.time_zone,
    "country": places.country,
    "languages": places.languages,
    "locale": places.locale,
    "working_days": cells.days,
    "hours": cells.hours,
    "kind": cells.kind,
    "roles": cells.roles,
}
_MAY_BE_EMPTIED = {"department", "team", "function", "manager", "location"}


def parse(data: bytes, encoding: str | None = None) -> Roster:
    """Read a CSV file in whatever dialect; NotReadable when it is none, or has no people in it."""
    text, found_encoding = reading.decode(data, encoding)
    delimiter, skip = _delimiter(text)
    rows = reading.records(text, delimiter, skip)
    header = next(rows, None)
    if header is None:
        raise NotReadable("The file is empty.")
    columns = recognise(header.cells or ())
    _must_say_who(columns, header)
    good, problems, number = _people(rows, columns)
    return Roster(
        rows=tuple(good),
        problems=tuple(problems),
        records=number,
        encoding=found_encoding,
        delimiter=DELIMITERS.get(delimiter, delimiter),
        columns={name: cells.safe(columns.header(name)) for name in columns.at},
        ignored=tuple(cells.safe(header) for header in columns.ignored),
    )


def _delimiter(text: str) -> tuple[str, int]:
    """The sign under which the header has most columns that we know, and where the header is."""
    announced = reading.separator(text)
    if announced:
        return announced, 1

    def known(delimiter: str) -> tuple[int, int]:
        header = next(reading.records(text, delimiter), None)
        names = header.cells if header and header.cells else ()
        return len(recognise(names).at), len(names)

    return max(DELIMITERS, key=known), 0


def _must_say_who(columns: Columns, header: Record) -> None:
    if "email" in columns.at or "user" in columns.at:
        return
    shown = ", ".join(cells.safe(each.strip(), 30) for each in columns.headers[:10] if each.strip())
    raise NotReadable(
        f"Line {header.line} should name the columns, and one of them must be e-mail or chat id. "
        f"It says: {shown or 'nothing that can be read'}."
    )


def _people(rows: Iterator[Record], columns: Columns) -> tuple[list[Row], list[Problem], int]:
    good: list[Row] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    number = 0
    for record in rows:
        number += 1
        row, wrong = _person(record, columns)
        if row:
            wrong = list(_seen_before(row, columns, seen))
        if row and not wrong:
            good.append(row)
            seen |= {key: row.line for key in _keys(row)}
        problems += wrong
    return good, problems, number


def _keys(row: Row) -> list[tuple[str, str]]:
    return [(name, value) for name in ("email", "user") if (value := getattr(row, name))]


def _seen_before(
    row: Row, columns: Columns, seen: Mapping[tuple[str, str], int]
) -> Iterator[Problem]:
    for name, value in _keys(row):
        if (name, value) in seen:
            line = seen[name, value]
            yield Problem(
                row.line, columns.header(name), cells.safe(value), f"line {line} has it too"
            )


def _person(record: Record, columns: Columns) -> tuple[Row | None, list[Problem]]:
    """The person on a line, or everything that is wrong with it."""
    if record.cells is None:
        return None, [
            Problem(record.line, "", "", "a quotation mark opens here, and none closes it")
        ]
    width = len(columns.headers)
    beyond = " ".join(record.cells[width:]).strip()
    if beyond:
        reason = f"there are more cells than the {width} columns; is a separator inside a value?"
        return None, [Problem(record.line, "", cells.safe(beyond), reason)]
    found: dict[str, Any] = {}
    problems = []
    for name, place in columns.at.items():
        cell = record.cells[place] if place < len(record.cells) else ""
        try:
            found[name] = _read(name, cell)
        except ValueError as error:
            header = cells.safe(columns.header(name))
            problems.append(Problem(record.line, header, cells.safe(cell.strip()), str(error)))
    if not problems and not (found.get("email") or found.get("user")):
        problems.append(Problem(record.line, "", "", "there is no e-mail address and no chat id"))
    return (None, problems) if problems else (_row(record.line, found, record, columns), [])


def _read(name: str, cell: str) -> Any:
    """The value in a cell; None when it says nothing."""
    words = cells.tidy(cell)
    if not words or (words == cells.NOTHING and name not in _MAY_BE_EMPTIED):
        return None
    return _READERS.get(name, str)(words)


def _row(line: int, found: dict[str, Any], record: Record, columns: Columns) -> Row:
    parts = [found.pop(part, None) for part in ("first", "infix", "last")]
    composed = " ".join(part for part in parts if part)
    zone = record.cells[columns.at["time_zone"]] if found.get("time_zone") and record.cells else ""
    return Row(
        line=line,
        **{**found, "name": found.get("name") or composed or None},
        likely_time_zone=places.only_zone_of(found.get("country") or ""),
        likely_country=places.country_of(zone),
    )
