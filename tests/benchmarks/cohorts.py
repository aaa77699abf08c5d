"""Who really mentored whom: cohorts of an open mentoring programme, read from three CSV files.

`matches.csv` (cohort, project, mentor, mentee), `people.csv` (person, utc_offset_estimate,
expertise) and `projects.csv` (cohort, project, keywords); other columns are passed over. Meant for
data of Open Life Science (CC BY-SA 4.0), of which nothing is kept here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = {
    "matches": ("cohort", "project", "mentor", "mentee"),
    "people": ("person", "utc_offset_estimate", "expertise"),
    "projects": ("cohort", "project", "keywords"),
}
BETWEEN = re.compile(r"[|;,\n]+")


class NotRead(Exception):
    """The folder does not hold what it should; the message says what is missing."""


@dataclass(frozen=True)
class Someone:
    expertise: tuple[str, ...] = ()
    offset: float | None = None  # hours from UTC

    def and_also(self, other: Someone) -> Someone:
        """Two rows of one person, taken together."""
        offset = self.offset if other.offset is None else other.offset
        return Someone(tuple(dict.fromkeys((*self.expertise, *other.expertise))), offset)


@dataclass
class Project:
    """One project: its mentees are mentored together, by one mentor or more."""

    keywords: tuple[str, ...] = ()
    mentors: set[str] = field(default_factory=set)
    mentees: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Cohort:
    name: str
    projects: tuple[Project, ...]  # those with a mentor
    mentors: tuple[str, ...]
    before: tuple[Project, ...] = ()  # of all cohorts before this one
    people: dict[str, Someone] = field(default_factory=dict)

    def who(self, code: str) -> Someone:
        return self.people.get(code, NOBODY)

    def mentees_of(self, project: Project, mentor: str) -> list[Someone]:
        """The mentees in an order that is always the same; nobody is their own mentor."""
        return [self.who(code) for code in sorted(project.mentees - {mentor})]

    def earlier(self, code: str) -> list[Project]:
        """What somebody mentored or did in cohorts before this one."""
        return [one for one in self.before if code in one.mentors | one.mentees]


NOBODY = Someone()


def read(folder: Path) -> list[Cohort]:
    """The cohorts in their order (ols-9 before ols-10); raises NotRead."""
    people: dict[str, Someone] = {}
    for row in _rows(folder, "people"):
        known = people.get(row["person"], NOBODY)
        one = Someone(tags(row["expertise"]), _hours(row["utc_offset_estimate"]))
        people[row["person"]] = known.and_also(one)
    keywords = {
        (row["cohort"], row["project"]): tags(row["keywords"]) for row in _rows(folder, "projects")
    }
    found: dict[str, dict[str, Project]] = {}
    for row in _rows(folder, "matches"):
        name = row["project"] or row["mentee"]
        projects = found.setdefault(row["cohort"], {})
        project = projects.setdefault(name, Project(keywords.get((row["cohort"], name), ())))
        project.mentors |= {row["mentor"]} - {""}
        project.mentees |= {row["mentee"]} - {""}
    return list(_in_order(found, people))


def tags(text: str) -> tuple[str, ...]:
    """The parts of a list, whatever stands between them; each once."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in BETWEEN.split(text)))))


def _in_order(found: dict[str, dict[str, Project]], people: dict[str, Someone]) -> Iterator[Cohort]:
    before: list[Project] = []
    for name in sorted(found, key=_natural):
        projects = tuple(one for one in found[name].values() if one.mentors)
        mentors = tuple(sorted(set[str]().union(*(one.mentors for one in projects))))
        yield Cohort(name, projects, mentors, tuple(before), people)
        before += found[name].values()


def _natural(name: str) -> list[tuple[str, int]]:
    return [(text, int(digits or 0)) for text, digits in re.findall(r"(\D*)(\d*)", name)]


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NotRead(f"{path} is not there")
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(COLUMNS[name]) - set(reader.fieldnames or ())
        if missing:
            raise NotRead(f"{path} has no column {', '.join(sorted(missing))}")
        for row in reader:
            yield {column: (row[column] or "").strip() for column in COLUMNS[name]}


def _hours(text: str) -> float | None:
    try:
        hours = float(text)
    except ValueError:
        return None
    return hours if -12 <= hours <= 14 else None
