"""A round is a dry run: what it comes to beside the last one, before anybody hears of it."""

from __future__ import annotations

import pytest

from bot.cards.dry_run import CompareRuns, DryRun, LowestFits
from bot.cards.matching import (
    ApproveAll,
    LeftOut,
    Rerun,
)
from bot.cards.pairs import OpenPair, ReviewPair
from bot.core.actions import RunCommand
from bot.core.charts import Spread
from bot.core.messages import Fields, Message, Picture
from bot.matching.findings import known
from bot.platforms.local.screen import draw
from storage.models import Programme, ProposalState
from tests.hands import Hands, appoint, meanings
from tests.reviewing import (
    announces,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    proposed,
    says_now,
)
from tests.world import World

pytestmark = pytest.mark.any_database


def crowd(world: World) -> None:
    """Two mentors, one of them with two places, and four who look for one."""
    world.programme()
    mentor(world, "Bram", capacity=("2",))
    mentor(world, "Eva", skills_offered=("excel",))
    mentee(world, "Noor")
    mentee(world, "Sem")
    mentee(world, "Kim", skills_wanted=("excel",))
    mentee(world, "Lotte", skills_wanted=("welding",))


@pytest.fixture
def thomas(world: World) -> Hands:
    """Coordinates Grow, in which four people look for a mentor and three can have one."""
    crowd(world)
    return coordinator(world)


def changes(world: World, **about: object) -> None:
    with world.database.transaction() as session:
        programme = session.get_one(Programme, 1)
        for name, value in about.items():
            setattr(programme, name, value)


def rows(hands: Hands) -> dict[str, str]:
    """The table of the last card that was sent to somebody."""
    [table] = Message.from_json(hands.received[-1]).all(Fields)
    return dict(table.rows)


@pytest.mark.parametrize(
    ("locale", "matched", "wish"),
    [
        ("nl", ("Hebben een mentor", "3 van 4"), "Gewichten"),
        ("en", ("Have a mentor", "3 of 4"), "Weights"),
    ],
)
def test_a_coordinator_reads_what_a_round_comes_to_in_their_language(
    world: World, locale: str, matched: tuple[str, str], wish: str
) -> None:
    crowd(world)
    thomas = coordinator(world, locale=locale)
    matches(world, thomas)
    assert matched in rows(thomas).items()
    assert wish in thomas.buttons
    [picture] = Message.from_json(thomas.received[-1]).all(Picture)
    assert isinstance(picture.chart, Spread)
    assert sum(picture.chart.values[0]) == 3
    assert {RunCommand(name, "grow") for name in ("weights", "rules", "wishes")} <= set(
        thomas.offers
    )
    assert {ReviewPair(1), ApproveAll(1), LeftOut(1), LowestFits(1), Rerun(1)} <= set(thomas.offers)
    assert CompareRuns(1) not in thomas.offers  # there is nothing to compare with


def test_a_round_is_kept_with_all_that_repeats_it(world: World, thomas: Hands) -> None:
    changes(world, importance={"skills": "very_important"}, floor=0.15)
    round_ = matches(world, thomas)
    assert (round_.engine, round_.seed) == ("whole", 1001)
    assert (round_.terms["importance"], round_.terms["floor"]) == (
        {"skills": "very_important"},
        0.15,
    )
    found = known(round_.findings)
    assert (sum(found.spread), found.alone, found.full) == (3, 1, 2)
    assert "can be repeated exactly: whole-1001." in thomas.sees


