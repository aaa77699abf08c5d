"""The review: one pair at a time, the true cost of another mentor, and whose word counts."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.matching import Announce, ApproveAll, LeftOut, Rerun, RoundSummary
from bot.cards.pairs import (
    Approve,
    AskForbid,
    Forbid,
    ListPairs,
    OpenPair,
    OtherChoices,
    ReviewPair,
    Swap,
    Unapprove,
)
from bot.core.markup import plain
from bot.core.messages import Fields
from storage.models import (
    Delivery,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Ruling,
)
from tests.hands import Hands, meanings
from tests.reviewing import (
    announces,
    both,
    by_participant,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World

APPROVED = ProposalState.APPROVED


@pytest.fixture
def thomas(world: World, thomas: Hands) -> Hands:
    """Coordinates Grow and reviews its first round: three mentors, three mentees."""
    mentor(world, "Bram", skills_offered=("presenting", "coaching"))
    mentor(world, "Eva", skills_offered=("python", "coaching"))
    mentor(world, "Max", skills_offered=("python", "presenting"))
    mentee(world, "Noor", "nl", skills_wanted=("presenting", "coaching"))
    mentee(world, "Sem", skills_wanted=("python", "coaching"))
    mentee(world, "Kim", skills_wanted=("python", "presenting"))
    matches(world, thomas)
    return thomas


def scores(world: World) -> dict[str, float]:
    """The fit of each mentee's pair in the last round."""
    names = by_participant(world)
    rows = world.rows(select(Proposal).where(Proposal.round_id == last_round(world).id))
    return {names[row.mentee_id]: row.score for row in rows}


def opens(world: World, thomas: Hands, name: str) -> Proposal:
    """Turn to the pair of this mentee."""
    names = by_participant(world)
    rows = world.rows(select(Proposal).where(Proposal.round_id == last_round(world).id))
    [row] = [row for row in rows if names[row.mentee_id] == name]
    thomas.types("/mentor review")
    thomas.presses(ListPairs)
    thomas.presses(OpenPair(row.id))
    assert f"mentors {name}" in thomas.sees
    return row


# --- one by one ---


def test_each_pair_is_approved_in_turn_and_after_the_last_comes_the_overview(
    world: World, thomas: Hands
) -> None:
    thomas.presses(ReviewPair)
    for done in range(3):
        assert len(proposed(world, APPROVED)) == done
        thomas.presses(Approve)
    assert ApproveAll(1) not in thomas.offers
    assert Announce(1) in thomas.offers
    assert len(proposed(world, APPROVED)) == 3


def test_a_pair_shows_who_why_and_where_its_points_come_from(world: World, thomas: Hands) -> None:
    row = opens(world, thomas, "Noor")
    assert thomas.card is not None
    told = {plain(label): plain(value) for label, value in thomas.card.all(Fields)[0].rows}
    assert told["Mentor"] == "Bram"
    assert told["Mentee"] == "Noor"
    assert told["Fit"] == f"{round(row.score * 100)}%"
    assert "1 of 1" in told["Load of the mentor"]
    points = thomas.sees.split("Points out of 100:")[1].split("\n")[0]
    parts = [float(part.split()[-1]) for part in points.split("+")]
    assert sum(parts) == pytest.approx(row.score * 100, abs=0.1 * len(parts))


def test_an_approval_can_be_taken_back(world: World, thomas: Hands) -> None:
    thomas.presses(ApproveAll)
    opens(world, thomas, "Noor")
    thomas.presses(Unapprove)
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}
    announced = proposed(world, APPROVED)
    thomas.presses(RoundSummary)
    thomas.presses(Announce)
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == announced


def test_without_an_approved_pair_there_is_nothing_to_announce(world: World, thomas: Hands) -> None:
    for sure in (False, True):
        answer = thomas.forges(Announce(1, sure=sure))
        assert meanings(answer) == [ReviewPair(1)]
    world.tick()
    assert last_round(world).state is RoundState.REVIEW
    assert paired(world) == set()


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_who_is_left_out_is_shown_with_what_each_rule_took_away(world: World, locale: str) -> None:
    world.programme()
    thomas = coordinator(world, locale=locale)
    mentor(world, "Bram")
    mentee(world, "Noor")
    mentee(world, "Ad_*L*_", languages=("de",))
    matches(world, thomas)
    thomas.presses(LeftOut)
    assert thomas.card is not None
    [(name, why)] = thomas.card.all(Fields)[0].rows
    assert plain(name) == "Ad_*L*_"
    assert plain(why).startswith({"en": "without a mentor", "nl": "zoekt nog een mentor"}[locale])
    assert {"en": "1 of 1 candidate: ", "nl": "1 van 1 kandidaat: "}[locale] in plain(why)
    assert "Noor" not in thomas.sees
    thomas.presses(RoundSummary)


