"""Nothing typed is lost: an answer is kept as it was typed, or comes back with the reason."""

from __future__ import annotations

import pytest

from bot.cards.joining import Leave
from bot.cards.questions import Change
from bot.platforms.local.screen import draw
from storage.models import DialogueState
from tests.hands import Hands
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database

HOSTILE = (
    "🎉👩🏽‍💻",
    "مرحبا بالعالم",
    "<!channel> <@U1> @here",
    "=1+1",
    "**bold** _it_ `code` ~no~",
    '<script>alert("x")</script> &amp;',
    "{name} {0} %s %(x)s",
    "line\none\r\nline two",
    "\u202ertl\u202c",
    "a\\",
)


@pytest.fixture
def noor(world: World) -> Hands:
    world.programme()
    return Hands(world, "Noor")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_any_kind_are_kept_as_typed_and_shown_as_typed(noor: Hands, words: str) -> None:
    noor.is_led_to("goal", MENTEE)
    noor.types(words)
    assert noor.told()["goal"] == (words,)
    noor.walks(MENTEE)
    assert words.replace("\r", "") in noor.sees.replace("\r", "")
    noor.presses(Change, which="goal")
    assert noor.inputs["goal"].value == (words,)


@pytest.mark.parametrize("way", ["typed", "sent"])
@pytest.mark.parametrize("words", ["x" * 10_000, "🎉" * 501, ("<!channel> " * 100).strip()])
def test_an_answer_that_is_too_long_comes_back_whole_with_the_reason_beside_it(
    noor: Hands, way: str, words: str
) -> None:
    noor.is_led_to("goal", MENTEE)
    if way == "typed":
        noor.types(words)
    else:
        noor.fills(goal=words)
    ask = noor.inputs["goal"]
    assert ask.value == (words,)
    assert str(len(words.strip())) in ask.error.replace(",", "")
    assert "500" in ask.error
    assert noor.is_asked == "goal"
    noor.fills(goal=words[:500])
    assert noor.told()["goal"] == (words[:500].strip(),)


def test_tienduizend_tekens_krijgen_een_nederlandse_reden(world: World) -> None:
    world.programme()
    bram = Hands(world, "Bram", "nl")
    bram.is_led_to("offer", MENTOR)
    bram.types("x" * 10_000)
    assert "tekens" in bram.inputs["offer"].error
    assert bram.inputs["offer"].value == ("x" * 10_000,)


@pytest.mark.parametrize("words", ["", "   ", "\n", "\u200b\u200d"])
def test_nothing_is_no_answer_and_says_so_beside_the_field(noor: Hands, words: str) -> None:
    noor.is_led_to("goal", MENTEE)
    noor.fills(goal=words)
    assert noor.inputs["goal"].error
    noor.types(words)
    assert noor.inputs["goal"].error
    assert "goal" not in noor.told()


def test_clearing_a_field_does_not_clear_the_answer_that_was_there(noor: Hands) -> None:
    noor.is_led_to("languages", MENTEE)
    noor.types("back")
    noor.fills(goal="")
    assert noor.inputs["goal"].error
    assert noor.told()["goal"] == MENTEE["goal"]


def test_a_refused_choice_names_the_word_and_keeps_what_was_understood(noor: Hands) -> None:
    noor.is_led_to("languages", MENTEE)
    noor.types("English, <!channel>")
    ask = noor.inputs["languages"]
    assert ask.value == ("en",)
    assert "<!channel>" in noor.sees
    noor.types("Klingon")
    assert noor.inputs["languages"].value == ()
    assert "Klingon" in noor.sees


def test_a_word_that_is_none_of_the_buttons_is_named_above_them(noor: Hands) -> None:
    noor.is_led_to("rhythm", MENTEE)
    noor.types("whenever we like")
    assert "whenever we like" in noor.sees
    assert noor.is_asked == "rhythm"
    assert len([label for label in noor.buttons if "week" in label.casefold()]) >= 2


def test_no_input_ever_holds_a_choice_that_is_not_there(noor: Hands) -> None:
    noor.is_led_to("interests", MENTEE)
    noor.types("music, dancing on tables")
    noor.types("1,2,3,4,5,6,7")
    ask = noor.inputs["interests"]
    assert ask.error
    assert set(ask.value) <= {raw for raw, _ in ask.options}
    assert ask.value


def test_the_number_of_an_option_is_its_place_also_when_another_is_called_so(noor: Hands) -> None:
    noor.is_led_to("experience", MENTEE)
    noor.types("2")
    assert noor.told()["experience"] == ("1",)  # the second option, by its name in the code
    noor.types("back")
    noor.types("1")
    assert noor.told()["experience"] == ("0",)


def test_a_number_out_of_range_stays_in_the_field(noor: Hands) -> None:
    noor.is_led_to("capacity", MENTOR)
    for words in ("40", "zero", "1.5"):
        noor.types(words)
        assert noor.inputs["capacity"].value == (words,)
        assert noor.inputs["capacity"].error
    noor.types("2")
    assert noor.is_asked != "capacity"


# --- no and nobody ---


@pytest.mark.parametrize("word", ["nobody", "niemand", "No.", "nee", "geen", "-", "skip"])
def test_whoever_avoids_nobody_may_say_so_in_a_word(noor: Hands, word: str) -> None:
    noor.is_led_to("avoid", MENTEE)
    noor.types(word)
    assert noor.told()["avoid"] == ()
    assert noor.dialogue().state is DialogueState.SUMMARY


@pytest.mark.parametrize("word", ["no", "nee", "Nee, dan doe ik niet mee"])
def test_who_does_not_agree_does_not_join_and_nothing_of_them_is_kept(
    noor: Hands, word: str
) -> None:
    noor.is_led_to("consent", MENTEE)
    noor.types(word)
    assert "I have erased what you told me" in noor.sees
    assert noor.told() == {}
    assert noor.takes_part() is None
    noor.types("presenting")  # nothing is asked any more
    assert noor.told() == {}
    noor.types("/mentor")
    assert "Finish joining" not in noor.sees


def test_who_did_not_agree_may_begin_again(noor: Hands) -> None:
    noor.is_led_to("consent", MENTEE)
    noor.chooses("no")
    again = noor.again()
    assert again is not None
    assert "begin again whenever you like" in draw(again)
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    assert noor.takes_part() is not None


def test_who_takes_part_and_no_longer_agrees_is_asked_whether_to_leave(noor: Hands) -> None:
    noor.joins(MENTEE | {"languages": ("nl", "en")})
    noor.types("/mentor profile")
    noor.presses(Change, which="consent")
    noor.chooses("no")
    assert "Do you want to leave" in noor.sees
    assert noor.told()["consent"] == ("yes",)
    noor.presses(Leave)
    taken = noor.takes_part()
    assert taken is not None
    assert taken.left_at is not None


@pytest.mark.parametrize("word", ["none", "-"])
def test_a_word_that_is_no_answer_is_no_consent(noor: Hands, word: str) -> None:
    noor.is_led_to("consent", MENTEE)
    noor.types(word)
    assert noor.is_asked == "consent"
    assert "consent" not in noor.told()
