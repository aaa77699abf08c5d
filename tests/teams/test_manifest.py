"""The package of the Teams app asks for no more than is used, and Teams would take it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator, ValidationError
from PIL import Image

from bot import reference
from bot.platforms.teams import icons, manifest, names
from bot.texts import LANGUAGES, SOURCE
from handlers.routes import router

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = Path(__file__).parent / "schemas"
MANIFEST, LOCALIZATION = (
    Draft4Validator(json.loads((SCHEMAS / f"{kind}-{manifest.SCHEMA}.json").read_text("utf-8")))
    for kind in ("manifest", "localization")
)
BOT = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"
APP = manifest.App(BOT, "https://koppel.example.com:8443/teams")
OTHERS = [language for language in LANGUAGES if language != SOURCE]
LONGEST_TITLE, LONGEST_DESCRIPTION, MOST_COMMANDS = 32, 128, 10


def opened(app: manifest.App = APP) -> dict[str, bytes]:
    """What is in the zip, by name."""
    with ZipFile(BytesIO(manifest.package(router, app))) as file:
        return {name: file.read(name) for name in file.namelist()}


def commands(told: dict[str, Any]) -> list[list[dict[str, str]]]:
    return [each["commands"] for each in told["bots"][0]["commandLists"]]


def test_teams_would_take_the_package() -> None:
    found = opened()
    assert set(found) == {"manifest.json", "nl.json", "color.png", "outline.png"}
    told = json.loads(found["manifest.json"])
    MANIFEST.validate(told)
    assert [each["file"] for each in told["localizationInfo"]["additionalLanguages"]] == ["nl.json"]
    assert set(told["icons"].values()) <= set(found)
    LOCALIZATION.validate(json.loads(found["nl.json"]))


def test_the_schemas_notice_what_teams_would_refuse() -> None:
    told = manifest.manifest(router, APP)
    told["name"]["short"] = "x" * 31
    with pytest.raises(ValidationError):
        MANIFEST.validate(told)
    with pytest.raises(ValidationError):
        LOCALIZATION.validate({"bots[0].commandLists[0].commands[12].title": "x"})


def test_the_app_is_only_what_it_says_to_whom_it_is_spoken_to() -> None:
    told = manifest.manifest(router, APP)
    [bot] = told["bots"]
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert (bot["isNotificationOnly"], bot["supportsFiles"]) == (False, False)
    rights = {"authorization", "webApplicationInfo", "permissions", "devicePermissions"}
    assert not rights & set(told)


def test_the_same_bot_is_the_same_app_and_another_bot_another() -> None:
    told = manifest.manifest(router, APP)
    assert (told["id"], told["bots"][0]["botId"]) == (APP.id, BOT)
    elsewhere = replace(APP, url="https://elsewhere.example.com", version="1.2.3")
    assert elsewhere.id == APP.id != BOT
    assert replace(APP, bot=f"0{BOT[1:]}").id != APP.id
    assert manifest.manifest(router, elsewhere)["version"] == "1.2.3"


def test_the_version_is_that_of_koppel() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{manifest.manifest(router, APP)["version"]}"\n' in project


def test_the_same_input_gives_the_same_package() -> None:
    assert manifest.package(router, APP) == manifest.package(router, APP)


# --- commands ---


def test_a_command_list_is_as_long_as_teams_shows_and_each_scope_has_one() -> None:
    told = manifest.manifest(router, APP)
    for listed in commands(told):
        assert 0 < len(listed) <= MOST_COMMANDS
        for command in listed:
            assert 0 < len(command["title"]) <= LONGEST_TITLE
            assert 0 < len(command["description"]) <= LONGEST_DESCRIPTION
    lists = told["bots"][0]["commandLists"]
    scopes = [scope for each in lists for scope in each["scopes"]]
    assert sorted(scopes) == sorted(told["bots"][0]["scopes"])


def test_every_command_that_is_offered_works_as_it_is_and_stands_once() -> None:
    for listed in commands(manifest.manifest(router, APP)):
        entries = [router.named(command["title"]) for command in listed]
        assert None not in entries
        assert len({entry.name for entry in entries if entry}) == len(listed)


@pytest.mark.parametrize("language", OTHERS)
def test_in_another_language_the_same_commands_are_offered(language: str) -> None:
    other = manifest.translation(router, language)
    told = 0
    for row, listed in enumerate(commands(manifest.manifest(router, APP))):
        for place, command in enumerate(listed):
            where = f"bots[0].commandLists[{row}].commands[{place}]"
            title, description = other[f"{where}.title"], other[f"{where}.description"]
            assert router.named(title) == router.named(command["title"])
            assert 0 < len(title) <= LONGEST_TITLE
            assert 0 < len(description) <= LONGEST_DESCRIPTION
            assert description != command["description"]
            told += 2
    assert told == sum(key.startswith("bots[") for key in other)


# --- addresses ---


def addresses(value: object) -> Iterator[str]:
    """Every address anywhere in the manifest."""
    if isinstance(value, dict):
        for each in value.values():
            yield from addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each)
    elif isinstance(value, str) and "://" in value:
        yield value


def test_nothing_but_our_own_address_is_named() -> None:
    told = manifest.manifest(router, APP)
    assert told["validDomains"] == ["koppel.example.com"]
    del told["$schema"]
    assert set(addresses(told)) == {APP.url}


def test_the_organisations_own_pages_are_named_where_it_has_them() -> None:
    own = replace(
        APP,
        publisher="Waterkant",
        website="https://waterkant.example/koppel",
        privacy="https://waterkant.example/privacy",
        terms="https://waterkant.example/terms",
    )
    told = manifest.manifest(router, own)
    MANIFEST.validate(told)
    assert told["developer"] == {
        "name": "Waterkant",
        "websiteUrl": "https://waterkant.example/koppel",
        "privacyUrl": "https://waterkant.example/privacy",
        "termsOfUseUrl": "https://waterkant.example/terms",
    }


# --- icons ---


def test_the_colour_icon_is_a_full_square_with_its_sign_in_the_middle() -> None:
    icon = Image.open(BytesIO(icons.colour())).convert("RGB")
    assert (icon.format, icon.size) == (None, (192, 192))
    ground = tuple(bytes.fromhex(icons.COLOUR[1:]))
    edge = [(x, y) for x in range(192) for y in (*range(36), *range(156, 192))]
    assert {icon.getpixel(at) for at in edge} | {icon.getpixel((y, x)) for x, y in edge} == {ground}
    assert icon.getpixel((40, 96)) == (255, 255, 255)


def test_the_outline_icon_is_white_and_transparent_and_nothing_else() -> None:
    icon = Image.open(BytesIO(icons.outline()))
    assert (icon.format, icon.mode, icon.size) == ("PNG", "RGBA", (32, 32))
    assert [icon.getchannel(each).getextrema() for each in "RGB"] == [(255, 255)] * 3
    assert icon.getchannel("A").getextrema() == (0, 255)
    drawn = icon.getchannel("A").getbbox()
    assert drawn is not None
    left, top, right, bottom = drawn
    assert (left, top) == (32 - right, 32 - bottom)  # in the middle
    assert 0 < left < 3 < top < 10


# --- documents ---


def test_the_files_that_come_along_are_up_to_date() -> None:
    made = reference.teams()
    assert {path.name for path in reference.TEAMS.iterdir()} == set(made)
    for name, content in made.items():
        there = (reference.TEAMS / name).read_bytes()
        if name.endswith(".png"):  # another zlib writes the same picture in other bytes
            ours, theirs = (Image.open(BytesIO(each)).convert("RGBA") for each in (content, there))
            assert ours.tobytes() == theirs.tobytes(), "run: make docs"
        else:
            assert content == there, "run: make docs"


@pytest.mark.parametrize("guide", ["install-teams.md", "teams-installeren.md"])
def test_the_guide_names_the_address_that_teams_calls_and_every_setting(guide: str) -> None:
    text = (ROOT / "docs" / guide).read_text("utf-8")
    assert f"https://koppel.example.com{names.MESSAGES}" in text
    wanted = {"TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID", "TEAMS_PLAYGROUND"}
    assert wanted <= set(re.findall(r"TEAMS_[A-Z_]+", text))
