"""Pictures come below their message, and what happens to them never touches the message."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs

import bot.pictures
from bot.core.charts import GoalBar, GoalBars
from bot.core.messages import Message, Picture, Text
from bot.core.platform import Letter, Unsure
from bot.platforms.slack import sharing
from bot.platforms.slack.sending import SlackPlatform
from scheduler.delivery import SEND_WITHIN
from tests.slack.fake_slack import BROKEN, DROPPED_AFTER, HANGS_AFTER, FakeSlack, Outcome, limited
from tests.slack.rules import shown
from tests.slack.test_sending import sent, tell
from tests.virtual_time import Time

CHART = GoalBars("Goals", (GoalBar("Joined", 60, 80, "60", "of 80"),))
CARD = Message("Your week", (Text("Your week"), Picture(CHART, "**60** of 80 joined")))
LETTER = Letter("digest:1", "T1", "#mentoring", CARD)
ASK, DONE = "files.getUploadURLExternal", "files.completeUploadExternal"


def pictures(slack: FakeSlack, channel: str = "C1") -> int:
    return sum("files" in message for message in slack.messages["T1", channel])


def known(slack: FakeSlack) -> None:
    slack.channels = {"#mentoring": "C1"}


def sent_while(method: str, *outcomes: Outcome, always: Outcome | None = None) -> FakeSlack:
    def prepare(slack: FakeSlack) -> None:
        known(slack)
        slack.script(method, *outcomes)
        slack.always(method, always)

    return sent(LETTER, prepare=prepare)


def test_a_picture_is_shared_where_its_message_stands_with_what_it_shows_in_words() -> None:
    slack = sent(LETTER, prepare=known)
    [asked], [done] = slack.called(ASK), slack.called(DONE)
    assert done["channel_id"] == "C1"  # Slack takes no name here
    assert asked["alt_txt"] == "60 of 80 joined"
    [drawn] = slack.files.values()
    assert Image.open(BytesIO(drawn)).format == "PNG"
    assert [bool(message.get("files")) for message in slack.messages["T1", "C1"]] == [False, True]


def test_the_message_does_not_say_again_what_the_picture_shows() -> None:
    slack = sent(LETTER, prepare=known)
    [said] = slack.called("chat.postMessage")
    assert "60 of 80 joined" not in shown(said["blocks"])
    assert "image" not in {block["type"] for block in said["blocks"]}
    assert slack.called("chat.update") == []


def test_in_a_private_chat_it_comes_as_well() -> None:
    assert pictures(sent(replace(LETTER, address="U1")), "DU1") == 1


def test_a_message_without_pictures_uploads_nothing() -> None:
    slack = sent(replace(LETTER, message=Message("hi", (Text("hi"),))))
    assert slack.called(ASK) == []


@pytest.mark.parametrize("outcome", [BROKEN, Outcome("internal_error"), limited(7)])
def test_a_picture_that_fails_is_tried_three_times(outcome: Outcome) -> None:
    slack = sent_while(ASK, outcome, outcome)
    assert pictures(slack) == 1
    assert len(slack.called(ASK)) == 3
    assert slack.stands("C1") == ["Your week", ""]


def test_a_picture_waits_as_long_as_slack_asks() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        del platform
        time = Time()
        slack.script(ASK, limited(7), BROKEN)
        patient = SlackPlatform(slack.clients, clock=time, sleep=time.sleep)
        await patient.send(replace(LETTER, address="U1"))
        assert time.slept == [7, sharing.WAITS[1]]

    tell(story)


@pytest.mark.parametrize(
    "outcome", [BROKEN, Outcome("missing_scope"), Outcome("token_revoked"), limited(7)]
)
@pytest.mark.parametrize("method", [ASK, DONE])
def test_a_picture_that_cannot_be_shared_is_told_in_words_where_the_message_stands(
    method: str, outcome: Outcome
) -> None:
    with capture_logs() as logs:
        slack = sent_while(method, always=outcome)
    assert slack.stands("C1") == ["Your week"]
    assert len(slack.called(method)) <= 3
    assert "slack.picture_lost" in {entry["event"] for entry in logs}
    [words] = slack.called("chat.update")
    assert words["ts"] == slack.messages["T1", "C1"][0]["ts"]
    assert "60 of 80 joined" in shown(words["blocks"])


def test_a_picture_that_may_be_there_is_not_shared_twice() -> None:
    for outcome in (DROPPED_AFTER, HANGS_AFTER, replace(BROKEN, after=True)):
        assert pictures(sent_while(DONE, outcome)) == 1


def test_a_drawing_that_fails_does_not_repeat_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(chart: Any) -> bytes:
        raise ValueError(chart)

    monkeypatch.setattr(bot.pictures, "png", broken)
    assert sent(LETTER, prepare=known).stands("C1") == ["Your week"]


def test_a_picture_never_takes_the_time_in_which_a_message_counts_as_lost() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        del platform
        slack.always(ASK, Outcome(hang=True))
        time = iter((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
        late = SlackPlatform(slack.clients, clock=lambda: next(time, SEND_WITHIN - 3.5))
        async with asyncio.timeout(1.5):  # the client itself would wait longer
            await late.send(replace(LETTER, address="U1"))
        assert slack.stands("DU1") == ["Your week"]

    tell(story)


def test_a_message_found_to_have_arrived_is_left_as_it_is() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        letter = replace(LETTER, address="U1")
        slack.script("chat.postMessage", DROPPED_AFTER)
        with pytest.raises(Unsure):
            await platform.send(letter)
        await platform.send(replace(letter, again=True))
        assert slack.stands("DU1") == ["Your week"]

    tell(story)
