"""Whatever is in a message, Slack takes it, reads nothing into it, and brings it back."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Expired, RunCommand
from bot.core.markup import escape, plain, spans
from bot.core.messages import Ask, Kind, Message, Note, Picture, Text, button
from bot.platforms.slack import blocks
from bot.platforms.slack.limits import clean, cut, is_seen, length, pieces
from tests.slack.invented import DATES, LONG, MARKUP, MESSAGES, SENTENCES, TEXTS, WORDS
from tests.slack.rules import (
    Drawn,
    Json,
    as_slack_reads,
    check_message,
    check_view,
    options_of,
    state,
    texts,
    walk,
)

NONCES = st.text(st.characters(), max_size=60)


@settings(deadline=None, max_examples=40)
@given(MESSAGES, NONCES)
def test_slack_takes_every_message(message: Message, nonce: str) -> None:
    files = {n: f"F{n}" for n in range(0, len(message.all(Picture)), 2)}
    check_message(blocks.message(message, nonce=nonce, files=files))


@settings(deadline=None, max_examples=40)
@given(MESSAGES, NONCES, MARKUP)
def test_slack_takes_every_page_and_form(message: Message, nonce: str, words: str) -> None:
    check_view(blocks.home(message, nonce=nonce))
    form = blocks.view(
        message, nonce=nonce, private_metadata="D1", submit=words, close=words, title=words
    )
    check_view(form)
    _, own = blocks.submitted(form["private_metadata"])
    assert own == "D1"


@settings(deadline=None, max_examples=40)
@given(MESSAGES)
def test_slack_reads_nothing_into_anybodys_words(message: Message) -> None:
    drawn = blocks.message(message, nonce="n")
    for text in texts(drawn["blocks"]):
        as_slack_reads(text)
    assert not re.search(r"[<>*_~`]|&(?!(amp|lt|gt);)|^&gt;", drawn["text"])


@settings(deadline=None, max_examples=150)
@given(st.one_of(SENTENCES, WORDS))
def test_words_look_as_they_were_meant_or_else_as_they_were_written(markup: str) -> None:
    meant = [
        (character, span.bold, span.italic)
        for span in spans(markup)
        for character in clean(span.text)
    ]
    for part in (Text(markup), Note(markup)):
        drawn = blocks.message(Message("x", (part,)), nonce="n")["blocks"]
        seen = [one for text in texts(drawn) for one in as_slack_reads(text)]
        if is_seen(clean(plain(markup))):
            assert _visible(seen) in (_visible(meant), _visible(_unstyled(meant)))


def _unstyled(drawn: Drawn) -> Drawn:
    return [(character, False, False) for character, _, _ in drawn]


def _visible(drawn: Drawn) -> Drawn:
    return [one for one in drawn if not one[0].isspace() and one[0] != "\u200b"]


@given(st.text(ascii_letters + " ,.!?:;()\n“”é-", min_size=1, max_size=40).map(str.strip))
def test_bold_stands_next_to_letters_and_signs(words: str) -> None:
    markup = f"a**{words}**b _{words}_, **{words}**_{words}_"
    (text,) = texts(blocks.message(Message("x", (Text(markup),)), nonce="n")["blocks"])
    if not re.search(r"[*_]|:[\w+'-]+:", plain(markup)):
        meant = [(c, span.bold, span.italic) for span in spans(markup) for c in span.text]
        assert _visible(as_slack_reads(text)) == _visible(meant)


@given(WORDS)
def test_a_name_with_a_mention_in_it_is_just_a_name(name: str) -> None:
    markup = f"**{escape(name)}** is your mentor"
    (text,) = texts(blocks.message(Message("x", (Text(markup),)), nonce="n")["blocks"])
    seen = "".join(character for character, _, _ in as_slack_reads(text))
    assert seen.replace("\u200b", "") == clean(plain(markup)).replace("\u200b", "")


# What is chosen or typed comes back

NAMES = st.text(st.characters(), max_size=25)
RAWS = st.text(st.characters(), max_size=60)
CHOICES = st.builds(
    Ask,
    name=NAMES,
    label=WORDS,
    kind=st.sampled_from([Kind.CHOICE, Kind.CHOICES]),
    options=st.lists(st.tuples(RAWS, WORDS), min_size=1, max_size=120).map(tuple),
    value=st.lists(RAWS, max_size=2).map(tuple),
)


def _long(ask: Ask) -> bool:
    """Whether every raw value has a place: in an option, or together in the block's id."""
    from bot.platforms.slack.inputs import safe

    wires = {safe(raw) for raw, _ in ask.options}
    return sum(len(wire) + 1 for wire in wires if not 0 < len(wire) <= 75) < 190


