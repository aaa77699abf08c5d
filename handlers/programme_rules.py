"""What a programme can be: its name, its days and its figures, when it is made and later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.core.answers import Problem, Wrong
from bot.core.questions import Answers, Question, Values
from handlers import forms
from handlers.turn import Turn
from storage import programmes, surveys
from storage.models import Programme

# Never quite 0: what keeps two people apart must always have a second explanation (the avoid list).
FLOORS = {"none": 0.05, "low": 0.2, "normal": 0.3, "high": 0.4}
SHORTEST, LONGEST = timedelta(days=27), timedelta(days=3 * 366)
FAR = timedelta(days=2 * 366)  # nobody plans a start so long before
DAY = timedelta(days=1)

Columns = Mapping[str, tuple[str, Callable[[Values], Any]]]
# The columns that an answer sets, and to what: of the rules that more than one form asks.
SHARED: Columns = {
    "same_team": ("allow_same_team", lambda v: v[0] == "yes"),
    "floor": ("floor", lambda v: FLOORS[v[0]]),
}


def shared(programme: Programme) -> dict[str, Values]:
    """Those rules as answers; a floor that the forms do not have is shown as the nearest."""
    return {
        "same_team": ("yes" if programme.allow_same_team else "no",),
        "floor": (min(FLOORS, key=lambda name: abs(FLOORS[name] - programme.floor)),),
    }


def set_changed(programme: Programme, columns: Columns, taken: forms.Taken) -> list[str]:
    """Only what was changed is touched; the keys of all that was."""
    keys = [question.key for question in taken.changed]
    for key in keys:
        if key in columns:
            column, value = columns[key]
            setattr(programme, column, value(taken.answers.get(key, ())))
    return keys


def objection(
    turn: Turn,
    question: Question,
    values: Values,
    answers: Answers,
    made: Programme | None = None,
) -> Problem | None:
    """Why a programme cannot be so; `made` is the one that is changed, none while it is made."""
    match question.key:
        case "name":
            return _taken(turn, values[0], made)
        case "starts_on":
            return _start(turn, values, answers, made)
        case "ends_on":
            return _end(turn, values, answers, made)
        case "next_round_on":
            return _round(turn, values, answers, made)
        case "smallest_group" if made and int(values[0]) < made.smallest_group:
            told = surveys.is_one_open(turn.session, made)
            return Problem(Wrong.SURVEY_OPEN) if told else None
    return None


def _taken(turn: Turn, name: str, made: Programme | None) -> Problem | None:
    others = [p for p in programmes.open_to(turn.session, turn.person) if p is not made]
    taken = name.casefold() in {p.name.casefold() for p in others}
    return Problem(Wrong.TAKEN, {"word": name}) if taken else None


def _start(turn: Turn, values: Values, answers: Answers, made: Programme | None) -> Problem | None:
    if made and values[0] == made.starts_on.isoformat():
        return None
    if made and made.starts_on <= turn.today:
        return Problem(Wrong.BEGUN)
    latest = turn.today + FAR
    if answers.get("ends_on"):
        latest = min(latest, date.fromisoformat(answers["ends_on"][0]) - SHORTEST)
    return _outside(turn, values, turn.today, latest)


def _end(turn: Turn, values: Values, answers: Answers, made: Programme | None) -> Problem | None:
    starts = date.fromisoformat((answers.get("starts_on") or (turn.today.isoformat(),))[0])
    if made and (starts, values[0]) == (made.starts_on, made.ends_on.isoformat()):
        return None
    first = max(starts + SHORTEST, turn.today) if made else starts + SHORTEST
    return _outside(turn, values, first, starts + LONGEST)


def _round(turn: Turn, values: Values, answers: Answers, made: Programme | None) -> Problem | None:
    planned = made.next_round_on if made else None
    if planned and values[0] == planned.isoformat():
        return None
    ends = date.fromisoformat((answers.get("ends_on") or ((turn.today + FAR).isoformat(),))[0])
    return _outside(turn, values, turn.today + DAY, ends)


def _outside(turn: Turn, values: Values, first: date, last: date) -> Problem | None:
    """What is wrong with a day that is not between two others."""
    day = date.fromisoformat(values[0])
    if day < first:
        return Problem(Wrong.TOO_EARLY, {"day": turn.t.day(first - DAY, weekday=False)})
    if day > last:
        return Problem(Wrong.TOO_LATE, {"day": turn.t.day(last + DAY, weekday=False)})
    return None
