"""What the matching knows of people, and what a programme's coordinators decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Tags = frozenset[str]
Link = tuple[int, int]  # (mentor, mentee) participant ids
Side = int | str  # of an exclusion: a person id, or a department
EVERY_DEPARTMENT = "*"
HALF_HOURS = 336  # half-hour slots in a week; slot 0 begins on Monday at 00:00 UTC


@dataclass(frozen=True, slots=True)
class Profile:
    """One participant of a programme, as the solver sees them.

    Everything but the two ids is optional; an empty value means "not answered" and is then neutral,
    never a fault. Gender, age and performance are not here on purpose: they are no criterion.
    """

    id: int  # participant: a role in one programme
    person: int  # the human being behind it; the same person may take part more than once
    mentor: bool = False
    mentee: bool = False
    capacity: int = 1  # mentees this mentor can still take, running mentorships already taken off
    busy_elsewhere: bool = False  # the capacity is 0 because of mentees in other programmes
    priority: int = 0  # rounds this mentee has waited already
    manager: int | None = None  # person id
    above: frozenset[int] = frozenset()  # person ids of the whole line upwards
    team: str = ""
    department: str = ""
    location: str = ""
    country: str = ""
    guest: bool = False
    bot: bool = False
    paused: bool = False
    languages: Tags = frozenset()
    skills_offered: Tags = frozenset()  # canonical keys or free tags, lower case
    skills_wanted: Tags = frozenset()
    offer: str = ""  # free text
    goal: str = ""  # free text
    interests: Tags = frozenset()
    ambitions: Tags = frozenset()
    values: Tags = frozenset()
    work_style: Tags = frozenset()
    communication: Tags = frozenset()
    qualities: Tags = frozenset()  # coaching qualities that a mentor offers
    learning_style: str = ""
    rhythm: str = ""  # how often to meet, a value of bot.core.rhythm.Rhythm
    styles_offered: Tags = frozenset()
    styles_wanted: Tags = frozenset()
    function: str = ""
    sector: str = ""
    seniority: int | None = None  # band of experience, 0 (starting) … 5 (most)
    hours: frozenset[int] = frozenset()  # working half-hours in the week, 0 … HALF_HOURS-1, UTC
    avoids: frozenset[int] = frozenset()  # person ids; only the solver reads them


@dataclass(frozen=True, slots=True)
class Rules:
    """A coordinator's decisions for one round.

    Raises ValueError for a floor or a bonus outside 0 … 1. `weights` overrides the default weight of
    the criteria it names. Hard rules and the floor look at how well two people fit; what they wish
    for adds to what their pair is worth beside others.
    """

    floor: float = 0.2  # 0 … 1; below it nobody is paired
    allow_same_team: bool = True
    mixed: frozenset[str] = frozenset()  # departments whose people get somebody of another
    excluded: frozenset[tuple[Side, Side]] = frozenset()  # in either order
    past_pairs: frozenset[tuple[int, int]] = frozenset()  # person ids, in either order
    forbidden: frozenset[Link] = frozenset()
    pinned: frozenset[Link] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    bonus: Mapping[Link, float] = field(default_factory=dict)  # 0 … 1, for what people wish
    kept: frozenset[Link] = frozenset()  # pairs that rather stay as they are, all else being equal
    fair: bool = True  # nobody much worse off than needed, at a small price for the whole
    other_function: bool = False  # another function or sector is better, not the same one
    reverse: bool = False  # the mentor is the less experienced of the two

    def __post_init__(self) -> None:
        if not 0.0 <= self.floor <= 1.0:
            raise ValueError(f"the floor is {self.floor}, not between 0 and 1")
        if not all(0.0 <= points <= 1.0 for points in self.bonus.values()):
            raise ValueError("a bonus is not between 0 and 1")


def folded(name: str) -> str:
    """A team or department to compare by: capitals and spaces do not count."""
    return " ".join(name.casefold().split())
