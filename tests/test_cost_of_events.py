"""What everybody does often reads through no table, and opens nobody else's answers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import dialogues
from storage.models import Person
from storage.sealing import Seal
from tests.hands import Hands
from tests.plans import SMALL, asked
from tests.world import World

pytestmark = pytest.mark.only_a_file
SCANS = re.compile(r"SCAN (?!CONSTANT)(\w+)")


def read_through(world: World, statements: list[tuple[str, Any]]) -> set[tuple[str, str]]:
    """Tables of which every row is looked at, and by which statement; but few rows may be."""
    found = set()
    with world.database.look() as session:
        connection = session.connection()
        for statement, values in statements:
            if not statement.startswith(("SELECT", "UPDATE", "DELETE")):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            for table in SCANS.findall("\n".join(row[3] for row in plan)):
                # An alias is named after its table: person_1.
                if re.sub(r"_\d+$", "", table) not in SMALL:
                    found.add((table, statement))
    return found


@pytest.mark.parametrize("does", ["/mentor status", "/mentor join", "/mentor help", "hello"])
def test_what_everybody_does_reads_through_no_table(pair: tuple[Hands, Hands], does: str) -> None:
    _, noor = pair
    with asked(noor.world.database.engine) as statements:
        noor.types(does)
    assert len(statements) > 3
    assert not read_through(noor.world, statements)


def test_an_answer_reads_through_no_table(noor: Hands) -> None:
    noor.types("/mentor join")
    with asked(noor.world.database.engine) as statements:
        noor.types("mentee")
        noor.types("presenting")
        noor.types("I want to lead a meeting.")
    assert len(statements) > 20
    assert not read_through(noor.world, statements)


def test_a_typed_answer_asks_the_database_seven_things_and_a_status_eight(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("mentee")
    for words, most in (("presenting", 9), ("I want to lead a meeting.", 7), ("/mentor status", 8)):
        with asked(noor.world.database.engine) as statements:
            noor.types(words)
        begins = [n for n, (one, _) in enumerate(statements) if one.startswith("BEGIN")]
        first = statements[begins[0] + 1 : begins[1] if len(begins) > 1 else None]
        assert 4 <= len(first) <= most, [statement for statement, _ in first]


def test_of_two_conversations_the_one_that_listens_knows_its_own_answers(noor: Hands) -> None:
    world = noor.world
    said = {"skills": ("ours", "presenting"), "moment": ("theirs", "friday")}
    with world.database.transaction() as session:
        her = session.exec(select(Person).where(Person.name == "Noor")).one()
        for later, (name, (question, value)) in enumerate(said.items()):
            then = world.now + timedelta(minutes=later)
            one = dialogues.open_or_resume(session, her, name, 1, then)
            one.asking = "anything"
            dialogues.keep(session, one, question, (value,))
    with world.database.look() as session:
        her = session.exec(select(Person).where(Person.name == "Noor")).one()
        listens = dialogues.listening(session, her)
        assert listens is not None
        assert listens.questionnaire == "moment"
        assert dialogues.answers(session, listens) == {"theirs": ("friday",)}


def test_the_answers_of_one_are_read_without_those_of_others(
    pair: tuple[Hands, Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    bram, _ = pair
    opened: list[str] = []

    def counting(seal: Seal, sealed: str) -> str:
        words = opens(seal, sealed)
        opened.append(words)
        return words

    opens = Seal.open
    monkeypatch.setattr(Seal, "open", counting)
    with bram.world.database.look() as session:
        people = session.exec(select(Person)).all()
        ids = {person.name: person.id for person in people}
        told = dialogues.answers_of(session, [ids["Bram"]], "intake", 1)
        assert opened == [json.dumps(list(told[ids["Bram"]]["offer"]))]
        everybody = dialogues.answers_of(session, list(ids.values()) * 100, "intake", 1)
        many = dialogues.answers_of(
            session, [*ids.values(), *range(10**5, 10**5 + 300)], "intake", 1
        )
    assert set(everybody) == {ids["Bram"], ids["Noor"]}
    assert everybody == many
    assert everybody[ids["Bram"]] == told[ids["Bram"]]
