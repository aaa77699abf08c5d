"""The one place where everything meets: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot import garbage, logs
from bot.cards import common
from bot.content import Content, skills, standard
from bot.core.events import Event, Who
from bot.core.messages import Message
from bot.core.news import News
from bot.core.platform import Platform
from bot.core.watching import NOBODY, Watcher
from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.metrics import Metrics
from bot.platforms.drawn import WIRES
from bot.platforms.listening import listen
from bot.platforms.local import chat_file, page
from bot.platforms.local.chat import Chat
from bot.platforms.local.platform import LocalPlatform
from bot.platforms.slack.scopes import REQUESTS
from bot.platforms.teams.names import MESSAGES
from bot.platforms.turnstile import ADDRESS, PERSON, Turnstile, by_address
from bot.settings import Settings
from bot.simulation.workspace import SimulatedWorkspace
from bot.texts import translator
from handlers.routes import router
from scheduler import clock
from scheduler.delivery import Post
from scheduler.soon import Soon
from storage import computing, holding, opening, schema, sending
from storage.database import Database
from storage.outages import Away
from storage.people import DEFAULTS, Defaults

if TYPE_CHECKING:
    from bot.platforms.slack.serving import Slack
    from bot.platforms.teams.serving import Teams

log = structlog.get_logger()
GRACE = 8.0  # seconds to finish what is in hand
LOOK_EVERY = 2.0  # seconds between looks at whether what is held was released
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that waits for the last is normal


class App:
    """The bot at work on one database: events in, promises out, jobs at their time."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        content: Content | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        organisation: str = "",
        defaults: Defaults = DEFAULTS,
        watcher: Watcher = NOBODY,
        lease: timedelta = sending.LEASE,
    ) -> None:
        self.database, self.platforms, self.now = database, platforms, now
        self._watcher = watcher
        self.content = content or standard()
        self._dispatch = Dispatcher(database, router, self.content, now, organisation, defaults)
        self._post = Post(database, platforms, watcher, lease)
        self._people = Turnstile(*PERSON)
        self._soon = Soon(self._look)

    async def act(self, event: Event) -> Message | None:
        """Have an event handled, and what it promised sent at once. When that fails the answer says
        so kindly, with a number under which the log has the reason."""
        began, kind = time.monotonic(), type(event).__name__
        with structlog.contextvars.bound_contextvars(trace=secrets.token_hex(4)):
            try:
                answer = await self.database.write(lambda: self._dispatch(event))
            except Exception as error:
                self._watcher.handled(kind, time.monotonic() - began, failed=True)
                return await self._sorry(event, error)
        self._watcher.handled(kind, time.monotonic() - began, failed=False)
        if self._dispatch.promised:
            self._soon.ask()
        return answer

    def admits(self, who: Who) -> bool:
        """Whether somebody may do one thing more; not who does more than anybody can."""
        return self._people.admits(who)

    async def too_often(self, event: Event) -> Message:
        """What to say to somebody who is not admitted."""
        return common.too_often(translator(await self._language(event)))

    async def _look(self) -> None:
        """Send what was promised."""
        self._dispatch.promised = False  # what is promised from here on needs another look
        await self._post_quietly()

    async def hear(self, news: News) -> bool:
        """Have remembered what a platform tells by itself; False when it was heard before."""
        return await self.database.write(lambda: self._dispatch.hear(news))

    async def post(self) -> int:
        """Send what is due; how much was tried."""
        return await self._post.round(self.now())

    async def _sorry(self, event: Event, error: Exception) -> Message:
        reference = secrets.token_hex(3).upper()
        # Where it happened, and not what was said: the words of an error may be a person's.
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        log.error(
            "event.failed",
            reference=reference,
            kind=type(event).__name__,
            error=type(error).__name__,
            at=[f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
        )
        return common.failed(translator(await self._language(event)), reference)

    async def _language(self, event: Event) -> str:
        try:
            return await self.database.read(lambda: self._dispatch.language_of(event))
        except Exception:  # the database itself may be what fails
            return "en"

    async def tick(self) -> None:
        """Every job once, then the post: for a clock that is wound by hand."""
        if not await self._is_held():
            await asyncio.to_thread(clock.run_jobs, self.database, self.content, self.now())
        await self.post()

    async def idle(self, moments: Sequence[datetime]) -> int:
        """How many of these moments have nothing to do, for a clock that is wound by hand."""
        return await self.database.read(lambda: clock.idle(self.database, moments))

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The clock ticks while the body runs; what is in hand at the end is finished."""
        if self.database.is_sqlite:
            await self.database.write(self._release)
        held = await self._is_held()
        ticking = clock.start(
            self.database, self.content, self.now, self._post_quietly, watcher=self._watcher
        )
        released = asyncio.create_task(self._until_released(ticking)) if held else None
        try:
            yield
        finally:
            if released:
                released.cancel()
            # What is being sent is sent and noted, or a restart would send it again; the rest waits.
            ticking.pause()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GRACE):
                    await ticking.long_jobs_end()
                    await self._post.finish(stop=True)
                    await self._soon.finish()
            ticking.shutdown()

    async def _until_released(self, ticking: clock.Ticking) -> None:
        """A clock that stands still for as long as everything is held."""
        ticking.scheduler.pause()
        log.warning("held", why="A backup was put back.", then="koppel release")
        while await self._is_still_held():
            await asyncio.sleep(LOOK_EVERY)
        ticking.scheduler.resume()
        log.info("released")

    async def _is_still_held(self) -> bool:
        try:
            return await self._is_held()
        except Away:
            return True

    async def _is_held(self) -> bool:
        return await self.database.asked(holding.since) is not None

    def _release(self) -> None:
        with self.database.transaction() as session:
            sending.release_all(session)
            computing.release_all(session)

    async def _post_quietly(self) -> None:
        try:
            await self._post.start(self.now())
        except asyncio.CancelledError:
            pass  # the clock stops; what was not taken up waits for the next start
        except Away:
            pass
        except Exception as error:  # the next tick tries again
            log.error("post.failed", error=type(error).__name__)


def serve(settings: Settings) -> None:
    """Run until stopped: in the chats that the settings name, else the simulated workspace."""
    logs.begin(settings.log_level, settings.log_format)
    garbage.look_less()
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    if settings.database.startswith("sqlite"):
        schema.upgrade(settings.database)
    elif not schema.is_up_to_date(settings.database):
        raise SystemExit("The database is not up to date. Run: koppel migrate")
    database = opening.opened(settings.database, settings.keys, settings.erased)
    try:
        in_chats = settings.slack or settings.teams
        await (serve_chats if in_chats else serve_simulation)(settings, database)
    finally:
        database.close()


async def serve_chats(
    settings: Settings,
    database: Database,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """The bot in real workspaces, until stopped."""
    chats, metrics = _chats(settings, database), Metrics()
    app = App(
        database,
        {chat.platform.name: chat.platform for chat in chats},
        now=now,
        organisation=settings.organisation,
        defaults=Defaults(
            settings.default_locale, settings.default_time_zone, settings.default_country
        ),
        watcher=metrics,
    )
    limited = by_address((REQUESTS, MESSAGES), Turnstile(*ADDRESS))
    application = web.Application(middlewares=[limited])
    heard = {chat.platform.name: chat for chat in chats}
    Health(database, heard, metrics, now).routes(application.router)
    # At the end nothing more is heard first; then what is being sent arrives; then we hang up.
    async with AsyncExitStack() as stack:
        if settings.one_core and not database.is_sqlite:
            await stack.enter_async_context(database.core.together())
        # Whoever types a skill first does not wait until all skills are laid out.
        await asyncio.to_thread(skills.standard().lay_out)
        for chat in chats:
            await stack.enter_async_context(chat.connected())
        await stack.enter_async_context(app.working())
        for chat in chats:
            listening = chat.working(app, application.router, app.now)
            await stack.enter_async_context(listening)
        path = REQUESTS if settings.slack else MESSAGES
        await listen(application, settings, f"http://{settings.host}:{{port}}{path}")


def _chats(settings: Settings, database: Database) -> list[Slack | Teams]:
    """The chat platforms that the settings name. Their libraries take seconds to load, so whoever
    opens the simulated workspace does without."""
    found: list[Slack | Teams] = []
    if settings.slack:
        from bot.platforms.slack.serving import Slack

        found.append(Slack(settings, database))
    if settings.teams:
        from bot.platforms.teams.serving import Teams

        found.append(Teams(settings, database))
    return found


async def serve_simulation(settings: Settings, database: Database) -> None:
    """The simulated workspace on this machine, until stopped."""
    chat = Chat(chat_file.beside(database.url))
    platform = LocalPlatform(chat)
    stage = SimulatedWorkspace(database, chat)
    app = App(database, {platform.name: platform}, now=stage.now)
    stage.begin(app, router)
    try:
        log.info("opening", what="the simulated company; the first time takes a few seconds")
        await stage.furnish()
        async with app.working():
            page_of = f"http://{settings.host}:{{port}}/"
            await listen(page.build(stage, platform, WIRES), settings, page_of)
    finally:
        chat.close()
