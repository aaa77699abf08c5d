"""The company behind the simulated page: its people, its clock, and the bot among them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Protocol

from sqlmodel import col, select

from bot.content import standard
from bot.content.company import Colleague, people
from bot.core.events import Event
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.platforms.local.chat import Account, Change, Chat, Posted, is_private, private_chat
from bot.platforms.local.stage import Happened, Pane, Proposal
from bot.simulation.autopilot import Autopilot, Deed
from bot.simulation.company import EVERYBODY, furnish, is_furnished, open_chat
from bot.simulation.glass import panes
from bot.simulation.headless import Headless
from bot.simulation.hours import ahead
from bot.simulation.story import Story
from bot.simulation.tour import NOOR, left_to, steps, tour
from bot.texts import translator
from handlers.router import Audience, Router
from storage import schema
from storage.database import Database
from storage.models import Programme

CLOCK = "clock"  # the chat's note of how far the clock was wound, in seconds
VISITOR = NOOR  # has not joined yet: the visitor does that
PROGRAMME = "Samen groeien"
AT_ONCE = 0.8  # of the people have joined when the visitor comes in
VISITED = "visited"  # the chat's note of whom the visitor was
WEEKS = 13  # a week to join, and twelve


class Bot(Protocol):
    """What the workspace asks of the running bot."""

    async def act(self, event: Event) -> Message | None: ...
    async def tick(self) -> None: ...
    async def idle(self, moments: Sequence[datetime]) -> int: ...
    async def post(self) -> int: ...


class SimulatedWorkspace:
    """Implements `bot.platforms.local.stage.Stage` over a bot and a chat."""

    def __init__(self, database: Database, chat: Chat) -> None:
        self._database, self._chat = database, chat
        self._wound = timedelta(seconds=float(chat.recall(CLOCK, "0")))
        self._company = people()
        chat.clock = self.now
        open_chat(chat, self._company)

    def begin(self, bot: Bot, router: Router) -> None:
        """Connect the bot."""
        self._bot, self._router = bot, router
        dispatcher = Dispatcher(self._database, router, standard(), self.now)
        self._autopilot = Autopilot(self._chat, self._company, dispatcher, channel=EVERYBODY)
        self._autopilot.visited |= set(self._chat.recall(VISITED).split())

    # --- what the page asks ---

    @property
    def accounts(self) -> Sequence[Account]:
        return tuple(self._chat.accounts.values())

    async def proposals(self) -> Sequence[Proposal]:
        return tour(self._chat, await self._database.asked(steps))

    async def end(self) -> datetime:
        """The day after the last: by then everybody was told."""
        last = await self._database.asked(lambda s: s.exec(select(col(Programme.ends_on))).first())
        day = last or self.now().date()
        return datetime.combine(day + timedelta(days=2), time(12), UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._wound

    def commands(self, language: str) -> list[tuple[str, str]]:
        t = translator(language)
        order = list(Audience)
        entries = sorted(
            self._router.commands.values(), key=lambda e: order.index(e.access.audience)
        )
        return [(f"{e.name} {e.args}".strip(), t(e.summary)) for e in entries]

    async def glass(self, user: str, conversation: str, language: str) -> Sequence[Pane]:
        t, now, channel = translator(language), self.now(), not is_private(conversation)
        return await self._database.asked(
            lambda session: panes(session, t, user, now, channel=channel)
        )

    async def act(self, event: Event) -> Message | None:
        self._autopilot.visited.add(event.who.user)
        self._chat.remember(VISITED, " ".join(sorted(self._autopilot.visited)))
        return await self._bot.act(event)

    async def wind(
        self, until: datetime, progress: Callable[[datetime], Awaitable[None]]
    ) -> list[Happened]:
        """Let the hours pass through the same jobs that run in earnest."""
        story = Story(self.now(), until)

        def listen(change: Change) -> None:
            if change is not None and change.key and change.version == 1:
                story.hear(change)

        self._chat.listeners.add(listen)
        try:
            while (now := self.now()) < until:
                hours = ahead(now, self._autopilot.next_at(until))
                idle = await self._bot.idle(hours)
                self._wound += hours[min(idle, len(hours) - 1)] - now
                self._chat.remember(CLOCK, str(self._wound.total_seconds()))
                if idle < len(hours):
                    await self._bot.tick()
                await self._colleagues_act(story)
                await progress(self.now())
        finally:
            self._chat.listeners.discard(listen)
        return [*story.told(), *await self._left_to_the_visitor()]

    async def _left_to_the_visitor(self) -> list[Happened]:
        visited, now = self._autopilot.visited, self.now()
        return await self._database.asked(lambda session: left_to(visited, session, now))

    async def _colleagues_act(self, story: Story) -> None:
        due = self._autopilot.due(self.now())
        if due:
            outcomes = await asyncio.to_thread(self._autopilot.act, due)
            self._autopilot.show(outcomes)
            for outcome in outcomes:
                story.see(outcome.did, self.now())
            await self._bot.post()

    async def start_over(self) -> None:
        """An empty database, an empty chat, and the company as it was."""
        await self._database.write(self._empty)
        self._wound = timedelta()
        self._chat.clear()
        await self.furnish()

    def _empty(self) -> None:
        schema.downgrade(self._database.url, schema.BASE)
        schema.upgrade(self._database.url)

    # --- the company ---

    async def furnish(self) -> None:
        """On first use: an organisation, a programme, and colleagues who have joined already."""
        scratch = await asyncio.to_thread(self._furnish)
        for posted in scratch:
            self._chat.post(posted.conversation, posted.author, posted.content, key=posted.key)
        for account in self.accounts if scratch else ():
            self._chat.mark_read(account.user, private_chat(account.user))
        self._autopilot.remember(self.now())
        self._plan_to_join()

    def _plan_to_join(self) -> None:
        """Who has not joined yet does so in the first days, unless the visitor was to."""
        for one in self._company:
            silent = not self._chat.posts_in(private_chat(one.user))
            if _joins(one) and silent:
                at = self.now() + timedelta(hours=Random(one.user).randint(2, 100))
                self._autopilot.plan(one.user, Deed.JOIN, at)

    def _furnish(self) -> list[Posted]:
        """Everybody acts in a chat of its own, so that this may take a while and disturbs nobody;
        what was said there moves to the real one."""
        now = self.now()
        with self._database.transaction() as session:
            if is_furnished(session):
                return []
            chat = Chat(clock=lambda: now)
            furnish(
                session,
                chat,
                self._company,
                programme=PROGRAMME,
                starts_on=now.date(),
                ends_on=now.date() + timedelta(weeks=WEEKS),
            )
        said: dict[int, Posted] = {}
        chat.listeners.add(lambda change: said.update({change.id: change}) if change else None)
        bot = Headless(self._database, chat, lambda: now)
        try:
            for number, one in enumerate(self._company):
                if _joins(one) and Random(number).random() < AT_ONCE:
                    actor = self._autopilot.actors[one.user]
                    actor.hands = bot.person(one.user)
                    if not actor.joins():
                        actor.joins()
        finally:
            bot.close()
        return [posted for _, posted in sorted(said.items())]


def _joins(one: Colleague) -> bool:
    """Whether somebody joins by themselves: staff look on, and the visitor is left something."""
    return one.kind == "employee" and not one.role and one.user != VISITOR
