"""Colleagues whom nobody plays act for themselves while the clock is wound, through cards and words.

Each acts in a chat of their own with the one message in it, so that the real chat changes on its own
loop only; what came of it is then put where it belongs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from bot.content.company import Colleague, plausible_answers
from bot.core.events import Event
from bot.core.messages import Message
from bot.platforms.local.chat import BOT, Account, Change, Chat, is_private, private_chat
from bot.platforms.local.platform import LocalPlatform
from bot.platforms.local.posted import Posted
from bot.platforms.local.screen import LocalPerson
from bot.simulation.actors import Actor, Did

SLOWEST = 30  # hours before somebody reacts
FORGOTTEN = timedelta(days=3)  # what lies longer than this nobody answers any more
RISES, RETIRES = time(7), time(22)  # nobody sits at the chat outside of these


class Deed(StrEnum):
    """What somebody is about to do."""

    JOIN = "join"
    ANSWER = "answer"
    MATCH = "match"
    PAUSE = "pause"
    LEAVE = "leave"


@dataclass(frozen=True, order=True)
class Plan:
    """Somebody will do this at this moment, about this message if it is about one."""

    at: datetime
    number: int
    user: str
    deed: Deed
    posted: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a plan: how the message looks now, what was said, and what they did."""

    plan: Plan
    content: Message | None
    said: tuple[Posted, ...]
    did: tuple[Did, ...]
    aloud: str = ""  # to colleagues


class Autopilot:
    """Knows who will do what; `visited` are left to the visitor."""

    def __init__(
        self,
        chat: Chat,
        people: Iterable[Colleague],
        dispatch: Callable[[Event], Message | None],
        *,
        seed: int = 7,
        channel: str = "",
    ) -> None:
        self._chat, self._dispatch, self._channel = chat, dispatch, channel
        self._rng = Random(seed)
        self._plans: list[Plan] = []
        self._numbers = count()
        self._cast = {one.user: one for one in people if one.kind != "bot"}
        platform = LocalPlatform(chat)
        self.actors = {
            user: _actor(LocalPerson(platform, user, dispatch), one, seed)
            for user, one in self._cast.items()
        }
        self.visited: set[str] = set()
        chat.listeners.add(self.hears)

    # --- what they will do ---

    def plan(self, user: str, deed: Deed, at: datetime, posted: int = 0) -> None:
        """Have somebody do this, at the first hour from then on at which they are awake."""
        awake = _awake(at, self._cast[user].time_zone)
        heapq.heappush(self._plans, Plan(awake, next(self._numbers), user, deed, posted))

    def hears(self, change: Change) -> None:
        """A message makes somebody act after a while, or never."""
        if change is None:
            self._plans.clear()
            self.visited.clear()
            return
        user = change.conversation.removeprefix("dm:")
        if change.version > 1 or not is_private(change.conversation) or user not in self._cast:
            return
        actor, kind = self.actors[user], change.key.partition(":")[0]
        if kind == "nudge" and self._rng.random() >= actor.temperament.silent:
            self.plan(user, Deed.ANSWER, change.at + self._hours(0, SLOWEST), change.id)
        elif kind in ("round-due", "round") and self._cast[user].role == "coordinator":
            self.plan(user, Deed.MATCH, change.at + self._hours(1, 3), change.id)
        elif kind == "announced":
            self._plan_ahead(user, actor, change.at)

    def _plan_ahead(self, user: str, actor: Actor, at: datetime) -> None:
        temperament = actor.temperament
        if temperament.pauses_in:
            self.plan(user, Deed.PAUSE, at + timedelta(weeks=temperament.pauses_in))
        if temperament.leaves_in:
            self.plan(user, Deed.LEAVE, at + timedelta(weeks=temperament.leaves_in))

    def remember(self, now: datetime) -> None:
        """After a restart: what lies in the chats is still to be answered."""
        for posted in self._chat.posts():
            if posted.key.startswith("announced:") or posted.at > now - FORGOTTEN:
                self.hears(posted)
        self._plans = [plan for plan in self._plans if plan.at > now - FORGOTTEN]
        heapq.heapify(self._plans)

    def _hours(self, least: int, most: int) -> timedelta:
        return timedelta(hours=self._rng.randint(least, most))

    def next_at(self, until: datetime) -> datetime:
        """When the next of them acts, or `until`."""
        return min(self._plans[0].at, until) if self._plans else until

    # --- what they do ---

    def due(self, now: datetime) -> list[tuple[Plan, Account, Message | None]]:
        """Who acts now, and on what."""
        found = []
        while self._plans and self._plans[0].at <= now:
            plan = heapq.heappop(self._plans)
            posted, account = self._chat.find(plan.posted), self._chat.accounts.get(plan.user)
            if account and plan.user not in self.visited and (posted or not plan.posted):
                found.append((plan, account, posted.card if posted else None))
        return found

    def act(self, due: Iterable[tuple[Plan, Account, Message | None]]) -> list[Outcome]:
        """Let them, off the loop."""
        return [self._acts(*one) for one in due]

    def _acts(self, plan: Plan, account: Account, card: Message | None) -> Outcome:
        alone = Chat(clock=lambda: plan.at)
        alone.welcome(account)
        first = alone.post(private_chat(account.user), BOT, card).id if card else 0
        actor = self.actors[plan.user]
        actor.hands = LocalPerson(LocalPlatform(alone), account.user, self._dispatch)
        actor.did = []
        _do(actor, plan, card)
        said = [one for one in alone.posts() if one.id != first]
        changed = alone.find(first)
        return Outcome(
            plan,
            changed.card if changed else None,
            tuple(said),
            tuple(actor.did),
            actor.chats() if plan.deed is Deed.ANSWER else "",
        )

    def show(self, outcomes: Iterable[Outcome]) -> None:
        """Put what came of it into the real chat."""
        for outcome in outcomes:
            plan = outcome.plan
            posted = self._chat.find(plan.posted)
            if posted and outcome.content and posted.card != outcome.content:
                self._chat.replace(plan.posted, outcome.content)
            for one in outcome.said:
                self._chat.post(one.conversation, one.author, one.content)
            if outcome.aloud and self._channel:
                self._chat.post(self._channel, plan.user, outcome.aloud)
            if Did.HESITATED in outcome.did:
                self.plan(plan.user, Deed.JOIN, plan.at + self._hours(20, 40))


def _actor(hands: LocalPerson, one: Colleague, seed: int) -> Actor:
    rng = Random(f"{seed}:{one.user}")
    return Actor(hands, plausible_answers(one, rng), rng, one.locale)


def _do(actor: Actor, plan: Plan, card: Message | None) -> None:
    match plan.deed:
        case Deed.JOIN:
            actor.joins()
        case Deed.ANSWER if card is not None:
            actor.reacts(card, met=actor.rng.random() < actor.temperament.meets)
        case Deed.MATCH if card is not None:
            actor.matches(card)
        case Deed.PAUSE:
            actor.pauses()
        case Deed.LEAVE:
            actor.leaves()


def _awake(at: datetime, zone: str) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    if RISES <= local.time() < RETIRES:
        return at
    day = local.date() + timedelta(days=local.time() >= RETIRES)
    minutes = timedelta(minutes=at.minute)
    return datetime.combine(day, RISES, ZoneInfo(zone)).astimezone(at.tzinfo) + minutes
