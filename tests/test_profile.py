"""What people told: they tell more, change it, leave with it and come back to it."""

from __future__ import annotations

import pytest

from bot.cards.joining import Leave
from bot.cards.questions import (
    Back,
    Change,
    Choose,
    Confirm,
    Enough,
    Reply,
    Skip,
    Stop,
    TellMore,
)
from bot.content import skills
from storage.models import DialogueState, ParticipantState
from tests.hands import MENTEE, MENTOR, Hands, meanings
from tests.world import World

pytestmark = pytest.mark.any_database

GOAL = "I want to present my plans to the board without shaking."
OFFER = "I led three teams through a merger."


def test_more_can_be_told_at_once_with_skips_and_an_end(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    noor.presses(TellMore)
    assert noor.is_asked == "interests"
    noor.fills(interests=("music", "travel"))
    assert noor.is_asked == "ambitions"
    noor.presses(Skip)
    assert noor.is_asked == "motivation"
    noor.types("overslaan")
    assert noor.is_asked == "experience"
    noor.types("1")
    noor.presses(Enough)
    assert noor.dialogue().state is DialogueState.SUMMARY
    noor.presses(Confirm)
    told = noor.told()
    assert told["interests"] == ("music", "travel")
    assert told["experience"] == ("0",)
    assert told["ambitions"] == told["motivation"] == ()


def test_more_can_be_told_a_week_after_joining_and_counts_at_once(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.world.passes(days=7, step=noor.world.now - noor.world.now.replace(hour=0))
    noor.presses(TellMore)
    noor.fills(interests=("music",))
    noor.types("stop")
    assert noor.told()["interests"] == ("music",)
    noor.types("music")  # nothing is asked any more
    assert noor.told()["interests"] == ("music",)
    noor.types("/mentor profile")
    assert noor.is_asked == ""  # the answers, not the next question
    assert any(isinstance(action, TellMore) for action in noor.offers)


def test_when_everything_is_told_no_more_is_asked(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.presses(TellMore)
    for _ in noor.world.content.intake:
        if noor.is_asked:
            noor.presses(Skip)
    assert noor.dialogue().state is DialogueState.SUMMARY
    assert not any(isinstance(action, TellMore) for action in noor.offers)
    noor.presses(Change, which="interests")
    noor.fills(interests=("music",))
    assert noor.told()["interests"] == ("music",)


def test_a_changed_profile_counts_at_once(noor: Hands) -> None:
    noor.joins(MENTOR)
    noor.types("/mentor profile")
    noor.presses(Change, which="capacity")
    noor.types("3")
    taking_part = noor.takes_part()
    assert taking_part
    assert taking_part.capacity == 3


def test_a_changed_role_counts_when_its_questions_are_answered(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.types("/mentor profile")
    noor.presses(Change, which="role")
    noor.chooses("mentor")
    still = noor.takes_part()
    assert still
    assert (still.mentor, still.mentee) == (False, True)
    noor.types("coaching")
    noor.types(OFFER)
    noor.types("1")
    now = noor.takes_part()
    assert now
    assert (now.mentor, now.mentee) == (True, False)


def test_who_stops_half_way_a_change_of_role_stays_what_they_were_until_it_is_whole(
    noor: Hands,
) -> None:
    noor.joins(MENTEE)
    noor.types("/mentor profile")
    noor.presses(Change, which="role")
    old = next(action for action in noor.offers if isinstance(action, Choose))
    noor.chooses("mentor")
    noor.presses(Stop)
    [done] = [a for a in meanings(noor.forges(old)) if isinstance(a, Confirm)]
    noor.forges(done)
    assert noor.is_asked == "skills_offered"
    still = noor.takes_part()
    assert still
    assert (still.mentor, still.mentee) == (False, True)


def test_who_left_and_comes_back_keeps_their_answers_and_confirms_again(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.types("/mentor leave")
    noor.presses(Leave)
    gone = noor.takes_part()
    assert gone
    assert gone.state is ParticipantState.LEFT
    noor.world.passes(days=1)
    noor.types("/mentor join")
    assert GOAL in noor.sees
    assert noor.takes_part() == gone
    noor.presses(Confirm)
    back = noor.takes_part()
    assert back
    assert back.state is ParticipantState.ACTIVE
    assert back.left_at is None
    assert back.consented_at > gone.consented_at
    assert noor.told() == MENTEE


def test_after_leaving_no_old_question_brings_somebody_back(noor: Hands) -> None:
    noor.joins(MENTEE)
    noor.presses(TellMore)
    old = next(action for action in noor.offers if isinstance(action, Reply))
    noor.types("/mentor leave")
    noor.presses(Leave)
    noor.types("1")
    noor.forges(old, interests=("music",))
    gone = noor.takes_part()
    assert gone
    assert gone.state is ParticipantState.LEFT
    assert "interests" not in noor.told()


def test_skills_are_understood_and_shown_in_the_readers_words(grow: World) -> None:
    bram = Hands(grow, "Bram", "nl")
    bram.types("/mentor join")
    bram.types("mentor")
    bram.types("acounting, projektmanagement; de vliegende schotel")
    lexicon = skills.standard()
    accounting, projects, free = bram.told()["skills_offered"]
    assert accounting == "accounting"
    assert lexicon.label(accounting, "nl") in bram.sees
    assert lexicon.label(projects, "nl") in bram.sees
    assert "de vliegende schotel" in bram.sees
    bram.presses(Back)
    shown = bram.inputs["skills_offered"].value
    bram.presses(Reply)  # unchanged
    assert bram.told()["skills_offered"] == (accounting, projects, free)
    assert "de vliegende schotel" in shown[0]


def test_a_long_list_of_skills_is_counted_after_it_is_understood(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.chooses("mentee")
    pairs = ("coaching and Excel", "sales and law", "Java and SQL", "Python and design")
    more = ("writing and planning", "marketing and presenting", "accounting and negotiating")
    noor.types(", ".join(pairs + more))
    assert noor.is_asked == "skills_wanted"
    assert "14" in noor.inputs["skills_wanted"].error
