"""A coordinator makes a programme in conversation, and says who else runs it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from bot.cards.questions import Back, Change, Confirm, Resume, Skip, Stop, TellMore
from bot.content import standard
from bot.core.actions import RunCommand
from bot.core.questions import Values
from handlers.programme_rules import FLOORS
from storage.models import (
    AuditEntry,
    DialogueState,
    Duty,
    Organisation,
    ProgrammeGoal,
    Role,
    Wave,
)
from tests.hands import FORM, Hands, admin, appoint, meanings, programmes
from tests.world import World

pytestmark = pytest.mark.any_database


@pytest.fixture
def ada(world: World) -> Hands:
    """The admin, with nothing made yet."""
    return admin(world, "Ada")


def makes(person: Hands, **otherwise: Values) -> None:
    person.types("/mentor programme create")
    person.walks(FORM | otherwise)
    person.presses(Confirm)


def test_a_coordinator_makes_a_programme_by_buttons_and_everything_is_kept(ada: Hands) -> None:
    makes(ada)
    [made] = programmes(ada.world)
    assert made.name == "Growing together"
    assert made.slug == "growing-together"
    assert made.goal == "leadership"
    assert made.languages == ["nl", "en"]
    assert (made.starts_on, made.ends_on) == (date(2026, 4, 1), date(2026, 10, 1))
    assert made.rhythm == "monthly"
    assert made.allow_same_team is False
    assert made.floor == 0.4
    assert made.smallest_group == 7
    assert made.channel_address == ""
    assert made.next_round_on == date(2026, 4, 15)
    assert made.next_digest_at
    assert made.next_digest_at.date() == date(2026, 4, 3)  # the first Friday
    assert made.organisation_id == ada.world.organisation
    goals = {g.measure: g.target for g in ada.world.rows(select(ProgrammeGoal))}
    assert goals == {"joined": 60, "met_share": 80, "satisfaction": 4.0}
    assert len(ada.world.rows(select(Wave))) == 3
    assert "growing-together" in ada.sees  # how others join
    [entry] = ada.world.rows(select(AuditEntry))
    assert (entry.allowed, entry.subject) == (True, f"programme:{made.id}")


def test_een_coordinator_maakt_een_programma_met_getypte_woorden(world: World) -> None:
    ada = admin(world, "Ada", "nl")
    ada.types("/mentor programma nieuw")
    for words in (
        "Samen groeien",
        "leiders groeien",
        "1 en 2",
        "zestig",  # no number in figures: asked again
        "60",
        "80",
        "Nederlands",
        "1 april",
        "1 oktober",
        "om de week",
        "nee",  # an option here, and not a way to skip
        "geen",  # neither
        "vijf",
    ):
        ada.types(words)
    assert ada.dialogue("programme").state is DialogueState.SUMMARY
    ada.presses(TellMore)
    ada.types("#mentoring")
    ada.types("10 april")
    ada.types("ja")
    ada.types("24")
    ada.types("ja")
    [made] = programmes(world)
    assert made.name == "Samen groeien"
    assert made.languages == ["nl"]
    assert made.allow_same_team is False
    assert made.smallest_group == 5
    assert 0 < made.floor < 0.1  # «geen ondergrens»
    assert made.channel_address == "#mentoring"
    assert made.next_round_on == date(2026, 4, 10)
    assert made.group_chat
    assert made.kept_months == 24
    assert made.channel_workspace_id == world.workspace
    assert "Samen groeien" in ada.sees


@pytest.mark.parametrize(
    ("floor", "least", "most"),
    [("none", 0, 0.1), ("low", 0.1, 0.25), ("normal", 0.25, 0.35), ("high", 0.35, 0.5)],
)
def test_a_higher_floor_is_a_higher_number(
    ada: Hands, floor: str, least: float, most: float
) -> None:
    makes(ada, floor=(floor,))
    [made] = programmes(ada.world)
    assert least < made.floor <= most


def test_only_the_targets_that_were_chosen_are_asked_and_kept(ada: Hands) -> None:
    ada.types("/mentor programme create")
    asked = []
    form = FORM | {"targets": ("satisfaction",)}
    while key := ada.is_asked:
        asked.append(key)
        ada.types(", ".join(form[key]))
    assert [key for key in asked if key.startswith("target_")] == ["target_satisfaction"]
    ada.presses(Change, which="targets")
    ada.fills(targets=("joined",))
    ada.types("12")
    ada.presses(Confirm)
    assert [g.measure for g in ada.world.rows(select(ProgrammeGoal))] == ["joined"]


# --- names ---


@pytest.mark.parametrize("name", ["Grow", "grow", "  GROW "])
def test_a_name_that_is_taken_is_refused_and_stays_in_the_field(ada: Hands, name: str) -> None:
    ada.world.programme("Grow")
    ada.types("/mentor programme create")
    ada.types(name)
    assert ada.is_asked == "name"
    assert ada.inputs["name"].value == (name.strip(),)
    assert "row" in ada.inputs["name"].error.casefold()
    ada.types("Grow 2")
    assert ada.is_asked == "goal"


def test_a_name_that_is_taken_meanwhile_is_asked_again(ada: Hands) -> None:
    ada.types("/mentor programme create")
    ada.walks(FORM)
    ada.world.programme("Growing Together")
    ada.presses(Confirm)
    assert ada.is_asked == "name"
    assert len(programmes(ada.world)) == 1


def test_another_organisation_may_use_the_same_name(ada: Hands) -> None:
    world = ada.world
    with world.database.transaction() as session:
        other = Organisation(name="Elders")
        session.add(other)
        session.flush()
        elsewhere = other.id
    world.programme("Growing together", organisation_id=elsewhere, channel_workspace_id=None)
    makes(ada)
    assert [p.slug for p in programmes(world)] == ["growing-together"] * 2


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Café Élan!", "cafe-elan"),
        ("🎉", "programme"),
        ("مرحبا", "programme"),
        ("<!channel> *bold*", "channel-bold"),
        ("=1+1", "1-1"),
        ("x" * 80, "x" * 40),
    ],
)
def test_any_name_gets_a_short_word_to_type(ada: Hands, name: str, slug: str) -> None:
    makes(ada, name=(name,))
    [made] = programmes(ada.world)
    assert (made.name, made.slug) == (name, slug)
    assert name in ada.sees
    noor = Hands(ada.world, "Noor")
    noor.types(f"/mentor join {slug}")
    assert noor.is_asked == "role"


def test_names_that_look_alike_get_different_words(ada: Hands) -> None:
    for name in ("Élan", "Elan", "elan!"):
        makes(ada, name=(name,))
    assert [p.slug for p in programmes(ada.world)] == ["elan", "elan-2", "elan-3"]


# --- once, and again ---


def test_a_second_click_makes_no_second_programme(ada: Hands) -> None:
    ada.types("/mentor programme create")
    ada.walks(FORM)
    [confirm] = [a for a in ada.offers if isinstance(a, Confirm)]
    ada.presses(Confirm)
    for answer in (ada.again(), ada.forges(confirm)):
        assert not [a for a in meanings(answer) if isinstance(a, Confirm)]
    here = ada.dialogue("programme")
    for button in (Confirm, Resume, TellMore, Change, Back, Skip, Stop):
        answer = ada.forges(button(here.id, here.step), which=("name",))
        assert not [a for a in meanings(answer) if isinstance(a, Confirm)]
        assert ada.dialogue("programme") == here
    assert len(programmes(ada.world)) == 1
    assert len(ada.world.rows(select(Role).where(Role.duty == Duty.COORDINATOR))) == 1


def test_a_second_programme_starts_empty(ada: Hands) -> None:
    makes(ada)
    ada.types("/mentor programme create")
    assert ada.is_asked == "name"
    assert ada.told("programme") == {}
    ada.walks(FORM | {"name": ("Second",)})
    ada.presses(Confirm)
    assert [p.name for p in programmes(ada.world)] == ["Growing together", "Second"]


def test_half_a_programme_waits_until_tomorrow(ada: Hands) -> None:
    ada.types("/mentor programme create")
    ada.types("Half")
    ada.types("stop")
    ada.types("/mentor programme create")
    assert ada.is_asked == "goal"
    assert ada.told("programme") == {"name": ("Half",)}


def test_who_is_no_coordinator_any_more_cannot_finish(world: World) -> None:
    world.programme()
    thomas = Hands(world, "Thomas")
    appoint(thomas, programme=1)
    thomas.types("/mentor programme create")
    thomas.walks(FORM)
    with world.database.transaction() as session:
        session.delete(session.exec(select(Role)).one())
    thomas.presses(Confirm)
    assert len(programmes(world)) == 1
    assert world.rows(select(Role)) == []
    assert [e.allowed for e in world.rows(select(AuditEntry))] == [False]
    assert meanings(thomas.card) == [RunCommand("home")]


def test_the_overview_lists_what_somebody_runs(ada: Hands) -> None:
    ada.types("/mentor programme")
    assert meanings(ada.card) == [RunCommand("programme", "create")]
    makes(ada)
    ada.types("/mentor programme")
    assert "Growing together" in ada.sees
    assert "growing-together" in ada.sees


def test_every_floor_that_can_be_chosen_has_a_number() -> None:
    [question] = [q for q in standard().programme if q.key == "floor"]
    assert {choice.value for choice in question.choices} == set(FLOORS)