@settings(deadline=None)
@given(CHOICES.filter(_long), st.data())
def test_every_option_comes_back_under_its_name(ask: Ask, data: st.DataObject) -> None:
    raws = list(dict.fromkeys(raw for raw, _ in ask.options))
    wanted = data.draw(st.lists(st.sampled_from(raws), min_size=1, max_size=5, unique=True))
    wanted = wanted if ask.kind is Kind.CHOICES else wanted[:1]
    chosen = [raws.index(raw) for raw in wanted]
    drawn = blocks.home(Message("x", (ask,)), nonce="n")["blocks"]
    places = iter(range(len(raws)))

    def choose(element: Json) -> Json:
        options = [o for o in options_of(element) if next(places) in chosen]
        if ask.kind is Kind.CHOICES:
            return {"selected_options": options}
        return {"selected_option": options[0]}

    assert blocks.fields(state(drawn, choose)) == {ask.name: tuple(sorted(wanted, key=raws.index))}


@settings(deadline=None)
@given(CHOICES.filter(_long), st.data())
def test_what_was_chosen_stays_chosen_when_the_card_is_drawn_again(
    ask: Ask, data: st.DataObject
) -> None:
    raws = list(dict.fromkeys(raw for raw, _ in ask.options))
    kept = data.draw(st.lists(st.sampled_from(raws), max_size=3, unique=True))
    kept = kept if ask.kind is Kind.CHOICES else kept[:1]
    again = Ask(ask.name, ask.label, ask.kind, ask.options, tuple(kept), error="No.")
    drawn = blocks.message(Message("x", (again,)), nonce="n")["blocks"]
    back = blocks.fields(state(drawn, lambda _: None))
    assert {name: set(values) for name, values in back.items()} == {ask.name: set(kept)}


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.tuples(st.sampled_from(Kind), st.one_of(DATES, LONG)), max_size=3))
def test_what_was_typed_stays_typed(typed: dict[str, tuple[Kind, str]]) -> None:
    lists = (Kind.CHOICE, Kind.CHOICES)
    asks = tuple(
        Ask(name, "?", kind, value=(words,), error="No.")
        for name, (kind, words) in typed.items()
        if kind not in lists
    )
    drawn = blocks.view(Message("x", asks), nonce="n")["blocks"]
    back = blocks.fields(state(drawn, lambda _: None))
    assert list(back) == [ask.name for ask in asks]
    for ask in asks:
        words = cut(clean(ask.value[0]), 3_000)
        assert back[ask.name] == ((words,) if is_seen(words) else ())


@given(st.lists(st.tuples(RAWS, RAWS), min_size=1, max_size=20))
def test_every_buttons_wire_comes_back_whole(commands: list[tuple[str, str]]) -> None:
    actions = [RunCommand(name, args) for name, args in commands]
    card = Message("x", tuple(button("Go", action) for action in actions))
    drawn = blocks.home(card, nonce="n")["blocks"]
    pressed = [found for found in walk(drawn) if found.get("type") == "button"]
    assert [blocks.action_of(found) for found in pressed] == actions


@given(st.one_of(st.none(), WORDS))
def test_a_button_that_nobody_can_read_has_expired(value: str | None) -> None:
    payload: dict[str, Any] = {"type": "button", "action_id": "act:0", "value": value}
    assert blocks.action_of(payload) == Expired()


@settings(deadline=None)
@given(MESSAGES)
def test_an_error_names_the_block_of_its_input(message: Message) -> None:
    asks = message.all(Ask)[:5]
    form = blocks.view(Message("x", asks), nonce="n")["blocks"]
    wrong = blocks.errors(Message("x", asks), nonce="n")
    assert set(wrong) <= {block["block_id"] for block in form if block["type"] == "input"}
    drawn = [
        a for a in asks if a.kind not in (Kind.CHOICE, Kind.CHOICES) and is_seen(plain(a.error))
    ]
    assert len(wrong) >= len(drawn)


# Cutting and splitting


@settings(deadline=None)
@given(TEXTS, st.integers(min_value=1, max_value=200))
def test_a_cut_text_fits_and_says_so(words: str, most: int) -> None:
    short = cut(words, most)
    assert length(short) <= most
    assert short == words if length(words) <= most else short.endswith("…")
    assert words.startswith(short.removesuffix("…"))


@settings(deadline=None)
@given(TEXTS, st.integers(min_value=2, max_value=200))
def test_pieces_fit_and_lose_nothing(words: str, most: int) -> None:
    parted = [words[start:end] for start, end in pieces(words, most)]
    assert "".join(parted) == words
    assert all(length(piece) <= most for piece in parted)
