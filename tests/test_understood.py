"""«This is what I understood»: sure words stop nobody, doubtful ones can be set right."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.questions import Back, EditProfile, Recheck, Reply
from bot.cards.understood import AsMeant, KeepWord, LookAtWord, Mean
from bot.core.actions import Action
from storage.models import Answer, DialogueState
from tests.hands import Hands
from tests.world import MENTEE, World

pytestmark = pytest.mark.any_database


def says(noor: Hands, text: str) -> None:
    """Noor looks for a mentor and is asked what she wants to learn."""
    noor.types("/mentor join")
    noor.chooses("mentee")
    noor.types(text)


def offered(noor: Hands, kind: type[Action]) -> list[Action]:
    return [action for action in noor.offers if isinstance(action, kind)]


def checks(noor: Hands) -> bool:
    return noor.dialogue().state is DialogueState.CHECKING


def wanted(noor: Hands) -> tuple[str, ...]:
    return noor.told()["skills_wanted"]


def test_what_is_understood_for_sure_stops_nobody_and_is_told(noor: Hands) -> None:
    says(noor, "boekhouden, Excel")
    assert noor.is_asked == "goal"
    assert "boekhouden → accounting ✓" in noor.sees
    assert wanted(noor) == ("accounting", "excel")


def test_words_that_are_the_name_of_a_skill_are_not_repeated(noor: Hands) -> None:
    says(noor, "Accounting")
    assert noor.is_asked == "goal"
    assert "Understood" not in noor.sees


def test_a_word_that_nobody_knows_is_kept_and_the_person_hears_who_sees_it(noor: Hands) -> None:
    says(noor, "zwaardvechten")
    assert noor.is_asked == "goal"
    assert "Understood: “zwaardvechten”. What stands in quotes I do not know yet." in noor.sees
    assert "the coordinators see the word" in noor.sees
    assert wanted(noor) == ("=zwaardvechten",)


def test_a_guess_is_shown_as_one_and_may_be_right(noor: Hands) -> None:
    says(noor, "onderhandlen")
    assert checks(noor)
    assert "onderhandlen → negotiating ?" in noor.sees
    noor.presses(AsMeant)
    assert noor.is_asked == "goal"
    assert wanted(noor) == ("negotiating",)


def test_a_misread_word_stays_somebodys_own(noor: Hands) -> None:
    says(noor, "onderhandlen, Excel")
    noor.presses(KeepWord)
    assert noor.is_asked == "goal"
    assert wanted(noor) == ("=!onderhandlen", "excel")
    noor.presses(Back)
    assert noor.inputs["skills_wanted"].value == ("onderhandlen, Excel",)
    noor.fills(skills_wanted="onderhandlen, Excel, koken")
    assert wanted(noor) == ("=!onderhandlen", "excel", "cooking")


def test_an_unknown_word_can_become_one_of_three_likely_skills(noor: Hands) -> None:
    says(noor, "onderhandelstijlen, Excel")
    assert checks(noor)
    choices = offered(noor, Mean)
    assert 1 <= len(choices) <= 3
    noor.presses(choices[0])
    assert wanted(noor) == (choices[0].tag, "excel")  # type: ignore[attr-defined]


def test_a_word_that_was_surely_understood_can_be_set_right_too(noor: Hands) -> None:
    says(noor, "Java, boekhouden")
    noor.presses(Recheck)
    noor.presses(LookAtWord, which="0")
    assert "What do you mean by “Java”?" in noor.sees
    noor.presses(KeepWord)
    assert wanted(noor) == ("=!java", "accounting")
    assert noor.is_asked == "goal"


@pytest.mark.parametrize("word", ["yes", "Ja", "verder."])
def test_typing_yes_goes_on(noor: Hands, word: str) -> None:
    says(noor, "onderhandlen")
    noor.types(word)
    assert noor.is_asked == "goal"
    assert wanted(noor) == ("negotiating",)


@pytest.mark.parametrize("word", ["no", "Nee", "no, keep my own words"])
def test_typing_no_keeps_the_words(noor: Hands, word: str) -> None:
    says(noor, "onderhandlen, Excel")
    noor.types(word)
    assert wanted(noor) == ("=!onderhandlen", "excel")
    assert noor.is_asked == "goal"


def test_anything_else_that_is_typed_comes_to_what_is_there(noor: Hands) -> None:
    says(noor, "onderhandlen, Excel")
    noor.types("koken")
    assert wanted(noor) == ("negotiating", "excel", "cooking")


def test_an_old_card_changes_nothing(noor: Hands) -> None:
    says(noor, "onderhandlen, Excel")
    [keep] = offered(noor, KeepWord)
    noor.presses(AsMeant)
    noor.forges(keep)
    assert wanted(noor) == ("negotiating", "excel")


def test_a_skill_that_does_not_exist_cannot_be_chosen(noor: Hands) -> None:
    says(noor, "onderhandlen")
    dialogue = noor.dialogue()
    noor.forges(Mean(dialogue.id, dialogue.step, 0, "no-such-skill"))
    noor.forges(Mean(dialogue.id, dialogue.step, 99, "excel"))
    assert wanted(noor) == ("negotiating",)


@pytest.mark.parametrize(
    "text", ["🎉🎉", "مهارات التواصل", "=1+1", "<!channel>", "**x** _y_", "x" * 79]
)
def test_whatever_somebody_types_is_kept_and_shown_as_it_is(noor: Hands, text: str) -> None:
    says(noor, f"{text}, onderhandlen")
    assert checks(noor)
    assert text in noor.sees
    noor.presses(AsMeant)
    [row] = [r for r in noor.world.rows(select(Answer)) if r.question == "skills_wanted"]
    assert list(row.words) == [text, "onderhandlen"]
    assert row.values[1] == "negotiating"


def test_ten_thousand_skills_are_counted_and_none_is_lost(noor: Hands) -> None:
    said = ", ".join(f"vaardigheid {n}" for n in range(10_000))
    says(noor, said)
    assert noor.is_asked == "skills_wanted"
    assert "10000" in noor.inputs["skills_wanted"].error
    assert noor.inputs["skills_wanted"].value == (said,)


def test_in_the_form_each_word_shows_what_it_became_with_a_way_back(grow: World) -> None:
    noor = Hands(grow, "Noor")
    grow.joins("Noor", MENTEE)
    noor.types("/mentor profile")
    noor.presses(EditProfile)
    noor.fills_in("Save", {"skills_wanted": ("onderhandlen, boekhouden",)})
    assert "onderhandlen → negotiating ?" in noor.sees
    assert "boekhouden → accounting ✓" in noor.sees
    noor.presses(Recheck)
    assert checks(noor)
    noor.presses(KeepWord)
    assert wanted(noor) == ("=!onderhandlen", "accounting")
    assert not offered(noor, Reply)
