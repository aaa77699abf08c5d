"""One letter to Slack: where it goes, whether it went before, and what stands there then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.messages import say
from bot.core.platform import Letter, Platform, Refused, TryLater, Unreachable, Unsure, Why
from bot.platforms.slack.failures import NotArrived
from bot.platforms.slack.sending import SlackPlatform
from tests.slack.fake_slack import (
    BOT_ID,
    BROKEN,
    DROPPED,
    DROPPED_AFTER,
    HANGS_AFTER,
    FakeSlack,
    Outcome,
    limited,
)
from tests.virtual_time import Time

Story = Callable[[FakeSlack, SlackPlatform], Coroutine[Any, Any, None]]
HELLO = Letter("welcome:1", "T1", "U1", say("hello"))
AGAIN = replace(HELLO, again=True)
POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"


def tell(story: Story) -> FakeSlack:
    async def whole() -> FakeSlack:
        async with FakeSlack("T1", "T2") as slack:
            time = Time()
            await story(slack, SlackPlatform(slack.clients, clock=time, sleep=time.sleep))
        return slack

    return asyncio.run(whole())


def sent(letter: Letter, *, prepare: Callable[[FakeSlack], object] = lambda _: None) -> FakeSlack:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        prepare(slack)
        await platform.send(letter)

    return tell(story)


def fails(letter: Letter, method: str, *outcomes: Outcome) -> Exception:
    with pytest.raises(Exception) as caught:
        sent(letter, prepare=lambda slack: slack.script(method, *outcomes))
    assert isinstance(caught.value, Exception)
    return caught.value


# --- where it goes ---


def test_slack_is_a_platform() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        del slack
        spoken: Platform = platform
        assert (spoken.name, spoken.room("T1"), spoken.room("T2")) == ("slack", 200, 200)

    tell(story)


def test_a_person_is_written_to_directly_with_the_key_beside_the_message() -> None:
    slack = sent(HELLO)
    [said] = slack.called(POST)
    assert said["channel"] == "U1"
    assert said["metadata"] == {
        "event_type": "koppel_delivery",
        "event_payload": {"key": "welcome:1"},
    }
    assert [call.method for call in slack.calls] == [POST]
    assert slack.stands("DU1") == ["hello"]


def test_a_chat_of_several_is_opened_once() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        letter = replace(HELLO, address="group:U1+U2")
        await platform.send(letter)
        await platform.send(replace(letter, key="b"))
        assert [said["users"] for said in slack.called(OPEN)] == ["U1,U2"]
        assert slack.stands("GU1U2") == ["hello", "hello"]

    tell(story)


def test_the_same_people_in_another_workspace_have_a_chat_of_their_own() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        letter = replace(HELLO, address="group:U1+U2")
        await platform.send(letter)
        await platform.send(replace(letter, workspace="T2"))
        assert len(slack.called(OPEN, "T1")) == len(slack.called(OPEN, "T2")) == 1

    tell(story)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("C0123456789", "C0123456789"),
        ("#mentoring", "#mentoring"),
        ("#Mentoring", "#mentoring"),  # names are in small letters there
        ("#C0123456789", "C0123456789"),  # somebody gave the id where a name was asked
        ("D0123456789", "D0123456789"),
    ],
)
def test_a_channel_is_written_to_by_id_or_name(address: str, asked: str) -> None:
    assert [said["channel"] for said in sent(replace(HELLO, address=address)).called(POST)] == [
        asked
    ]


def test_a_private_channel_that_slack_does_not_know_by_name_is_found_among_ours() -> None:
    def prepare(slack: FakeSlack) -> None:
        slack.script(POST, Outcome("channel_not_found"))
        slack.channels = {"#other": "C1", "#secret": "C2"}

    slack = sent(replace(HELLO, address="#secret"), prepare=prepare)
    assert slack.stands("C2") == ["hello"]


@pytest.mark.parametrize("address", ["#secret", "C0123456789"])
def test_a_channel_that_cannot_be_seen_is_one_to_be_invited_to(address: str) -> None:
    failure = fails(replace(HELLO, address=address), POST, Outcome("channel_not_found"))
    assert isinstance(failure, Unreachable)
    assert failure.why is Why.NOT_INVITED


def test_a_person_who_cannot_be_found_is_gone() -> None:
    for letter, method in ((HELLO, POST), (replace(HELLO, address="group:U1+U2"), OPEN)):
        failure = fails(letter, method, Outcome("channel_not_found"))
        assert isinstance(failure, Unreachable)
        assert failure.why is Why.GONE


def test_a_workspace_without_a_token_refuses() -> None:
    with pytest.raises(Refused):
        sent(replace(HELLO, workspace="T9"))


def test_whoever_wants_to_know_is_told_whom_a_letter_reached_and_may_fail() -> None:
    told: list[tuple[str, str]] = []

    def listen(workspace: str, user: str) -> None:
        told.append((workspace, user))
        raise ValueError

    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        platform.sent = listen
        await platform.send(HELLO)
        await platform.send(replace(HELLO, address="C1"))
        slack.script(POST, BROKEN)
        with pytest.raises(Unsure):
            await platform.send(HELLO)

    tell(story)
    assert told == [("T1", "U1")]


# --- asked to wait ---


def test_a_workspace_that_asks_to_wait_is_left_alone_and_no_other() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        slack.script(POST, limited(30))
        with pytest.raises(TryLater) as caught:
            await platform.send(HELLO)
        assert caught.value.wait.total_seconds() == 30
        assert (platform.room("T1"), platform.room("T2")) == (0, 200)
        with pytest.raises(TryLater):
            await platform.send(replace(HELLO, address="U2"))
        await platform.send(replace(HELLO, workspace="T2"))
        assert (len(slack.called(POST)), len(slack.called(POST, "T2"))) == (1, 1)

    tell(story)


# --- was it sent before? ---


@pytest.mark.parametrize("outcome", [DROPPED_AFTER, HANGS_AFTER, replace(BROKEN, after=True)])
def test_a_message_that_arrived_in_spite_of_all_is_not_sent_again(outcome: Outcome) -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        slack.script(POST, outcome)
        with pytest.raises(Unsure):
            await platform.send(HELLO)
        await platform.send(AGAIN)
        await platform.send(replace(AGAIN, address="DU1"))
        assert slack.stands("DU1") == ["hello"]

    tell(story)


@pytest.mark.parametrize("outcome", [DROPPED, BROKEN])
def test_a_message_that_got_lost_is_sent_again(outcome: Outcome) -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        slack.script(POST, outcome)
        with pytest.raises(Unsure):
            await platform.send(HELLO)
        assert len(slack.called(POST)) == 1  # the SDK did not try again by itself
        await platform.send(AGAIN)
        assert slack.stands("DU1") == ["hello"]

    tell(story)


def test_in_places_that_are_not_ours_to_read_a_doubt_may_cost_one_repeat() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        for address, channel in (("C1", "C1"), ("#general", "#general"), ("group:U1+U2", "GU1U2")):
            letter = replace(HELLO, address=address)
            slack.script(POST, DROPPED_AFTER)
            with pytest.raises(Unsure):
                await platform.send(letter)
            await platform.send(replace(letter, again=True))
            assert slack.stands(channel) == ["hello", "hello"]
        assert slack.called(HISTORY) == []

    tell(story)


def test_what_others_wrote_does_not_count_as_ours() -> None:
    def prepare(slack: FakeSlack) -> None:
        key = {"event_payload": {"key": HELLO.key}}
        for metadata in (key, {**key, "event_type": "other"}, {"event_type": "koppel_delivery"}):
            slack.write("T1", "DU1", {"text": "x", "metadata": metadata})
        ours = {**key, "event_type": "koppel_delivery"}
        slack.write("T1", "DU1", {"text": "forged", "metadata": ours}, bot="")
        other = {"event_type": "koppel_delivery", "event_payload": {"key": "welcome:10"}}
        slack.write("T1", "DU1", {"text": "another letter", "metadata": other}, bot=BOT_ID)

    assert sent(AGAIN, prepare=prepare).stands("DU1")[-1] == "hello"


@pytest.mark.parametrize("outcome", [BROKEN, DROPPED, Outcome("internal_error"), limited(60)])
@pytest.mark.parametrize("method", [HISTORY, "auth.test"])
def test_while_slack_cannot_tell_what_arrived_the_message_waits(
    method: str, outcome: Outcome
) -> None:
    failure = fails(AGAIN, method, outcome, outcome)  # to read, aiohttp itself asks twice
    assert isinstance(failure, TryLater)
    assert failure.wait.total_seconds() == 60


@pytest.mark.parametrize("error", ["missing_scope", "channel_not_found", "something_new"])
def test_where_slack_will_never_tell_once_too_often_is_better_than_never(error: str) -> None:
    slack = sent(AGAIN, prepare=lambda slack: slack.script(HISTORY, Outcome(error)))
    assert slack.stands("DU1") == ["hello"]


def test_a_token_that_is_refused_while_looking_back_keeps_the_message() -> None:
    assert isinstance(fails(AGAIN, HISTORY, Outcome("token_revoked")), Refused)


def test_looking_back_slows_no_other_message_down() -> None:
    async def story(slack: FakeSlack, platform: SlackPlatform) -> None:
        slack.script(HISTORY, limited(60))
        with pytest.raises(TryLater):
            await platform.send(AGAIN)
        assert platform.room("T1") == 200

    tell(story)


@pytest.mark.parametrize("outcome", [BROKEN, DROPPED])
def test_a_chat_that_could_not_be_opened_leaves_no_doubt(outcome: Outcome) -> None:
    assert isinstance(fails(replace(HELLO, address="group:U1+U2"), OPEN, outcome), NotArrived)


def test_a_token_that_cannot_be_had_just_now_leaves_no_doubt() -> None:
    async def clients(workspace: str) -> AsyncWebClient:
        raise TimeoutError(workspace)

    with pytest.raises(NotArrived):
        asyncio.run(SlackPlatform(clients).send(HELLO))