def test_who_guides_nobody_but_has_a_mentor_is_named_for_what_they_lack(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Bram")
    both(world, "Noor")
    matches(world, thomas)
    thomas.types("/mentor review")
    assert "Without a mentor: 0" in thomas.sees
    assert "Mentors without a mentee: 1" in thomas.sees
    thomas.presses(LeftOut)
    assert "Noor: mentor without a mentee" in thomas.sees


def test_the_number_who_hear_that_they_wait_is_said_before_and_is_true(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Bram", capacity=("2",))
    mentor(world, "Eva", languages=("de",))
    for name in ("Noor", "Sem", "Kim"):
        mentee(world, name)
    matches(world, thomas)
    thomas.presses(ReviewPair)
    thomas.presses(Approve)  # one of Bram's two
    thomas.presses(RoundSummary)
    thomas.presses(Announce)
    assert "3 people" in thomas.sees  # Eva and two mentees; Bram has somebody
    thomas.presses(Announce)
    world.tick()
    told = [row.key for row in world.rows(select(Delivery)) if row.key.startswith("waiting:")]
    assert len(paired(world)) == 1
    assert len(told) == 3
    assert "3 people without a match have heard so too." in thomas.sees


# --- another mentor ---


def test_another_mentor_costs_what_is_said_is_fixed_and_the_rest_is_solved_again(
    world: World, thomas: Hands
) -> None:
    before = scores(world)
    opens(world, thomas, "Noor")
    thomas.presses(OtherChoices)
    choices = [action for action in thomas.offers if isinstance(action, Swap)]
    names = by_participant(world)
    assert {names[one.mentor] for one in choices} == {"Eva", "Max"}
    chosen = choices[0]
    cost = thomas.sees.split(names[chosen.mentor])[1].split(" points")[0].split()[-1]

    thomas.presses(chosen)
    world.tick()
    assert (names[chosen.mentor], "Noor") in proposed(world, APPROVED)
    after = scores(world)
    assert len(after) == 3
    assert (sum(before.values()) - sum(after.values())) * 100 == pytest.approx(
        float(cost), abs=0.051
    )
    assert "of 3" in thomas.sees


def test_a_fixed_mentor_outlives_a_re_run_until_it_is_undone(world: World, thomas: Hands) -> None:
    opens(world, thomas, "Noor")
    thomas.presses(OtherChoices)
    thomas.presses(Swap)
    world.tick()
    [fixed] = proposed(world, APPROVED)
    for _ in range(2):
        thomas.presses(Rerun)
        world.tick()
        assert proposed(world, APPROVED) == {fixed}
    opens(world, thomas, "Noor")
    thomas.presses(Unapprove)
    thomas.presses(RoundSummary)
    thomas.presses(Rerun)
    world.tick()
    assert ("Bram", "Noor") in proposed(world)
    assert proposed(world, APPROVED) == set()


def test_a_swap_keeps_the_pairs_that_were_approved(world: World, thomas: Hands) -> None:
    opens(world, thomas, "Sem")
    thomas.presses(Approve)
    thomas.presses(RoundSummary)
    sem = proposed(world, APPROVED)
    opens(world, thomas, "Noor")
    thomas.presses(OtherChoices)
    thomas.presses(Swap)
    world.tick()
    assert sem < proposed(world, APPROVED)
    assert len(proposed(world)) == 3


def test_two_who_must_never_meet_are_not_proposed_in_any_round(world: World, thomas: Hands) -> None:
    opens(world, thomas, "Noor")
    thomas.presses(AskForbid)
    thomas.presses(Forbid)
    for _ in range(3):
        world.tick()
        assert len(proposed(world)) == 3
        assert ("Bram", "Noor") not in proposed(world)
        opens(world, thomas, "Noor")
        thomas.presses(OtherChoices)
        names = by_participant(world)
        offered = {names[one.mentor] for one in thomas.offers if isinstance(one, Swap)}
        assert "Bram" not in offered
        thomas.presses(OpenPair)
        thomas.presses(RoundSummary)
        thomas.presses(Rerun)
    world.tick()
    announces(world, thomas)
    assert ("Bram", "Noor") not in paired(world)
    assert [row.kind.value for row in world.rows(select(Ruling))] == ["forbid"]


def test_a_re_run_keeps_what_was_approved_and_nothing_else(world: World, thomas: Hands) -> None:
    row = opens(world, thomas, "Kim")
    thomas.presses(Approve)
    kim = proposed(world, APPROVED)
    thomas.presses(RoundSummary)
    thomas.presses(Rerun)
    world.tick()
    assert proposed(world, APPROVED) == kim
    assert len(proposed(world)) == 3
    assert world.rows(select(Round))[0].state is RoundState.REPLACED
    assert row.round_id == 1
