"""What stands in Slack in the end, whatever people wrote and however Slack dislikes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.core.messages import Button, Fields, Heading, Message, Note, Text, say
from bot.platforms.slack import plainly
from bot.platforms.slack.failures import NotArrived
from bot.platforms.slack.sending import SlackPlatform
from tests.slack.fake_slack import FakeSlack, Outcome
from tests.slack.rules import check_message
from tests.slack.test_sending import HELLO, POST, fails, sent, tell
from tests.virtual_time import Time

CARD = Message(
    "A match for *you* & <!channel>",
    (
        Heading("A match"),
        Text("Meet **Noor**\non Monday"),
        Fields((("When", "ten"), ("", "https://evil.example"))),
        Button("Yes", "x"),
        Note("why"),
    ),
)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
def test_a_message_that_slack_does_not_take_as_drawn_arrives_in_plain_words(error: str) -> None:
    with capture_logs() as logs:
        slack = sent(
            replace(HELLO, message=CARD),
            prepare=lambda slack: slack.script(POST, Outcome(error)),
        )
    first, second = slack.called(POST)
    assert "blocks" in first and "blocks" not in second
    assert first["metadata"] == second["metadata"]
    words = slack.stands("DU1")[0].splitlines()
    assert words == [
        "A match for \u2217you\u2217 &amp; &lt;!channel&gt;",
        "A match",
        "Meet Noor",
        "on Monday",
        "When: ten",
        "https://evil.example",
        "why",
    ]
    assert "slack.misdrawn" in {entry["event"] for entry in logs if entry["log_level"] == "error"}


def test_what_slack_takes_in_no_way_is_tried_again_as_any_failure_and_not_for_ever() -> None:
    failure = fails(HELLO, POST, Outcome("msg_too_long"), Outcome("msg_too_long"))
    assert type(failure) is NotArrived  # the outbox counts it, and gives up in the end


@pytest.mark.parametrize(
    "words",
    ["&<>" * 20_000, "word " * 9_000, "👩🏽‍💻" * 9_000, "\n".join("<!here>" * 9_000), " \n\0"],
)
def test_plain_words_are_never_too_long_and_never_empty(words: str) -> None:
    text = plainly.text(say(words))["text"]
    assert 0 < len(text) <= plainly.MOST
    assert "<" not in text
    assert not text.endswith(("&", "&am", "&l"))


@pytest.mark.parametrize(
    "words",
    ["<!channel> <@U1> *_x_*", "x" * 40_000, "👍🏽" * 5_000, "مرحبا \u202eabc", "", "\ud800", "\n"],
)
def test_whatever_people_write_is_sent_within_what_slack_takes(words: str) -> None:
    slack = sent(replace(HELLO, message=say(words, Heading(words), Button(words, "x"))))
    [said] = slack.called(POST)
    drawn = {key: value for key, value in said.items() if key not in ("channel", "metadata")}
    check_message(drawn)
    assert "<!channel>" not in said["text"]


def test_words_that_are_sent_once_more_wait_for_their_second_as_well() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        del platform
        time = Time()
        slack.script(POST, Outcome("invalid_blocks"))
        await SlackPlatform(slack.clients, clock=time, sleep=time.sleep).send(HELLO)
        assert time.slept == [1]

    tell(story)
