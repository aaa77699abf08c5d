"""Mark-up: what people type can never become bold, and comes out as they typed it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.markup import Span, escape, plain, spans

WORDS = st.text() | st.text("\\*_ ab\n", max_size=40)


def test_two_stars_are_bold_and_two_lines_under_are_italic() -> None:
    assert spans("say **no** to _this_") == (
        Span("say "),
        Span("no", bold=True),
        Span(" to "),
        Span("this", italic=True),
    )


def test_bold_may_hold_italic() -> None:
    assert spans("**a _b_**") == (Span("a ", bold=True), Span("b", bold=True, italic=True))


@pytest.mark.parametrize("text", ["**open", "_open", "snake_case_name", "2 * 3 * 4", "__", "a_ b_"])
def test_a_mark_that_marks_nothing_is_an_ordinary_character(text: str) -> None:
    assert spans(text) == (Span(text),)


def test_nothing_has_no_spans() -> None:
    assert spans("") == ()
    assert plain("") == ""


@given(WORDS)
def test_peoples_words_come_out_as_they_went_in(words: str) -> None:
    assert plain(escape(words)) == words
    assert all(not span.bold and not span.italic for span in spans(escape(words)))


@given(WORDS.filter(bool))
def test_peoples_words_can_stand_in_bold_or_italic_and_end_neither(words: str) -> None:
    assert spans(f"**{escape(words)}**") == (Span(words, bold=True),)
    assert plain(f"before **{escape(words)}** after") == f"before {words} after"


@given(WORDS, WORDS)
def test_words_cannot_reach_over_a_mark_of_the_product(one: str, other: str) -> None:
    middle = [s for s in spans(f"{escape(one)}**bold**{escape(other)}") if s.bold]
    assert middle == [Span("bold", bold=True)]


@given(WORDS)
def test_any_markup_at_all_is_read_without_losing_a_letter(markup: str) -> None:
    letters = [c for c in markup if c not in "\\*_"]
    assert [c for c in plain(markup) if c not in "\\*_"] == letters


def test_an_essay_of_marks_is_read_quickly() -> None:
    assert plain(escape("**_" * 20_000)) == "**_" * 20_000


def test_a_mark_within_its_own_style_is_an_ordinary_character() -> None:
    assert spans("__a__") == (Span("_a_", italic=True),)


@pytest.mark.parametrize("marks", ["_", "**", "**_", "_**"])
def test_marks_within_marks_are_read_quickly_however_deep_they_go(marks: str) -> None:
    assert spans(marks * 5000)
    assert "a" in plain(marks * 2500 + "a" + marks[::-1] * 2500)
