"""Before a round people say whom they would like: asked once, kept in private, counted in the round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.pairs import ReviewPair
from bot.cards.wishes import EditWishes, NoWishes, SaveWishes
from bot.platforms.local.screen import draw
from storage.models import Delivery, Proposal
from tests.hands import Hands
from tests.reviewing import announces, matches, mentee, mentor, proposed
from tests.wishing import asks, closes, fields_of, kept, opens, shown, wishers, wishes
from tests.world import World


def test_a_dutch_mentee_wishes_for_an_english_mentor_and_gets_her(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram", "nl")
    eva = mentor(world, "Eva Smit")
    noor = mentee(world, "Noor", "nl")
    asks(thomas)
    assert shown(world, "Noor") == {"Bram", "Eva Smit"}
    assert "Wie had je graag als mentor?" in noor.sees
    wishes(noor, "Eva Smit", **{f"reason_{_field(noor, 'Eva Smit')}": "Ze kan uitleggen."})
    assert kept(world, "Noor") == [("Eva Smit", 1, "Ze kan uitleggen.")]
    assert "1. Eva" in noor.sees
    closes(thomas)
    matches(world, thomas)
    assert proposed(world) == {("Eva Smit", "Noor")}
    card = thomas.forges(ReviewPair(1))
    assert card
    assert "Was wished by the mentee: 1st. “Ze kan uitleggen.”" in draw(card)
    announces(world, thomas)
    assert "Ze kan uitleggen" not in "".join(eva.received)
    assert kept(world, "Noor") == []


def _field(hands: Hands, name: str) -> str:
    return fields_of(hands)[name]


def test_the_partner_reads_the_reason_when_the_wisher_says_so(world: World, thomas: Hands) -> None:
    bram = mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    reason = {f"reason_{_field(noor, 'Bram')}": "You explain so well."}
    wishes(noor, "Bram", **reason, shared="yes")
    closes(thomas)
    matches(world, thomas)
    announces(world, thomas)
    assert "Noor wished for you and says why: “You explain so well.”" in "".join(bram.all_seen)


@pytest.mark.parametrize("wished", ["Bram", "Eva"])
def test_a_wish_decides_between_two_who_fit_alike(world: World, thomas: Hands, wished: str) -> None:
    for name in ("Bram", "Eva"):
        mentor(world, name)
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, wished)
    closes(thomas)
    matches(world, thomas)
    assert proposed(world) == {(wished, "Noor")}
    [proposal] = world.rows(select(Proposal))
    assert proposal.bonus == pytest.approx(0.25)


def test_a_weight_of_nothing_gives_a_wish_no_bonus(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas, wish_weight="0")
    wishes(noor, "Bram")
    matches(world, thomas)
    [proposal] = world.rows(select(Proposal))
    assert proposal.bonus == 0


def test_everybody_is_asked_once_in_their_own_hours_and_the_coordinator_counts(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    kim = mentee(world, "Kim")
    with world.database.transaction() as session:
        session.merge(kim.row).time_zone = "America/Los_Angeles"
    asks(thomas)
    assert len(_asked(noor)) == 1
    assert _asked(kim) == []
    world.passes(timedelta(hours=1), days=2)
    assert len(_asked(noor)) == len(_asked(kim)) == 1
    [card] = world.rows(select(Delivery).where(Delivery.person_id == kim.row.id))
    assert card.due_at.hour >= 17  # nine o'clock in Los Angeles
    noor.presses(NoWishes)
    thomas.types("/mentor wishes")
    assert "Answered: 1 of 2" in thomas.sees
    assert "Noor" not in thomas.sees


def _asked(hands: Hands) -> list[str]:
    return [card for card in hands.received if "EditWishes" in card]


def test_the_same_card_shows_what_was_chosen_and_lets_it_change(
    world: World, thomas: Hands
) -> None:
    for name in ("Bram", "Eva", "Max"):
        mentor(world, name)
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Max", "Bram")
    noor.types("/mentor wishes")
    assert "1. Max" in noor.sees
    assert "2. Bram" in noor.sees
    opens(noor)
    noor.presses(SaveWishes, **{f"rank_{_field(noor, 'Max')}": "0"})
    assert kept(world, "Noor") == [("Bram", 1, "")]
    noor.again()
    assert kept(world, "Noor") == [("Bram", 1, "")]
    noor.presses(NoWishes)
    assert kept(world, "Noor") == []
    assert "You have no wishes" in noor.sees


@pytest.mark.parametrize(
    ("locale", "told", "button"),
    [
        ("en", "Your wishes: open until Monday 9 March 18:00", "Your wishes for Grow"),
        ("nl", "Je wensen: open tot maandag 9 maart om 18:00 uur", "Jouw wensen voor Grow"),
    ],
)
def test_the_status_says_until_when_wishes_are_open_and_leads_to_them(
    world: World, thomas: Hands, locale: str, told: str, button: str
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor", locale)
    noor.types("/mentor status")
    assert button not in noor.buttons
    asks(thomas)
    noor.types("/mentor status")
    assert told in noor.sees
    noor.clicks(button)
    assert EditWishes(1) in noor.offers
    wishes(noor, "Bram")
    noor.types("/mentor status")
    assert told in noor.sees
    closes(thomas)
    noor.types("/mentor status")
    assert "9 " not in noor.sees
    assert button not in noor.buttons


def test_the_status_of_whoever_is_not_asked_says_nothing_of_wishes(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram")
    mentee(world, "Noor")
    asks(thomas)
    bram.types("/mentor status")
    assert "wishes" not in bram.sees


def chooses_of_two(world: World, thomas: Hands) -> tuple[Hands, dict[str, str]]:
    """Noor has the form in front of her with Bram and Eva in it; its fields by their names."""
    for name in ("Bram", "Eva"):
        mentor(world, name)
    noor = mentee(world, "Noor")
    asks(thomas)
    opens(noor)
    return noor, fields_of(noor)


def test_a_place_given_twice_is_refused_and_nothing_is_lost(world: World, thomas: Hands) -> None:
    noor, fields = chooses_of_two(world, thomas)
    same = {f"rank_{fields['Bram']}": "2", f"rank_{fields['Eva']}": "2"}
    noor.presses(SaveWishes, **same, **{f"reason_{fields['Eva']}": "Kind."})
    assert "You gave this place (2nd) to somebody else as well." in noor.sees
    assert "Kind." in noor.sees
    assert kept(world, "Noor") == []


def test_a_gap_is_closed_up(world: World, thomas: Hands) -> None:
    noor, fields = chooses_of_two(world, thomas)
    ranks = {f"rank_{fields['Bram']}": "5", f"rank_{fields['Eva']}": "2"}
    noor.presses(SaveWishes, **ranks)
    assert kept(world, "Noor") == [("Eva", 1, ""), ("Bram", 2, "")]


def test_a_reason_without_a_place_is_asked_about(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    opens(noor)
    noor.presses(SaveWishes, **{f"reason_{_field(noor, 'Bram')}": "Kind."})
    assert "You wrote why. Please choose a place too" in noor.sees


@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        ("", ""),
        ("   ", ""),
        ("👩🏽‍💻 مرحبا", "👩🏽‍💻 مرحبا"),
        ("<!channel> *loud*", "<!channel> *loud*"),
        ("=1+1", "=1+1"),
    ],
)
def test_any_reason_stays_as_it_was_written(
    world: World, thomas: Hands, reason: str, stays: str
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Bram", **{f"reason_{_field(noor, 'Bram')}": reason})
    assert kept(world, "Noor") == [("Bram", 1, stays)]
    assert stays in noor.sees


def test_a_reason_of_ten_thousand_characters_is_refused_with_its_length(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Bram", **{f"reason_{_field(noor, 'Bram')}": "x" * 10_000})
    assert "That is 10000 characters; at most 300 fit here." in noor.sees
    assert kept(world, "Noor") == []


def test_after_closing_there_is_a_kind_word_and_nothing_changes(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    opens(noor)
    field = _field(noor, "Bram")
    closes(thomas)
    ranks: dict[str, Any] = {f"rank_{field}": ("1",)}
    card = noor.forges(SaveWishes(1), **ranks)
    assert card
    assert "The time to choose is over" in draw(card)
    assert kept(world, "Noor") == []
    card = noor.forges(EditWishes(1))
    assert card
    assert "The time to choose is over" in draw(card)


def test_wishes_of_who_was_not_matched_stay_for_the_next_round(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor, kim = mentee(world, "Noor"), mentee(world, "Kim")
    asks(thomas)
    wishes(noor, "Bram")
    wishes(kim, "Bram")
    closes(thomas)
    matches(world, thomas)
    announces(world, thomas)
    left = [name for name in ("Noor", "Kim") if kept(world, name)]
    assert len(left) == 1
    assert {mentee for _, mentee in proposed(world)} & set(left) == set()


def test_nobody_is_asked_twice_however_often_the_jobs_run(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    for _ in range(3):
        world.tick()
    world.passes(timedelta(hours=6), days=4)
    assert len(_asked(noor)) == 1
    assert set(wishers(world)) == {"Noor"}
