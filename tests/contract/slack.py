"""Slack as a stage: signed requests to the bot, and a client that draws what Slack was told."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.core.platform import Platform
from bot.platforms.slack.serving import Slack
from storage.database import Database
from tests.contract import slack_client as client
from tests.contract.stage import Given, HttpStage, Json, Script, Seen
from tests.slack.fake_slack import Outcome
from tests.slack.office import ONE, TEAM, Requests, account, settings
from tests.slack.test_wire import payload
from tests.slack.workplace import Workplace

USERS = {"noor": "U01NOOR", "thomas": "U02THOMAS"}
BOT = "U09OTHERBOT"
CHANNEL = "C01GEN"
SHOWS = ("views.open", "views.update", "chat.postMessage", "chat.postEphemeral", "chat.update")


class SlackStage(HttpStage):
    """Over HTTP; whoever presses a button is shown what came back, as in Slack's client."""

    def __init__(self, requests: Requests, platform: Platform, bot: Script) -> None:
        super().__init__(platform, TEAM, bot)
        self._requests, self._fake = requests, requests.fake
        self._windows = client.Windows(self._fake)
        self._presses: dict[str, str] = {}  # the card each response_url is of
        self._numbers = count(1)
        self._replied = 0
        self._last: tuple[Json, bool] = {}, False

    # --- what people do ---

    async def types(self, who: str, text: str) -> None:
        user = USERS[who]
        body = payload("message_im") | {"event_id": f"Ev{next(self._numbers)}"}
        body["event"] |= {"user": user, "channel": f"D{user}", "text": html.escape(text, False)}
        await self._deliver(user, body)

    async def calls(self, who: str, words: str, *, in_channel: bool = False) -> None:
        user = USERS[who]
        body = payload("command_in_channel") | {
            "user_id": user,
            "text": html.escape(words, False),
            "channel_id": CHANNEL if in_channel else f"D{user}",
            "trigger_id": self._trigger(user),
            "response_url": self._requests.response_url(),
        }
        await self._deliver(user, body, form=True)

    async def clicks(
        self, who: str, label: str, *, in_channel: bool = False, **fields: Given
    ) -> None:
        user = USERS[who]
        window = self._windows.of(user)
        if window and label in client.labels(window):
            await self._clicks_in_window(user, window, label, fields)
            return
        channel = CHANNEL if in_channel else f"D{user}"
        card = next(
            card for card in reversed(self._cards(user, channel)) if label in client.labels(card)
        )
        url = self._requests.response_url()
        self._presses[url] = card["ts"]
        body = payload("click_in_message") | {
            "channel": {"id": channel},
            "message": card,
            "container": {"type": "message", "message_ts": card["ts"], "channel_id": channel},
            "response_url": url,
        }
        if card.get("only_for"):  # such a card comes without its message
            del body["message"]
            body["container"]["is_ephemeral"] = True
        await self._press(user, body, card, label, fields)

    async def _clicks_in_window(
        self, user: str, window: Json, label: str, fields: dict[str, Given]
    ) -> None:
        if label != client.submit(window):
            body = payload("click_in_home") | {"view": {**window, "id": user}}
            await self._press(user, body, window, label, fields)
            return
        state = client.filled(window, fields)
        body = payload("view_submission") | {
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": self._trigger(user),
            "view": {**window, "id": user, "hash": "1", "state": state},
        }
        await self._deliver(user, body)

    async def _press(
        self, user: str, body: Json, card: Json, label: str, fields: dict[str, Given]
    ) -> None:
        state = client.filled(card, fields)
        if body.get("view"):
            body["view"]["state"] = state
        body |= {
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": self._trigger(user),
            "state": state,
            "actions": [client.button(card, label)],
        }
        await self._deliver(user, body)

    def _trigger(self, user: str) -> str:
        trigger = f"t{next(self._numbers)}"
        self._windows.triggers[trigger] = user
        return trigger

    async def repeats(self) -> None:
        body, form = self._last
        await self.settled(self._send(body, form, retry=1))

    async def another_bot_types(self) -> None:
        body = payload("message_im") | {"event_id": f"Ev{next(self._numbers)}"}
        body["event"] |= {"user": BOT, "channel": f"D{BOT}", "text": "hello"}
        await self._send(body)  # which only its account tells
        body["event"] |= {"user": USERS["noor"], "bot_id": "B9", "app_id": "A9"}
        await self._send(body | {"event_id": f"Ev{next(self._numbers)}"})

    def leaves(self, who: str) -> None:
        del who  # this small Slack has one answer for all
        self._fake.always("chat.postMessage", Outcome("user_not_found"))

    async def replays(self, mangle: Callable[[Json], Iterable[Json]]) -> list[int]:
        body, form = self._last
        return [await self._send(each, form) for each in mangle(body)]

    async def _deliver(self, user: str, body: Json, *, form: bool = False) -> None:
        self._last = body, form
        await self.settled(self._answered(user, body, form))

    async def _answered(self, user: str, body: Json, form: bool) -> None:
        reply = await self._requests.sends(body, form=form)
        assert reply.status == 200, reply.text
        if form and reply.json:
            unseen = {"only_for": user} if reply.json["response_type"] == "ephemeral" else {}
            self._fake.write(TEAM, body["channel_id"], reply.json | unseen)
            self._replied += 1
        elif body.get("type") == "view_submission":
            self._windows.put(user, client.after(body["view"], reply.json))
            self._replied += bool(reply.json)

    async def _send(self, body: Json, form: bool = False, retry: int = 0) -> int:
        return (await self._requests.sends(body, form=form, retry=retry)).status

    # --- what they see ---

    def _cards(self, user: str, channel: str) -> list[Json]:
        """What stands in a conversation for this person, after all that took another's place."""
        standing = {
            card["ts"]: card
            for card in self._fake.messages[TEAM, channel]
            if card.get("only_for") in (None, user)
        }
        for url, ts in self._presses.items():
            for said in self._fake.responses.get(url, ()):
                if ts in standing:
                    assert said["replace_original"]
                    standing[ts] = {**standing[ts], **said}
        return list(standing.values())

    def sees(self, who: str) -> list[Seen]:
        user = USERS[who]
        window = self._windows.of(user)
        return [*self._seen(user, f"D{user}"), *([client.seen(window)] if window else [])]

    def sees_in_channel(self, who: str) -> list[Seen]:
        return self._seen(USERS[who], CHANNEL)

    def _seen(self, user: str, channel: str) -> list[Seen]:
        uploads = self._fake.called("files.getUploadURLExternal", TEAM)
        return client.together(self._cards(user, channel), [each["alt_txt"] for each in uploads])

    def shown(self) -> int:
        told = sum(len(self._fake.calls_of(method)) for method in SHOWS)
        return self._replied + told + sum(map(len, self._fake.responses.values()))


@asynccontextmanager
async def stage(database: Database) -> AsyncIterator[SlackStage]:
    people = [account(USERS["noor"], "Noor de Vries", "nl-NL")]
    people += [account(USERS["thomas"], "Thomas Bakker"), account(BOT, "Other", is_bot=True)]
    bot, served = Script(), web.Application()
    with TemporaryDirectory() as folder:
        async with Workplace((TEAM,), *people) as fake:
            slack = Slack(settings(Path(folder), fake, *ONE), database)
            async with (
                slack.connected(),
                slack.working(bot, served.router, lambda: datetime.now(UTC)),
                TestServer(served) as server,
                ClientSession() as http,
            ):
                url = str(server.make_url("/slack/events"))
                yield SlackStage(Requests(fake, url, http), slack.platform, bot)
