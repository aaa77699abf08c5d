"""What was recorded of Microsoft's own client, and written after its documentation, is understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.actions import Expired
from bot.core.events import Click, Command, Event, Typed
from bot.platforms.teams import wire
from storage.models import ConversationKind
from tests.teams.said import Json

FOLDER = Path(__file__).parent / "activities"
EVERY = sorted(FOLDER.glob("*/*.json"))


def read(path: Path) -> Json:
    found: Json = json.loads(path.read_text("utf-8"))
    return found


def event(body: Json) -> Event | None:
    """What the adapter would make of it."""
    match body["type"]:
        case "message":
            return wire.submitted(body) or wire.typed(body) or wire.mention(body)
        case "invoke":
            return wire.executed(body)
        case "installationUpdate" if body.get("action") == "add":
            return wire.welcomed(body)
    return None


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_activity_is_what_its_name_says(path: Path) -> None:
    body, name = read(path), path.stem
    found = event(body)
    match name.split("_"):
        case ["message", "personal", *_] | ["message", "guest"]:
            assert isinstance(found, Typed)
            assert found.text
        case ["message", "edited" | "deleted" | "undeleted"]:
            assert found is None
        case ["message", *_]:
            assert isinstance(found, Command)
            assert not found.place.private
            assert found.name in ("meedoen", "help", "en")
            assert "<" not in found.args
        case ["submit" | "execute", *_]:
            assert isinstance(found, Click)
            assert found.action == Expired()  # of a card that another bot drew
        case ["install", "personal", *_] if body["type"] == "installationUpdate":
            assert isinstance(found, Typed)
            assert found.text == "/mentor home"
        case _:
            assert found is None


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_activity_says_where_to_speak_later(path: Path) -> None:
    body = read(path)
    found = wire.reference(body)
    assert wire.tenant(body)
    assert found.conversation
    assert ";" not in found.conversation
    assert found.service_url.startswith("http")
    in_its_name = {
        "personal": ConversationKind.PERSONAL,
        "group": ConversationKind.GROUP,
        "channel": ConversationKind.CHANNEL,
        "team": ConversationKind.CHANNEL,
    }
    for word, kind in in_its_name.items():
        if word in path.stem.split("_"):
            assert found.kind is kind
    if found.kind is ConversationKind.CHANNEL:
        assert found.team
    if wire.typed(body):
        assert found.user
        assert found.member.startswith("29:")


def test_people_are_the_same_in_every_conversation() -> None:
    seen = {
        acting.user
        for path in EVERY
        if path.parent.name == "playground" and (acting := wire.who(read(path)))
    }
    assert len(seen) == 1
