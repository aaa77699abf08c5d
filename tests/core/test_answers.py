"""From words to answers: by number, by label in either language, by close spelling; or why not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import standard
from bot.core.answers import Problem, Wrong, meant, read, understood
from bot.core.messages import Kind
from bot.core.questions import Choice, Question, Reads, Values
from handlers import steps

TODAY = date(2026, 3, 2)
CONTENT = standard()
EVERY = (*CONTENT.intake, *CONTENT.programme, *CONTENT.pulse)

ROLE = Question(
    "role",
    Kind.CHOICE,
    {"en": "Role", "nl": "Rol"},
    choices=(
        Choice("mentor", {"en": "Mentor: I help", "nl": "Mentor: ik help"}),
        Choice("mentee", {"en": "Mentee: I learn", "nl": "Mentee: ik leer"}),
        Choice("both", {"en": "Both of them", "nl": "Allebei: tegelijk"}),
    ),
)
TONGUES = Question(
    "languages",
    Kind.CHOICES,
    {"en": "Languages", "nl": "Talen"},
    choices=(
        Choice("nl", {"en": "Dutch", "nl": "Nederlands"}),
        Choice("en", {"en": "English", "nl": "Engels"}),
        Choice("de", {"en": "German", "nl": "Duits"}),
    ),
    max_chosen=2,
)
NAME = Question("name", Kind.TEXT, {"en": "Name"}, max_length=20)
GOAL = Question("goal", Kind.LONG_TEXT, {"en": "Goal"}, max_length=20)
SKILLS = Question("skills", Kind.TEXT, {"en": "Skills"}, reads=Reads.LIST, max_chosen=3)
PLACES = Question("capacity", Kind.NUMBER, {"en": "Places"}, minimum=1, maximum=5)
START = Question("start", Kind.DATE, {"en": "Start"})


def types(question: Question, *words: str) -> Values | Problem:
    return read(question, words, typed=True, today=TODAY)


def clicks(question: Question, *values: str) -> Values | Problem:
    return read(question, values, typed=False, today=TODAY)


def wrong(found: Values | Problem) -> Wrong | None:
    return found.wrong if isinstance(found, Problem) else None


@pytest.mark.parametrize(
    "words",
    [
        *("2", "2.", "2)", " 2 ", "mentee", "Mentee", "MENTEE: I LEARN", "mentee: ik leer"),
        *("mentea", "menteee"),
    ],
)
def test_an_option_is_named_by_number_label_or_close_spelling(words: str) -> None:
    assert types(ROLE, words) == ("mentee",)


def test_the_first_letters_of_a_label_will_do_where_no_other_begins_so() -> None:
    assert types(TONGUES, "ned") == types(TONGUES, "dut") == ("nl",)
    assert types(ROLE, "bot") == ("both",)
    assert wrong(types(ROLE, "men")) is Wrong.NOT_AN_OPTION
    assert wrong(types(ROLE, "bo")) is Wrong.NOT_AN_OPTION


@pytest.mark.parametrize("words", ["allebei", "Allebei: tegelijk", "both of them", "both", "bothe"])
def test_an_option_is_named_in_either_language(words: str) -> None:
    assert types(ROLE, words) == ("both",)


@pytest.mark.parametrize(
    "words", ["0", "4", "-1", "1,5", "99999999999999999999", "²", "me", "ment", "x" * 10_000]
)
def test_what_names_no_option_or_two_is_no_option(words: str) -> None:
    found = types(ROLE, words)
    assert wrong(found) is Wrong.NOT_AN_OPTION
    assert isinstance(found, Problem)
    assert found.values["word"] == words[:60]


@pytest.mark.parametrize(
    "words",
    [
        *("Dutch, German", "nederlands en duits", "Duits;Dutch", "1, 3", "3 + 1", "1 & 3", "nl/de"),
        *("german\ndutch", "Nederlands and Duits", "nederlands EN duits", "dutch, dutch, german,"),
    ],
)
def test_several_options_are_typed_in_any_kind_of_list(words: str) -> None:
    found = types(TONGUES, words)
    assert isinstance(found, tuple)
    assert set(found) == {"nl", "de"}


def test_too_many_options_are_counted() -> None:
    found = types(TONGUES, "1, 2, 3")
    assert found == Problem(Wrong.TOO_MANY, {"limit": "2", "count": "3"})
    assert clicks(TONGUES, "nl", "en", "de") == found
    assert clicks(TONGUES, "nl", "en", "nl") == ("nl", "en")


def test_the_word_that_is_no_option_is_the_one_that_is_named() -> None:
    found = types(TONGUES, "Dutch, Klingon")
    assert found == Problem(Wrong.NOT_AN_OPTION, {"word": "Klingon"})
    assert understood(TONGUES, ("Dutch, Klingon",), typed=True) == ("nl",)


def test_a_click_brings_a_value_and_no_label() -> None:
    assert clicks(ROLE, "mentor") == ("mentor",)
    assert wrong(clicks(ROLE, "Mentor: I help")) is Wrong.NOT_AN_OPTION
    assert wrong(clicks(ROLE, "mentor", "mentee")) is Wrong.TOO_MANY


@pytest.mark.parametrize("question", [ROLE, TONGUES, NAME, GOAL, SKILLS, PLACES, START])
@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u200b", "\u2060 \u00a0", "\ufeff"])
def test_nothing_to_see_is_no_answer(question: Question, words: str) -> None:
    assert wrong(types(question, words)) is Wrong.EMPTY
    assert wrong(clicks(question, words)) is Wrong.EMPTY
    assert wrong(clicks(question)) is Wrong.EMPTY


@pytest.mark.parametrize("question", [TONGUES, SKILLS])
@pytest.mark.parametrize("words", [",", ";;", " , \n ; ", ",\u200b,"])
def test_commas_alone_are_no_answer(question: Question, words: str) -> None:
    assert wrong(types(question, words)) is Wrong.EMPTY


@pytest.mark.parametrize(
    "words", ["👩🏽‍💻", "مرحبا", "=1+1", "<!channel>", "**bold**", "½", "日本"]
)
def test_words_of_any_kind_stay_as_they_were_typed(words: str) -> None:
    assert types(NAME, words) == (words,)
    assert types(GOAL, f"  {words}\n") == (words,)


def test_a_name_is_one_line_and_a_story_may_have_several() -> None:
    assert types(NAME, "Grow\n  together") == ("Grow together",)
    assert types(GOAL, "one\n\n two") == ("one\n\n two",)


def test_a_text_may_be_just_as_long_as_it_may_be() -> None:
    assert types(GOAL, "x" * 20) == ("x" * 20,)
    assert types(GOAL, "x" * 21) == Problem(Wrong.TOO_LONG, {"limit": "20", "length": "21"})
    assert wrong(types(GOAL, "🎉" * 10_000)) is Wrong.TOO_LONG
    assert understood(GOAL, ("x" * 10_000,), typed=True) == ("x" * 10_000,)


def test_a_list_loses_its_doubles_and_its_blanks() -> None:
    assert types(SKILLS, " a, b ;a\n, ") == ("a", "b")
    assert types(SKILLS, "a,b,c,d") == Problem(Wrong.TOO_MANY, {"limit": "3", "count": "4"})
    assert wrong(types(SKILLS, "x" * 501)) is Wrong.TOO_LONG


@pytest.mark.parametrize(
    ("words", "number"),
    [("1", "1"), ("05", "5"), ("+2", "2"), ("3.", "3"), ("two", "2"), ("Drie", "3"), ("een", "1")],
)
def test_a_number_is_a_whole_number(words: str, number: str) -> None:
    assert types(PLACES, words) == (number,)


@pytest.mark.parametrize("words", ["two and a half", "1.5", "1,5", "٣x", "--1", "1e3", "9" * 30])
def test_what_is_no_whole_number_is_refused(words: str) -> None:
    assert wrong(types(PLACES, words)) is Wrong.NOT_A_NUMBER


@pytest.mark.parametrize("words", ["0", "6", "-1", "twelve", "999999999"])
def test_a_number_out_of_range_is_told_the_range(words: str) -> None:
    assert types(PLACES, words) == Problem(Wrong.OUT_OF_RANGE, {"minimum": "1", "maximum": "5"})


def test_a_date_is_kept_as_a_day_of_the_calendar() -> None:
    assert types(START, "5 mei") == ("2026-05-05",)
    assert wrong(types(START, "one fine day")) is Wrong.NOT_A_DATE


@pytest.mark.parametrize("question", [q for q in EVERY if q.choices], ids=lambda q: q.key)
def test_everything_an_option_is_called_means_that_option_alone(question: Question) -> None:
    for word, value in question.names.items():
        assert meant(question, word) == value or word.isdecimal(), word
    for number, choice in enumerate(question.choices, 1):
        assert meant(question, str(number)) == choice.value


@pytest.mark.parametrize("question", EVERY, ids=lambda q: q.key)
def test_no_option_is_called_as_the_words_that_stop_or_go_back(question: Question) -> None:
    assert not (steps.STOP | steps.BACK) & set(question.names)


@given(st.sampled_from(EVERY), st.lists(st.text(max_size=30), max_size=3), st.booleans())
def test_whatever_comes_back_it_is_an_answer_of_the_right_kind_or_a_problem(
    question: Question, given_: list[str], typed: bool
) -> None:
    found = read(question, tuple(given_), typed=typed, today=TODAY)
    if isinstance(found, Problem):
        return
    assert found
    assert all(value.strip() for value in found)
    if question.choices:
        assert set(found) <= {choice.value for choice in question.choices}
    if question.kind is Kind.NUMBER:
        assert question.minimum <= int(found[0]) <= question.maximum
    if question.kind is Kind.DATE:
        date.fromisoformat(found[0])
    if question.reads is Reads.AS_TYPED and not question.choices:
        assert len(found) == 1
    assert read(question, found, typed=False, today=TODAY) == found  # the same once more


@given(st.sampled_from(EVERY), st.lists(st.text(max_size=30), max_size=3), st.booleans())
def test_what_is_left_of_a_refused_answer_can_stand_in_its_input(
    question: Question, given_: list[str], typed: bool
) -> None:
    left = understood(question, tuple(given_), typed=typed)
    if question.choices:
        assert set(left) <= {choice.value for choice in question.choices}
    else:
        assert left == tuple(given_)
