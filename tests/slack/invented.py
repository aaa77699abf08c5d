"""Messages nobody in their right mind would send: any text, any number of anything."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.charts import GoalBars
from bot.core.markup import escape
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    File,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Style,
    Text,
)

NASTY = st.sampled_from(
    [
        *("<!channel>", "<!here|here>", "<@U01ALICE>", "<#C01GEN|general>", "<!subteam^S1>"),
        *("@here", "@channel", "#general", "<https://evil.example|Click>", "https://evil.example"),
        *("*x*", "_x_", "~x~", "`x`", "```x", "> quote", ">", "• item", ":tada:", "**", "__"),
        *("**x**", "_x_y", "**_x_**", "a**b**c", "**a**_b_", "(**a**)", "“**a**”", "\\*\\_"),
        *("&lt;!channel&gt;", "&amp;", "R&D", "\0", "\ud800", "\r\n", "\u2028", "\u202eabc"),
        *("👩‍👩‍👧‍👦", "🇳🇱🇧🇪", "👍🏽", "e\u0301" * 9, "a" + "\u0300" * 99, "שלום", "مرحبا"),
        *("", " ", "\n", "\u200b", "\u00a0", "\u3164"),
    ]
)
ANY = st.text(st.characters(), max_size=30)
WORDS = st.one_of(ANY, NASTY, st.builds("{}{}{}".format, NASTY, ANY, NASTY))
LONG = st.builds(
    lambda words, most: (words * most)[:most], WORDS, st.integers(min_value=1, max_value=10_000)
)
TEXTS = st.one_of(WORDS, WORDS, LONG)
SENTENCES = st.builds(
    lambda form, words: form.replace("{}", escape(words)),
    st.sampled_from(["{}", "**{}**", "_{}_", "Hi **{}**, {}!", "**{}**_{}_", "x**{}**y\n• {}"]),
    WORDS,
)
MARKUP = st.one_of(SENTENCES, WORDS, LONG.map(escape))  # as in a card: people's words escaped
DATES = st.one_of(st.dates().map(str), WORDS)
VALUES = st.lists(st.one_of(WORDS, DATES, LONG), max_size=3).map(tuple)
MANY = st.builds(
    lambda words, times: tuple((f"{words}{n}", f"{n} {escape(words)}") for n in range(times)),
    WORDS,
    st.sampled_from([1, 10, 11, 100, 101, 250]),
)
ASKS = st.builds(
    Ask,
    name=WORDS,
    label=MARKUP,
    kind=st.sampled_from(Kind),
    options=st.one_of(st.lists(st.tuples(TEXTS, MARKUP), max_size=12).map(tuple), MANY),
    value=VALUES,
    error=MARKUP,
    hint=MARKUP,
)
ROWS = st.one_of(
    st.lists(st.tuples(MARKUP, MARKUP), max_size=4).map(tuple),
    st.builds(lambda row, times: (row,) * times, st.tuples(WORDS, WORDS), st.integers(0, 40)),
)
BUTTONS = st.builds(Button, MARKUP, TEXTS, st.sampled_from(Style))
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, MARKUP),
    st.builds(Text, MARKUP),
    st.builds(Note, MARKUP),
    st.builds(Fields, ROWS),
    st.builds(Picture, st.just(GoalBars("", ())), MARKUP),
    ASKS,
    BUTTONS,
    st.builds(File, st.just("my-data.txt"), MARKUP, MARKUP),
    st.just(Rule()),
)
FEW = st.lists(PARTS, max_size=6)
MESSAGES = st.builds(
    lambda summary, parts, times: Message(summary, tuple(parts) * times),
    MARKUP,
    FEW,
    st.sampled_from([1, 1, 1, 1, 1, 2, 20]),
)
