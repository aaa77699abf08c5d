"""The rules that a programme sets, in rounds: lines, teams, departments, exclusions; and their words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from bot.cards import reasons
from bot.cards.matching import LeftOut
from bot.core.messages import Fields
from bot.matching import NAMED, weights_of
from bot.platforms.local.screen import draw
from bot.roster import parse
from bot.texts import translator
from storage import exclusions, profiles, roster, rules
from storage.models import (
    Member,
    Participant,
    Person,
    Programme,
)
from tests.hands import Hands
from tests.reviewing import (
    announces,
    both,
    changes,
    decides,
    left_over,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World

pytestmark = pytest.mark.any_database


def ids(world: World) -> dict[str, int]:
    return {person.name: person.id for person in world.rows(select(Person))}


def reports(world: World, **bosses: str) -> None:
    """Who has whom as their manager."""
    for name, boss in bosses.items():
        changes(world, name, manager_id=ids(world)[boss])


@pytest.mark.usefixtures("thomas")
def test_everything_that_a_programme_decides_reaches_the_solver(world: World) -> None:
    decided: dict[str, Any] = {
        "floor": 0.4,
        "allow_same_team": False,
        "mixed_departments": ["Legal", "*"],
        "fair": False,
        "other_function": True,
        "importance": {"skills": "not_used", "goal": "very_important"},
    }
    decides(world, **decided)
    with world.database.look() as session:
        found = rules.of_programme(session, session.get_one(Programme, 1), world.now)
    assert (found.floor, found.allow_same_team) == (0.4, False)
    assert (set(found.mixed), found.fair, found.other_function) == ({"Legal", "*"}, False, True)
    plain = weights_of({})
    assert found.weights["skills"] == 0
    assert found.weights["goal"] == plain["goal"] * 4
    assert found.weights["values"] == plain["values"]


# --- lines and teams ---


@pytest.mark.parametrize("top", ["Bram", "Noor"])
def test_a_manager_of_a_manager_is_no_partner_whoever_would_be_the_mentor(
    world: World, thomas: Hands, top: str
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    Hands(world, "Ana")
    Hands(world, "Bo")
    low = "Noor" if top == "Bram" else "Bram"
    reports(world, **{low: "Ana", "Ana": "Bo", "Bo": top})
    matches(world, thomas)
    assert left_over(world)["Noor"] == {"reporting_line": 1}


def test_managers_that_go_round_stop_no_round_and_keep_only_their_own_apart(
    world: World, thomas: Hands
) -> None:
    for name in ("Ana", "Bo"):
        both(world, name)
    mentor(world, "Bram")
    Hands(world, "Cas")
    reports(world, Ana="Bo", Bo="Cas", Cas="Ana")
    matches(world, thomas)
    assert {guide for guide, _ in proposed(world)} == {"Bram"}
    with world.database.look() as session:
        programme = session.get_one(Programme, 1)
        found = {p.person: p for p in profiles.of_programme(session, programme, world.now)}
    known = ids(world)
    assert found[known["Ana"]].above == {known["Bo"], known["Cas"]}
    assert found[known["Bram"]].above == frozenset()


@pytest.mark.parametrize(
    ("bram", "noor", "apart"),
    [
        ({"team": "Payroll"}, {"team": "payroll"}, True),
        ({"team": "Payroll", "department": "HR"}, {"team": "Sourcing", "department": "HR"}, False),
        ({"department": "HR"}, {"department": "HR"}, True),
        ({"team": "Payroll", "department": "HR"}, {"department": "HR"}, False),
        ({}, {}, False),
    ],
)
def test_the_team_counts_where_it_is_known_and_else_the_department(
    world: World, thomas: Hands, bram: dict[str, str], noor: dict[str, str], apart: bool
) -> None:
    decides(world, allow_same_team=False)
    mentor(world, "Bram")
    mentee(world, "Noor")
    changes(world, "Bram", **bram)
    changes(world, "Noor", **noor)
    matches(world, thomas)
    assert proposed(world) == (set() if apart else {("Bram", "Noor")})
    assert left_over(world) == (
        {"Noor": {"same_team": 1}, "Bram": {"same_team": 1}} if apart else {}
    )


def test_two_people_with_one_manager_are_one_team(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    Hands(world, "Ana")
    reports(world, Bram="Ana", Noor="Ana")
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Noor")}
    decides(world, allow_same_team=False)
    matches(world, thomas)
    assert left_over(world)["Noor"] == {"same_team": 1}


# --- exclusions, and people who become one ---


def test_who_is_kept_apart_by_name_or_department_is_not_proposed(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    mentor(world, "Eva")
    mentee(world, "Noor")
    changes(world, "Eva", department="Sales")
    with world.database.transaction() as session:
        known = {person.name: person.id for person in session.exec(select(Person))}
        programme = session.get_one(Programme, 1)
        pairs: list[exclusions.Apart] = [(known["Noor"], known["Bram"]), ("SALES", known["Noor"])]
        exclusions.replace(session, programme, pairs)
    matches(world, thomas)
    assert left_over(world)["Noor"] == {"excluded": 2}
    thomas.presses(LeftOut)
    assert "2 of 2 candidates: kept apart by the rules of the programme" in thomas.sees


def test_what_people_hear_themselves_names_no_rule(world: World, thomas: Hands) -> None:
    decides(world, mixed_departments=["*"])
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    mentor(world, "Eva")
    mentee(world, "Sem")
    for name in ("Bram", "Noor", "Sem"):
        changes(world, name, department="Legal")
    matches(world, thomas)
    announces(world, thomas)
    alone = noor if ("Eva", "Sem") in paired(world) else world.people["Sem"]
    heard = " ".join(alone.all_seen).casefold()
    assert "no match in grow this time" in heard
    assert not any(word in heard for word in ("department", "team", "rule"))


def test_an_import_that_moves_people_counts_in_the_next_round(world: World, thomas: Hands) -> None:
    decides(world, allow_same_team=False, mixed_departments=["Legal"])
    for name, make in (("Bram", mentor), ("Noor", mentee)):
        make(world, name)
        changes(world, name, email=f"{name.casefold()}@x.nl")
    for file, why in (
        ("bram@x.nl,Legal,A,\nnoor@x.nl,Legal,B,", "same_department"),
        ("bram@x.nl,Sales,A,\nnoor@x.nl,Legal,a,", "same_team"),
        ("bram@x.nl,Sales,-,noor@x.nl\nnoor@x.nl,Legal,B,-", "reporting_line"),
        ("bram@x.nl,Sales,-,-\nnoor@x.nl,🎉,B,-", ""),
    ):
        imports(world, file)
        matches(world, thomas)
        assert left_over(world).get("Noor", {}) == ({why: 1} if why else {})
    assert proposed(world) == {("Bram", "Noor")}


def imports(world: World, lines: str) -> None:
    """A file from personnel: who works where, and for whom."""
    read = parse(f"e-mail,afdeling,teamnaam,manager\n{lines}\n".encode())
    assert not read.problems
    with world.database.transaction() as session:
        whose = roster.organisation(session, "Waterkant", must_match=True)
        roster.bring_up_to_date(session, read.rows, whose, None)


# --- what a coordinator reads ---


def test_every_rule_has_words_of_its_own_in_both_languages() -> None:
    for language in ("en", "nl"):
        t = translator(language)
        told = {name: reasons.broken(t, name) for name in NAMED if name != "self"}
        assert len({*told.values(), reasons.broken(t, "")}) == len(told) + 1


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["3 of 41 candidates: in the same team", "38 of 41: paused"]),
        ("nl", ["3 van de 41 kandidaten: in hetzelfde team", "38 van de 41: met pauze"]),
    ],
)
def test_each_rule_says_how_many_of_all_candidates_it_took(language: str, lines: list[str]) -> None:
    assert reasons.left_out(translator(language), {"same_team": 3, "paused": 38}) == lines


def test_the_card_of_who_is_left_out_adds_up(world: World, thomas: Hands) -> None:
    decides(world, allow_same_team=False)
    mentee(world, "Noor")
    for name, about in (("Bram", {"team": "A"}), ("Eva", {}), ("Max", {"department": "A"})):
        mentor(world, name, languages=("de",) if name == "Eva" else ("nl",))
        changes(world, name, **about)
    changes(world, "Noor", team="A")
    matches(world, thomas)
    thomas.presses(LeftOut)
    assert thomas.card is not None
    rows = dict(thomas.card.all(Fields)[0].rows)
    assert "2 of 3 candidates: in the same team; 1 of 3: no language in common" in rows["Noor"]
    assert draw(thomas.card)
    assert world.rows(select(Member)) == []
    assert len(world.rows(select(Participant))) == 4
