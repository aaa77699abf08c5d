"""Teams is never sent more than it takes, and everything arrives in order all the same."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.platform import Limit, TryLater
from bot.platforms.pace import MOST_REMEMBERED, Budget
from bot.platforms.teams.pace import CONVERSATION, TENANT, Paces
from scheduler.delivery import BATCH, SEND_WITHIN
from tests import virtual_time
from tests.teams.fake_connector import Outcome, limited
from tests.teams.posting import POSTS, Office, tell
from tests.world import World

PATIENCE = 20.0
CHATS = st.lists(st.sampled_from(["a:noor", "a:bram", "19:team"]), max_size=150)
LATENCIES = st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.9]), min_size=1, max_size=5)


class Recorder:
    """Takes as long over each post as it was told, and counts it somewhere in between."""

    def __init__(self, latencies: Sequence[float] = (0.1,)) -> None:
        self.pace = Paces(virtual_time.now, asyncio.sleep)
        self.counted: dict[str, list[tuple[float, int]]] = defaultdict(list)
        self._latencies, self._parts = cycle(latencies), cycle((0.0, 0.5, 1.0))

    async def post(self, chat: str, number: int) -> None:
        until = virtual_time.now() + PATIENCE
        async with self.pace.turn("T1", chat, until), self.pace.one("T1", chat, until):
            latency = next(self._latencies)
            self.counted[chat].append((virtual_time.now() + latency * next(self._parts), number))
            await asyncio.sleep(latency)

    async def goes_round(self, chats: Sequence[str]) -> int:
        """As the post does; how many were told to come later."""
        waiting, later = list(enumerate(chats)), 0
        while waiting:
            room = min(BATCH, self.pace.room("T1"))
            batch, waiting = waiting[:room], waiting[room:]
            begun = virtual_time.now()
            sends = (self.post(chat, number) for number, chat in batch)
            ends = await asyncio.gather(*sends, return_exceptions=True)
            assert virtual_time.now() - begun <= SEND_WITHIN
            for one, end in zip(batch, ends, strict=True):
                assert end is None or isinstance(end, TryLater)
                waiting += [one] if end else []
                later += bool(end)
            await asyncio.sleep(60 if any(ends) else 0.01)
        return later


def check(counted: Sequence[float], limits: Sequence[Limit]) -> None:
    ordered = sorted(counted)
    for limit in limits:
        for first, over in zip(ordered, ordered[limit.posts :], strict=False):
            assert over - first > limit.seconds - 1e-6, limit


@settings(max_examples=60, deadline=None)
@given(CHATS, LATENCIES)
def test_whatever_is_sent_no_limit_of_teams_is_passed_and_the_order_stays(
    chats: list[str], latencies: list[float]
) -> None:
    recorder = Recorder(latencies)
    virtual_time.run(recorder.goes_round(chats))
    posts = [post for each in recorder.counted.values() for post in each]
    assert len(posts) == len(chats)
    check([at for at, _ in posts], TENANT)
    for each in recorder.counted.values():
        check([at for at, _ in each], CONVERSATION)
        if len(chats) <= BATCH:
            assert all(one[1] < other[1] for one, other in pairwise(each))


def test_an_hour_in_one_conversation_holds_eighteen_hundred() -> None:
    recorder = Recorder()

    virtual_time.run(recorder.goes_round(["a:noor"] * 1_900))
    counted = [at for at, _ in recorder.counted["a:noor"]]
    check(counted, CONVERSATION)
    assert counted[1_799] < 3_600 < counted[1_800]


def test_a_large_programme_is_told_in_a_minute() -> None:
    recorder = Recorder()

    async def story() -> float:
        assert await recorder.goes_round([f"a:{n}" for n in range(1_000)]) == 0
        return virtual_time.now()

    assert virtual_time.run(story()) < 60
    check([at for each in recorder.counted.values() for at, _ in each], TENANT)


def test_a_conversation_that_asks_to_wait_holds_up_no_other(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor", "bram")
        office.teams.script(POSTS, limited(60))
        for seconds in (60, 60):
            with pytest.raises(TryLater) as caught:
                await office.sends("noor")
            assert caught.value.wait == timedelta(seconds=seconds)
        assert len(office.teams.called(POSTS)) == 1  # the second letter was not even asked
        await office.sends("bram")
        assert office.platform.room("T1") == 30
        office.passes(61)
        await office.sends("noor")
        assert office.teams.stands("a:noor") == ["hello"]

    tell(world, story)


def test_a_tenant_that_asks_to_wait_is_left_alone_and_no_other(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor", "bram")
        whole = '{"error": {"code": "Throttled", "message": "Too many requests of this tenant."}}'
        office.teams.script(POSTS, Outcome(429, text=whole, retry_after="60"))
        for user in ("noor", "bram"):
            with pytest.raises(TryLater):
                await office.sends(user)
        assert (office.platform.room("T1"), office.platform.room("T2")) == (0, 30)
        assert len(office.teams.called(POSTS)) == 1
        office.passes(61)
        assert office.platform.room("T1") == 30

    tell(world, story)


def test_a_short_wait_is_waited_for_at_once(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, limited(5))
        with pytest.raises(TryLater):
            await office.sends("noor")
        await office.sends("noor")
        assert sum(office.time.slept) == pytest.approx(5, abs=0.1)

    tell(world, story)


def test_budgets_that_nobody_needs_any_more_are_forgotten() -> None:
    async def story() -> None:
        pace = Paces(virtual_time.now, asyncio.sleep)
        for number in range(5 * MOST_REMEMBERED):
            async with pace.one("T1", f"a:{number}", virtual_time.now() + PATIENCE):
                pass
            await asyncio.sleep(10)
        assert len(pace._conversations) <= MOST_REMEMBERED

    virtual_time.run(story())


def test_a_budget_says_when_there_is_room_again() -> None:
    now = [0.0]
    budget = Budget((Limit(2, 1), Limit(3, 10)), lambda: now[0])
    for at in (0.0, 0.5):
        now[0] = at
        with budget.one():
            pass
    assert budget.wait() == pytest.approx(0.5, abs=0.01)
    now[0] = 1.1
    assert budget.wait() == 0
    with budget.one():
        assert budget.left() == 0
    assert budget.wait() == pytest.approx(8.9, abs=0.01)
    with pytest.raises(TryLater), budget.one():
        pass