def test_the_next_run_stands_beside_the_last_one(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    mentor(world, "Fien", skills_offered=("welding",))
    matches(world, thomas)
    assert rows(thomas)["Have a mentor"] == "4 of 4 · ▲ was 3 of 4"
    [picture] = Message.from_json(thomas.received[-1]).all(Picture)
    assert "Round 2: " in picture.alt
    assert "Round 1: " in picture.alt
    matches(world, thomas)
    assert rows(thomas)["Have a mentor"] == "4 of 4 · = as before"


def test_comparing_says_what_was_changed_and_for_how_many(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    changes(world, floor=0.9, importance={"skills": "not_used"}, mixed_departments=["*_Legal_*"])
    matches(world, thomas)
    thomas.presses(CompareRuns)
    assert "Lowest fit that is allowed: 10% → 90%" in thomas.sees
    assert "Skills: Normal → Not used" in thomas.sees
    assert "*_Legal_*" in thomas.sees
    assert "None any more: 3." in thomas.sees
    thomas.presses(DryRun)
    assert RunCommand("weights", "grow") in thomas.offers


def test_comparing_two_equal_runs_says_so(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    matches(world, thomas)
    thomas.presses(CompareRuns)
    assert "are the same in both" in thomas.sees
    assert "Everyone has the mentor they had." in thomas.sees


def test_a_failed_round_is_nothing_to_compare_with_and_an_announced_one_is(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("scheduler.solving.match", breaks_down)
        matches(world, thomas)
    matches(world, thomas)
    assert CompareRuns(2) not in thomas.offers
    announces(world, thomas)
    mentor(world, "Fien")
    matches(world, thomas)
    assert CompareRuns(3) in thomas.offers


def test_the_lowest_fits_are_named_with_what_is_missing(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    thomas.presses(LowestFits)
    assert all(f"{one} mentors {other}" in thomas.sees for one, other in proposed(world))
    assert "of " in thomas.sees
    assert "Skills" in thomas.sees or "Goal" in thomas.sees
    thomas.presses(OpenPair)
    assert "pair 1 of 3" in thomas.sees


def test_who_is_left_out_is_told_in_sums_and_the_avoid_list_in_none(
    world: World, thomas: Hands
) -> None:
    matches(world, thomas)
    told = rows(thomas)["Without a mentor"]
    assert told.startswith("1 person. ")
    assert "avoid" not in told
    assert "%" in told


def test_nobody_but_a_coordinator_of_the_programme_looks_at_its_run(
    world: World, thomas: Hands
) -> None:
    matches(world, thomas)
    world.programme("Other")
    eve, noor = coordinator(world, "Eve", programme=2), world.people["Noor"]
    assert isinstance(noor, Hands)
    for stranger in (eve, noor):
        for action in (DryRun(1), LowestFits(1), CompareRuns(1), DryRun(99)):
            card = stranger.forges(action)
            assert card is None or "Bram" not in card.to_json()


def test_a_run_that_moves_few_keeps_pairs_that_are_as_good(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    before = proposed(world)
    mentor(world, "Aafke", capacity=("1",))  # as good as Bram for everybody
    matches(world, thomas)
    assert before <= proposed(world)
    assert last_round(world).number == 2


# --- what should have stayed together ---


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "en",
            "1 pair you kept together could not be kept: Bram – Noor. Something is different now",
        ),
        (
            "nl",
            "1 koppel dat jullie bij elkaar hielden, kon niet bij elkaar blijven: Bram – Noor. Er",
        ),
    ],
)
@pytest.mark.parametrize("avoided", [True, False])
def test_a_pair_that_could_not_stay_is_named_and_never_why(
    world: World, locale: str, told: str, avoided: bool
) -> None:
    world.programme()
    bram = str(mentor(world, "Bram", capacity=("2",)).row.id)
    mentee(world, "Noor")
    mentee(world, "Sem")
    thomas = coordinator(world, locale=locale)
    matches(world, thomas)
    thomas.presses(ApproveAll)
    says_now(world, "Noor", **({"avoid": (bram,)} if avoided else {"languages": ("de",)}))
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Sem")}
    assert told in thomas.sees
    assert "avoid" not in thomas.sees
    again = thomas.forges(DryRun(2))
    assert again
    assert "Bram – Noor" in again.to_json()


def test_nothing_is_said_of_pairs_that_stayed(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    thomas.presses(ApproveAll)
    matches(world, thomas)
    assert "kept together could not" not in thomas.sees


def test_a_coordinator_does_not_read_of_their_own_pair_that_it_could_not_stay(
    world: World,
) -> None:
    world.programme()
    mentor(world, "Bram", capacity=("2",))
    mentee(world, "Sem")
    noor = mentee(world, "Noor")
    appoint(noor, programme=1)
    thomas = coordinator(world)
    matches(world, thomas)
    thomas.presses(ApproveAll)
    says_now(world, "Bram", avoid=(str(noor.row.id),))
    matches(world, thomas)
    assert "could not be kept: Bram – Noor." in thomas.sees
    assert "Have a mentor" in noor.received[-1]
    assert "could not be kept" not in "".join(noor.received)


# --- before a committee ---


def test_a_committee_reads_that_pairs_await_votes_and_votes_yes_to_all(world: World) -> None:
    crowd(world)
    changes(world, votes_needed=2)
    thomas, joost = coordinator(world), coordinator(world, "Joost", "nl")
    matches(world, thomas)
    assert "approved when 2 of the 2 coordinators say yes" in thomas.sees
    assert "Please vote before Thursday 5 March" in thomas.sees
    assert "3 pairs wait for your vote." in thomas.sees
    assert "Vote yes to all" in thomas.buttons
    assert "Approve all" not in thomas.buttons
    assert "3 koppels wachten op jouw stem." in joost.sees
    thomas.clicks("Vote yes to all")
    assert proposed(world, ProposalState.APPROVED) == set()
    voted = thomas.forges(DryRun(1))
    assert voted
    assert ApproveAll(1) not in meanings(voted)
    assert "0 pairs wait for your vote." in draw(voted)
    joost.clicks("Ja op alle koppels")
    assert len(proposed(world, ProposalState.APPROVED)) == 3


def test_a_committee_that_is_too_small_reads_so_on_the_dry_run(world: World) -> None:
    crowd(world)
    changes(world, votes_needed=2)
    thomas = coordinator(world)
    matches(world, thomas)
    assert "A pair needs 2 votes and only 1 person runs this programme" in thomas.sees


def test_one_coordinator_reads_nothing_of_votes(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    assert "vote" not in thomas.sees.casefold()
    assert "Approve all" in thomas.buttons
