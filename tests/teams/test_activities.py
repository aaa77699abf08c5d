"""The recorded and the documented activities are what Microsoft says a bot may count on."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "activities"
FILES = sorted(FOLDER.glob("*/*.json"))
EVENTS = {
    *("teamMemberAdded", "teamMemberRemoved", "teamRenamed", "teamDeleted"),
    *("channelCreated", "channelRenamed", "channelDeleted"),
}


def read(path: Path) -> Json:
    found: Json = json.loads(path.read_text("utf-8"))
    return found


ANY = pytest.mark.parametrize(
    "activity", [pytest.param(read(p), id=f"{p.parent.name}-{p.stem}") for p in FILES]
)


def of(kind: str) -> list[Json]:
    found = [activity for activity in map(read, FILES) if activity["type"] == kind]
    assert found
    return found


@ANY
def test_every_activity_says_from_whom_where_and_when(activity: Json) -> None:
    assert activity["channelId"] == "msteams"
    assert activity["id"]
    assert activity["serviceUrl"].startswith(("http://127.0.0.1:", "https://smba."))
    assert activity["from"]["id"].startswith("29:")
    assert activity["from"]["aadObjectId"]
    assert activity["recipient"]["id"].startswith("28:")
    assert datetime.fromisoformat(activity["timestamp"].replace("Z", "+00:00")).tzinfo


@ANY
def test_every_conversation_says_its_kind_and_its_tenant(activity: Json) -> None:
    where = activity["conversation"]
    assert where["conversationType"] in {"personal", "groupChat", "channel"}
    assert where["id"].startswith("a:" if where["conversationType"] == "personal" else "19:")
    assert where.get("isGroup", False) is (where["conversationType"] != "personal")
    assert activity["channelData"]["tenant"]["id"] == where["tenantId"]


def test_a_message_has_words_or_what_stood_in_a_card() -> None:
    for message in of("message"):
        assert ("text" in message) != ("value" in message)
        assert message["from"]["name"]
        assert [e for e in message["entities"] if e["type"] == "clientInfo"]
        if "value" in message:
            assert message["replyToId"]
            assert all(isinstance(each, str) for each in message["value"].values())


def test_words_in_a_group_or_a_channel_mention_the_bot() -> None:
    said = [m for m in of("message") if "text" in m and m["conversation"].get("isGroup")]
    assert {m["conversation"]["conversationType"] for m in said} == {"groupChat", "channel"}
    for message in said:
        [at] = [e for e in message["entities"] if e["type"] == "mention"]
        assert at["mentioned"]["id"] == message["recipient"]["id"]
        assert at["text"] in message["text"]


def test_what_happens_in_a_channel_names_it_and_its_team() -> None:
    for activity in [*of("message"), *of("invoke")]:
        if activity["conversation"]["conversationType"] == "channel":
            channel = activity["channelData"]["channel"]["id"]
            assert activity["conversation"]["id"].startswith(f"{channel};messageid=")
            assert activity["channelData"]["team"]["id"].startswith("19:")


def test_a_button_brings_its_verb_and_what_stood_in_the_card() -> None:
    for invoke in of("invoke"):
        assert invoke["name"] == "adaptiveCard/action"
        assert invoke["replyToId"]
        action = invoke["value"]["action"]
        assert action["type"] == "Action.Execute"
        assert action["verb"]
        assert all(isinstance(each, str) for each in action["data"].values())


def test_several_choices_come_as_one_word_with_commas() -> None:
    chosen = [m["value"]["topics"] for m in of("message") if "topics" in m.get("value", ())]
    assert set(chosen) == {"lead,een"}


def test_an_app_is_added_upgraded_or_removed() -> None:
    assert {a["action"] for a in of("installationUpdate")} == {"add", "add-upgrade", "remove"}


def test_what_changes_in_a_team_is_told_by_its_event() -> None:
    told = of("conversationUpdate")
    events = {a["channelData"]["eventType"] for a in told if "eventType" in a["channelData"]}
    assert events == EVENTS
    for activity in told:
        data = activity["channelData"]
        if data.get("eventType", "").startswith("channel"):
            assert data["channel"]["name"]
        if "eventType" in data:
            assert data["team"]["id"]
        else:
            assert activity["membersAdded"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_recording_is_printed_for_people(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text == json.dumps(read(file), ensure_ascii=False, indent=2) + "\n"
