"""Twenty minutes before the round: told once, asked once, and a no that nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.matching import (
    Announce,
    LeftOut,
    RoundSummary,
)
from bot.cards.pairs import ReviewPair
from bot.cards.trials import SayOfTalk
from bot.cards.wishings import OpenWishing, PlanAgain, PlanWishing
from storage import dialogues
from storage import rules as programme_rules
from storage.models import AuditEntry, Delivery, Programme, TrialTalk, TrialVoice
from tests.hands import Hands
from tests.reviewing import (
    announces,
    approves_all,
    by_participant,
    coordinator,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.wishing import asks, closes, fields_of, shown, wishes
from tests.world import World


def talks(world: World) -> set[tuple[str, str]]:
    names = by_participant(world)
    return {(names[t.mentor_id], names[t.mentee_id]) for t in world.rows(select(TrialTalk))}


def until_asked(world: World) -> None:
    world.passes(timedelta(hours=2), days=12)


def says(hands: Hands, word: str, about: str) -> None:
    """Answer the question about this partner."""
    world = hands.world
    names = by_participant(world)
    for talk in world.rows(select(TrialTalk)):
        both = {names[talk.mentor_id], names[talk.mentee_id]}
        if both == {hands.name, about}:
            voices = world.rows(select(TrialVoice).where(TrialVoice.talk_id == talk.id))
            [own] = [v for v in voices if names[v.participant_id] == hands.name]
            hands.presses(SayOfTalk(own.id, word))


def test_both_hear_it_once_plan_it_themselves_and_are_asked_in_private(
    world: World, thomas: Hands
) -> None:
    bram = mentor(world, "Bram", "nl")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    assert talks(world) == {("Bram", "Noor")}
    world.passes(timedelta(hours=2), days=2)
    for hands, words in ((noor, "You send them a message"), (bram, "Zij zoeken een mentor")):
        assert sum(words in card for card in hands.all_seen) == 1
    until_asked(world)
    assert "Would you like Bram as your mentor?" in noor.sees
    assert "Wil je Noor begeleiden?" in bram.sees
    assert "the coordinators neither" in noor.sees
    noor.presses(SayOfTalk)
    assert "This stays between you and the matching." in noor.sees


def test_who_says_nothing_is_asked_once_more_and_then_left_alone(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    world.passes(timedelta(hours=2), days=40)
    asked = [card for card in noor.received if "SayOfTalk" in card]
    assert len(asked) == 2
    assert ["I do not ask again" in card for card in asked] == [False, True]


def test_wishes_come_first_and_a_mentor_is_not_worn_out(world: World, thomas: Hands) -> None:
    for name in ("Bram", "Eva", "Max", "Sara", "Tom"):
        mentor(world, name)
    everyone = [mentee(world, name) for name in ("Noor", "Kim", "Sem", "Ali", "Ine")]
    asks(thomas, trial_talks="yes")
    for hands in everyone:
        wishes(hands, colleague="" if _sees(hands, "Bram") else "Bram", **_first(hands, "Bram"))
    closes(thomas)
    found = talks(world)
    of_bram = [who for mentor_, who in found if mentor_ == "Bram"]
    assert len(of_bram) == 3  # one place, and two more
    assert {len([t for t in found if t[1] == h.name]) for h in everyone} <= {2, 3}


def _sees(hands: Hands, name: str) -> bool:
    return name in shown(hands.world, hands.name)


def _first(hands: Hands, name: str) -> dict[str, str]:
    return {f"rank_{fields_of(hands)[name]}": "1"} if _sees(hands, name) else {}


@pytest.mark.parametrize(
    ("mentee_says", "mentor_says", "bonus"),
    [("yes", "yes", 0.25), ("yes", "maybe", 0.125), ("maybe", "maybe", 0), ("maybe", "yes", 0.125)],
)
def test_two_who_both_liked_it_go_before_others(
    world: World, thomas: Hands, mentee_says: str, mentor_says: str, bonus: float
) -> None:
    bram = mentor(world, "Bram")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    until_asked(world)
    says(noor, mentee_says, "Bram")
    says(bram, mentor_says, "Noor")
    ids = {name: id_ for id_, name in by_participant(world).items()}
    with world.database.look() as session:
        rules = programme_rules.of_programme(session, session.get_one(Programme, 1), world.now)
    assert rules.bonus.get((ids["Bram"], ids["Noor"]), 0) == pytest.approx(bonus)


@pytest.mark.parametrize("whose", ["Noor", "Bram"])
def test_a_no_keeps_them_apart_and_nobody_can_tell(worlds: Callable[[], World], whose: str) -> None:
    """Beside a world in which they do not fit well enough, for a reason that everybody knows."""
    seen = []
    for no in (True, False):
        world = worlds()
        thomas = coordinator(world)
        hands = {"Bram": mentor(world, "Bram"), "Noor": mentee(world, "Noor")}
        asks(thomas, trial_talks="yes")
        closes(thomas)
        until_asked(world)
        for name, other in (("Noor", "Bram"), ("Bram", "Noor")):
            says(hands[name], "no" if no and name == whose else "yes", other)
        if not no:
            with world.database.transaction() as session:
                session.get_one(Programme, 1).floor = 1.0
        matches(world, thomas)
        assert proposed(world) == set()
        cards = [repr(thomas.forges(a)) for a in (ReviewPair(1), LeftOut(1), RoundSummary(1))]
        cards += [repr((row.key, row.message)) for row in world.rows(select(Delivery))]
        cards += [repr((row.did, row.subject)) for row in world.rows(select(AuditEntry))]
        cards += [*hands["Noor"].all_seen, *hands["Bram"].all_seen]
        seen.append(cards)
    assert seen[0] == seen[1]


def test_who_would_rather_not_gets_no_talk_and_the_other_hears_nothing_of_it(
    world: World, thomas: Hands
) -> None:
    mentor(world, "Bram")
    eva = mentor(world, "Eva")
    noor = mentee(world, "Noor")
    with world.database.transaction() as session:
        dialogues.keep(session, session.merge(eva.dialogue()), "avoid", (str(noor.row.id),))
    asks(thomas, trial_talks="yes")
    wishes(noor, colleague="Eva", rank_colleague="1")
    closes(thomas)
    assert talks(world) == {("Bram", "Noor")}


def test_nobody_answers_for_another(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor, kim = mentee(world, "Noor"), mentee(world, "Kim")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    until_asked(world)
    for voice in world.rows(select(TrialVoice)):
        if by_participant(world)[voice.participant_id] == "Noor":
            kim.forges(SayOfTalk(voice.id, "yes"))
            noor.forges(SayOfTalk(voice.id, "=1+1"))
    assert {v.says.value for v in world.rows(select(TrialVoice))} == {"nothing"}


@pytest.mark.parametrize("gone", ["Noor", "Bram"])
def test_nobody_is_asked_about_a_talk_with_who_left(world: World, thomas: Hands, gone: str) -> None:
    people = {"Bram": mentor(world, "Bram"), "Noor": mentee(world, "Noor")}
    asks(thomas, trial_talks="yes")
    closes(thomas)
    world.passes(timedelta(hours=2), days=2)
    people[gone].types("/mentor leave")
    people[gone].clicks("Yes, leave")
    until_asked(world)
    for hands in people.values():
        assert not any("SayOfTalk" in card for card in hands.received)


def test_who_pauses_is_asked_when_they_are_back(world: World, thomas: Hands) -> None:
    bram, noor = mentor(world, "Bram"), mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    world.passes(timedelta(hours=2), days=2)
    noor.types("/mentor pause until 30 March")
    until_asked(world)
    for hands in (bram, noor):
        assert not any("SayOfTalk" in card for card in hands.received)
    world.passes(timedelta(hours=2), days=20)
    for hands in (bram, noor):
        assert any("SayOfTalk" in card for card in hands.received)


def test_talks_are_made_once_however_often_the_job_runs(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    noor = mentee(world, "Noor")
    for _ in range(2):
        asks_again(thomas)
        closes(thomas)
        world.passes(timedelta(hours=3), days=2)
    assert len(world.rows(select(TrialTalk))) == 1
    assert sum("in 20 minutes" in card for card in noor.received) == 1


def asks_again(thomas: Hands) -> None:
    thomas.types("/mentor wishes")
    if any(isinstance(action, PlanAgain) for action in thomas.offers):
        thomas.presses(PlanAgain)
    thomas.presses(PlanWishing, trial_talks="yes")
    thomas.presses(OpenWishing)
    thomas.world.tick()


def test_without_the_setting_there_are_no_talks(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentee(world, "Noor")
    asks(thomas)
    closes(thomas)
    assert talks(world) == set()


def test_once_matched_nobody_is_asked_about_other_talks(world: World, thomas: Hands) -> None:
    mentor(world, "Bram")
    mentor(world, "Eva")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    world.passes(timedelta(hours=2), days=2)
    matches(world, thomas)
    announces(world, thomas)
    until_asked(world)
    assert not any("SayOfTalk" in card for card in noor.received)


@pytest.mark.parametrize("whose", ["Noor", "Bram"])
def test_a_no_said_after_the_round_was_worked_out_still_keeps_them_apart(
    world: World, thomas: Hands, whose: str
) -> None:
    hands = {"Bram": mentor(world, "Bram"), "Noor": mentee(world, "Noor")}
    asks(thomas, trial_talks="yes")
    closes(thomas)
    until_asked(world)
    approves_all(world, thomas)
    says(hands[whose], "no", "Bram" if whose == "Noor" else "Noor")
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == set()
    assert "left, is paused or changed their answers" in thomas.sees
