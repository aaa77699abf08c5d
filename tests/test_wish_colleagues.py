"""A colleague of one's own, and whom rather not: taken kindly, told to nobody who need not know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.matching import (
    LeftOut,
    RoundSummary,
)
from bot.cards.pairs import ReviewPair
from bot.cards.wishes import SaveWishes
from storage import dialogues
from storage.models import AuditEntry, Delivery
from tests.hands import Hands
from tests.reviewing import changes, matches, mentee, mentor, proposed
from tests.wishing import asks, kept, opens, shown, wishes
from tests.world import MENTOR, World

pytestmark = pytest.mark.any_database


@pytest.fixture
def thomas(world: World, thomas: Hands) -> Hands:
    """Coordinates Grow, in which Bram mentors."""
    mentor(world, "Bram Bos")
    return thomas


def invitations(hands: Hands) -> list[str]:
    return [card for card in hands.received if "would like to have you as a mentor" in card]


@pytest.mark.parametrize(("how", "named"), [("named", True), ("unnamed", False)])
def test_a_colleague_who_takes_no_part_is_invited_once_and_only_with_leave(
    world: World, thomas: Hands, how: str, *, named: bool
) -> None:
    eva = Hands(world, "Eva Smit")
    noor, kim = mentee(world, "Noor"), mentee(world, "Kim")
    asks(thomas)
    wishes(noor, colleague="Eva Smit")
    assert kept(world, "Noor") == [("Eva Smit", 1, "")]
    world.passes(timedelta(hours=6), days=1)
    assert invitations(eva) == []
    for hands in (kim, kim):
        wishes(hands, colleague="" if kept(world, "Kim") else "Eva Smit", invite=how)
    world.passes(timedelta(hours=6), days=1)
    [card] = invitations(eva)
    assert ("Kim" in card) is named


def test_a_wish_for_a_colleague_counts_once_they_mentor(world: World, thomas: Hands) -> None:
    Hands(world, "Eva Smit")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, colleague="eva smit", rank_colleague="1", reason_colleague="She knows it all.")
    world.joins("Eva Smit", MENTOR)
    matches(world, thomas)
    assert proposed(world) == {("Eva Smit", "Noor")}


def test_oneself_nobody_and_one_of_two_are_told_kindly(world: World, thomas: Hands) -> None:
    Hands(world, "Eva Smit")
    Hands(world, "Eva Berg")
    noor = mentee(world, "Noor")
    asks(thomas)
    for words, told in (
        ("Noor", "That is you. Whom else would you like?"),
        ("@noor ", "That is you."),
        ("Eva", "Several colleagues fit “Eva”"),
        ("Zzz Qqq", "I do not know a colleague called “Zzz Qqq”"),
        ("x" * 10_000, "That is 10000 characters"),
        ("Bram Bos", "is in the list above: please choose a place there."),
    ):
        opens(noor)
        noor.presses(SaveWishes, colleague=words)
        assert told in noor.sees
        assert kept(world, "Noor") == []
    opens(noor)
    noor.presses(SaveWishes, reason_colleague="Nice.")
    assert "Whom do you mean?" in noor.sees


def test_rather_not_is_added_to_what_the_intake_knows_and_keeps_them_apart(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Eva Smit")
    noor = mentee(world, "Noor")
    asks(thomas)
    opens(noor)
    assert "nobody else, also not the coordinators" in noor.sees
    noor.presses(SaveWishes, avoid="Bram Bos")
    opens(noor)
    noor.presses(SaveWishes, avoid="Thomas")
    assert len(noor.told()["avoid"]) == 2
    matches(world, thomas)
    assert proposed(world) == {("Eva Smit", "Noor")}
    for action in (ReviewPair(1), LeftOut(1), RoundSummary(1)):
        assert "avoid" not in repr(thomas.forges(action)).casefold()
    told = [repr(row.message) for row in world.rows(select(Delivery))]
    told += [row.did for row in world.rows(select(AuditEntry))]
    assert not any("avoid" in words.casefold() for words in told)


def test_to_wish_for_somebody_and_rather_not_have_them_is_asked_about(
    world: World, thomas: Hands
) -> None:
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Bram Bos", avoid="Bram Bos")
    assert "You wish for this colleague above. Which is it?" in noor.sees
    assert "avoid" not in noor.told()


def test_who_avoids_a_mentee_is_not_among_their_candidates_and_a_wish_changes_nothing(
    world: World, thomas: Hands
) -> None:
    eva = mentor(world, "Eva Smit")
    noor = mentee(world, "Noor")
    with world.database.transaction() as session:
        dialogue = session.merge(eva.dialogue())
        dialogues.keep(session, dialogue, "avoid", (str(noor.row.id),))
    asks(thomas)
    assert shown(world, "Noor") == {"Bram Bos"}
    wishes(noor, colleague="Eva Smit", rank_colleague="1")
    assert kept(world, "Noor") == [("Eva Smit", 1, "")]
    matches(world, thomas)
    assert proposed(world) == {("Bram Bos", "Noor")}


# --- without names ---


def test_without_names_the_card_tells_what_somebody_offers_and_not_who(
    world: World, thomas: Hands
) -> None:
    noor = mentee(world, "Noor")
    changes(world, "Bram Bos", function="Juggler", department="Circus")
    asks(thomas, names="hidden")
    assert "Mentor A" in noor.sees
    assert "presenting" in noor.sees.casefold()
    for word in ("Bram", "Bos", "I led three teams", "Juggler", "Circus"):
        assert word not in "".join(noor.received)
    opens(noor)
    assert "Bram" not in noor.sees
    field = next(name for name in noor.inputs if name.startswith("rank_s"))
    noor.presses(SaveWishes, **{field: "1"})
    assert "1. Mentor A" in noor.sees
    assert kept(world, "Noor") == [("Bram Bos", 1, "")]


def test_without_names_a_colleague_who_is_a_candidate_gives_nothing_away(
    world: World, thomas: Hands
) -> None:
    noor = mentee(world, "Noor")
    asks(thomas, names="hidden")
    opens(noor)
    field = next(name for name in noor.inputs if name.startswith("rank_s"))
    noor.presses(SaveWishes, **{field: "1"}, colleague="Bram Bos")
    assert "1. Mentor A" in noor.sees
    assert "2. Bram Bos" in noor.sees
    opens(noor)
    noor.presses(SaveWishes, avoid="Bram Bos")
    assert "Which is it?" in noor.sees
    opens(noor)
    mine = next(name for name in noor.inputs if name.startswith("rank_w"))
    noor.presses(SaveWishes, **{mine: "0"}, avoid="Bram Bos")
    assert "1. Mentor A" in noor.sees
    assert len(kept(world, "Noor")) == 1
