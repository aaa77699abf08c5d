"""Rules that cannot be are told beside their field, with the nearest that can, and none is saved."""

from __future__ import annotations

import pytest

from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from tests.hands import Hands, errors, made
from tests.reviewing import changes, coordinator
from tests.setting_rules import a_house, kept_apart, people, sets, shown
from tests.slack.rules import check_view
from tests.world import World

HOSTILE = ("x" * 10_000, "🎉", "=1+1", "<!channel> <@U1>", "مرحبا", "**b** _i_ `c`", "{name} %s")
FIELDS = {"same_team", "floor", "repeat", "mixed", "most_mentees", "apart"}

pytestmark = pytest.mark.any_database


@pytest.fixture
def tess(world: World) -> Hands:
    return a_house(world)


def test_an_unknown_department_is_told_with_the_nearest_and_those_there_are(tess: Hands) -> None:
    sets(tess, mixed="Legl", apart="Noor – Salse", repeat="12")
    told = errors(tess)
    assert told.keys() == {"mixed", "apart"}
    assert "“Legl”" in told["mixed"]
    assert "Did you mean “Legal”?" in told["mixed"]
    assert "Legal, Risk, Audit & Tax, Sales" in told["mixed"]
    assert "a department or a colleague called “Salse”" in told["apart"]
    assert "“Sales”" in told["apart"]
    assert shown(tess)["apart"] == ("Noor – Salse",)
    assert shown(tess)["repeat"] == ("12",)
    assert (made(tess).repeat_after_months, made(tess).mixed_departments) == (0, [])


def test_where_no_department_is_known_the_form_says_where_they_come_from(world: World) -> None:
    world.programme()
    tess = coordinator(world, "Tess")
    sets(tess, mixed="Legal")
    assert "import" in errors(tess)["mixed"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Legal", "two different sides"),
        ("–", "two different sides"),
        ("Legal –", "two different sides"),
        ("Noor – Noor", "two different sides"),
        ("Tess – Zeno", "called “Zeno”"),
    ],
)
def test_a_line_without_two_sides_is_refused(tess: Hands, line: str, says: str) -> None:
    sets(tess, apart=line)
    assert says in errors(tess)["apart"]
    assert kept_apart(tess.world) == []


def test_two_colleagues_of_one_name_are_told_apart(tess: Hands) -> None:
    tess.world.person("Noor B", department="Sales")
    tess.world.person("Noor C", department="Legal")
    sets(tess, apart="noor b – legal\nNoor Sales – Bram")
    ids = people(tess.world)
    assert kept_apart(tess.world) == [(ids["Noor B"], "Legal"), (ids["Noor B"], ids["Bram"])]


def test_of_several_colleagues_the_form_asks_whom(tess: Hands) -> None:
    for name in ("Kim A", "Kim B"):
        tess.world.person(name)
    sets(tess, apart="Kim – Legal")
    assert "Kim A, Kim B" in errors(tess)["apart"]


def test_a_name_with_a_dash_in_it_is_one_side(tess: Hands) -> None:
    tess.world.person("Anne-Marie", department="HR – Payroll")
    sets(tess, apart="Anne-Marie-Legal\nHR – Payroll – Sales\nTess / Noor")
    ids = people(tess.world)
    assert kept_apart(tess.world) == [
        (ids["Anne-Marie"], "Legal"),
        ("HR – Payroll", "Sales"),
        (ids["Tess"], ids["Noor"]),
    ]


def test_more_lines_than_anybody_can_mean_are_refused(tess: Hands) -> None:
    for number in range(41):
        tess.world.person(f"P{number}", department=f"D{number}")
    sets(tess, apart="\n".join(f"D{number} – Legal" for number in range(41)))
    assert "41" in errors(tess)["apart"]
    assert kept_apart(tess.world) == []


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("field", ["mixed", "apart", "most_mentees"])
def test_nonsense_in_a_field_is_refused_beside_it_and_stays_to_be_mended(
    tess: Hands, field: str, words: str
) -> None:
    sets(tess, **{field: words, "repeat": "6"})
    assert errors(tess).keys() == {field}
    assert shown(tess)[field] == (words,)
    assert made(tess).repeat_after_months == 0
    assert tess.card is not None
    check_view(blocks.view(tess.card, nonce="n", title=tess.card.summary))


@pytest.mark.parametrize("words", [one for one in HOSTILE if len(one) < 100])
def test_a_department_of_any_letters_can_be_named(tess: Hands, words: str) -> None:
    changes(tess.world, "Noor", department=words)
    sets(tess, mixed=words, apart=f"{words} – Bram")
    assert made(tess).mixed_departments == [words]
    assert kept_apart(tess.world) == [(words, people(tess.world)["Bram"])]
    assert words in draw(tess.card) if tess.card else False
