"""Away for a while, back again, or gone: the partner hears it once, in neutral words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.cards.checkins import AnswerCheckIn
from bot.core.actions import RunCommand
from storage.models import (
    CheckIn,
)
from tests.hands import NEUTRAL, Hands
from tests.world import MENTEE, MENTOR, MONDAY, World

pytestmark = pytest.mark.any_database


@pytest.fixture
def noor(world: World) -> Hands:
    world.programme()
    noor = Hands(world, "Noor")
    world.joins("Noor", MENTEE)
    return noor


@pytest.mark.parametrize(
    ("locale", "words", "month", "day"),
    [
        ("en", "until 1 April", 4, 1),
        ("en", "till next friday", 3, 6),
        ("en", "2 weeks", 3, 16),
        ("en", "for a month", 4, 2),
        ("en", "tomorrow", 3, 3),
        ("nl", "tot 1 april", 4, 1),
        ("nl", "tot vrijdag", 3, 6),
        ("nl", "t/m vrijdag", 3, 7),
        ("nl", "over twee weken", 3, 16),
        ("nl", "1-4-2026", 4, 1),
    ],
)
def test_a_pause_lasts_until_the_day_that_is_named_in_either_language(
    world: World, locale: str, words: str, month: int, day: int
) -> None:
    noor = Hands(world, "Noor", locale)
    noor.types(f"/mentor {'pause' if locale == 'en' else 'pauze'} {words}")
    until = noor.row.paused_until
    assert until
    summer = datetime(2026, 3, 29, tzinfo=UTC) <= until  # midnight in Amsterdam
    assert until + timedelta(hours=2 if summer else 1) == datetime(2026, month, day, tzinfo=UTC)
    assert noor.row.paused_from == MONDAY
    months = {"en": ["March", "April"], "nl": ["maart", "april"]}[locale]
    assert f"{day} {months[month - 3]} 2026" in noor.sees


@pytest.mark.parametrize(
    "words",
    [
        *("until yesterday", "until 1 january 2020", "today", "0 weeks"),  # past
        *("until 1 april 2028", "999 weeks", "31-12-9999"),  # too far
        *("until I feel better", "until 31 february", "=1+1", "until", "🎉", "x" * 10_000),
    ],
)
def test_a_pause_until_no_good_day_is_asked_again(noor: Hands, words: str) -> None:
    noor.types(f"/mentor pause {words}")
    assert noor.row.paused_until is None
    assert "?" in noor.sees


def test_the_word_that_is_no_date_is_named(noor: Hands) -> None:
    noor.types("/mentor pause until Sint-Juttemis")
    assert "until Sint-Juttemis" in noor.sees
    noor.types("/mentor pause")
    assert "Sint-Juttemis" not in noor.sees
    assert noor.row.paused_until is None


def test_the_longest_pause_is_a_year(noor: Hands) -> None:
    noor.types("/mentor pause until 3 march 2027")
    assert noor.row.paused_until
    noor.types("/mentor resume")
    noor.types("/mentor pause until 4 march 2027")
    assert noor.row.paused_until == MONDAY


def test_who_is_paused_sees_so_and_can_come_back_with_one_tap(noor: Hands) -> None:
    noor.types("/mentor pause 2 weeks")
    noor.types("/mentor")
    assert "16 March 2026" in noor.sees
    noor.presses(RunCommand("resume"))
    assert noor.row.paused_until == MONDAY
    noor.types("/mentor status")
    assert "16 March 2026" not in noor.sees
    assert RunCommand("resume") not in noor.offers


def test_a_pause_ends_by_itself(pair: tuple[Hands, Hands]) -> None:
    bram, _ = pair
    world = bram.world
    bram.types("/mentor pause 3 weeks")
    asked = world.rows(select(CheckIn))
    world.passes(days=20, step=timedelta(hours=6))
    assert world.rows(select(CheckIn)) == asked == []
    bram.types("/mentor status")
    assert RunCommand("resume") in bram.offers
    world.passes(days=14, step=timedelta(hours=6))
    assert any(isinstance(action, AnswerCheckIn) for action in bram.offers)
    bram.types("/mentor status")
    assert RunCommand("resume") not in bram.offers


def test_resuming_without_a_pause_changes_nothing_and_says_so(noor: Hands) -> None:
    noor.types("/mentor resume")
    assert "not paused" in noor.sees
    assert noor.row.paused_until is None


def test_the_partner_hears_of_a_pause_once_in_their_own_language_and_neutrally(
    pair: tuple[Hands, Hands],
) -> None:
    bram, noor = pair
    before = len(noor.received)
    bram.types("/mentor pause until 1 april")
    bram.types("/mentor pause until 1 april")
    bram.again()
    assert len(noor.received) == before + 1
    assert "Bram" in noor.sees
    assert "1 april 2026" in noor.sees
    assert not [word for word in NEUTRAL if word in noor.sees.casefold()]
    bram.types("/mentor resume")
    bram.types("/mentor resume")
    assert len(noor.received) == before + 2
    assert "Bram" in noor.sees


def test_a_pause_that_gets_another_day_is_told_again(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    before = len(bram.received)
    noor.types("/mentor pauze 1 week")
    noor.types("/mentor pauze 2 weken")
    assert len(bram.received) == before + 2
    assert "16 March 2026" in bram.sees


def test_somebody_without_a_match_pauses_without_a_word_to_anybody(noor: Hands) -> None:
    bram = Hands(noor.world, "Bram")
    noor.world.joins("Bram", MENTOR)
    noor.types("/mentor pause 1 week")
    assert bram.received == []
