"""Whatever is in a message, Teams takes it, reads nothing into it, and brings it back."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Expired, RunCommand
from bot.core.markup import escape, plain, spans
from bot.core.messages import Ask, Button, Fields, Heading, Kind, Message, Note, Picture, Text
from bot.core.messages import button as make
from bot.platforms.teams import cards
from bot.platforms.teams.inputs import TYPED, unsafe
from bot.platforms.teams.texts import harmless
from bot.platforms.words import clean, cut, is_seen
from tests.slack.invented import DATES, LONG
from tests.teams.invented import MARKUP, MESSAGES, WORDS
from tests.teams.rules import (
    Drawn,
    Json,
    as_teams_reads,
    buttons,
    check_card,
    check_harmless,
    check_message,
    sent,
    texts,
    walk,
)

NONCES = st.text(st.characters(), max_size=60)
GO = make("Go", RunCommand("go"))
LISTS = (Kind.CHOICE, Kind.CHOICES)


def urls(message: Message) -> dict[int, str]:
    """Of three pictures, one is on the web, one travels along, one is missing."""
    found = ("https://koppel.example/p/1.png", "data:image/png;base64,AAAA")
    return {n: found[n % 3] for n in range(len(message.all(Picture))) if n % 3 < 2}


@settings(deadline=None, max_examples=100)
@given(MESSAGES, NONCES)
def test_teams_takes_every_message(message: Message, nonce: str) -> None:
    check_message(cards.message(message, nonce=nonce, lang="nl", pictures=urls(message)))


@settings(deadline=None, max_examples=100)
@given(MESSAGES)
def test_teams_reads_nothing_into_anybodys_words(message: Message) -> None:
    activity = cards.message(message, nonce="n", pictures=urls(message))
    card = activity["attachments"][0]["content"]
    for text in texts(card):
        as_teams_reads(text)
    for words in (activity["summary"], card["fallbackText"]):
        check_harmless(words)


@settings(deadline=None, max_examples=300)
@given(MARKUP)
def test_words_look_exactly_as_they_were_meant(markup: str) -> None:
    meant = [(c, span.bold, span.italic) for span in spans(markup) for c in clean(span.text)]
    for part in (Text(markup), Note(markup), Fields((("", markup),))):
        seen = _seen(cards.card(Message("x", (part,)), nonce="n"))
        if is_seen(clean(plain(markup))) and len(markup) <= 3_000:
            assert _visible(seen) == _visible(meant)


@settings(deadline=None, max_examples=200)
@given(WORDS, WORDS)
def test_fields_say_what_they_say_whether_they_are_facts_or_columns(one: str, two: str) -> None:
    rows = Fields(((escape(one), escape(two)), ("Goal", escape(two))))
    seen = _seen(cards.card(Message("x", (rows,)), nonce="n"))
    there = [c for c, _, _ in _visible(seen)]
    for words in (one, two):
        if is_seen(clean(words)):
            assert _without_space(clean(words)) in "".join(there)


@settings(deadline=None, max_examples=200)
@given(WORDS)
def test_a_heading_says_exactly_what_it_says(words: str) -> None:
    if is_seen(clean(words)):
        (text,) = texts(cards.card(Message("x", (Heading(escape(words)),)), nonce="n"))
        seen = "".join(c for c, _, _ in as_teams_reads(text))
        assert _without_space(seen) == _without_space(clean(words))


def _seen(card: Json) -> Drawn:
    return [one for text in texts(card) for one in as_teams_reads(text)]


def _visible(drawn: Drawn) -> Drawn:
    return [one for one in drawn if not one[0].isspace() and one[0] != "\u200b"]


def _without_space(words: str) -> str:
    return "".join(c for c in words if not c.isspace() and c != "\u200b")


@given(WORDS)
def test_harmless_words_can_still_be_read(words: str) -> None:
    line = " ".join(clean(words).split())
    if is_seen(line):
        check_harmless(harmless(line))
        same = str.maketrans("*_~`\\", "\u2217\u02cd\u223c\u02cb\u29f5")
        assert _without_space(harmless(line)) == _without_space(line.translate(same))


# What is chosen or typed comes back

NAMES = st.one_of(st.text(st.characters(), max_size=25), WORDS)
RAWS = st.one_of(st.text(st.characters(), max_size=60), WORDS)
CHOICES = st.builds(
    Ask,
    name=NAMES,
    label=WORDS,
    kind=st.sampled_from(LISTS),
    options=st.lists(st.tuples(RAWS, WORDS), min_size=1, max_size=60).map(tuple),
    value=st.lists(RAWS, max_size=2).map(tuple),
)


@settings(deadline=None)
@given(CHOICES, st.data())
def test_every_option_comes_back_under_its_name(ask: Ask, data: st.DataObject) -> None:
    raws = list(dict.fromkeys(raw for raw, _ in ask.options))
    wanted = data.draw(st.lists(st.sampled_from(raws), min_size=1, max_size=5, unique=True))
    wanted = wanted if ask.kind is Kind.CHOICES else wanted[:1]

    def choose(element: Json) -> str:
        values = [choice["value"] for choice in element["choices"]]
        assert len(values) == len(raws)
        return ",".join(values[raws.index(raw)] for raw in wanted)

    for value in sent(cards.card(Message("x", (ask, GO)), nonce="n"), choose=choose):
        assert cards.clicked(value) == (RunCommand("go"), {ask.name: tuple(wanted)})


@settings(deadline=None)
@given(CHOICES, st.data())
def test_what_was_chosen_stays_chosen_when_the_card_is_drawn_again(
    ask: Ask, data: st.DataObject
) -> None:
    raws = list(dict.fromkeys(raw for raw, _ in ask.options))
    kept = data.draw(st.lists(st.sampled_from(raws), max_size=3, unique=True))
    kept = kept if ask.kind is Kind.CHOICES else kept[:1]
    again = Ask(ask.name, ask.label, ask.kind, ask.options, tuple(kept), error="No.")
    for value in sent(cards.card(Message("x", (again, GO)), nonce="n")):
        _, fields = cards.clicked(value)
        assert {name: set(values) for name, values in fields.items()} == {ask.name: set(kept)}


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.tuples(st.sampled_from(Kind), st.one_of(DATES, LONG)), max_size=3))
def test_what_was_typed_stays_typed(typed: dict[str, tuple[Kind, str]]) -> None:
    asks = tuple(
        Ask(name, "?", kind, value=(words,), error="No.")
        for name, (kind, words) in typed.items()
        if kind not in LISTS
    )
    card = cards.card(Message("x", (*asks, GO)), nonce="n")
    longest = 3_000 if not any(len(ask.value[0]) > 900 for ask in asks) else 0
    for value in sent(card):
        _, fields = cards.clicked(value)
        assert list(fields) == [ask.name for ask in asks]
        for ask in asks if longest else ():
            words = cut(clean(ask.value[0]), TYPED)
            assert fields[ask.name] == ((words,) if is_seen(words) else ())


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_what_is_typed_comes_back_as_it_was_typed(typed: dict[str, str]) -> None:
    asks = tuple(Ask(name, "?") for name in typed)
    given_ = iter(typed.values())
    card = cards.card(Message("x", (*asks, GO)), nonce="n")
    for value in sent(card, choose=lambda _: next(given_, "")):
        expected = {name: (words,) if words else () for name, words in typed.items()}
        if value is not None and "action" in value:
            assert cards.clicked(value) == (RunCommand("go"), expected)


@settings(deadline=None)
@given(MESSAGES)
def test_a_click_on_any_card_tells_of_exactly_the_inputs_that_are_on_it(message: Message) -> None:
    card = cards.card(message, nonce="n")
    drawn = [found for found in walk(card) if found.get("type", "").startswith("Input.")]
    for which, _ in enumerate(buttons(card)):
        execute, submit = map(cards.clicked, sent(card, which))
        assert execute == submit
        assert set(execute[1]) == {unsafe(one["id"].split(":", 2)[2]) for one in drawn}
        assert set(execute[1]) <= {ask.name for ask in message.all(Ask)}


@given(st.lists(st.tuples(RAWS, RAWS), min_size=1, max_size=20))
def test_every_buttons_wire_comes_back_whole(commands: list[tuple[str, str]]) -> None:
    actions = [RunCommand(name, args) for name, args in commands]
    card = cards.card(Message("x", tuple(make("Go", action) for action in actions)), nonce="n")
    check_card(card)
    back = [cards.clicked(sent(card, which)[0])[0] for which in range(len(buttons(card)))]
    assert back == actions


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["action", "data", "wire", "asked", "ask-n-0:m:x"]), WORDS),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(JSON)
def test_a_click_that_nobody_can_read_has_expired(value: object) -> None:
    action, fields = cards.clicked(value)
    assert action == Expired()
    assert all(isinstance(one, str) for values in fields.values() for one in values)


@settings(deadline=None, max_examples=25)
@given(MESSAGES)
def test_a_card_too_long_keeps_its_last_button_and_its_wire(message: Message) -> None:
    last = make("Announce", RunCommand("announce", "x" * 500))
    card = cards.card(Message("x", (*message.parts * 30, last)), nonce="n")
    check_card(card)
    assert cards.clicked(sent(card)[0])[0] == RunCommand("announce", "x" * 500)
    shown = [action["title"] for action in buttons(card)]
    assert shown[-1] == "Announce" and len(shown) <= 30 * len(message.all(Button)) + 1
    assert not any(re.search("\n", title) for title in shown)
