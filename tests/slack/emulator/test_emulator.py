"""The workspace itself, before a bot is in it: it refuses and tells what Slack does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import SlackResponse, WebClient

from bot.core.messages import Ask, Button, Kind, Message, Text
from bot.platforms.slack import blocks
from tests.cage import HOST
from tests.slack.emulator.config import CHANNEL, SECRET, TOKEN
from tests.slack.emulator.story import Slack, slack

Json = dict[str, Any]
CARD = Message(
    "A question",
    (
        Ask("goal", "Your goal?", Kind.TEXT, value=("to learn",)),
        Ask("role", "Role?", Kind.CHOICE, options=(("mentor", "Mentor"), ("mentee", "Mentee"))),
        Button("Send", '["Expired",{}]'),
    ),
)


class Listener:
    """A bot that only listens; `says` is its next answer."""

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.says: Callable[[Json], Json] = lambda _: {}

    async def listen(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.requests.append((body, dict(request.headers)))
        form = dict(parse_qsl(body))
        found = json.loads(form.get("payload", body)) if "command" not in form else form
        self.heard.append(found)
        return web.json_response(self.says(found))


class Told:
    """A workspace, a bot that listens, and a client of the Web API."""

    def __init__(self, workspace: Slack) -> None:
        self.slack, self.bot = workspace, Listener()
        self.api = WebClient(TOKEN, base_url=f"http://{HOST}:{workspace.between.port}/api/")

    def last(self, event: str = "") -> Json:
        kinds = [h for h in self.bot.heard if event in ("", (h.get("event") or {}).get("type"))]
        return kinds[-1]

    def posts(self, channel: str, card: Message = CARD, nonce: str = "n") -> SlackResponse:
        return self.api.chat_postMessage(channel=channel, **blocks.message(card, nonce=nonce))


@contextmanager
def listening() -> Iterator[Told]:
    with slack() as workspace:
        told, workspace.answers = Told(workspace), False
        app = web.Application()
        app.router.add_post("/slack/events", told.bot.listen)
        runner = web.AppRunner(app, access_log=None)

        async def start() -> int:
            await runner.setup()
            await web.TCPSite(runner, HOST, 0).start()
            port: int = runner.addresses[0][1]
            return port

        workspace.between.bot_port = workspace.loop(start)
        try:
            yield told
        finally:
            workspace.loop(runner.cleanup)


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with listening() as found:
        yield found


def test_what_happens_arrives_signed(told: Told) -> None:
    told.slack["Noor"].types("hello")
    body, headers = told.bot.requests[-1]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert told.last()["event"]["channel_type"] == "im"


def test_what_people_type_arrives_escaped(told: Told) -> None:
    told.slack["Noor"].types("R&D <!channel> <@U0BOT>")
    assert told.last("message")["event"]["text"] == "R&amp;D &lt;!channel&gt; <@U0BOT>"


def test_a_command_in_a_private_chat_does_not_tell_the_name_of_the_chat(told: Told) -> None:
    noor = told.slack["Noor"]
    noor.types("/mentor join")
    assert told.last()["channel_name"] == "directmessage"
    noor.types("/mentor join", CHANNEL)
    assert told.last()["channel_name"] == "mentoring"


def test_a_click_brings_what_stands_in_the_inputs(told: Told) -> None:
    noor = told.slack["Noor"]
    told.posts(noor.id)
    noor.clicks("Send", role="mentee")
    assert blocks.fields(told.last()["state"]) == {"goal": ("to learn",), "role": ("mentee",)}
    assert told.last()["container"]["is_ephemeral"] is False


def test_the_bot_hears_its_own_words(told: Told) -> None:
    noor = told.slack["Noor"]
    told.posts(noor.id)
    told.slack.settles()
    assert told.last("message")["event"]["bot_id"] == "B0BOT"


def test_a_click_at_home_brings_the_view_and_no_channel(told: Told) -> None:
    noor = told.slack["Noor"]
    told.api.views_publish(user_id=noor.id, view=blocks.home(CARD, nonce="n"))
    noor.opens_home()
    noor.clicks_at_home("Send")
    click = told.last()
    assert click["container"] == {"type": "view", "view_id": click["view"]["id"]}
    assert not {"channel", "message", "response_url"} & set(click)


def test_a_form_is_sent_whole_and_stays_open_when_it_is_wrong(told: Told) -> None:
    noor = told.slack["Noor"]
    noor.types("/mentor profile")
    trigger = told.last()["trigger_id"]
    told.api.views_open(trigger_id=trigger, view=blocks.view(CARD, nonce="n", submit="Send"))
    told.bot.says = lambda _: {"response_action": "errors", "errors": {"n-0": "Too short."}}
    assert noor.submits(role="mentor") == {"n-0": "Too short."}
    assert blocks.fields(told.last()["view"]["state"])["goal"] == ("to learn",)
    assert noor.modal["title"]["text"] == "A question"
    told.bot.says = lambda _: {}
    assert noor.submits(role="mentor") == {}
    assert told.slack.modals == []


def test_what_slack_refuses_is_refused(told: Told) -> None:
    header = {"type": "header", "text": {"type": "plain_text"}}
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        told.api.chat_postMessage(channel=CHANNEL, text="x", blocks=[header])
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-other", base_url=told.api.base_url).auth_test()
    with pytest.raises(SlackApiError, match="channel_not_found"):
        told.posts("U01NOBODY")
    assert len(told.slack.between.api.refusals) == 1
    told.slack.between.api.refusals.clear()


def test_slack_can_be_busy(told: Told) -> None:
    told.slack.between.api.busy["chat.postMessage"] = 1
    with pytest.raises(SlackApiError) as refused:
        told.posts(CHANNEL)
    assert refused.value.response.headers["Retry-After"] == "1"
    assert told.posts(CHANNEL)["ok"]


def test_slack_tells_language_and_kind_of_an_account(told: Told) -> None:
    noor = told.api.users_info(user="U01NOOR", include_locale=True)["user"]
    assert (noor["locale"], noor["is_restricted"]) == ("nl-NL", False)
    assert noor["profile"]["email"] == "noor@waterkant.example"


def test_metadata_is_kept_with_its_message(told: Told) -> None:
    about = {"event_type": "delivery", "event_payload": {"key": "k1"}}
    drawn = blocks.message(Message("Hi", (Text("Hi"),)), nonce="n")
    told.api.chat_postMessage(channel=CHANNEL, metadata=about, **drawn)
    history = told.api.conversations_history(channel=CHANNEL, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == about


def test_a_chat_of_several_people_is_one_of_its_own(told: Told) -> None:
    first = told.api.conversations_open(users="U01NOOR,U01BRAM")["channel"]["id"]
    again = told.api.conversations_open(users=["U01BRAM", "U01NOOR"])["channel"]["id"]
    assert first == again != told.slack["Noor"].dm
