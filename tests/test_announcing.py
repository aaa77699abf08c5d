"""The announcement: each partner in their own words, once; who waits hears it kindly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.matching import Announce
from bot.core.actions import RunCommand
from bot.core.markup import plain
from bot.core.messages import Fields
from bot.core.questions import Readers
from scheduler import announcing
from storage.models import (
    Delivery,
    Member,
    Mentorship,
    Participant,
    ProposalState,
)
from tests.hands import Hands, meanings
from tests.reviewing import (
    approves_all,
    changes,
    coordinator,
    goes_round,
    mentee,
    mentor,
    paired,
    proposed,
    waiting,
)
from tests.world import World

# --- what each one reads ---


def test_mentor_and_mentee_each_read_of_the_other_in_their_own_language(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram Bos", "nl", interests=("running",))
    noor = mentee(world, "Noor Nijs", "en", interests=("running",))
    changes(world, "Bram Bos", function="Engineer", department="Ships", location="Delft")
    goes_round(world, thomas)

    assert "Meet your mentor: Bram Bos" in noor.sees
    assert "Engineer, Ships, Delft" in noor.sees
    assert "Bram Bos" not in bram.sees
    assert "mentee: Noor Nijs" in bram.sees
    assert "I led three teams through a merger" in noor.sees  # what he offers
    assert "I want to present my plans" in bram.sees  # her goal
    assert "You take the first step" in noor.sees
    assert "Noor zet de eerste stap" in bram.sees
    for hands, shared in ((noor, "Shared interests"), (bram, "interesses")):
        why = hands.sees.split("•")
        assert any(shared in line for line in why)
        assert len(why) >= 5  # reasons, and ways to begin
        assert meanings(hands.card) == [RunCommand("status")]


def test_both_read_on_which_day_they_are_asked_and_that_is_the_day(
    world: World, thomas: Hands
) -> None:
    bram, noor = mentor(world, "Bram", "nl"), mentee(world, "Noor")
    goes_round(world, thomas)
    assert "Monday 16 March" in noor.sees
    assert "maandag 16 maart" in bram.sees
    world.passes(timedelta(hours=6), days=13)
    assert len(noor.received) == 1
    world.passes(days=1, hours=2)
    assert len(noor.received) == len(bram.received) == 2


def test_nothing_that_was_not_meant_for_a_partner_reaches_one(world: World, thomas: Hands) -> None:
    """Every question answered with words of its own; those of others must not be in any message."""
    marks = {q.key: f"mark-{q.key}-mark" for q in world.content.intake}
    secret = {marks[q.key] for q in world.content.intake if q.readers is not Readers.PARTNER}
    keep = ("role", "languages", "rhythm", "capacity", "consent", "experience", "avoid")
    free: dict[str, Any] = {key: (mark,) for key, mark in marks.items() if key not in keep}
    people = [mentor(world, "Bram", **free), mentee(world, "Noor", **free)]
    private = {"consent": (marks["consent"],), "avoid": ("424242",)}
    for name in ("Eva", "Sem"):
        joins = mentor if name == "Eva" else mentee
        people.append(joins(world, name, "nl", **free, **private))
    goes_round(world, thomas)
    world.passes(timedelta(hours=5), days=30)
    everything = "".join(row.message for row in world.rows(select(Delivery)))
    assert marks["goal"] in everything
    assert not [mark for mark in (*secret, "424242", '"both"') if mark in everything]
    assert len(secret) >= 3
    told = [q.label or q.wording for q in world.content.intake if q.key in announcing.TOLD]
    for hands in people:
        card = next(c for _, c in hands._cards(f"dm:{hands.user}") if c.all(Fields))
        language = hands.row.locale
        allowed = {plain(label.get(language, label["en"])) for label in told}
        assert {plain(label) for label, _ in card.all(Fields)[0].rows} <= allowed


def test_a_name_and_an_answer_full_of_signs_are_shown_as_typed(world: World, thomas: Hands) -> None:
    noor = mentee(world, "Noor_*x*_", goal=("[click](http://evil) **now** <!channel>",))
    bram = mentor(world, "Bram", offer=("{name} %s _a_",))
    goes_round(world, thomas)
    assert "Noor_*x*_" in bram.sees
    assert "[click](http://evil) **now** <!channel>" in bram.sees
    assert "{name} %s _a_" in noor.sees


@pytest.mark.parametrize(
    ("one", "other", "agreed"),
    [
        ("weekly", "monthly", "monthly"),
        ("every_three_weeks", "weekly", "every_three_weeks"),
        ("every_two_weeks", "every_two_weeks", "every_two_weeks"),
    ],
)
def test_the_rhythm_is_the_slower_of_the_two_wishes(
    world: World, thomas: Hands, one: str, other: str, agreed: str
) -> None:
    mentor(world, "Bram", rhythm=(one,))
    mentee(world, "Noor", rhythm=(other,))
    goes_round(world, thomas)
    [mentorship] = world.rows(select(Mentorship))
    assert mentorship.rhythm == agreed


def test_in_a_programme_that_starts_later_the_rhythm_counts_from_its_start(world: World) -> None:
    start = world.now.date() + timedelta(days=21)
    world.programme(starts_on=start, ends_on=start + timedelta(weeks=12))
    thomas = coordinator(world)
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    goes_round(world, thomas)
    [mentorship] = world.rows(select(Mentorship))
    assert mentorship.started_on == start
    assert {row.due_on for row in world.rows(select(Member))} == {start + timedelta(days=14)}
    assert "Monday 6 April" not in noor.sees  # Easter Monday
    assert "Tuesday 7 April" in noor.sees


def test_near_the_end_no_check_in_is_promised(world: World) -> None:
    world.programme(weeks=1)
    thomas = coordinator(world)
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    goes_round(world, thomas)
    assert {row.ask_at for row in world.rows(select(Member))} == {None}
    assert "I ask you both" not in noor.sees


# --- who is not there any more ---


@pytest.mark.parametrize("who", ["Bram", "Noor"])
@pytest.mark.parametrize("why", ["left", "paused", "deactivated", "other role"])
def test_who_is_gone_while_the_announcement_is_on_its_way_is_not_announced(
    world: World, thomas: Hands, who: str, why: str
) -> None:
    hands = {"Bram": mentor(world, "Bram"), "Noor": mentee(world, "Noor", "nl")}
    approves_all(world, thomas)
    thomas.presses(Announce)
    match why:
        case "left":
            hands[who].types("/mentor leave")
            hands[who].presses(hands[who].offers[0])
        case "paused":
            hands[who].types("/mentor pause 1-4-2026")
        case "deactivated":
            changes(world, who, active=False)
        case _:
            with world.database.transaction() as session:
                part = session.get_one(Participant, 1 if who == "Bram" else 2)
                part.mentor, part.mentee = part.mentee, part.mentor
    heard = len(hands[who].received)
    world.tick()
    assert paired(world) == set()
    assert proposed(world, ProposalState.DROPPED) == {("Bram", "Noor")}
    assert "Bram – Noor" in thomas.sees

    partner = "Noor" if who == "Bram" else "Bram"
    assert set(waiting(world)) == ({partner} if why != "other role" else {"Bram", "Noor"})
    if why != "other role":
        assert who not in waiting(world)[partner]
        assert len(hands[who].received) == heard


def test_a_mentor_who_took_back_a_place_gets_no_mentee_too_many(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram", capacity=("2",))
    for name in ("Noor", "Sem"):
        mentee(world, name)
    approves_all(world, thomas)
    thomas.presses(Announce)
    with world.database.transaction() as session:
        session.get_one(Participant, 1).capacity = 1
    world.tick()
    assert len(paired(world)) == 1
    assert len(proposed(world, ProposalState.DROPPED)) == 1
    assert len(waiting(world)) == 1
