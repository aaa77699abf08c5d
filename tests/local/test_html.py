"""Messages as HTML: every part is drawn, and nothing anybody wrote becomes mark-up of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.core.charts import GoalBars
from bot.core.markup import plain
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Style,
    Text,
    say,
)
from bot.platforms.local.html import Frame, render
from tests.local.fake_stage import EVERY_INPUT, QUESTION

FRAME = Frame("card-7", 3, lambda n: f"pictures/7/{n}.png", "Choose …")
ALLOWED = {
    "form": {"class", "id", "data-version", "aria-label", "novalidate"},
    "div": {"class"},
    "h3": set[str](),
    "p": {"class", "id", "role"},
    "br": set[str](),
    "strong": set[str](),
    "em": set[str](),
    "ul": set[str](),
    "li": set[str](),
    "dl": set[str](),
    "dt": set[str](),
    "dd": set[str](),
    "hr": set[str](),
    "img": {"class", "src", "alt"},
    "button": {"type", "class", "data-button"},
    "fieldset": {"class", "aria-describedby", "aria-invalid"},
    "legend": set[str](),
    "label": {"for", "class"},
    "span": set[str](),
    "input": {
        *("type", "name", "value", "id", "checked", "inputmode", "autocomplete"),
        *("aria-describedby", "aria-invalid"),
    },
    "select": {"name", "id", "aria-describedby", "aria-invalid"},
    "option": {"value", "selected"},
    "textarea": {"rows", "name", "id", "aria-describedby", "aria-invalid"},
}
EMPTY = {"br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Reads HTML the way a browser does, and keeps what it found."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(str(html))  # Markup itself would escape what is added to it
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '" onfocus="alert(1)',
        "' autofocus x='",
        "</textarea><img src=x onerror=alert(1)>",
        "<!-- ",
        "]]>",
        "&lt;b&gt; &amp; &#60;",
        "**<b>_</b>_**",
        "• <i>",
        "{{ 7 * 7 }} {% raw %} {0} %s",
        "javascript:alert(1)",
    ]
)
WORDS = st.one_of(st.text(max_size=30), NASTY, st.builds("{}{}".format, NASTY, st.text(max_size=9)))
ASKS = st.builds(
    Ask,
    name=WORDS,
    label=WORDS,
    kind=st.sampled_from(Kind),
    options=st.lists(st.tuples(WORDS, WORDS), max_size=9).map(tuple),
    value=st.lists(WORDS, max_size=2).map(tuple),
    error=WORDS,
    hint=WORDS,
)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, WORDS),
    st.builds(Text, WORDS),
    st.builds(Note, WORDS),
    st.builds(Fields, st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)),
    st.builds(Picture, st.just(GoalBars("", ())), WORDS),
    ASKS,
    st.builds(Button, WORDS, WORDS, st.sampled_from(Style)),
    st.just(Rule()),
)
MESSAGES = st.builds(Message, WORDS, st.lists(PARTS, max_size=6).map(tuple))


@given(MESSAGES)
def test_nothing_anybody_wrote_becomes_mark_up_of_the_page(message: Message) -> None:
    for tag, attributes in Reader(render(message, FRAME)).tags:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag]


@given(MESSAGES)
def test_every_word_is_shown_as_it_was_meant(message: Message) -> None:
    shown = Reader(render(message, FRAME))
    expected = "".join(_words(message)) if message.parts else plain(message.summary)
    assert _bare(shown.words) == _bare(expected)


@given(st.lists(ASKS, max_size=4).map(tuple))
def test_what_was_typed_stands_in_its_input_unchanged(asks: tuple[Ask, ...]) -> None:
    inputs = Reader(render(Message("x", asks), FRAME)).all("input")
    typed = [i["value"] for i in inputs if i["type"] in ("text", "date")]
    single = (Kind.TEXT, Kind.DATE, Kind.NUMBER)
    assert typed == [next(iter(ask.value), "") for ask in asks if ask.kind in single]


def _words(message: Message) -> Iterator[str]:
    for part in message.parts:
        match part:
            case Heading(text=words) | Text(body=words) | Note(body=words) | Button(label=words):
                yield plain(words)
            case Fields(rows=rows):
                yield from (plain(words) for row in rows for words in row)
            case Ask():
                yield from _asked(part)


def _asked(ask: Ask) -> Iterator[str]:
    yield plain(ask.label)
    if ask.kind is Kind.CHOICE and len(ask.options) > 7:
        yield FRAME.choose
    if ask.kind in (Kind.CHOICE, Kind.CHOICES):
        yield from (plain(label) for _, label in ask.options)
    if ask.kind is Kind.LONG_TEXT:
        yield next(iter(ask.value), "")
    yield from (plain(ask.hint), plain(ask.error))


def _bare(words: str) -> str:
    return re.sub(r"[\s•]", "", words)


def test_lines_paragraphs_and_lists_keep_their_shape() -> None:
    card = say("Dear **Noor**,\nhello\n\n• _one_\n• two\nbye")
    assert render(card, FRAME) == (
        '<div class="plain"><p>Dear <strong>Noor</strong>,<br>hello</p>'
        "<ul><li><em>one</em></li><li>two</li></ul><p>bye</p></div>"
    )


def test_a_message_without_parts_shows_its_summary() -> None:
    assert render(Message("Only **this**"), FRAME) == (
        '<div class="plain"><p>Only <strong>this</strong></p></div>'
    )


def test_buttons_in_a_row_share_a_row_and_enter_presses_the_primary_one() -> None:
    shown = Reader(render(QUESTION, FRAME))
    kinds = [(b["type"], b["class"], b["data-button"]) for b in shown.all("button")]
    assert kinds == [
        ("submit", "button primary", "0"),
        ("button", "button plain", "1"),
        ("button", "button danger", "2"),
    ]
    assert [d["class"] for d in shown.all("div")].count("buttons") == 1


def test_enter_never_presses_a_dangerous_button() -> None:
    card = Message("x", (Button("Leave", "[]", Style.DANGER), Button("Stay", "[]")))
    kinds = [b["type"] for b in Reader(render(card, FRAME)).all("button")]
    assert kinds == ["button", "submit"]


def test_every_input_has_a_label_and_its_error_beside_it() -> None:
    shown = Reader(render(EVERY_INPUT, FRAME))
    labelled = {label.get("for") for label in shown.all("label")}
    ids = {attributes.get("id") for _, attributes in shown.tags}
    for tag in ("input", "select", "textarea"):
        for field in shown.all(tag):
            if field.get("type") not in ("radio", "checkbox"):
                assert field["id"] in labelled
    described = [a for _, a in shown.tags if a.get("aria-invalid")]
    assert len(described) == 3
    for attributes in described:
        assert set((attributes["aria-describedby"] or "").split()) <= ids
    alerts = [p for p in shown.all("p") if p.get("role") == "alert"]
    assert len(alerts) == 3
    kinds = [(i["type"], i["value"]) for i in shown.all("input")]
    assert ("date", "2026-04-01") in kinds
    assert ("text", "32 May") in kinds  # a date input would have dropped these words
    assert len(shown.all("select")) == 1


def test_on_a_card_with_many_choices_each_folds_into_a_list() -> None:
    options = (("a", "A"), ("b", "B"))
    few = [Ask(f"q{n}", "Why?", Kind.CHOICE, options) for n in range(8)]
    many = [*few, Ask("last", "And?", Kind.CHOICE, options)]
    assert not Reader(render(Message("A form", tuple(few)), FRAME)).all("select")
    assert len(Reader(render(Message("A form", tuple(many)), FRAME)).all("select")) == 9
