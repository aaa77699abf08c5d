"""The pairs of a round as a list: ten on a page, the doubtful first, found by name, and back."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from bot.cards.matching import RoundSummary
from bot.cards.pairs import (
    Approve,
    FilterPairs,
    ListPairs,
    OpenPair,
    ReviewPair,
    Show,
    ShowPairs,
    Unapprove,
)
from bot.core.markup import plain
from bot.core.messages import Ask, Text
from storage.models import Person, Proposal
from tests.crowded import crowd
from tests.hands import Hands
from tests.reviewing import by_participant, coordinator
from tests.world import World


@pytest.fixture
def thomas(world: World, thomas: Hands) -> Hands:
    """Looks at the list of a round of twenty-five pairs."""
    crowd(world, 25)
    thomas.types("/mentor review")
    thomas.presses(ListPairs)
    return thomas


def listed(thomas: Hands) -> list[int]:
    """The pairs on the card, in order."""
    return [one.proposal for one in thomas.offers if isinstance(one, OpenPair)]


def by_fit(world: World) -> list[Proposal]:
    return list(world.rows(select(Proposal).order_by(col(Proposal.score), col(Proposal.id))))


def test_every_pair_stands_on_one_page_the_doubtful_ones_first(world: World, thomas: Hands) -> None:
    seen = listed(thomas)
    assert "1–10 of 25" in thomas.sees
    for page in ("11–20 of 25", "21–25 of 25"):
        thomas.clicks("Next page")
        assert page in thomas.sees
        seen += listed(thomas)
    assert seen == [row.id for row in by_fit(world)]
    assert "Next page" not in thomas.buttons
    thomas.clicks("Previous page")
    assert listed(thomas) == seen[10:20]


def test_a_line_says_who_how_well_why_and_how_far(world: World, thomas: Hands) -> None:
    first, names = by_fit(world)[0], by_participant(world)
    assert thomas.card is not None
    line = plain(thomas.card.all(Text)[0].body)
    assert f"{names[first.mentor_id]} – {names[first.mentee_id]}" in line
    assert re.search(r"\d+%", line)
    assert "not approved yet" in line
    assert "What one wants to learn, the other can teach: presenting" in line


def test_from_a_line_to_the_pair_and_back_to_the_same_page(thomas: Hands) -> None:
    thomas.clicks("Next page")
    page = listed(thomas)
    thomas.presses(OpenPair(page[4]))
    assert "pair 15 of 25" in thomas.sees
    thomas.clicks("Next")
    assert "pair 16 of 25" in thomas.sees
    thomas.clicks("Previous")
    thomas.clicks("Back to the list")
    assert listed(thomas) == page


def test_a_narrowed_list_stays_narrow_while_its_pairs_are_approved(
    world: World, thomas: Hands
) -> None:
    thomas.presses(FilterPairs)
    thomas.presses(ShowPairs, which=str(int(Show.UNDECIDED)), word="sales")
    names = by_participant(world)
    departments = {row.name: row.department for row in world.rows(select(Person))}
    sales = [
        row.id
        for row in by_fit(world)
        if "Sales" in (departments[names[row.mentor_id]], departments[names[row.mentee_id]])
    ]
    assert listed(thomas) == sales[:10]
    thomas.presses(OpenPair(sales[1], show=int(Show.UNDECIDED), word="sales"))
    thomas.presses(Approve)
    assert f"pair 2 of {len(sales) - 1}" in thomas.sees  # the next of the same list
    assert OpenPair(sales[0], show=int(Show.UNDECIDED), word="sales") in thomas.offers
    thomas.clicks("Back to the list")
    assert listed(thomas) == [id_ for id_ in sales if id_ != sales[1]][:10]
    thomas.clicks("All pairs")
    assert "1–10 of 25" in thomas.sees


def test_only_the_doubtful_ones_or_one_mentors(world: World, thomas: Hands) -> None:
    rows = by_fit(world)
    thomas.presses(FilterPairs)
    thomas.presses(ShowPairs, which=str(int(Show.DOUBTFUL)))
    assert listed(thomas) == [row.id for row in rows if round(row.score * 100) < 40][:10]
    thomas.presses(ListPairs(1))
    one = rows[0]
    thomas.presses(OpenPair(one.id))
    thomas.presses(ListPairs(1, mentor=one.mentor_id))
    assert listed(thomas) == [row.id for row in rows if row.mentor_id == one.mentor_id]
    assert f"of {by_participant(world)[one.mentor_id]}" in thomas.sees


@pytest.mark.parametrize(
    ("word", "found"),
    [("élise", 1), ("ÉLISE", 1), ("50%", 1), ("_", 1), ("%", 1), ("<!channel>", 0), ("'", 0), ("", 25)],
)  # fmt: skip
def test_a_name_is_found_as_it_is_written_or_nearly(
    world: World, thomas: Hands, word: str, found: int
) -> None:
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == "Mentee 00007")).one()
        person.name = "Élise 50%_x"
    thomas.presses(FilterPairs)
    thomas.presses(ShowPairs, word=word)
    assert len(listed(thomas)) == min(found, 10)
    if not found:
        assert "No pair of this round is like that." in thomas.sees


@pytest.mark.parametrize("word", ["x" * 61, "🎉" * 10_000, "مرحبا " * 50])
def test_a_name_that_is_too_long_is_told_beside_the_field(thomas: Hands, word: str) -> None:
    thomas.presses(FilterPairs)
    thomas.presses(ShowPairs, word=word)
    assert thomas.card is not None
    assert "under 61" in thomas.card.all(Ask)[1].error


def test_a_made_up_list_is_no_list(thomas: Hands) -> None:
    for action in (ListPairs(1, show=99), ListPairs(1, show=-1)):
        assert "out of date" in repr(thomas.forges(action))
    assert "out of date" in repr(thomas.forges(ShowPairs(1), which=("x",)))
    for place in (10**6, -5, 2**31 - 1):
        assert thomas.forges(ListPairs(1, place)) is not None
    assert "No pair" in repr(thomas.forges(ListPairs(1, mentor=2**31 - 1)))


def test_whoever_comes_later_sees_who_approved_it(world: World, thomas: Hands) -> None:
    joost = coordinator(world, "Joost", "nl")
    first = listed(thomas)[0]
    thomas.presses(OpenPair(first))
    joost.types("/mentor review")
    joost.presses(ReviewPair)
    assert Approve(first) in joost.offers
    thomas.presses(Approve)
    joost.presses(Approve)
    assert "Thomas heeft dit koppel al goedgekeurd." in joost.sees
    assert Unapprove(first) in joost.offers
    thomas.presses(RoundSummary)
    assert "1 of 25" in thomas.sees
