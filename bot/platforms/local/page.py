"""The page of the simulated workspace: be anybody of an invented company, and wind the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from aiohttp import web

from bot.core.charts import Chart
from bot.core.messages import Message, Picture
from bot.pictures import png
from bot.platforms.local import guard
from bot.platforms.local.browsers import (
    LANGUAGE,
    ME,
    chosen_language,
    frame,
    html,
    number,
    remember,
    translator_for,
    word,
)
from bot.platforms.local.chat import Posted, private_chat
from bot.platforms.local.live import Stream, Streams
from bot.platforms.local.platform import LocalPlatform, Unseen
from bot.platforms.local.stage import Proposal, Stage
from bot.platforms.local.view import AT_ONCE, HERE, View, Viewer, Wires, people_of
from bot.platforms.local.winding import STEPS, Winding, goal

BODY_LIMIT = 64 * 1024  # bytes: many times the longest answer
LONGEST = 200  # characters that a link may put into the composer
BREATH = 0.08  # seconds between two batches of news for one page
NO_WIRES: Wires = MappingProxyType({})
QUIET = 20.0  # seconds of silence after which a page hears that we are still there

draw_once = lru_cache(64)(png)


def build(stage: Stage, platform: LocalPlatform, wires: Wires = NO_WIRES) -> web.Application:
    """The page as an application that can stand alone or below another one; `wires` draw a card as
    other chat services get it."""
    page = Page(stage, platform, wires)
    app = web.Application(middlewares=[guard.only_here], client_max_size=BODY_LIMIT)
    app.on_response_prepare.append(guard.add_headers)
    app.on_shutdown.append(page.close)
    app.add_routes(
        [
            web.get("/", page.show),
            web.get("/welcome", page.welcome),
            web.get("/earlier", page.earlier),
            web.get("/live", page.live),
            web.get("/glass", page.glass),
            web.get(r"/wire/{id:\d{1,12}}", page.wire),
            web.get(r"/pictures/{id:\d{1,12}}/{number:\d{1,3}}.png", page.picture),
            web.post("/say", page.say),
            web.post("/press", page.press),
            web.post("/wind", page.wind),
            web.post("/put-away", page.put_away),
            web.post("/start-over", page.start_over),
            web.static("/static", HERE / "static"),
        ]
    )
    return app


class Page:
    """Answers the browser. Whom the visitor is travels in each request, so that every tab can be
    somebody else."""

    def __init__(self, stage: Stage, platform: LocalPlatform, wires: Wires) -> None:
        self._stage, self._platform, self._chat = stage, platform, platform.chat
        self._streams = Streams(platform.chat)
        self._winding = Winding(stage, self._streams.clock_moved)
        self._view = View(stage, platform.chat, self._winding, wires)
        self._steps: Sequence[Proposal] = ()  # how far the first visit was, when we last looked

    async def close(self, _app: web.Application) -> None:
        self._streams.close()
        await self._winding.stop()

    # --- looking ---

    async def show(self, request: web.Request) -> web.Response:
        user = request.query.get("as", request.cookies.get(ME, ""))
        if user not in self._chat.accounts:
            return web.Response(status=303, headers={"Location": "welcome"})
        language = chosen_language(request)
        viewer = self._viewer(request, user, request.query.get("in", ""))
        self._steps = await self._stage.proposals()
        say = request.query.get("say", "")[:LONGEST]
        response = html(self._view.page(viewer, language, self._steps, say))
        self._chat.mark_read(user, viewer.conversation)
        remember(response, ME, user)
        remember(response, LANGUAGE, language)
        return response

    async def welcome(self, request: web.Request) -> web.Response:
        language = chosen_language(request)
        steps = await self._stage.proposals()
        response = html(self._view.welcome(translator_for(request, ""), language, steps))
        remember(response, LANGUAGE, language)
        return response

    async def earlier(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request, request.query.get("as", ""), request.query.get("in", ""))
        posts = self._chat.newest_first(
            viewer.account.user, viewer.conversation, before=number(request.query.get("before"))
        )
        found = [*islice(posts, AT_ONCE)]
        more = {"X-Earlier": "yes" if next(posts, None) else "no"}
        return html(self._view.posts(viewer, found), headers=more)

    async def glass(self, request: web.Request) -> web.Response:
        viewer = self._viewer(request, request.query.get("as", ""), request.query.get("in", ""))
        panes = await self._stage.glass(viewer.account.user, viewer.conversation, viewer.t.language)
        return html(self._view.glass(viewer, panes))

    async def wire(self, request: web.Request) -> web.Response:
        card = self._card(request)
        account = self._chat.accounts[request.query["as"]]
        return html(self._view.wire(translator_for(request, account.locale), card))

    async def picture(self, request: web.Request) -> web.Response:
        pictures = self._card(request).all(Picture)
        place = int(request.match_info["number"])
        if place >= len(pictures):
            raise web.HTTPNotFound
        return web.Response(body=await _drawn(pictures[place].chart), content_type="image/png")

    def _card(self, request: web.Request) -> Message:
        """The card that is asked for, if whoever asks can see it."""
        user = request.query.get("as", "")
        posted = self._chat.find(int(request.match_info["id"]))
        if (
            posted is None
            or posted.card is None
            or not self._chat.can_read(user, posted.conversation)
            or posted.only_for not in ("", user)
        ):
            raise web.HTTPNotFound
        return posted.card

    # --- acting ---

    async def say(self, request: web.Request) -> web.Response:
        form = await request.post()
        viewer = self._viewer(request, word(form, "as"), word(form, "in"), strict=True)
        text = word(form, "text").replace("\r\n", "\n").strip()
        if text:
            user = viewer.account.user
            deed = self._platform.types(user, viewer.conversation, text)
            self._chat.mark_read(user, viewer.conversation)
            await self._platform.perform(deed, self._stage.act)
        return web.Response(status=204)

    async def press(self, request: web.Request) -> web.Response:
        """A click; 409 when the card has changed since it was drawn, and nothing was done."""
        form = await request.post()
        user, id = word(form, "as"), number(word(form, "post"))
        posted = self._chat.find(id)
        if posted is not None and posted.version != number(word(form, "version")):
            raise web.HTTPConflict
        fields: dict[str, tuple[str, ...]] = {}
        for name, value in form.items():
            if name.startswith("f.") and isinstance(value, str):
                words = value.replace("\r\n", "\n")
                fields[name[2:]] = (*fields.get(name[2:], ()), words)
        try:
            deed = self._platform.clicks(user, id, number(word(form, "button")), fields)
        except Unseen as reason:
            raise web.HTTPNotFound from reason
        await self._platform.perform(deed, self._stage.act)
        return web.Response(status=204)

    async def _look_at_the_tour(self) -> None:
        """Tell every page when one of its steps was done."""
        if self._winding.running or all(one.done for one in self._steps):
            return
        steps = await self._stage.proposals()
        if steps != self._steps:
            self._steps = steps
            self._streams.clock_moved()

    async def wind(self, request: web.Request) -> web.Response:
        form = await request.post()
        viewer, step = self._viewer(request, word(form, "as")), word(form, "step")
        if step not in STEPS:
            raise web.HTTPBadRequest
        now = self._stage.now()
        until = await self._stage.end() if step == "end" else now
        if until <= now:
            until = goal(step if step != "end" else "week", now, viewer.account.zone)
        if not self._winding.start(until):
            raise web.HTTPConflict
        return web.Response(status=204)

    async def put_away(self, _request: web.Request) -> web.Response:
        """Close what tells what happened, on every page."""
        self._winding.forget()
        self._streams.clock_moved()
        return web.Response(status=204)

    async def start_over(self, _request: web.Request) -> web.Response:
        if self._winding.running:
            raise web.HTTPConflict
        self._winding.forget()
        await self._stage.start_over()
        self._streams.start_over()
        return web.Response(status=204)

    # --- hearing of changes ---

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events until the page closes; one that was away hears what it missed."""
        viewer = self._viewer(request, request.query.get("as", ""), request.query.get("in", ""))
        since = number(request.headers.get("Last-Event-ID") or request.query.get("since"))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with self._streams.listen() as stream:
            self._catch_up(stream, viewer, since)
            try:
                while not stream.closed:
                    news = await stream.wait(QUIET)
                    await self._look_at_the_tour()
                    frames = "".join(self._news(stream, viewer)) if news else ": still here\n\n"
                    await response.write(frames.encode())
                    await asyncio.sleep(BREATH)
            except ConnectionResetError:
                pass  # the page was closed
        return response

    def _catch_up(self, stream: Stream, viewer: Viewer, since: int) -> None:
        stream.restart = since > self._chat.serial
        for posted in self._chat.newest_first(viewer.account.user, viewer.conversation):
            if posted.serial > since:
                stream.post(posted)
        stream.wake()

    def _news(self, stream: Stream, viewer: Viewer) -> Iterator[str]:
        if stream.restart:
            yield frame("restart", {}, 0)
            return
        posts = stream.take_posts()
        if posts or stream.fresh:
            users = self._chat.accounts if stream.fresh else people_of(self._chat, posts)
            stream.fresh = False
            yield self._posts_frame(posts, users, viewer)
        if stream.clock:
            stream.clock = False
            state = {
                **self._view.clock(viewer),
                "story": self._view.story(viewer),
                "tour": self._view.tour(viewer, self._steps),
            }
            yield frame("clock", state, self._chat.serial)

    def _posts_frame(self, posts: list[Posted], users: Iterable[str], viewer: Viewer) -> str:
        user = viewer.account.user
        here = [
            {"id": posted.id, "html": self._view.post(viewer, posted)}
            for posted in posts
            if posted.conversation == viewer.conversation and posted.only_for in ("", user)
        ]
        if here:
            self._chat.mark_read(user, viewer.conversation)
        people = {each: self._chat.unread(each, private_chat(each)) for each in users}
        unread = self._view.unread(user)
        return frame(
            "posts", {"posts": here, "unread": unread, "people": people}, self._chat.serial
        )

    def _viewer(
        self, request: web.Request, user: str, conversation: str = "", *, strict: bool = False
    ) -> Viewer:
        account = self._chat.accounts.get(user)
        if account is None:
            raise web.HTTPNotFound
        if not self._chat.can_read(user, conversation):
            if strict:
                raise web.HTTPNotFound
            conversation = private_chat(user)
        return Viewer(account, conversation, translator_for(request, account.locale))


async def _drawn(chart: Chart) -> bytes:
    return await asyncio.to_thread(draw_once, chart)
