"""A coordinator who sets the rules of a programme in the form."""

from __future__ import annotations

from sqlmodel import col, select

from bot.cards.rules import SaveRules
from bot.core.questions import Values
from storage.models import Exclusion, Person
from tests.hands import Hands
from tests.reviewing import coordinator
from tests.world import World


def a_house(world: World) -> Hands:
    """Tess coordinates Grow, in a house with three departments."""
    world.programme(floor=0.3)
    for name, department in (("Noor", "Legal"), ("Bram", "Sales"), ("Sanne", "Risk, Audit & Tax")):
        world.person(name, department=department)
    return coordinator(world, "Tess")


def sets(person: Hands, **fields: str | Values) -> None:
    person.types("/mentor rules")
    person.presses(SaveRules, **fields)


def shown(person: Hands) -> dict[str, Values]:
    return {name: ask.value for name, ask in person.inputs.items()}


def kept_apart(world: World) -> list[tuple[int | str, int | str]]:
    rows = world.rows(select(Exclusion).order_by(col(Exclusion.id)))
    return [
        (row.left_person_id or row.left_department, row.right_person_id or row.right_department)
        for row in rows
    ]


def people(world: World) -> dict[str, int]:
    return {person.name: person.id for person in world.rows(select(Person))}
