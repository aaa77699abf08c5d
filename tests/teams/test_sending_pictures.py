"""Pictures travel in their message where they fit, or right after it, and never cost the message."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs

import bot.pictures
from bot.core.charts import GoalBar, GoalBars
from bot.core.markup import plain
from bot.core.messages import Message, Picture, Text
from bot.platforms.teams import sharing
from bot.platforms.teams.drawing import size
from bot.texts import LANGUAGES, Translator
from tests.gallery import gallery
from tests.teams.fake_connector import MOST, Json, Outcome
from tests.teams.posting import POSTS, Office, tell
from tests.teams.rules import check_message, shown
from tests.world import World

CHART = GoalBars("Goals", (GoalBar("Joined", 60, 80, "60", "of 80"),))
PICTURE = Picture(CHART, "**60** of 80 joined")
CARD = Message("Your week", (Text("Your week"), PICTURE))
NOTES = tuple(Text("word " * 500) for _ in range(4))


def digests(words: str = "Noor de Vries") -> list[Message]:
    samples = gallery()["digest.digest"]
    return [sample(Translator(language), words) for language in LANGUAGES for sample in samples]


def images(activity: Json) -> list[Image.Image]:
    urls = [each["contentUrl"] for each in activity["attachments"] if "contentUrl" in each]
    return [Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]


@pytest.mark.parametrize("words", ["Noor de Vries", "word " * 400])
def test_a_digest_is_one_message_with_its_picture_in_it(words: str) -> None:
    for message in digests(words):
        [activity] = sharing.drawn(message)
        check_message(activity)
        assert size(activity) <= sharing.ROOM < MOST
        [image] = images(activity)
        assert image.format == "PNG" and max(image.size) <= 1_024
        [picture] = message.all(Picture)
        assert activity["attachments"][1]["name"]
        assert plain(picture.beside) in shown(activity["attachments"][0]["content"])


def test_a_card_with_much_to_say_has_its_picture_right_after(world: World) -> None:
    message = replace(digests()[0], parts=(*digests()[0].parts, *NOTES))

    async def story(office: Office) -> None:
        office.knows_people("noor")
        await office.sends("noor", message)
        card, picture = office.teams.activities["a:noor"]
        assert images(card) == []
        [image] = images(picture)
        assert len(picture["attachments"]) == 1
        assert image.size[0] == 600
        assert picture["summary"]

    tell(world, story)


def test_several_pictures_that_are_too_much_together_come_one_by_one() -> None:
    chart = digests()[0].all(Picture)[0]
    first, *others = sharing.drawn(Message("Three", (chart, PICTURE, chart)))
    assert images(first) == []
    assert [len(images(each)) for each in others] == [1, 1, 1]
    assert all(size(each) <= sharing.ROOM for each in others)


def test_small_pictures_stay_together() -> None:
    [activity] = sharing.drawn(Message("Two", (PICTURE, PICTURE)))
    assert len(images(activity)) == 2


def test_a_picture_that_fits_nowhere_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "ROOM", 5_000)
    [activity] = sharing.drawn(digests()[0])
    assert images(activity) == []


def test_a_drawing_that_fails_costs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(chart: Any) -> bytes:
        raise ValueError(chart)

    monkeypatch.setattr(bot.pictures, "png", broken)
    with capture_logs() as logs:
        [activity] = sharing.drawn(CARD)
    assert "60 of 80 joined" in shown(activity["attachments"][0]["content"])
    assert [entry["event"] for entry in logs] == ["teams.picture_lost"]


def test_a_message_that_is_too_big_after_all_goes_without_its_picture(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, Outcome(413, "MessageSizeTooBig"))
        await office.sends("noor", CARD)
        [activity] = office.teams.activities["a:noor"]
        assert images(activity) == []
        assert "60 of 80 joined" in shown(activity["attachments"][0]["content"])

    tell(world, story)


def test_a_picture_that_gets_lost_repeats_no_words(world: World) -> None:
    message = replace(digests()[0], parts=(*digests()[0].parts, *NOTES))

    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, None, Outcome(502))
        with capture_logs() as logs:
            await office.sends("noor", message)
        assert len(office.teams.activities["a:noor"]) == 1
        assert "teams.picture_lost" in {entry["event"] for entry in logs}

    tell(world, story)


def test_a_digest_does_not_say_twice_what_its_picture_shows() -> None:
    for message in digests():
        [picture] = message.all(Picture)
        assert picture.adds
        [activity] = sharing.drawn(message)
        said = shown(activity["attachments"][0]["content"])
        elsewhere = said.replace(plain(picture.adds), "")
        rest = plain(picture.alt).replace(plain(picture.adds), "")
        assert rest not in said
        assert set(words(rest)) <= set(words(elsewhere))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
