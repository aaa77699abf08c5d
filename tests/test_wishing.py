"""A coordinator asks for wishes: until when, how, of how many; figures, never who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.wishes import EditWishes
from bot.cards.wishings import (
    CloseWishing,
    OpenWishing,
    PlanAgain,
    PlanWishing,
    ProlongWishing,
)
from bot.platforms.local.screen import draw
from scheduler import wishes as jobs
from storage.models import Part, Programme, Suggestion, Wisher, Wishing, WishingState
from tests.hands import Hands
from tests.reviewing import announces, both, matches, mentee, mentor, proposed
from tests.wishing import asks, closes, fields_of, kept, opens, shown, wishers, wishes
from tests.world import MENTEE, World


def test_all_is_shown_before_anybody_is_asked(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    thomas.types("/mentor wensen")
    assert "1 person looks for a mentor. 1 mentor has a free place." in thomas.sees
    assert thomas.inputs["closes_on"].value == ("2026-03-09",)
    thomas.presses(PlanWishing, mentors_too="yes", wish_weight="50", trial_talks="yes")
    assert "1 person gets a card from me" in thomas.sees
    assert "And 1 mentor, if a mentee fits." in thomas.sees
    assert "Heavily: as much as half a perfect fit" in thomas.sees
    assert world.rows(select(Wishing)) == []
    thomas.presses(OpenWishing)
    [wishing] = world.rows(select(Wishing))
    assert wishing.closes_at.isoformat() == "2026-03-09T17:00:00+00:00"  # six in Amsterdam
    [programme] = world.rows(select(Programme))
    assert (programme.wish_weight, wishing.trial_talks) == (0.5, True)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("yesterday-ish", "I cannot read a date"),
        ("2026-03-01", "has to be later than"),
        ("2027-03-01", "has to be earlier than"),
        ("", "Please give an answer first."),
    ],
)
def test_a_day_that_will_not_do_is_told(world: World, thomas: Hands, day: str, told: str) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    thomas.types("/mentor wishes")
    thomas.presses(PlanWishing, closes_on=day)
    assert told in thomas.sees


def test_without_mentors_there_is_nothing_to_ask(world: World, thomas: Hands) -> None:
    mentee(world, "Noor")
    thomas.types("/mentor wishes")
    assert "There is nobody to match in Grow yet." in thomas.sees
    assert not any(isinstance(action, PlanWishing) for action in thomas.offers)


def test_a_second_one_cannot_be_opened_beside_it(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    day = (world.now + timedelta(days=7)).date().toordinal()
    again = OpenWishing(1, day, False, False, False, 25)
    asks(thomas)
    for action in (again, PlanAgain(1), PlanWishing(1)):
        card = thomas.forges(action)
        assert card
        assert "Answered: 0 of 1" in draw(card)
    assert len(world.rows(select(Wishing))) == 1


def test_it_can_be_closed_now_or_last_longer(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    thomas.types("/mentor wishes")
    thomas.presses(ProlongWishing, closes_on="16 March")
    world.passes(timedelta(hours=3), days=8)
    assert world.rows(select(Wishing))[0].state is WishingState.OPEN
    thomas.types("/mentor wishes")
    thomas.presses(ProlongWishing, closes_on="2026-03-01")
    assert "later than" in thomas.sees
    thomas.presses(CloseWishing)
    assert "0 of 1 have answered" in thomas.sees
    thomas.presses(CloseWishing)
    card = noor.forges(EditWishes(1))
    assert card
    assert "The time to choose is over" in draw(card)
    world.tick()
    assert world.rows(select(Wishing))[0].state is WishingState.CLOSED
    world.passes(timedelta(hours=3), days=1)
    assert sum("are closed: 0 of 1 people answered" in m for m in thomas.received) == 1
    thomas.types("/mentor wishes")
    thomas.presses(PlanAgain)
    thomas.presses(PlanWishing)
    thomas.presses(OpenWishing)
    assert len(world.rows(select(Wishing))) == 2


def test_it_closes_by_itself_and_the_coordinators_hear_it_at_work(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    asks(thomas)
    world.passes(timedelta(hours=1), days=9)
    assert world.rows(select(Wishing))[0].state is WishingState.CLOSED
    assert sum("are closed: 0 of 1 people answered" in m for m in thomas.received) == 1


def test_nobody_else_opens_closes_or_counts(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    day = (world.now + timedelta(days=7)).date().toordinal()
    for action in (
        OpenWishing(1, day, False, False, False, 25),
        CloseWishing(1, sure=True),
        ProlongWishing(1),
        PlanAgain(1),
    ):
        card = noor.forges(action)
        assert card
        assert "Answered" not in draw(card)
    assert world.rows(select(Wishing))[0].state is WishingState.OPEN


# --- the job ---


def test_a_job_that_dies_halfway_and_runs_again_asks_everybody_once(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    for name in ("Bram", "Eva"):
        mentor(world, name)
    for name in ("Noor", "Kim", "Sem"):
        mentee(world, name)
    thomas.types("/mentor wishes")
    thomas.presses(PlanWishing)
    thomas.presses(OpenWishing)
    found: jobs.Steps | None = None
    for steps in (1, 2):
        with world.database.look() as session:
            found = jobs.find(session, world.now)
        assert found
        for step, _ in zip(found(), range(steps), strict=False):
            with world.database.transaction() as session:
                step(session)
        assert world.rows(select(Wishing))[0].state is WishingState.OPENING
    assert found
    late = list(found())
    world.tick()
    for step in late:  # another process, which was slower
        with world.database.transaction() as session:
            step(session)
    assert set(wishers(world)) == {"Noor", "Kim", "Sem"}
    assert len(world.rows(select(Wisher))) == 3
    assert len(world.rows(select(Suggestion))) == 6
    assert jobs.run_wishes(world.database, lambda: world.now, lambda: False) == 0


def test_who_left_before_they_were_asked_is_not_asked(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    kim = mentee(world, "Kim")
    thomas.types("/mentor wishes")
    thomas.presses(PlanWishing)
    thomas.presses(OpenWishing)
    with world.database.look() as session:
        found = jobs.find(session, world.now)
    assert found
    kim.types("/mentor leave")
    kim.clicks("Yes, leave")
    for step in found():
        with world.database.transaction() as session:
            step(session)
    assert set(wishers(world)) == {"Noor"}


def test_whoever_pauses_is_asked_when_they_are_back(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    thomas.types("/mentor wishes")
    thomas.presses(PlanWishing)
    thomas.presses(OpenWishing)
    world.now = world.now.replace(hour=5)
    world.tick()
    noor.types("/mentor pause until 5 March")
    world.passes(timedelta(hours=2), days=2)
    assert not any("EditWishes" in card for card in noor.received)
    world.passes(timedelta(hours=2), days=2)
    assert sum("EditWishes" in card for card in noor.received) == 1


def test_who_joins_while_it_is_open_may_wish_too(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    asks(thomas)
    kim = Hands(world, "Kim")
    world.joins("Kim", MENTEE)
    kim.types("/mentor wishes")
    kim.presses(EditWishes)
    kim.clicks("Save my wishes", colleague="Bram")
    assert kept(world, "Kim") == [("Bram", 1, "")]


# --- mentors too ---


def test_mentors_choose_among_mentees_and_their_wish_counts_half(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram")
    mentee(world, "Noor", goal=("I want to lead.",), limits=("Secret for coordinators",))
    mentee(world, "Kim")
    asks(thomas, mentors_too="yes")
    assert shown(world, "Bram") == {"Noor", "Kim"}
    assert wishers(world)["Bram"].part is Part.MENTOR
    assert "Whom would you like to guide?" in bram.sees
    assert "I want to lead." in bram.sees
    wishes(bram, "Kim")
    matches(world, thomas)
    assert proposed(world) == {("Bram", "Kim")}
    announces(world, thomas)
    assert kept(world, "Bram") == []


def test_a_mentor_with_a_place_left_keeps_the_wishes_for_others(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram", capacity=("2",))
    mentee(world, "Kim")
    sem = mentee(world, "Sem")
    asks(thomas, mentors_too="yes")
    wishes(bram, "Kim", "Sem")
    sem.types("/mentor pause until 30 March")
    matches(world, thomas)
    announces(world, thomas)
    assert kept(world, "Bram") == [("Sem", 2, "")]


def test_mentors_are_not_asked_unless_it_was_said(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    asks(thomas)
    assert set(wishers(world)) == {"Noor"}


def test_who_is_both_is_asked_for_a_mentor_only(world: World, thomas: Hands) -> None:
    both(world, "Bram")
    both(world, "Noor")
    asks(thomas, mentors_too="yes")
    assert {w.part for w in wishers(world).values()} == {Part.MENTEE}


# --- leaving ---


def test_who_leaves_takes_their_wishes_along(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Bram")
    noor.types("/mentor leave")
    noor.clicks("Yes, leave")
    assert kept(world, "Noor") == []


def test_a_wish_for_somebody_who_left_stays_but_counts_for_nothing(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram")
    mentor(world, "Eva")
    noor = mentee(world, "Noor")
    asks(thomas)
    wishes(noor, "Bram")
    bram.types("/mentor leave")
    bram.clicks("Yes, leave")
    noor.types("/mentor wishes")
    assert "is not available at the moment; I keep your wish" in noor.sees
    opens(noor)
    assert set(fields_of(noor)) == {"Bram", "Eva"}
    closes(thomas)
    matches(world, thomas)
    assert proposed(world) == {("Eva", "Noor")}
