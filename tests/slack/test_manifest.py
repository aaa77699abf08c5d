"""The manifest asks for what the code uses, no more and no less, and Slack would take it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from pathlib import Path

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import reference
from bot.platforms.slack import manifest, scopes
from handlers.routes import router
from storage.sealing import Seal

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "manifest.v2.schema.json").read_text())
URL = "https://koppel.example.com"
# What parts of Slack's libraries call in our name.
BY_OTHERS = {
    "AsyncTokenRotator": {"oauth.v2.access"},
    "AsyncOAuthFlow": {"oauth.v2.access", "auth.test"},
    "AsyncSocketModeHandler": {"apps.connections.open"},
    "AsyncApp": {"auth.test"},
}


def sources() -> list[ast.Module]:
    return [
        ast.parse(each.read_text("utf-8")) for each in (ROOT / "bot/platforms/slack").glob("*.py")
    ]


def of_the_client() -> dict[str, set[str]]:
    """By a function of Slack's client: the methods of the Web API that it calls."""
    calls: dict[str, set[str]] = {}
    tree = ast.parse(textwrap.dedent(inspect.getsource(AsyncWebClient)))
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            calls[function.name] = set(named(function)) | {
                f"->{node.attr}" for node in ast.walk(function) if isinstance(node, ast.Attribute)
            }

    def methods(name: str, above: tuple[str, ...] = ()) -> set[str]:
        found = {each for each in calls.get(name, ()) if not each.startswith("->")}
        for each in calls.get(name, ()):
            inner = each.removeprefix("->")
            if inner != each and inner in calls and inner not in (*above, name):
                found |= methods(inner, (*above, name))
        return found

    return {name: methods(name) for name in calls}


def named(tree: ast.AST) -> list[str]:
    """The methods that `api_call` is given by name."""
    return [
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "api_call"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def called() -> set[str]:
    functions = of_the_client()
    found: set[str] = set()
    for tree in sources():
        found |= set(named(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and "_" in node.attr:
                found |= functions.get(node.attr, set())
            if isinstance(node, ast.Name):
                found |= BY_OTHERS.get(node.id, set())
    return found


def test_the_methods_in_the_list_are_those_the_code_calls() -> None:
    assert "chat.postMessage" in called()
    assert set(scopes.METHODS) == called()


def test_the_events_in_the_list_are_those_the_code_listens_to() -> None:
    listened = {
        node.args[0].value
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "event"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    # "message.im" is what Slack calls the subscription; what arrives is a "message".
    assert {event.partition(".")[0] for event in scopes.EVENTS} == listened


def test_a_function_that_uploads_is_seen_through() -> None:
    uploads = of_the_client()["files_upload_v2"]
    assert uploads == {"files.getUploadURLExternal", "files.completeUploadExternal"}


def test_the_bot_never_asks_to_read_what_people_say_to_each_other() -> None:
    assert not set(scopes.BOT) & scopes.NEVER
    histories = {scope for scope in scopes.BOT if scope.endswith(":history")}
    assert histories == {"im:history"}
    assert not {event for event in scopes.EVENTS if event.startswith("message")} - {"message.im"}


@pytest.mark.parametrize("url", ["", URL])
@pytest.mark.parametrize("socket", [False, True])
@pytest.mark.parametrize("rotation", [False, True])
def test_slack_would_take_it(url: str, socket: bool, rotation: bool) -> None:
    found = manifest.manifest(router, url, socket=socket, rotation=rotation)
    jsonschema.validate(json.loads(manifest.text(found)), SCHEMA)
    over_http = bool(url) and not socket
    assert found["settings"]["socket_mode_enabled"] is not over_http
    assert found["settings"]["token_rotation_enabled"] is rotation
    assert found["oauth_config"]["scopes"] == {"bot": list(scopes.BOT)}
    assert manifest.text(found).count(f"{URL}/slack/events") == (3 if over_http else 0)
    assert ("redirect_urls" in found["oauth_config"]) is bool(url)


def test_slack_calls_where_we_listen() -> None:
    assert scopes.REQUESTS == "/slack/events"  # as it stands in proxies and on Slack's pages


def test_the_schema_notices_what_slack_would_refuse() -> None:
    found = manifest.manifest(router)
    found["display_information"]["name"] = "x" * 36
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_the_manifest_that_comes_along_is_up_to_date() -> None:
    assert reference.MANIFEST.read_text("utf-8") == reference.slack(), "run: make docs"


def test_a_key_is_never_the_same_twice() -> None:
    from storage.sealing import new_key

    assert new_key() != new_key()
    assert Seal([new_key()]).close("x") != "x"


def test_the_guide_says_of_each_scope_what_it_is_for_and_of_no_other() -> None:
    guide = (ROOT / "docs" / "install-slack.md").read_text("utf-8")
    table = guide.partition("## What Koppel may do")[2].partition("**What it cannot read")[0]
    told = set(re.findall(r"`([a-z_:.]+)`", table.replace("`/mentor`", "")))
    assert told == set(scopes.BOT)
