"""Messages nobody in their right mind would send, with all that a Teams client might read in them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.core.charts import GoalBars
from bot.core.markup import escape
from bot.core.messages import Ask, Fields, Heading, Kind, Message, Note, Part, Picture, Rule, Text
from tests.slack import invented
from tests.slack.invented import ANY, BUTTONS, DATES, VALUES

NASTY = st.sampled_from(
    [
        *(
            "[Click](https://evil.example)",
            "[x]: https://evil.example",
            "![x](https://e.example/p)",
        ),
        *(
            "<at>Noor</at>",
            "<b>x</b>",
            "<https://evil.example>",
            "<!-- x -->",
            "&lt;b&gt;",
            "&#42;",
        ),
        *("{{DATE(2017-02-14T06:08:39Z, SHORT)}}", "{{TIME(2017-02-14T06:08:39Z)}}", "{{{x}}}"),
        *(
            "- x",
            "+ x",
            "* x",
            "1. x",
            "12) x",
            "# x",
            "> x",
            "---",
            "===",
            "    x",
            "\tx",
            "| a | b",
        ),
        *(
            "```\nx\n```",
            "~~x~~",
            "***x***",
            "__x__",
            "a_b_c",
            "\\*x\\*",
            "x\n\ny",
            "x\ny",
            "\n- x",
        ),
        *("noor@example.nl", "www.evil.example", "evil.example", "HTTPS://EVIL.EXAMPLE", "tel:112"),
        *(
            "a,b",
            ",",
            ";",
            "=",
            "%2C",
            "a b",
            " x ",
            "ask-n-0:t:x",
            "null",
            "true",
            "1,5",
            "²",
            "[",
            "](",
        ),
    ]
)
HOSTILE = st.one_of(
    NASTY, st.builds("{}{}{}".format, NASTY, ANY, NASTY), st.builds("{}\n{}".format, ANY, NASTY)
)
WORDS = st.one_of(invented.WORDS, HOSTILE)
SENTENCES = st.builds(
    lambda form, words: form.replace("{}", escape(words)),
    st.sampled_from(["{}", "**{}**", "_{}_", "Hi **{}**, {}!", "**{}**_{}_", "x**{}**y\n• {}"]),
    WORDS,
)
MARKUP = st.one_of(SENTENCES, invented.MARKUP, WORDS)
ASKS = st.one_of(
    invented.ASKS,
    st.builds(
        Ask,
        name=WORDS,
        label=MARKUP,
        kind=st.sampled_from(Kind),
        options=st.lists(st.tuples(WORDS, MARKUP), max_size=12).map(tuple),
        value=st.one_of(VALUES, st.lists(st.one_of(WORDS, DATES), max_size=3).map(tuple)),
        error=MARKUP,
        hint=MARKUP,
    ),
)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, MARKUP),
    st.builds(Text, MARKUP),
    st.builds(Note, MARKUP),
    st.builds(Fields, st.lists(st.tuples(MARKUP, MARKUP), max_size=4).map(tuple)),
    st.builds(Picture, st.just(GoalBars("", ())), MARKUP),
    ASKS,
    BUTTONS,
    st.just(Rule()),
)
MESSAGES = st.one_of(
    invented.MESSAGES,
    st.builds(Message, MARKUP, st.lists(PARTS, max_size=6).map(tuple)),
)
