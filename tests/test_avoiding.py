"""Whom somebody would rather not be matched with: found by name, and seen by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.cards import questions
from bot.cards.questions import Change, Confirm, Reply
from bot.content import standard
from bot.core.questions import Readers
from bot.texts import translator
from storage.models import Delivery, Person
from tests.hands import Hands
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database

INTAKE = standard().intake


@pytest.fixture
def noor(world: World) -> Hands:
    world.programme()
    return Hands(world, "Noor")


@pytest.fixture
def colleagues(noor: Hands) -> Hands:
    world = noor.world
    for name, about in (
        ("Olivier Smit", {"department": "Sales"}),
        ("Jan Visser", {"department": "Finance"}),
        ("Jan Bakker", {"department": "Sales", "location": "Delft"}),
        ("Zoë Jansen", {}),
        ("Groot, Piet de", {}),
    ):
        world.person(name, **about)
    noor.is_led_to("avoid", MENTEE)
    return noor


@pytest.mark.parametrize(("locale", "nobody"), [("en", "Nobody"), ("nl", "Niemand")])
def test_before_anybody_is_named_it_says_that_nobody_will_read_it(
    world: World, locale: str, nobody: str
) -> None:
    world.programme()
    bram = Hands(world, "Bram", locale)
    bram.is_led_to("avoid", MENTOR)
    assert nobody in bram.sees
    assert "coord" not in bram.sees.casefold().replace("ö", "o")
    t = translator(locale)
    told = {one: questions.readers(t, replace(INTAKE[0], readers=one)) for one in Readers}
    assert len(set(told.values())) == len(Readers)
    assert told[Readers.SOLVER] in bram.sees


def avoids(person: Hands) -> list[str]:
    """Whom somebody avoids, by name."""
    ids = [int(value) for value in person.told().get("avoid", ())]
    rows = person.world.rows(select(Person).where(col(Person.id).in_(ids)))
    return sorted(row.name for row in rows)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Olivier Smit", ["Olivier Smit"]),
        ("@olivier", ["Olivier Smit"]),
        ("Oliver Smit", ["Olivier Smit"]),
        ("jan visser, zoe", ["Jan Visser", "Zoë Jansen"]),
        ("Visser", ["Jan Visser"]),
        ("Jan Finance", ["Jan Visser"]),
        ("Jan Delft", ["Jan Bakker"]),
        ("Piet de Groot", ["Groot, Piet de"]),
        ("Smit; smit\nOlivier", ["Olivier Smit"]),
    ],
)
def test_colleagues_are_found_by_name_part_of_it_department_or_close_spelling(
    colleagues: Hands, words: str, names: list[str]
) -> None:
    colleagues.types(words)
    assert avoids(colleagues) == names
    assert all(name in colleagues.sees for name in names)


def test_of_several_who_fit_each_is_named_with_where_they_work(colleagues: Hands) -> None:
    colleagues.types("Olivier, Jan")
    assert colleagues.is_asked == "avoid"
    assert "Jan Visser (Finance)" in colleagues.inputs["avoid"].error
    assert "Jan Bakker (Sales, Delft)" in colleagues.inputs["avoid"].error
    assert colleagues.inputs["avoid"].value == ("Olivier, Jan",)


@pytest.mark.parametrize(
    "words", ["Nobody Atall", "Olivier, Xerxes", "Finance", "🎉", "Noor", "de"]
)
def test_a_name_that_nobody_has_is_named_and_ones_own_is_no_colleague(
    colleagues: Hands, words: str
) -> None:
    colleagues.types(words)
    if words == "de":  # is a part of a name, and of one only
        assert avoids(colleagues) == ["Groot, Piet de"]
        return
    assert colleagues.is_asked == "avoid"
    assert words.split(", ")[-1] in colleagues.inputs["avoid"].error
    assert "avoid" not in colleagues.told()


def test_een_onbekende_naam_krijgt_een_nederlandse_vraag(world: World) -> None:
    world.programme()
    bram = Hands(world, "Bram", "nl")
    bram.is_led_to("avoid", MENTOR)
    bram.types("Xerxes <!channel>")
    assert "Xerxes <!channel>" in bram.inputs["avoid"].error
    assert "collega" in bram.inputs["avoid"].error


def test_names_that_come_back_unchanged_are_the_same_people(colleagues: Hands) -> None:
    with colleagues.world.database.transaction() as session:
        twin = Person(
            organisation_id=colleagues.world.organisation,
            name="Jan Visser",
            department="Legal",
        )
        session.add(twin)
    colleagues.types("Jan Visser, Olivier")
    assert colleagues.is_asked == "avoid"  # two of that name, told apart by department
    colleagues.types("Jan Visser Legal, Piet de Groot")
    before = colleagues.told()["avoid"]
    assert len(before) == 2
    colleagues.presses(Change, which="avoid")
    colleagues.presses(Reply)
    assert colleagues.told()["avoid"] == before


def test_nobody_else_ever_sees_whom_somebody_avoids(colleagues: Hands) -> None:
    world = colleagues.world
    bram = world.person("Bram", "nl")
    world.joins("Bram", MENTOR)
    thomas = world.coordinator("Thomas")
    colleagues.types("Olivier, Bram")
    colleagues.presses(Confirm)
    thomas.types("/mentor match")
    world.tick()
    for button in ("Who is left out", "Overview"):
        if button in thomas.buttons:
            thomas.clicks(button)
    thomas.types("/mentor digest")
    thomas.types("/mentor digest", channel="#mentoring")
    bram.types("/mentor status")
    world.passes(days=14, step=timedelta(hours=12))
    [question] = [q for q in INTAKE if q.key == "avoid"]
    secrets = ("Olivier", *question.label.values(), *question.wording.values())
    for row in world.rows(select(Delivery)):
        if row.person_id != colleagues.row.id:
            assert not [word for word in secrets if word in row.message], row.key
    for person in (bram, thomas, world.people["Olivier Smit"]):
        seen = "\n".join([*person.all_seen, person.sees_in("#mentoring")])
        assert not [word for word in secrets if word in seen]
    colleagues.types("/mentor profile")
    assert "Olivier Smit" in colleagues.sees  # who said it may see it
