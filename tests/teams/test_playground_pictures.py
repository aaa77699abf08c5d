"""Where an image that is attached is not seen, in the Playground, it stands in the card instead."""

from __future__ import annotations

import pytest

from bot.core.actions import RunCommand
from bot.core.messages import Button, Message, Picture, Text
from bot.platforms.teams import playground, sharing
from tests.teams.fake_connector import Json
from tests.teams.rules import shown
from tests.teams.test_sending_pictures import CARD, CHART, PICTURE

HELP, HOME = (Button(word, RunCommand(word).encode()) for word in ("help", "home"))


def kinds(activity: Json) -> list[str]:
    return [element["type"] for element in activity["attachments"][0]["content"]["body"]]


def images(activity: Json) -> list[Json]:
    body = activity["attachments"][0]["content"]["body"]
    return [element for element in body if element["type"] == "Image"]


def test_the_picture_stands_in_the_card_and_is_told_in_words() -> None:
    [attached] = sharing.drawn(CARD)
    url = attached["attachments"][1]["contentUrl"]
    seen = playground.within(attached)
    assert len(seen["attachments"]) == 1
    [image] = images(seen)
    assert (image["url"], image["altText"]) == (url, "60 of 80 joined")
    assert "Your week" in shown(seen["attachments"][0]["content"])


@pytest.mark.parametrize("buttons", [(), (HELP,), (HELP, HOME)], ids=["none", "one", "two"])
def test_the_buttons_stay_below_the_picture(buttons: tuple[Button, ...]) -> None:
    message = Message("Your week", (Text("Your week"), PICTURE, *buttons))
    seen = kinds(playground.within(sharing.drawn(message)[0]))
    assert seen[-2:] == (["Image", "ActionSet"] if buttons else ["RichTextBlock", "Image"])


def test_several_pictures_keep_their_order() -> None:
    other = Picture(CHART, "40 of 80 met")
    message = Message("Your week", (Text("Your week"), PICTURE, other))
    seen = images(playground.within(sharing.drawn(message)[0]))
    assert [image["altText"] for image in seen] == ["60 of 80 joined", "40 of 80 met"]


def test_a_picture_that_comes_alone_gets_a_card_of_its_own() -> None:
    [alone] = sharing.apart(CARD)
    seen = playground.within(alone)
    assert kinds(seen) == ["Image"]
    assert seen["summary"] == alone["summary"]


def test_a_message_without_pictures_stays_as_it_is() -> None:
    [words] = sharing.drawn(Message("Hello", (Text("Hello"), HELP)))
    assert playground.within(words) is words


def test_what_is_given_is_not_changed() -> None:
    [attached] = sharing.drawn(CARD)
    before = kinds(attached)
    playground.within(attached)
    assert kinds(attached) == before
    assert len(attached["attachments"]) == 2
    assert playground.as_it_is(attached) is attached
