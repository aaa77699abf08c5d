"""What stands behind a command that gives a colleague a duty: “add Noor Visser”, “grow remove Noor”."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.answers import Problem, Wrong
from handlers import understanding
from handlers.turn import Turn
from storage import people
from storage.models import Person

ADDING = {"add", "+", "toevoegen", "voeg"}
VERBS = ADDING | {"remove", "-", "verwijder", "verwijderen"}


@dataclass(frozen=True)
class Said:
    programme: str  # as it was typed, or nothing
    change: str = ""  # the verb and the name; empty when somebody only looks
    name: str = ""
    adding: bool = False


def read(args: str) -> Said:
    """«add Noor Visser», or «grow add Noor Visser» where somebody runs several programmes."""
    words = args.split()
    first, second = (*map(str.casefold, words[:2]), "", "")[:2]
    programme = words.pop(0) if second in VERBS and first not in VERBS else ""
    verb = second if programme else first
    if verb not in VERBS:
        return Said(args)
    name = " ".join(words[1:])[:80].removesuffix(" toe")
    return Said(programme, f"{verb} {name}", name, adding=verb in ADDING)


def colleague(turn: Turn, name: str) -> Person | Problem:
    """The employee whom a coordinator names: a colleague, or themself."""
    if name.casefold() == turn.person.name.casefold():
        return turn.person
    unknown = Problem(Wrong.UNKNOWN_PERSON, {"word": name[:60]})
    found = understanding.colleagues(turn, (name,)) if name.strip() else unknown
    if isinstance(found, Problem):
        return found
    person = people.get(turn.session, turn.person.organisation_id, int(found[0]))
    return person if person and people.may_take_part(person) else unknown
