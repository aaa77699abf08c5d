"""People join: by buttons, by words, in their own time, in their own language."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.questions import (
    Back,
    Change,
    Choose,
    Confirm,
    Resume,
    Skip,
    Stop,
)
from bot.core.actions import RunCommand
from bot.core.messages import Fields, Kind
from storage.models import Dialogue, DialogueState
from tests.hands import MENTEE, MENTOR, Hands
from tests.world import World

GOAL = "I want to present my plans to the board without shaking."
OFFER = "I led three teams through a merger."


def test_somebody_joins_by_buttons_alone(noor: Hands) -> None:
    noor.types("/mentor")
    noor.presses(RunCommand("join"))
    assert noor.is_asked == "role"
    noor.chooses("mentee")
    noor.fills(skills_wanted="presenting, Excel")
    noor.fills(goal=GOAL)
    noor.fills(languages=("nl", "en"))
    noor.chooses("every_two_weeks")
    noor.chooses("yes")
    assert noor.takes_part() is None
    assert GOAL in noor.sees
    noor.presses(Confirm)
    taking_part = noor.takes_part()
    assert taking_part
    assert (taking_part.mentee, taking_part.mentor) == (True, False)
    assert taking_part.rhythm == "every_two_weeks"
    assert noor.dialogue().state is DialogueState.DONE
    assert "Grow" in noor.sees


def test_iemand_doet_mee_met_alleen_getypte_woorden(grow: World) -> None:
    bram = Hands(grow, "Bram", "nl")
    bram.types("/mentor meedoen")
    bram.types("1")  # a number: mentor
    bram.types("presenteren, boekhouden en coachen")
    bram.types(OFFER)
    bram.types("Nederlands en english")  # a label of either language
    bram.types("om de weeek")  # nearly right
    bram.types("twee")
    bram.types("ja")
    assert bram.dialogue().state is DialogueState.SUMMARY
    bram.types("klopt")
    taking_part = bram.takes_part()
    assert taking_part
    assert (taking_part.mentor, taking_part.mentee, taking_part.capacity) == (True, False, 2)
    assert bram.told()["languages"] == ("nl", "en")
    assert bram.told()["skills_offered"] == ("presenting", "accounting", "coaching")


def test_buttons_and_words_go_together(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("allebei")
    noor.fills(skills_offered="Excel")
    noor.types("onderhandelen")
    noor.fills(goal=GOAL)
    noor.types("2, dutch")
    noor.chooses("monthly")
    noor.types("YES!")
    noor.presses(Confirm)
    taking_part = noor.takes_part()
    assert taking_part
    assert taking_part.mentor
    assert taking_part.mentee
    assert taking_part.capacity == 1
    assert taking_part.rhythm == "monthly"


@pytest.mark.parametrize(
    ("role", "answers", "count"),
    [("mentee", MENTEE, 6), ("mentor", MENTOR, 7)],
)
def test_progress_counts_to_the_end_and_never_past_seven(
    noor: Hands, role: str, answers: dict[str, tuple[str, ...]], count: int
) -> None:
    noor.types("/mentor join")
    assert "1 of 7" in noor.sees
    noor.chooses(role)
    seen = []
    while key := noor.is_asked:
        seen.append(next(f"{n} of {count}" for n in range(1, 8) if f"{n} of {count}" in noor.sees))
        noor.types(", ".join(answers[key]))
    assert seen == [f"{n} of {count}" for n in range(2, count + 1)]


def test_every_question_says_why_it_is_asked_and_who_reads_the_answer(grow: World) -> None:
    noor = Hands(grow, "Noor", "nl")
    noor.types("/mentor join")
    by_key = {question.key: question for question in grow.content.intake}
    while key := noor.is_asked:
        assert by_key[key].wording["nl"] in noor.sees
        assert by_key[key].why["nl"] in noor.sees
        assert "coördinatoren" in noor.sees
        noor.types(", ".join(MENTEE[key]))


def test_back_shows_what_was_answered_and_a_new_answer_takes_its_place(noor: Hands) -> None:
    noor.types("/mentor join")
    assert not any(isinstance(action, Back) for action in noor.offers)
    noor.chooses("mentee")
    noor.fills(skills_wanted="Excel")
    noor.fills(goal=GOAL)
    noor.presses(Back)
    assert noor.is_asked == "goal"
    assert noor.inputs["goal"].value == (GOAL,)
    noor.types("back")
    assert noor.is_asked == "skills_wanted"
    assert noor.inputs["skills_wanted"].value == ("Excel",)
    noor.fills(skills_wanted="accounting")
    assert noor.is_asked == "languages"
    assert noor.told()["skills_wanted"] == ("accounting",)
    assert noor.told()["goal"] == (GOAL,)


def test_back_at_the_first_question_stays_there(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.types("terug")
    assert noor.is_asked == "role"
    assert noor.told() == {}


def test_a_required_question_cannot_be_skipped_and_says_so(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.chooses("mentee")
    assert not any(isinstance(action, Skip) for action in noor.offers)
    noor.types("skip")
    assert noor.is_asked == "skills_wanted"
    assert noor.inputs["skills_wanted"].error
    noor.forges(Skip(noor.dialogue().id, noor.dialogue().step))
    assert noor.is_asked == "skills_wanted"
    assert noor.told() == {"role": ("mentee",)}


@pytest.mark.parametrize("word", ["stop", "Later.", "stoppen"])
def test_somebody_stops_and_goes_on_tomorrow_where_they_were(noor: Hands, word: str) -> None:
    noor.types("/mentor join")
    noor.chooses("mentee")
    noor.fills(skills_wanted="Excel")
    noor.types(word)
    assert noor.dialogue().state is DialogueState.STOPPED
    noor.types("these words are not an answer")
    assert noor.told() == {"role": ("mentee",), "skills_wanted": ("excel",)}
    noor.world.passes(days=1)
    noor.types("/mentor")
    noor.presses(RunCommand("join", "grow"))
    assert noor.is_asked == "goal"


def test_the_button_on_the_card_that_stopped_goes_on(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.chooses("mentor")
    noor.presses(Stop)
    noor.presses(Resume)
    assert noor.is_asked == "skills_offered"


def test_joining_again_half_way_goes_on_and_does_not_begin_anew(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.chooses("mentee")
    noor.types("/mentor join grow")
    assert noor.is_asked == "skills_wanted"
    assert len(noor.world.rows(select(Dialogue))) == 1


def test_one_answer_is_changed_at_the_summary(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    noor.presses(Change, which="rhythm")
    assert noor.is_asked == "rhythm"
    noor.chooses("monthly")
    assert noor.dialogue().state is DialogueState.SUMMARY
    noor.types("goal")  # the answer to change, in words
    assert noor.is_asked == "goal"
    noor.types("To write better.")
    noor.presses(Confirm)
    assert noor.told() == {**MENTEE, "rhythm": ("monthly",), "goal": ("To write better.",)}


def test_changing_nothing_in_particular_asks_which(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    before = noor.sees
    noor.presses(Change)
    assert noor.dialogue().state is DialogueState.SUMMARY
    assert noor.sees != before
    noor.types("something else")
    assert noor.dialogue().state is DialogueState.SUMMARY
    assert noor.told() == MENTEE


def test_a_mentee_who_becomes_a_mentor_is_asked_what_a_mentor_is_and_the_rest_is_dropped(
    noor: Hands,
) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    noor.presses(Change, which="role")
    noor.chooses("mentor")
    asked = []
    while key := noor.is_asked:
        asked.append(key)
        noor.types(", ".join(MENTOR[key]))
    assert asked == ["skills_offered", "offer", "capacity"]
    assert GOAL not in noor.sees
    noor.presses(Confirm)
    taking_part = noor.takes_part()
    assert taking_part
    assert (taking_part.mentor, taking_part.mentee) == (True, False)
    assert set(noor.told()) == set(MENTOR)  # what the summary showed, and nothing else


def test_changing_the_role_to_and_fro_before_confirming_loses_nothing(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    for role in ("mentor", "mentee"):
        noor.types("role" if noor.is_asked == "" else "back")
        while noor.is_asked != "role":
            noor.presses(Back) if noor.is_asked else noor.presses(Change, which="role")
        noor.chooses(role)
    assert noor.dialogue().state is DialogueState.SUMMARY
    assert noor.told() == MENTEE


def test_the_summary_tells_every_answer_beside_its_label(noor: Hands) -> None:
    noor.types("/mentor join")
    noor.walks(MENTEE)
    assert noor.card
    [fields] = noor.card.all(Fields)
    rows = dict(fields.rows)
    by_key = {question.key: question for question in noor.world.content.intake}
    assert list(rows) == [by_key[key].label["en"] for key in (*MENTEE,)]
    assert rows[by_key["languages"].label["en"]] == "Dutch, English"
    assert noor.inputs["which"].kind is Kind.CHOICE
    assert [raw for raw, _ in noor.inputs["which"].options] == [*MENTEE]


def test_a_button_on_an_older_card_changes_nothing_and_shows_the_question_of_now(
    noor: Hands,
) -> None:
    noor.types("/mentor join")
    old = next(a for a in noor.offers if isinstance(a, Choose) and a.value == "mentor")
    noor.chooses("mentee")
    answer = noor.forges(old)
    assert noor.told() == {"role": ("mentee",)}
    assert answer == noor.card
