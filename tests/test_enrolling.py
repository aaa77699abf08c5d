"""Who may join what: employees, each programme once, the one they mean."""

from __future__ import annotations

from sqlmodel import select

from bot.cards.questions import (
    Confirm,
)
from storage.models import Dialogue, Participant, Person
from tests.hands import MENTEE, MENTOR, Hands, admin
from tests.world import World

GOAL = "I want to present my plans to the board without shaking."
OFFER = "I led three teams through a merger."


def test_joining_twice_is_joining_once(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.types("/mentor join")
    assert "Grow" in noor.sees
    assert noor.is_asked == ""
    assert len(noor.world.rows(select(Participant))) == 1


def test_a_second_click_on_confirm_changes_nothing(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    confirm = next(action for action in noor.offers if isinstance(action, Confirm))
    noor.presses(Confirm)
    joined = noor.takes_part()
    noor.forges(confirm)
    assert noor.takes_part() == joined
    assert len(noor.world.rows(select(Participant))) == 1


def test_a_guest_is_refused_kindly_and_a_bot_is_not_answered(grow: World) -> None:
    greta = Hands(grow, "Greta", kind="guest")
    greta.types("/mentor join")
    assert grow.rows(select(Dialogue)) == []
    assert "employees" in greta.sees
    gerrit = Hands(grow, "Gerrit", "nl", kind="guest")
    gerrit.types("/mentor meedoen")
    assert "medewerkers" in gerrit.sees
    robot = Hands(grow, "Robot", kind="bot")
    for words in ("/mentor join", "/mentor", "hello"):
        robot.types(words)
    assert robot.all_seen == []
    assert grow.rows(select(Participant)) == []


def test_somebody_who_turns_out_to_be_a_guest_cannot_confirm(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    with noor.world.database.transaction() as session:
        session.get_one(Person, noor.row.id).kind = "guest"  # type: ignore[assignment]
    noor.presses(Confirm)
    assert noor.takes_part() is None
    assert "employees" in noor.sees


def test_without_a_programme_there_is_nothing_to_join(world: World) -> None:
    noor = Hands(world, "Noor")
    noor.types("/mentor join")
    assert world.rows(select(Dialogue)) == []
    assert noor.sees


def test_with_two_programmes_one_is_chosen_by_button_or_by_word(noor: Hands) -> None:
    noor.world.programme("Lead *well*")
    noor.types("/mentor join")
    assert noor.buttons == ["Lead *well*", "Grow"]
    noor.clicks("Lead *well*")
    assert noor.is_asked == "role"
    assert "Lead *well*" in noor.sees
    noor.walks(MENTEE)
    noor.presses(Confirm)
    noor.types("/mentor join GROW")
    assert noor.is_asked == "role"  # nothing was taken along from the other one
    noor.walks(MENTOR)
    noor.presses(Confirm)
    assert noor.takes_part(1)
    assert noor.takes_part(2)
    noor.types("/mentor profile")
    noor.clicks("Grow")
    assert OFFER not in noor.sees
    assert MENTOR["offer"][0] in noor.sees


def test_a_word_that_names_no_programme_is_named(noor: Hands) -> None:
    noor.types("/mentor join gorw <!channel>")
    assert "gorw <!channel>" in noor.sees
    assert noor.world.rows(select(Dialogue)) == []


def test_of_two_conversations_the_one_touched_last_hears_the_words(world: World) -> None:
    world.programme()
    ada = admin(world, "Ada")
    ada.types("/mentor join")
    world.passes(minutes=1)
    ada.types("/mentor programme create")
    ada.types("Growing together")
    assert ada.told("programme")["name"] == ("Growing together",)
    assert ada.told("intake") == {}
    world.passes(minutes=1)
    ada.types("/mentor join")
    ada.types("mentee")
    assert ada.told("intake")["role"] == ("mentee",)
    world.passes(minutes=1)
    ada.types("stop")
    ada.types("leadership")  # the other one still waits
    assert "leadership" not in ada.told("intake")
    assert ada.told("programme")["goal"] == ("leadership",)
