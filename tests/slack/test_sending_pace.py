"""Slack is never sent more than it takes, and everything arrives in order all the same."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.messages import say
from bot.core.platform import Letter, TryLater
from bot.platforms import pace
from bot.platforms.slack.places import MOST_KNOWN, Places
from bot.platforms.slack.sending import TAKES, SlackPlatform
from scheduler.delivery import BATCH, SEND_WITHIN
from tests import virtual_time

LETTERS = st.lists(st.sampled_from(["C1", "C2", "U1", "#general"]), max_size=60)
LATENCIES = st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.9]), min_size=1, max_size=5)


@dataclass
class Posted:
    place: str
    key: str
    start: float
    counted: float  # by Slack, somewhere between start and end
    end: float = 0.0


class Recorder:
    """Takes as long over each post as it was told, and counts it somewhere in between."""

    def __init__(self, latencies: Sequence[float]) -> None:
        self.posted: list[Posted] = []
        self._latencies, self._parts = cycle(latencies), cycle((0.0, 0.5, 1.0))

    async def chat_postMessage(self, channel: str, metadata: Any, **drawn: Any) -> Any:
        assert drawn["blocks"]
        latency, part = next(self._latencies), next(self._parts)
        start = virtual_time.now()
        key = metadata["event_payload"]["key"]
        posted = Posted(channel, key, start, start + latency * part)
        self.posted.append(posted)
        await asyncio.sleep(latency)
        posted.end = virtual_time.now()
        return {"channel": channel}


def platform_for(recorder: Recorder, per_minute: int) -> SlackPlatform:
    async def clients(workspace: str) -> AsyncWebClient:
        del workspace
        return cast(AsyncWebClient, recorder)

    return SlackPlatform(clients, limit=TAKES._replace(posts=per_minute), clock=virtual_time.now)


async def goes_round(platform: SlackPlatform, letters: Sequence[Letter]) -> int:
    """As the post does; how many were told to come later."""
    waiting, later = list(letters), 0
    while waiting:
        room = min(BATCH, platform.room("T1"))
        batch, waiting = waiting[:room], waiting[room:]
        begun = virtual_time.now()
        ends = await asyncio.gather(*map(platform.send, batch), return_exceptions=True)
        assert virtual_time.now() - begun <= SEND_WITHIN
        for letter, end in zip(batch, ends, strict=True):
            assert end is None or isinstance(end, TryLater)
            waiting += [letter] if end else []
            later += bool(end)
        await asyncio.sleep(0.5)
    return later


def letters_to(places: Sequence[str]) -> list[Letter]:
    return [Letter(str(n), "T1", place, say("hello")) for n, place in enumerate(places)]


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.integers(1, 20), LATENCIES)
def test_whatever_is_sent_no_limit_of_slack_is_passed_and_the_order_stays(
    places: list[str], per_minute: int, latencies: list[float]
) -> None:
    recorder, letters = Recorder(latencies), letters_to(places)
    later = virtual_time.run(goes_round(platform_for(recorder, per_minute), letters))
    counted = sorted(post.counted for post in recorder.posted)
    for first, over in zip(counted, counted[per_minute:], strict=False):
        assert over - first > 60
    by_place: dict[str, list[Posted]] = defaultdict(list)
    for post in recorder.posted:
        by_place[post.place].append(post)
    for one, next_ in (pair for posts in by_place.values() for pair in pairwise(posts)):
        assert next_.start >= one.start + 1 - 1e-9
        assert next_.start >= one.end
        assert int(next_.key) > int(one.key)
    assert later == 0
    assert len(recorder.posted) == len(letters)


def test_a_minute_holds_two_hundred_and_not_one_more() -> None:
    recorder = Recorder([0.1])
    platform = platform_for(recorder, 200)
    letters = letters_to([f"U{number}" for number in range(500)])
    virtual_time.run(goes_round(platform, letters))
    assert sum(post.start < 60 for post in recorder.posted) == 200
    assert recorder.posted[-1].end < 130


def test_who_waits_too_long_behind_a_slow_channel_comes_later_and_nobody_is_in_doubt() -> None:
    recorder = Recorder([2.5])
    places = ["C1"] * BATCH
    later = virtual_time.run(goes_round(platform_for(recorder, 200), letters_to(places)))
    assert later > 0
    assert sorted(post.key for post in recorder.posted) == sorted(map(str, range(BATCH)))


def test_nobody_waits_behind_a_post_that_hangs_until_they_count_as_lost() -> None:
    async def story() -> None:
        platform = platform_for(Recorder([100.0]), 200)
        one, other = letters_to(["C1"] * 2)
        first = asyncio.create_task(platform.send(one))
        await asyncio.sleep(1)
        with pytest.raises(TryLater):
            await platform.send(other)
        assert virtual_time.now() < 1 + SEND_WITHIN
        await first

    virtual_time.run(story())


def test_channels_do_not_wait_for_each_other() -> None:
    recorder = Recorder([1.0])
    places = [f"C{number}" for number in range(BATCH)]
    virtual_time.run(goes_round(platform_for(recorder, 200), letters_to(places)))
    assert {post.start for post in recorder.posted} == {0.0}


def test_even_beyond_what_there_was_room_for_nothing_is_posted_too_soon() -> None:
    recorder = Recorder([0.1])

    async def all_at_once() -> list[Any]:
        platform = platform_for(recorder, 5)
        sends = (platform.send(letter) for letter in letters_to([f"U{n}" for n in range(9)]))
        return await asyncio.gather(*sends, return_exceptions=True)

    ends = virtual_time.run(all_at_once())
    assert [isinstance(end, TryLater) for end in ends] == [False] * 5 + [True] * 4
    assert len(recorder.posted) == 5


def test_a_letter_that_is_given_up_while_it_waits_leaves_the_channel_to_the_next() -> None:
    recorder = Recorder([5.0])

    async def story() -> None:
        platform = platform_for(recorder, 200)
        one, other, third = letters_to(["C1"] * 3)
        first = asyncio.create_task(platform.send(one))
        second = asyncio.create_task(platform.send(other))
        await asyncio.sleep(1)
        second.cancel()
        await first
        await platform.send(third)

    virtual_time.run(story())
    assert [post.key for post in recorder.posted] == ["0", "2"]


def test_what_is_remembered_stays_small() -> None:
    lanes = pace.Lanes(clock := virtual_time.now, asyncio.sleep, 1.0)

    async def many() -> None:
        for number in range(3 * pace.MOST_REMEMBERED):
            async with lanes.turn(("T1", f"C{number}"), 1):
                pass
            await asyncio.sleep(0.01 if number % 2 else 0)
        assert clock() > 1

    virtual_time.run(many())
    assert len(lanes._free_at) <= pace.MOST_REMEMBERED
    assert lanes._lanes == {}
    places = Places()
    for number in range(2 * MOST_KNOWN):
        places.remember("T1", f"U{number}", f"D{number}")
        assert places.known("T1", "U0") == "D0"  # what is used is kept
    assert len(places._known) == MOST_KNOWN
    assert places.known("T1", "U1") == "U1"
