"""Record what the Playground sends: `python -m tests.teams.playground.recording`.

Writes `tests/teams/activities/playground/`. Only the ports of this machine are made even.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tests.backstage import Loop
from tests.teams.playground.backstage import running
from tests.teams.playground.client import CARD, Client, sitting
from tests.teams.playground.config import (
    BOT,
    CHANNEL,
    GROUP,
    PEOPLE,
    TEAM,
    TEAM_AAD,
    TENANT,
    Json,
)
from tests.teams.playground.listener import Listener, activities, connector, listening

FOLDER = Path(__file__).parents[1] / "activities" / "playground"
NOOR, BRAM = PEOPLE[0], PEOPLE[2]
SUBMIT: Json = {"type": "Action.Submit", "title": "Versturen", "data": {"koppel": '["Reply",{}]'}}
EXECUTE: Json = {
    "type": "Action.Execute",
    "title": "Bewaren",
    "verb": "koppel",
    "data": {"koppel": '["Reply",{}]'},
    "fallback": SUBMIT,
}
FORM: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "Even voorstellen", "size": "Large", "wrap": True},
        {"type": "Input.Text", "id": "goal", "label": "Wat wil je leren?", "isMultiline": True},
        {
            "type": "Input.ChoiceSet",
            "id": "role",
            "label": "Wat word je?",
            "style": "expanded",
            "choices": [
                {"title": "Mentor", "value": "mentor"},
                {"title": "Mentee", "value": "mentee"},
            ],
        },
        {
            "type": "Input.ChoiceSet",
            "id": "topics",
            "label": "Onderwerpen",
            "style": "expanded",
            "isMultiSelect": True,
            "choices": [
                {"title": "Leidinggeven", "value": "lead"},
                {"title": "Python", "value": "py"},
                {"title": "Één, twee", "value": "een"},
            ],
        },
        {
            "type": "Input.ChoiceSet",
            "id": "place",
            "label": "Waar?",
            "choices": [
                {"title": "Amsterdam", "value": "ams"},
                {"title": "Utrecht", "value": "utr"},
            ],
        },
        {"type": "Input.Number", "id": "hours", "label": "Uren per maand"},
        {"type": "Input.Date", "id": "start", "label": "Vanaf"},
        {"type": "Input.Toggle", "id": "agreed", "title": "Akkoord", "label": "Mag het?"},
    ],
    "actions": [SUBMIT, EXECUTE],
}
EMPTY = {"agreed": "false"}  # of empty inputs only a toggle is sent
FILLED = {
    "goal": "Ik wil beter leidinggeven,\nhé!",
    "role": "mentee",
    "topics": "lead,een",
    "place": "utr",
    "hours": "3",
    "start": "2026-12-01",
    "agreed": "true",
}
CARD_MESSAGE: Json = {
    "type": "message",
    "summary": "Even voorstellen",
    "attachments": [{"contentType": CARD, "content": FORM}],
}


def replaced(words: str) -> Json:
    """An answer to Action.Execute that puts a card with these words in the place of the old one."""
    body = [{"type": "TextBlock", "text": words, "wrap": True}]
    card = {"type": "AdaptiveCard", "version": "1.5", "body": body}
    return {"statusCode": 200, "type": CARD, "value": card}


class Recorder:
    """Does something, and keeps what the bot heard of it under a name."""

    def __init__(self, bot: Listener, folder: Path) -> None:
        self._bot, self._folder = bot, folder

    async def __call__(self, name: str, deed: Callable[[], Awaitable[object]]) -> list[Json]:
        self._bot.heard.clear()
        await deed()
        heard = await self._bot.hears()
        for number, activity in enumerate(heard, 1):
            last = "" if number == 1 else f"_{number}"
            text = json.dumps(activity, ensure_ascii=False, indent=2)
            even = re.sub(r"http://127\.0\.0\.1:\d+/", "http://127.0.0.1:56150/", text)
            (self._folder / f"{name}{last}.json").write_text(even + "\n", "utf-8")
        return heard


async def record(client: Client, bot: Listener, folder: Path) -> None:
    keep, me = Recorder(bot, folder), client.sitting.personal
    await _installs(client, keep, (("personal", me), ("group", GROUP), ("team", CHANNEL)))
    await keep("message_personal", lambda: client.say(me, "Hoi! Één café, graag 🎉"))
    await keep("message_group", lambda: client.say(GROUP, "meedoen", mention=True))
    [said] = await keep("message_channel", lambda: client.say(CHANNEL, "meedoen", mention=True))
    thread = said["conversation"]["id"]
    await keep("message_thread", lambda: client.say(thread, "en ik?", mention=True))
    await _buttons(client, keep, me, "personal")
    await _buttons(client, keep, GROUP, "group")
    await _buttons(client, keep, thread, "channel")
    await _mocked(client, keep)


async def _installs(client: Client, keep: Recorder, places: tuple[tuple[str, str], ...]) -> None:
    """One installing gives two activities: installationUpdate and conversationUpdate."""
    for name, where in places:
        await keep(f"install_{name}", partial(client.install, where))


async def _buttons(client: Client, keep: Recorder, where: str, name: str) -> None:
    status, posted = await connector(client.address, activities(where), "POST", CARD_MESSAGE)
    assert status == 201, posted
    card, data = posted["id"], SUBMIT["data"]
    await keep(f"submit_empty_{name}", lambda: client.submit(where, card, data | EMPTY))
    await keep(f"submit_filled_{name}", lambda: client.submit(where, card, data | FILLED))
    await keep(f"execute_empty_{name}", lambda: client.execute(where, card, EXECUTE, EMPTY))
    await keep(f"execute_filled_{name}", lambda: client.execute(where, card, EXECUTE, FILLED))


async def _mocked(client: Client, keep: Recorder) -> None:
    """What the page offers under «Mock an Activity», as it fills it in; Bram is who comes and goes."""
    tenant: Json = {"tenant": {"id": TENANT}}
    team: Json = tenant | {"team": {"id": TEAM, "name": "Waterkant", "aadGroupId": TEAM_AAD}}
    bare: Json = tenant | {"team": {"id": TEAM}}
    personal: Json = {"id": client.sitting.personal, "conversationType": "personal"}
    in_team: Json = {"id": TEAM, "isGroup": True, "conversationType": "channel"}
    update = "conversationUpdate"
    person = {"id": BRAM.id, "aadObjectId": BRAM.aad}
    channel = {"channel": {"id": CHANNEL, "name": "Mentoraat"}}
    gone: Json = {"type": "installationUpdate", "action": "remove", "locale": "en-US"}
    gone |= {"entities": [{"locale": "en-US", "type": "clientInfo"}]}
    source: Json = {"source": {"name": "message"}}
    here = source | _selected(client.sitting.personal)
    there = source | _selected(TEAM) | {"channel": {"id": TEAM}}
    for name, where, about in (
        ("uninstall_personal", personal, gone | {"channelData": tenant | here}),
        ("uninstall_team", in_team, gone | {"channelData": team | there}),
        ("person_joins_team", in_team, _happens(team, "teamMemberAdded", membersAdded=[person])),
        (
            "person_leaves_team",
            in_team,
            _happens(team, "teamMemberRemoved", membersRemoved=[person]),
        ),
        (
            "bot_leaves_team",
            in_team,
            _happens(team, "teamMemberRemoved", membersRemoved=[{"id": BOT}]),
        ),
        ("channel_created", in_team, _happens(bare | channel, "channelCreated")),
        ("channel_renamed", in_team, _happens(bare | channel, "channelRenamed")),
        ("channel_deleted", in_team, _happens(bare | channel, "channelDeleted")),
        ("team_renamed", in_team, _happens(team, "teamRenamed")),
        ("team_deleted", in_team, _happens(team, "teamDeleted")),
    ):
        await keep(name, partial(client.mock, where, **{"type": update} | about))


def _selected(channel: str) -> Json:
    return {"settings": {"selectedChannel": {"id": channel}}}


def _happens(data: Json, event: str, **members: list[Json]) -> Json:
    return {**members, "channelData": data | {"eventType": event}}


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with Loop() as loop, listening(loop) as bot, running(loop, NOOR, bot.port) as address:

        async def tell() -> None:
            async with sitting(address, NOOR) as client:
                await record(client, bot, folder)

        loop(tell)


if __name__ == "__main__":
    main()
