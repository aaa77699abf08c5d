"""The Playground's page does what a person in Teams does, and draws our cards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backstage import Loop
from tests.browser import chromium
from tests.teams.playground.backstage import running
from tests.teams.playground.config import BOT, GROUP, Json
from tests.teams.playground.listener import Listener, activities, connector, listening
from tests.teams.playground.page import Desk, desk
from tests.teams.playground.recording import CARD_MESSAGE, FILLED, NOOR, replaced

Stage = tuple[Loop, Listener, str, Desk]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with (
        Loop() as loop,
        listening(loop) as bot,
        running(loop, NOOR, bot.port) as address,
        chromium() as browser,
        desk(browser, address) as noor,
    ):
        loop(lambda: bot.hears(2))
        yield loop, bot, address, noor


def posts(stage: Stage, message: Json, conversation: str = NOOR.personal) -> None:
    loop, _, address, _ = stage
    where = activities(conversation)
    status, said = loop(lambda: connector(address, where, "POST", message))
    assert status == 201, said


def hears(stage: Stage) -> Json:
    loop, bot, _, _ = stage
    found = loop(bot.hears)[-1]
    bot.reset()
    return found


def test_opening_the_page_adds_the_app(stage: Stage) -> None:
    bot = stage[1]
    assert bot.last("installationUpdate")["action"] == "add"
    assert {"id": BOT} in bot.last("conversationUpdate")["membersAdded"]
    bot.reset()


def test_a_form_is_filled_in_and_sent(stage: Stage, tmp_path: Path) -> None:
    noor = stage[3]
    posts(stage, CARD_MESSAGE)
    noor.sees("Even voorstellen")
    noor.fills("Wat wil je leren?", FILLED["goal"])
    noor.chooses("Wat word je?", "Mentee")
    noor.chooses("Onderwerpen", "Leidinggeven", "Één, twee")
    noor.chooses("Waar?", "Utrecht")
    noor.fills("Uren per maand", FILLED["hours"])
    noor.fills("Vanaf", FILLED["start"])
    noor.chooses("Mag het?", "Akkoord")
    picture = noor.shoots(tmp_path / "teams-form.png", card=True)
    assert picture.stat().st_size > 10_000
    noor.clicks("Versturen")
    assert hears(stage)["value"] == {"koppel": '["Reply",{}]', **FILLED}


def test_the_answer_to_a_button_takes_the_place_of_its_card(stage: Stage) -> None:
    _, bot, _, noor = stage
    posts(stage, CARD_MESSAGE)
    noor.sees("Even voorstellen")
    bot.says = lambda _: (200, replaced("Dank je wel!"))
    noor.clicks("Bewaren")
    noor.sees("Dank je wel!")
    assert noor.reads().strip() == "Dank je wel!"
    assert hears(stage)["value"]["action"]["verb"] == "koppel"


def test_words_reach_the_bot(stage: Stage) -> None:
    stage[3].types("Hoi! Één café, graag 🎉")
    assert hears(stage)["text"] == "Hoi! Één café, graag 🎉"


def test_in_a_group_chat_the_bot_is_mentioned(stage: Stage, tmp_path: Path) -> None:
    loop, bot, _, noor = stage
    noor.opens("Koffie met Bram")
    loop(lambda: bot.hears(2))
    bot.reset()
    noor.types("meedoen", mention=True)
    said = hears(stage)
    assert said["text"] == "<at>Koppel</at> meedoen"
    assert said["conversation"]["id"] == GROUP
    assert noor.shoots(tmp_path / "teams-group.png").exists()
    noor.opens()


def test_the_app_can_be_removed(stage: Stage) -> None:
    noor = stage[3]
    noor.mocks("Uninstall application")
    assert hears(stage)["action"] == "remove"
