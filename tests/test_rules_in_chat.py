"""Coordinators set the rules of their programme in one form: whole or not at all, and only theirs."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.rules import SaveRules
from bot.core.actions import RunCommand
from bot.core.messages import Ask
from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from storage.models import AuditEntry, Programme
from tests.hands import Hands, commands, errors, made
from tests.reviewing import changes, coordinator, matches, mentee, mentor, proposed
from tests.setting_rules import a_house, kept_apart, people, sets, shown
from tests.slack.rules import check_view
from tests.world import World

HOSTILE = ("x" * 10_000, "🎉", "=1+1", "<!channel> <@U1>", "مرحبا", "**b** _i_ `c`", "{name} %s")
FIELDS = {"same_team", "floor", "repeat", "mixed", "most_mentees", "apart"}

pytestmark = pytest.mark.any_database


@pytest.fixture
def tess(world: World) -> Hands:
    return a_house(world)


# --- looking and saving ---


@pytest.mark.parametrize("word", ["rules", "regels", "rules grow"])
def test_the_form_shows_the_rules_as_they_are(tess: Hands, word: str) -> None:
    tess.types(f"/mentor {word}")
    assert shown(tess).keys() == FIELDS
    assert shown(tess)["repeat"] == ("0",)
    assert shown(tess)["floor"] == ("normal",)
    assert "Only the coordinators will see this" in tess.sees
    assert "above or below them in the reporting line" in tess.sees
    assert tess.card is not None
    assert tess.card.form
    check_view(blocks.view(tess.card, nonce="n", title=tess.card.summary))


def test_every_rule_is_saved_told_in_words_and_written_down_by_its_name(tess: Hands) -> None:
    sets(
        tess,
        same_team="no",
        floor="high",
        repeat="12",
        mixed="legal",
        most_mentees="3",
        apart="Sales – noor\nLEGAL - risk, audit & tax",
    )
    row = made(tess)
    assert (row.allow_same_team, row.floor, row.repeat_after_months) == (False, 0.4, 12)
    assert (row.mixed_departments, row.most_mentees) == (["Legal"], 3)
    noor = people(tess.world)["Noor"]
    assert kept_apart(tess.world) == [("Sales", noor), ("Legal", "Risk, Audit & Tax")]
    for words in ("Sales – Noor", "Legal – Risk, Audit & Tax", "A year after", "Legal"):
        assert words in tess.sees
    [entry] = tess.world.rows(select(AuditEntry))
    assert entry.did == "changed rules"
    assert entry.subject == "programme:1:same_team,floor,repeat,mixed,most_mentees,apart"


def test_what_is_saved_comes_back_in_the_form_and_saving_it_again_changes_nothing(
    tess: Hands,
) -> None:
    sets(tess, mixed="Risk, Audit & Tax, Sales", apart="Sanne – Noor\nSales - Sales", repeat="6")
    before = made(tess).model_dump(), kept_apart(tess.world)
    tess.types("/mentor rules")
    assert shown(tess)["apart"] == ("Sanne – Noor\nSales – Sales",)
    assert shown(tess)["mixed"] == ("Risk, Audit & Tax, Sales",)
    tess.presses(SaveRules)
    assert "Nothing has changed." in tess.sees
    assert (made(tess).model_dump(), kept_apart(tess.world)) == before


def test_a_rule_is_taken_away_by_emptying_its_field(tess: Hands) -> None:
    sets(tess, mixed="all", most_mentees="2", apart="Noor – Bram")
    assert made(tess).mixed_departments == ["*"]
    assert "all departments" in tess.sees
    sets(tess, mixed="", most_mentees="", apart="")
    assert (made(tess).mixed_departments, made(tess).most_mentees) == ([], 0)
    assert kept_apart(tess.world) == []
    assert "nothing set" in tess.sees


@pytest.mark.parametrize("word", ["all", "ALLE", "iedereen", "“all”", "all departments", "*"])
def test_all_departments_have_many_names(tess: Hands, word: str) -> None:
    sets(tess, mixed=word)
    assert made(tess).mixed_departments == ["*"]


def test_months_that_the_form_does_not_know_stay_when_they_are_not_touched(tess: Hands) -> None:
    with tess.world.database.transaction() as session:
        session.get_one(Programme, 1).repeat_after_months = 3
    sets(tess, most_mentees="4")
    assert (made(tess).repeat_after_months, made(tess).most_mentees) == (3, 4)


def test_after_saving_one_tap_matches_again(tess: Hands) -> None:
    sets(tess, repeat="24")
    assert commands(tess.card) == [("match", "grow"), ("rules", "grow")]


# --- a house that changes ---


def test_a_department_that_is_no_more_is_told_and_keeps_no_other_rule_from_being_saved(
    tess: Hands,
) -> None:
    sets(tess, mixed="Legal", apart="Legal – Sales\nNoor – Bram")
    changes(tess.world, "Noor", department="Law")
    tess.types("/mentor rules")
    assert "Nobody works here any more: Legal" in tess.sees
    tess.presses(SaveRules, apart="Legal – Sales\nNoor – Bram\nLaw – Sales", repeat="6")
    assert len(kept_apart(tess.world)) == 3
    assert made(tess).mixed_departments == ["Legal"]
    sets(tess, mixed="Legal, Law")
    assert made(tess).mixed_departments == ["Legal", "Law"]


# --- who ---


def test_only_who_runs_a_programme_sees_and_changes_its_rules(tess: Hands) -> None:
    world = tess.world
    tess.types("/mentor rules")
    [form] = [action for action in tess.offers if isinstance(action, SaveRules)]
    lead = world.programme("Lead")
    eva, noor = coordinator(world, "Eva", programme=lead), Hands(world, "Noortje")
    for person in (eva, noor):
        answer = person.forges(form, same_team=("no",))
        assert answer is not None
        assert "Only a coordinator of the programme can do this" in draw(answer)
        person.types("/mentor rules grow")
        assert not person.inputs
    assert made(tess).allow_same_team
    assert {entry.allowed for entry in world.rows(select(AuditEntry))} == {False}


def test_who_saves_an_older_form_undoes_nothing(tess: Hands) -> None:
    eva = coordinator(tess.world, "Eva")
    eva.types("/mentor rules")
    sets(tess, apart="Legal – Sales")
    eva.presses(SaveRules, most_mentees="9")
    assert "Somebody else has just changed" in eva.sees
    assert shown(eva)["apart"] == ("Legal – Sales",)
    assert made(tess).most_mentees == 0


def test_the_same_click_twice_says_that_it_is_saved(tess: Hands) -> None:
    sets(tess, apart="Legal – Sales")
    again = tess.again()
    assert again is not None
    assert "are saved" in draw(again)
    assert len(kept_apart(tess.world)) == 1


def test_making_a_programme_asks_for_none_of_these(tess: Hands) -> None:
    asked = {question.key for question in tess.world.content.programme}
    assert asked & FIELDS == {"same_team", "floor"}


def test_in_dutch_it_reads_as_dutch(world: World) -> None:
    world.programme()
    tess = coordinator(world, "Tess", locale="nl")
    world.person("Noor", department="Juridisch")
    tess.types("/mentor regels")
    assert "Alleen de coördinatoren" in tess.sees
    tess.presses(SaveRules, mixed="Juridsch")
    assert "Bedoel je “Juridisch”?" in errors(tess)["mixed"]
    tess.presses(SaveRules, mixed="alle", apart="Noor – Juridisch")
    assert "alle afdelingen" in tess.sees
    assert commands(tess.card)[0] == ("match", "grow")


def test_the_next_round_keeps_to_what_was_set(world: World) -> None:
    world.programme()
    tess = coordinator(world, "Tess")
    for name, department in (("Bram", "Sales"), ("Eva", "Legal")):
        mentor(world, name)
        changes(world, name, department=department)
    mentee(world, "Noor")
    changes(world, "Noor", department="Legal")
    sets(tess, mixed="legal")
    matches(world, tess)
    assert proposed(world) == {("Bram", "Noor")}
    sets(tess, mixed="", apart="Sales – Noor")
    tess.presses(RunCommand("match", "grow"))
    world.tick()
    assert proposed(world) == {("Eva", "Noor")}
    assert Ask not in map(type, tess.card.parts if tess.card else ())
